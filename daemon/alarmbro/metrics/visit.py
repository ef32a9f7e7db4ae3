"""One scraper's visit: what it has said, and what it is still to be given. Neither waits nor raises but OSError."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from enum import Enum, auto

from alarmbro.metrics.text import CONTENT_TYPE

HEAD_BYTES = 8192  # of a request; Prometheus sends some 300
PART_BYTES = 65536
PATH = "/metrics"
PLAIN = "text/plain; charset=utf-8"


class Wants(Enum):
    """What a visitor is about."""

    SPEAK = auto()  # its request has not come whole
    PAGE = auto()  # it asked, and is to be answered
    HEAR = auto()  # its answer is on the way
    NOTHING = auto()


@dataclass(slots=True, eq=False)
class Visit:
    """A connection. `since_s` is when it came, by the monotonic clock."""

    connection: socket.socket
    since_s: float
    wants: Wants = Wants.SPEAK
    _said: bytearray = field(default_factory=bytearray)
    _answer: bytes = b""
    _body_too: bool = True

    def hear(self) -> None:
        """Take what the visitor says; answer it where it does not ask for the page. Raise OSError: it is gone."""
        part = self.connection.recv(PART_BYTES)
        self._said += part
        if part:
            self._understand()
        else:
            self.wants = Wants.NOTHING

    def answer(self, status: str, body: bytes, content_type: str = PLAIN, more: str = "") -> None:
        """Have something told to it, and then no more."""
        head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{more}"
        self._answer = f"{head}Connection: close\r\n\r\n".encode() + (body if self._body_too else b"")
        self.wants = Wants.HEAR

    def page(self, body: bytes) -> None:
        """Have the page told to it."""
        self.answer("200 OK", body, CONTENT_TYPE)

    def tell(self) -> None:
        """Tell as much as it takes. Raise OSError: it is gone."""
        sent = self.connection.send(self._answer[:PART_BYTES])
        self._answer = self._answer[sent:]
        if not self._answer:
            self.wants = Wants.NOTHING

    def _understand(self) -> None:
        head, end, _ = bytes(self._said).partition(b"\r\n\r\n")
        if not end:
            if len(self._said) > HEAD_BYTES:
                self.answer("431 Request Header Fields Too Large", b"the request is too long\n")
            return
        method, path = _asked(head)
        self._body_too = method != "HEAD"
        if not path.startswith("/"):
            self.answer("400 Bad Request", b"this is no HTTP\n")
        elif method not in {"GET", "HEAD"}:
            self.answer("405 Method Not Allowed", b"metrics are only read\n", more="Allow: GET, HEAD\r\n")
        elif path.partition("?")[0] != PATH:
            self.answer("404 Not Found", f"metrics are at {PATH}\n".encode())
        else:
            self.wants = Wants.PAGE


def _asked(head: bytes) -> tuple[str, str]:
    """Give the method and the path of a request; nothing where it is none (RFC 9112, section 3)."""
    words = head.split(b"\r\n")[0].decode("latin-1").split(" ")
    known = len(words) == 3 and words[2].startswith("HTTP/1.")  # noqa: PLR2004 - method, path, version
    return (words[0], words[1]) if known else ("", "")
