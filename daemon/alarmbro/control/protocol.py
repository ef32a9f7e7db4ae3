"""The words on the control socket: one JSON object in a line asks, one answers, then the connection ends.

`{"do": "status"}` → `{"ok": true, "answer": {…}}` or `{"ok": false, "kind": "refused" | "words" | "failed",
"error": "what to do"}`.
"""

from __future__ import annotations

import json
import math
from typing import Any

from alarmbro.model.errors import AlarmbroError, RefusedError

SOCKET_NAME = "control.sock"
LINE_LIMIT = 256 * 1024  # bytes of a request
DEEPEST = 4  # levels of a request; those that there are have two
CONTROLS = [number for number in (*range(32), *range(127, 160)) if chr(number) not in "\t\n"]
TURNING = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]  # Unicode, annex 9: embeddings, overrides, isolates
UNSEEN = dict.fromkeys([*CONTROLS, *TURNING], " ")
ANSWER_LIMIT = 64 * 1024 * 1024  # bytes of an answer: the status of ten thousand open alarms has some megabytes
PATIENCE_S = 15.0  # longer than the longest that an answer may take: a trial message to its deadline


class WordsError(AlarmbroError):
    """The request is not understood, or names what there is not. The caller corrects its words."""


def encode(message: dict[str, Any]) -> bytes:
    """Write one line."""
    return json.dumps(message, default=str).encode() + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """Read an answer. Raise WordsError where it is not a JSON object."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise WordsError("the control socket wants one JSON object in a line") from error
    if not isinstance(message, dict):
        raise WordsError("the control socket wants one JSON object in a line")
    return message


def request_of(line: bytes) -> dict[str, Any]:
    """Read a request, from the socket or a broker. Raise WordsError where it is none.

    What is in it can be shown and sent: nothing is too deep, and no number is none. Half of a letter, which JSON and a
    terminal of another alphabet can name and no message could hold, becomes a question mark, and a sign that steers a
    terminal or turns the way of reading a blank: nobody's press is refused for the name of who pressed.
    """
    try:
        message = json.loads(line, parse_constant=_refuse)
        if isinstance(message, dict) and not _too_deep(message):
            return dict(_clean(message))
    except (ValueError, RecursionError) as error:
        raise WordsError("this wants one JSON object in a line") from error
    raise WordsError("this wants one JSON object in a line, of texts, numbers and short lists of them")


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().translate(UNSEEN)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("no number")
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, list) else value


def _refuse(name: str) -> None:
    raise ValueError(name)


def _too_deep(message: dict[str, Any]) -> bool:
    """Tell whether a request has more levels than any; without calling ourselves."""
    level: list[Any] = [message]
    for _ in range(DEEPEST):
        parts = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)]
        level = [one for each in parts for one in each]
    return bool(level)


def failure(error: Exception) -> dict[str, Any]:
    """Give the answer that tells of an error; one of ours by its text, any other by its type alone."""
    kind = "words" if isinstance(error, WordsError) else "refused" if isinstance(error, RefusedError) else "failed"
    text = (
        str(error) if isinstance(error, AlarmbroError) else f"alarmbro met a fault of its own: {type(error).__name__}"
    )
    return {"ok": False, "kind": kind, "error": text}
