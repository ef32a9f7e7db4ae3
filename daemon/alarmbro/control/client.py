"""Asks the daemon over its control socket, in the caller's thread."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from alarmbro.control.protocol import ANSWER_LIMIT, PATIENCE_S, SOCKET_NAME, WordsError, decode, encode
from alarmbro.model.errors import AlarmbroError, RefusedError, UnreachableError

ERRORS: dict[str, type[AlarmbroError]] = {"words": WordsError, "refused": RefusedError}


def ask(run_dir: Path, request: dict[str, Any], patience_s: float = PATIENCE_S) -> dict[str, Any]:
    """Ask and give the answer, within `patience_s` for each part of it.

    Raise UnreachableError where no daemon answers there, WordsError or RefusedError as the daemon says, AlarmbroError
    for anything that failed on its side.
    """
    path = run_dir / SOCKET_NAME
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(patience_s)
            connection.connect(str(path))
            connection.sendall(encode(request))
            reply = decode(_line(connection))
    except (OSError, WordsError) as error:
        raise UnreachableError(
            f"no alarmbro daemon answers at {path} ({error}); start it (systemctl start alarmbro), "
            "or name its folder with --run-dir"
        ) from error
    if reply.get("ok"):
        answer = reply.get("answer")
        return answer if isinstance(answer, dict) else {}
    raise ERRORS.get(str(reply.get("kind")), AlarmbroError)(str(reply.get("error")))


def _line(connection: socket.socket) -> bytes:
    parts = bytearray()
    while not parts.endswith(b"\n"):
        part = connection.recv(65536)
        if not part or len(parts) > ANSWER_LIMIT:
            raise OSError("the answer broke off")
        parts += part
    return bytes(parts)
