"""The words on the control socket: one JSON object in a line asks, one answers, then the connection ends.

`{"do": "status"}` → `{"ok": true, "answer": {…}}` or `{"ok": false, "kind": "refused" | "words" | "failed",
"error": "what to do"}`.
"""

from __future__ import annotations

import json
from typing import Any

from alarmbro.model.errors import AlarmbroError, RefusedError

SOCKET_NAME = "control.sock"
LINE_LIMIT = 256 * 1024  # bytes of a request
ANSWER_LIMIT = 64 * 1024 * 1024  # bytes of an answer: the status of ten thousand open alarms has some megabytes
PATIENCE_S = 15.0  # longer than the longest that an answer may take: a trial message to its deadline


class WordsError(AlarmbroError):
    """The request is not understood, or names what there is not. The caller corrects its words."""


def encode(message: dict[str, Any]) -> bytes:
    """Write one line."""
    return json.dumps(message, default=str).encode() + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """Read one line. Raise WordsError where it is not a JSON object."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise WordsError("the control socket wants one JSON object in a line") from error
    if not isinstance(message, dict):
        raise WordsError("the control socket wants one JSON object in a line")
    return message


def failure(error: Exception) -> dict[str, Any]:
    """Give the answer that tells of an error; one of ours by its text, any other by its type alone."""
    kind = "words" if isinstance(error, WordsError) else "refused" if isinstance(error, RefusedError) else "failed"
    text = (
        str(error) if isinstance(error, AlarmbroError) else f"alarmbro met a fault of its own: {type(error).__name__}"
    )
    return {"ok": False, "kind": kind, "error": text}
