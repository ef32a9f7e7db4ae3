"""How much of an answer is taken: of a service over HTTP, of a mail server. Whatever stands there, memory is bounded.

Theory: whoever answers in place of a gateway (a hijacked name, a line without TLS, a service gone mad) can answer
without end. A try is given up at its deadline, but its thread reads on; at the speed of a local network the memory of
a small machine is full in seconds, and then no button has anybody.

Promises: nothing else of a call changes. An answer over HTTP is cut, with its status; the connection is not used again.
A mail server that says more than any has to say is hung up on. Any thread; `install` once.
"""

from __future__ import annotations

import smtplib
from typing import Any, BinaryIO

from requests import PreparedRequest, Response

from alarmbro.delivery.written import WrittenAdapter

MOST = 1 << 20  # bytes: what services answer to a message has some thousand
PIECE = 1 << 14  # … that are taken at once: packed, they become a thousand times as many at the most


class BoundedAdapter(WrittenAdapter):
    """Sends a request, and takes a part of an answer that is too large."""

    def send(self, request: PreparedRequest, *given: Any, **settings: Any) -> Response:
        """Send; give the answer, read. Raises what `requests` raises."""
        settings["stream"] = True
        answer = super().send(request, *given, **settings)
        _read(answer)
        return answer


def _read(answer: Response) -> None:
    content = bytearray()
    for piece in answer.iter_content(PIECE):
        content += piece
        if len(content) > MOST:
            answer.close()
            break
    answer._content = bytes(content[:MOST])  # noqa: SLF001 - what `content` gives; there is no public way to cut it
    answer._content_consumed = True  # noqa: SLF001 - as above


class BoundedLines:
    """A mail server's lines, up to `MOST` bytes of them in one connection."""

    def __init__(self, lines: BinaryIO) -> None:
        self._lines = lines
        self._left = MOST

    def readline(self, limit: int = -1) -> bytes:
        """Give the next line. Raise OSError where there were too many, which smtplib takes for a lost connection."""
        line = self._lines.readline(limit)
        self._left -= len(line)
        if self._left < 0:
            raise OSError("the mail server does not stop")
        return line

    def close(self) -> None:
        """Let go of it."""
        self._lines.close()


_getreply = smtplib.SMTP.getreply


def _bounded_reply(self: Any) -> tuple[int, bytes]:
    """Give one reply, as `SMTP.getreply`, from lines that have an end."""
    if self.file is None:
        self.file = BoundedLines(self.sock.makefile("rb"))
    return _getreply(self)


def install() -> None:
    """Have every mail connection of this process be bounded; Apprise makes them itself."""
    vars(smtplib)["SMTP"].getreply = _bounded_reply
