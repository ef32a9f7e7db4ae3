"""Something else than a broker at the other end: the way in stays alive and takes little room."""

from __future__ import annotations

import socket
import struct
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import pytest
from arrivals import HOST
from clocks import JumpingClock
from mqtt_bench import OWN, FakeDoor

from alarmbro.inputs.mqtt import MqttListener
from alarmbro.model.configuration import MqttBroker

MEGABYTE = 1 << 20
CONNACK = {"5": b"\x20\x03\x00\x00\x00", "3.1.1": b"\x20\x02\x00\x00"}
PRESS = b"alarmbro/vraa/lommy-1/press"
HUGE = b"\xff\xff\xff\x7f"  # the longest length there is: 256 MB
BEGUN = b"\x32" + HUGE + struct.pack("!H", len(PRESS)) + PRESS + b"\0\1"
# What it says after it has let us in; the last of it again and again, until it is hung up on.
SAYS = {
    "nothing": [b""],
    "noise": [bytes(range(256)) * 100],
    "zeros": [b"\0" * 65_536],
    "no web page": [b"HTTP/1.1 400 Bad Request\r\n\r\n"],
    "a length without end": [b"\x30" + b"\xff" * 10],
    "a message that never ends": [BEGUN + b"\0", b"x" * 65_536],
    "properties that never end": [BEGUN + HUGE, b"x" * 65_536],
    "a topic that is cut off": [b"\x30\x04\xff\xff\xff\xff"],
    "an empty message": [b"\x30\x00"],
    "a message of two bytes": [b"\x32\x02\0\0"],
    "a topic in no letters": [b"\x30\x07\0\4\xff\xfe\xfd\xfc\0"],
    "answers to nothing": [b"\x40\x02\xff\xff\x50\x02\1\1\x62\x02\1\1\x70\x02\1\1\x90\x03\1\1\0\xb0\x02\1\1"],
    "an answer that is cut off": [b"\x90\x01\0"],
    "another welcome": [b"\x20\x02\0\0\x20\x03\0\0\0\x20\x00"],
    "packets of no kind": [b"\xf0\x00\x00\x00\x10\x02\x00\x00\x80\x02\x00\x01"],
    "a large packet of no kind": [b"\x90" + HUGE, b"\0" * 65_536],
    "a farewell": [b"\xe0\x02\x8e\x00"],
    "a farewell for ever": [b"\xe0" + HUGE, b"\x1f" * 65_536],
}  # fmt: skip


class Impostor:
    """A server that lets everybody in and then says what it was told to; counts those who came."""

    def __init__(self, server: socket.socket, welcome: bytes, says: list[bytes]) -> None:
        self.came = threading.Semaphore(0)
        self.over = threading.Event()
        self._server, self._welcome, self._says = server, welcome, says
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):  # the test is over
            while True:
                line, _ = self._server.accept()
                threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with closing(line), suppress(OSError):
            line.settimeout(10)
            line.recv(4096)
            line.sendall(self._welcome)
            self.came.release()
            for piece in self._says:
                line.sendall(piece)
            while len(self._says) > 1 and not self.over.is_set():
                line.sendall(self._says[-1])
            self.over.wait(10)


@contextmanager
def impostor(welcome: bytes, says: list[bytes]) -> Iterator[tuple[int, Impostor]]:
    with socket.create_server((HOST, 0)) as server:
        made = Impostor(server, welcome, says)
        yield server.getsockname()[1], made
        made.over.set()
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


OLDER = ("noise", "a message that never ends", "an answer that is cut off", "a farewell")
BY = [(name, "5") for name in SAYS] + [(name, "3.1.1") for name in OLDER]


@pytest.mark.parametrize(("name", "protocol"), BY)
def test_whatever_stands_in_for_the_broker_the_way_in_lives(name: str, protocol: str) -> None:
    """For the second in which it talks; buttons on pins have the machine to themselves."""
    door = FakeDoor()
    with impostor(CONNACK[protocol], SAYS[name]) as (port, other):
        broker = MqttBroker(HOST, port, tls=False, username="u", password=None, ca_file=None, protocol=protocol)
        listener = MqttListener(
            broker, "vraa", [OWN], "alarmbro-vraa", door, JumpingClock(), lambda: "key", lambda *_: None
        )
        tracemalloc.start()
        listener.start()
        try:
            assert other.came.acquire(timeout=10)
            threading.Event().wait(0.3)  # nothing marks that all it says was heard: some of it has no end
            _, peak = tracemalloc.get_traced_memory()
            assert listener.alive()
        finally:
            tracemalloc.stop()
            listener.stop()
    assert peak < 40 * MEGABYTE  # of 256: paho makes an object of kilobytes for each byte of an answer
    assert not [each for each in door.troubles.all() if each.subject == "handler"]
    assert len(door.activations.all()) <= 1
