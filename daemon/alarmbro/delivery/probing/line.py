"""A connection for one try: opened, checked, and shut down when its time is up. Shares nothing with sending.

Certificates are checked against what sending trusts. A far end that sends one byte a second ends no later.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import requests.utils

STEP_S = 4.0  # to connect, and for each byte that is waited for
LIMIT_S = 9.0  # for one try from its beginning
BODY = 65536  # bytes of an answer that are looked at


class Limit:
    """The time that one try has. When it is over, its connection is shut down, and whatever waits there fails."""

    def __init__(self, seconds: float = LIMIT_S) -> None:
        self.over = False
        self._socket: Callable[[], Any] = lambda: None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def watch(self, connection: Callable[[], Any]) -> None:
        """Shut down what `connection` gives at the end of the time: a socket, or None."""
        self._socket = connection

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.over = True
        connection = self._socket()
        if connection is None:
            return
        try:
            # Not SSLSocket's own, which pulls its session away under the thread that reads.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)
        except (OSError, TypeError):  # closed by then, or none that could be: it has its other limits
            return


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service is, and how sure one must be of it."""

    host: str
    port: int
    secure: bool
    verify: bool = True


@dataclass(frozen=True, slots=True)
class Asking:
    """A question over HTTP that changes nothing where it is asked. Holds secrets: it has no `repr`."""

    url: str = field(repr=False)
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; a redirect is not followed."""

    status: int
    body: bytes


def trusting(*, verify: bool) -> ssl.SSLContext:
    """Give what TLS trusts: the same as sending does."""
    given = (
        os.environ.get("REQUESTS_CA_BUNDLE")
        or os.environ.get("CURL_CA_BUNDLE")
        or requests.utils.DEFAULT_CA_BUNDLE_PATH
    )
    folder = os.path.isdir(given)  # noqa: PTH112  # as it was written
    context = ssl.create_default_context(cafile=None if folder else given, capath=given if folder else None)
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextmanager
def opened(place: Place, limit: Limit) -> Iterator[socket.socket]:
    """Connect, and shake hands where that is asked for. Raise OSError."""
    connection = socket.create_connection((place.host, place.port), STEP_S)
    try:
        if place.secure:
            context = trusting(verify=place.verify)
            connection = context.wrap_socket(connection, server_hostname=place.host, do_handshake_on_connect=False)
        limit.watch(lambda: connection)
        if isinstance(connection, ssl.SSLSocket):
            connection.do_handshake()
        yield connection
    finally:
        connection.close()


def place_of(url: str, *, verify: bool) -> Place | None:
    """Give where a URL leads to; None where it is a pattern, or none of HTTP."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or set(parts.netloc) & set("{}%"):
        return None
    secure = parts.scheme == "https"
    return Place(parts.hostname, parts.port or (443 if secure else 80), secure, verify)


def ask(asking: Asking, limit: Limit, *, verify: bool) -> Answer:
    """Ask once. Raise OSError, or http.client.HTTPException; ValueError for what is no URL."""
    place = place_of(asking.url, verify=verify)
    if place is None:
        raise ValueError("no URL to ask at")
    parts = urlsplit(asking.url)
    with opened(place, limit) as connection:
        line = http.client.HTTPConnection(place.host, place.port)
        line.sock = connection
        name = parts.netloc.rpartition("@")[2]
        headers = {"Host": name, "User-Agent": "alarmbro", "Connection": "close", **asking.headers}
        line.request(
            asking.method, f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", asking.body, headers
        )
        answer = line.getresponse()
        return Answer(answer.status, answer.read(BODY))
