"""What the far ends in `receivers.py` share: a place for what has arrived, and free ports."""

from __future__ import annotations

import socket
import threading
from typing import Generic, TypeVar

HOST = "127.0.0.1"


def free_port() -> int:
    """Give a TCP port of loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


Thing = TypeVar("Thing")


class Arrivals(Generic[Thing]):
    """What has arrived, in order. Any thread may add, look and wait."""

    def __init__(self) -> None:
        self._things: list[Thing] = []
        self._changed = threading.Condition()

    def add(self, thing: Thing) -> None:
        """Take one more and wake who waits."""
        with self._changed:
            self._things.append(thing)
            self._changed.notify_all()

    def all(self) -> list[Thing]:
        """Give a copy of all there is."""
        with self._changed:
            return list(self._things)

    def clear(self) -> None:
        """Forget all there is."""
        with self._changed:
            self._things.clear()

    def wait_for(self, number: int, timeout: float) -> list[Thing]:
        """Give all there is once there are `number` of them; TimeoutError after `timeout` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._things) >= number, timeout):
                raise TimeoutError(f"{len(self._things)} of {number} arrived within {timeout} s")
            return list(self._things)
