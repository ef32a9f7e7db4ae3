"""The buttons: one MQTT 3.1.1 connection that publishes presses at QoS 1 and stamps each on the monotonic clock.

Written out on a plain socket so that it costs little and waits for nothing. What was not confirmed is sent again
after the connection was lost, marked as a repeat, as QoS 1 asks of any button.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Iterable

HOST = "127.0.0.1"
SITE = "hus"
PREFIX = "bench"
RETRY_S = 0.05
PUBACK = 4
KEEP_ALIVE_S = 0  # none: the broker never asks


def topic(device: str) -> str:
    """Give the topic of a device's presses."""
    return f"{PREFIX}/{SITE}/{device}/press"


class Publisher:
    """A press is stamped when it is made, whether or not the broker is there to take it. Any one thread may press."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pressed_ns: dict[str, int] = {}
        self.resent = 0
        self._open: dict[int, bytes] = {}
        self._number = 0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._receive, name="publisher", daemon=True)
        self._thread.start()

    def press(self, *devices: str) -> None:
        """Publish one press of each device, all in one go."""
        with self._lock:
            packets = []
            for device in devices:
                self._number = self._number % 65535 + 1
                packet = _publish(topic(device), json.dumps({"id": f"press-{device}-{self._number}"}), self._number)
                self._open[self._number] = packet
                packets.append(packet)
            at_ns = time.monotonic_ns()
            for device in devices:
                self.pressed_ns.setdefault(device, at_ns)
            if self._socket is not None:
                with contextlib.suppress(OSError):  # the receiving thread sees it, and sends them again
                    self._socket.sendall(b"".join(packets))

    def pace(self, devices: Iterable[str], every_s: float) -> None:
        """Press one device after the other, at even times."""
        due = time.monotonic()
        for device in devices:
            time.sleep(max(0.0, due - time.monotonic()))
            self.press(device)
            due += every_s

    def confirmed(self, patience_s: float = 30.0) -> bool:
        """Wait until the broker has confirmed all; tell whether it did."""
        end = time.monotonic() + patience_s
        while self._open and time.monotonic() < end:
            time.sleep(0.002)
        return not self._open

    def end(self) -> None:
        """Hang up."""
        self._ended.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)

    def _receive(self) -> None:
        while not self._ended.is_set():
            try:
                with socket.create_connection((HOST, self.port), timeout=2) as connection:
                    self._talk(connection)
            except OSError:
                self._ended.wait(RETRY_S)
            finally:
                self._socket = None

    def _talk(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(_connect("bench-buttons"))
        if _exactly(connection, 4)[3] != 0:
            raise ConnectionRefusedError("the broker does not want us")
        connection.settimeout(None)
        with self._lock:
            again = [packet[:1].replace(b"\x32", b"\x3a") + packet[1:] for packet in self._open.values()]
            self.resent += len(again)
            connection.sendall(b"".join(again))
            self._socket = connection
        while True:
            kind, _length, number = struct.unpack("!BBH", _exactly(connection, 4))
            if kind >> 4 == PUBACK:
                self._open.pop(number, None)


def _exactly(connection: socket.socket, number: int) -> bytes:
    data = b""
    while len(data) < number:
        more = connection.recv(number - len(data))
        if not more:
            raise ConnectionResetError("the broker hung up")
        data += more
    return data


def _text(words: str) -> bytes:
    data = words.encode()
    return struct.pack("!H", len(data)) + data


def _packet(first: int, rest: bytes) -> bytes:
    """Put the variable length in front: seven bits a byte, the low ones first."""
    length, size = b"", len(rest)
    while True:
        size, low = divmod(size, 128)
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return bytes([first]) + length + rest


def _connect(client: str) -> bytes:
    return _packet(0x10, _text("MQTT") + bytes([4, 0]) + struct.pack("!H", KEEP_ALIVE_S) + _text(client))


def _publish(name: str, payload: str, number: int) -> bytes:
    return _packet(0x32, _text(name) + struct.pack("!H", number) + payload.encode())
