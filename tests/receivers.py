"""Honest far ends on loopback: an HTTP server and a mail server that record what reached them, and can misbehave.

Each is a context manager. Modes change at run time, from any thread; a new mode ends calls that hang or drip (they are
closed without an answer), so that nothing is left behind.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from arrivals import HOST, Arrivals, free_port
from smtp_receiver import Mail, SmtpReceiver

__all__ = ["HOST", "Arrivals", "HttpReceiver", "Mail", "Received", "SmtpReceiver", "free_port"]


@dataclass(frozen=True)
class Received:
    """One HTTP request as it arrived; `at` is on the monotonic clock, header names are lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    at: float

    @property
    def text(self) -> str:
        """Give the body as UTF-8."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """Give the body read as JSON."""
        return json.loads(self.body)


@dataclass
class _Behaviour:
    """What the server does with a request that it has read; `over` is set when another behaviour takes its place."""

    act: Callable[[_Handler, threading.Event], None]
    over: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    """Reads one request, records it, and lets the receiver's behaviour of the moment answer."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def _take(self) -> None:
        behaviour = self.server.receiver.behaviour
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        self.server.receiver.arrivals.add(
            Received(
                self.command,
                parts.path,
                parse_qs(parts.query, keep_blank_values=True),
                {name.lower(): value for name, value in self.headers.items()},
                body,
                time.monotonic(),
            )
        )
        self.close_connection = True
        behaviour.act(self, behaviour.over)

    do_GET = do_POST = do_PUT = _take  # noqa: N815 (the base class looks for these names)

    def answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        """Close at once with RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
        """Say nothing on stderr."""


class _Server(ThreadingHTTPServer):
    """A threading server that knows its receiver; a caller that hangs up is no error."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, receiver: HttpReceiver, port: int) -> None:
        self.receiver = receiver
        super().__init__((HOST, port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Callers give up in these tests; what matters is what they tell of it."""


class HttpReceiver:
    """An HTTP server on loopback; every method and path is taken. Answers 200 until told otherwise."""

    def __init__(self) -> None:
        self.arrivals: Arrivals[Received] = Arrivals()
        self.behaviour = _Behaviour(lambda handler, _over: handler.answer(200, b"{}", {}))
        self.port = 0
        self._server: _Server | None = None
        self.start()

    def start(self) -> None:
        """Listen; after `stop` or `refuse` on the same port as before."""
        if self._server is None:
            self._server = _Server(self, self.port)
            self.port = self._server.server_address[1]
            threading.Thread(
                target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="http-receiver", daemon=True
            ).start()

    def stop(self) -> None:
        """Close the port and end calls that hang; connecting is refused from here on."""
        self.behaviour.over.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    refuse = stop

    def ok(self, *, keep: bool = False) -> None:
        """Answer 200 with an empty JSON object. `keep`: calls that hang or drip go on as they are."""
        if keep:
            self.behaviour.over = threading.Event()
        self.status(200)

    def status(self, code: int, body: bytes = b"{}", headers: Mapping[str, str] | None = None) -> None:
        """Answer every request with this status."""
        self._become(lambda handler, _over: handler.answer(code, body, headers or {}))

    def hang(self) -> None:
        """Read the request and never answer."""

        def act(_handler: _Handler, over: threading.Event) -> None:
            over.wait()

        self._become(act)

    def slow(self, seconds: float) -> None:
        """Answer 200 after so many seconds."""

        def act(handler: _Handler, over: threading.Event) -> None:
            over.wait(seconds)
            handler.answer(200, b"{}", {})

        self._become(act)

    def drip(self, every_s: float = 1.0) -> None:
        """Answer one byte at a time, so that no single read times out."""

        def act(handler: _Handler, over: threading.Event) -> None:
            for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}":
                handler.wfile.write(bytes([byte]))
                if over.wait(every_s):
                    return

        self._become(act)

    def reset(self) -> None:
        """Read the request and reset the connection."""
        self._become(lambda handler, _over: handler.reset())

    def received(self) -> list[Received]:
        """Give all requests so far."""
        return self.arrivals.all()

    def wait_for(self, number: int, timeout: float = 5.0) -> list[Received]:
        """Give all requests once there are `number`; TimeoutError otherwise."""
        return self.arrivals.wait_for(number, timeout)

    def _become(self, act: Callable[[_Handler, threading.Event], None]) -> None:
        previous, self.behaviour = self.behaviour, _Behaviour(act)
        previous.over.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()
