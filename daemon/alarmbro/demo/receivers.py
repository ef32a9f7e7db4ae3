"""Everybody who can be told, on loopback: one HTTP server that takes Apprise's `json://` posts.

Each target of a recipient has a path of its own. Threads: one that accepts, one for each post; `arrived` is called in
the latter, and must not block.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

HOST = "127.0.0.1"
LONGEST_BODY = 256 * 1024
PATIENCE_S = 10.0  # for a post that stalls


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it reached a path (without its slash). `at_s` is of the monotonic clock, `at` wall time."""

    path: str
    title: str
    body: str
    at_s: float
    at: datetime


class Receivers:
    """Listens on a free port while the context lasts."""

    def __init__(self, arrived: Callable[[Arrival], object]) -> None:
        handler = type("Handler", (_Handler,), {"arrived": staticmethod(arrived)})
        self._server = ThreadingHTTPServer((HOST, 0), handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.2,), name="receivers", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    arrived: Callable[[Arrival], object]
    timeout = PATIENCE_S

    def do_POST(self) -> None:
        """Take a message."""
        at_s, at = time.monotonic(), datetime.now(UTC)
        try:
            said = json.loads(self.rfile.read(min(LONGEST_BODY, int(self.headers["Content-Length"]))))
            title, body = str(said["title"]), str(said["message"])
        except (ValueError, KeyError, TypeError):  # told to the sender, who counts it as failed
            self._answer(HTTPStatus.BAD_REQUEST)
            return
        self.arrived(Arrival(self.path.partition("?")[0].strip("/"), shown(title), shown(body), at_s, at))
        self._answer(HTTPStatus.OK)

    def _answer(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Keep quiet: the view is the log."""


def shown(text: str) -> str:
    """Give a text without what could move a terminal's cursor or change its colours."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)
