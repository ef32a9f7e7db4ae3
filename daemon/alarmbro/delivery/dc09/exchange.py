"""One frame to one receiver over TCP or UDP, and its answer. Blocks at most for the times given."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from alarmbro.delivery.dc09.answer import Reply, replies
from alarmbro.delivery.dc09.lookup import Address, addresses

CONNECT_S = 3.0
LARGEST = 4096  # bytes of answer: a real one has about 60
REST_S = 0.2  # for the rest of an answer without a frame, which has no end that can be seen
SHORTEST_S = 0.05  # a timeout of 0 would mean not to wait at all


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where a receiver listens."""

    host: str
    port: int
    udp: bool = False

    @property
    def address(self) -> tuple[str, int]:
        """Give host and port."""
        return self.host, self.port


def ask(receiver: Receiver, frame: bytes, sequence: int, answer_s: float, until_s: float) -> Reply | None:
    """Send a frame and give the answer to it; None for silence. Raise OSError where it could not be sent.

    Raise ConnectionError, too, where the connection ended before an answer. What is no answer to this frame (noise, a
    late answer to another) is passed over until the time is up: `answer_s` after sending, at `until_s` of the monotonic
    clock at the latest.
    """
    with _line(receiver, until_s) as line:
        line.settimeout(_left_s(until_s))
        line.sendall(frame)  # at once: some receivers read no further than the first segment
        gather = _packet if receiver.udp else _stream
        return _answer(line, sequence, min(until_s, time.monotonic() + answer_s), gather)


def _line(receiver: Receiver, until_s: float) -> socket.socket:
    failure: OSError = TimeoutError("no time was left to connect")
    kind = socket.SOCK_DGRAM if receiver.udp else socket.SOCK_STREAM
    for address in addresses(receiver.host, receiver.port, _left_s(until_s, CONNECT_S)):
        try:
            return _connected(address, kind, _left_s(until_s, CONNECT_S))
        except OSError as error:
            failure = error
    raise failure


def _connected(address: Address, kind: socket.SocketKind, limit_s: float) -> socket.socket:
    line = socket.socket(address[0], kind)
    try:
        line.settimeout(limit_s)
        line.connect(address[1])
    except OSError:
        line.close()
        raise
    return line


def _left_s(until_s: float, most_s: float = float("inf")) -> float:
    return max(SHORTEST_S, min(most_s, until_s - time.monotonic()))


def _stream(old: bytes, new: bytes) -> bytes:
    return (old + new)[-LARGEST:]


def _packet(_old: bytes, new: bytes) -> bytes:
    return new


def _answer(
    line: socket.socket, sequence: int, until_s: float, gather: Callable[[bytes, bytes], bytes]
) -> Reply | None:
    received, begun = b"", None
    while (left_s := until_s - time.monotonic()) > 0:
        line.settimeout(left_s)
        try:
            new = line.recv(LARGEST)
        except TimeoutError:
            break
        if not new and line.type is socket.SOCK_STREAM:
            if begun is not None:
                break
            raise ConnectionResetError("the connection ended before an answer")
        received = gather(received, new)
        mine = [reply for reply in replies(received) if reply.is_to(sequence)]
        if mine and mine[-1].whole:
            return mine[-1]
        if mine:
            begun, until_s = mine[-1], min(until_s, time.monotonic() + REST_S)
    return begun
