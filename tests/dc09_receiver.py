"""A receiver that does as the test says: what it answers to each frame is scripted, byte for byte."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from alarmbro.delivery.dc09.crc import crc
from alarmbro.delivery.dc09.frame import stamp

HOST = "127.0.0.1"
LIMIT_S = 10.0

Says = Callable[[bytes], bytes | None]  # None: hang up; b"": say nothing


def framed(body: str) -> bytes:
    """Put a checksum and a length before an answer's body."""
    return b"\n" + f"{crc(body.encode())}{len(body):04X}{body}".encode() + b"\r"


def sequence_of(frame: bytes) -> str:
    """Give the number of a frame."""
    return frame.split(b'"')[2][:4].decode()


def ack(frame: bytes, sequence: str | None = None) -> bytes:
    """Say that it was taken."""
    return framed(f'"ACK"{sequence or sequence_of(frame)}R0L0#1234[]')


def duh(frame: bytes) -> bytes:
    """Say that it is not understood."""
    return framed(f'"DUH"{sequence_of(frame)}R0L0#1234[]')


def nak(at: datetime | None = None, account: str = "A0") -> bytes:
    """Refuse it, and say what time it is."""
    return framed(f'"NAK"0000R0L0{account}[]_{stamp(at or datetime.now(UTC))}')


@dataclass
class Scripted:
    """What was heard, and what is answered: the script's entries in order, the last one for ever."""

    port: int = 0
    script: list[Says] = field(default_factory=lambda: [ack])
    frames: list[bytes] = field(default_factory=list)

    def answer(self, frame: bytes) -> bytes | None:
        self.frames.append(frame)
        return self.script[min(len(self.frames), len(self.script)) - 1](frame)


@contextmanager
def scripted(*script: Says, by_byte: bool = False) -> Iterator[Scripted]:
    """Run a TCP receiver; `by_byte` sends each byte of an answer by itself."""
    heard = Scripted(script=list(script) or [ack])
    with socket.create_server((HOST, 0)) as server:
        heard.port = server.getsockname()[1]
        threading.Thread(target=_serve, args=(server, heard, by_byte), daemon=True).start()
        yield heard
        server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, heard: Scripted, by_byte: bool) -> None:
    with contextlib.suppress(OSError):  # the test is over
        while True:
            line, _ = server.accept()
            threading.Thread(target=_talk, args=(line, heard, by_byte), daemon=True).start()


def _talk(line: socket.socket, heard: Scripted, by_byte: bool) -> None:
    line.settimeout(LIMIT_S)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with line, contextlib.suppress(OSError):
        said = heard.answer(line.recv(4096))
        if said is None:
            return
        for part in [said[n : n + 1] for n in range(len(said))] if by_byte else [said]:
            line.sendall(part)
        line.recv(1)  # until the other side has enough of us
