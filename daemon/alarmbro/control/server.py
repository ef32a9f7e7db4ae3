"""Listens on the control socket.

Promises: a peer that is slow, silent or malicious holds up nobody but itself; at most `CONNECTIONS` at once are heard,
and `PER_USER` of one user, so that the page, or whoever has taken it over, shuts nobody out who has a command line. The
socket belongs to the daemon's user and group (0660). Who asked for what, by the kernel's word, is in the log.
Must never: decide; `answer` does, and may raise.
Threads: one that accepts, and a short-lived daemon thread for each connection.
"""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from alarmbro.control.protocol import LINE_LIMIT, PATIENCE_S, SOCKET_NAME, WordsError, encode, failure, request_of
from alarmbro.model.errors import AlarmbroError, MachineError

log = structlog.get_logger(__name__)

CONNECTIONS = 16
PER_USER = 12  # … of one user, but for root and our own
ONLY_READ = ("status", "recipients")  # asked for every second, and changes nothing
REQUEST_S = 5.0  # for a request to come whole: whoever drips it must not keep a place for ever
PATH_LIMIT = 107  # bytes that Linux allows for the name of a Unix socket (unix(7), sun_path)

Answer = Callable[[dict[str, Any], int], dict[str, Any]]


class ControlServer:
    """Serves `run_dir/control.sock`; `answer(request, uid)` gives the answer or raises."""

    name = "control"

    def __init__(self, run_dir: Path, answer: Answer) -> None:
        self.path = run_dir / SOCKET_NAME
        self._answer = answer
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._places = _Places()
        self._thread = threading.Thread(target=self._accept, name="control", daemon=True)
        self._stopping = False

    def start(self) -> None:
        """Bind and listen. Raise MachineError where the folder does not let us."""
        if len(os.fsencode(self.path)) > PATH_LIMIT:
            raise MachineError(f"{self.path} is too long for a socket's name; choose a shorter --run-dir")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.unlink(missing_ok=True)  # of a daemon that was killed; the state folder's lock says it is gone
            self._socket.bind(str(self.path))
            self.path.chmod(0o660)
            self._socket.listen(CONNECTIONS)
        except OSError as error:
            raise MachineError(
                f"cannot make the control socket {self.path}: {error.strerror}; name a folder of ours with --run-dir"
            ) from error
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and remove the socket. One that never started leaves the folder as it is."""
        self._stopping = True
        started = self._thread.ident is not None
        try:
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes accept(); close() alone would not
        except OSError as error:
            log.debug("the control socket was not listening", error=error.strerror)
        self._socket.close()
        if started:
            self.path.unlink(missing_ok=True)

    def alive(self) -> bool:
        """Tell whether connections are taken."""
        return self._thread.is_alive()

    def _accept(self) -> None:
        while not self._stopping:
            try:
                connection, _ = self._socket.accept()
            except OSError as error:
                if not self._stopping:  # e.g. no file handles left: others close theirs
                    log.warning("a control connection could not be taken", error=error.strerror)
                    threading.Event().wait(0.2)
                continue
            self._receive(connection)

    def _receive(self, connection: socket.socket) -> None:
        try:
            uid = _uid(connection)
        except OSError as error:  # gone already
            log.debug("a control connection ended early", error=error.strerror)
            connection.close()
            return
        if not self._places.take(uid):
            connection.close()
            return
        try:
            threading.Thread(target=self._serve, args=(connection, uid), name="control:one", daemon=True).start()
        except RuntimeError:  # "can't start new thread"
            self._places.give_back(uid)
            connection.close()
            log.exception("no thread for a control connection")

    def _serve(self, connection: socket.socket, uid: int) -> None:
        try:
            with connection:
                reply = encode(self._reply(connection, uid))
                connection.settimeout(PATIENCE_S)
                connection.sendall(reply)
        except OSError as error:
            log.debug("a control connection ended early", error=error.strerror)
        finally:
            self._places.give_back(uid)

    def _reply(self, connection: socket.socket, uid: int) -> dict[str, Any]:
        try:
            request = request_of(_line(connection))
            if request.get("do") not in ONLY_READ:
                log.info("asked", do=str(request.get("do"))[:40], uid=uid)
            return {"ok": True, "answer": self._answer(request, uid)}
        except AlarmbroError as error:
            return failure(error)
        except OSError:
            raise
        except Exception as error:
            log.exception("a request could not be answered")
            return failure(error)


class _Places:
    """Who is heard at the moment, by user id. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: Counter[int] = Counter()
        self._ours = {0, os.geteuid()}

    def take(self, uid: int) -> bool:
        """Take a place; False where there is none for this user."""
        with self._lock:
            most = CONNECTIONS if uid in self._ours else PER_USER
            if self._taken.total() >= CONNECTIONS or self._taken[uid] >= most:
                return False
            self._taken[uid] += 1
            return True

    def give_back(self, uid: int) -> None:
        """Give a place back."""
        with self._lock:
            self._taken[uid] -= 1
            if not self._taken[uid]:
                del self._taken[uid]


def _line(connection: socket.socket) -> bytes:
    """Read the request within `REQUEST_S` in all: a socket's own timeout begins anew with every byte."""
    end_s = time.monotonic() + REQUEST_S
    line, part = bytearray(), b""
    while b"\n" not in part:
        connection.settimeout(max(end_s - time.monotonic(), 0.001))
        part = connection.recv(65536)
        line += part
        if not part or len(line) > LINE_LIMIT or time.monotonic() > end_s:
            raise WordsError("the request broke off, or is too long or too slow")
    return bytes(line.partition(b"\n")[0])


def _uid(connection: socket.socket) -> int:
    """Give the peer's user id, as the kernel knows it (unix(7), SO_PEERCRED)."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])
