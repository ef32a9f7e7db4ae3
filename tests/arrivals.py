"""What the far ends in `receivers.py` share: a place for what has arrived, and free ports."""

from __future__ import annotations

import itertools
import os
import random
import socket
import threading
from typing import Generic, TypeVar

HOST = "127.0.0.1"


# Below the range that the kernel gives to outgoing connections, which would take a port between its choice and its use.
# Each of pytest's workers has a part of its own, so that no test takes what another was just given.
_LOW, _PART, _WORKERS = 12_000, 2_500, 8
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS
_ports = itertools.cycle(random.sample(range(_LOW + _WORKER * _PART, _LOW + (_WORKER + 1) * _PART), _PART))
_next_port = threading.Lock()


def free_port() -> int:
    """Give a TCP port of loopback that nobody listens on and that this run gave to nobody before."""
    with _next_port:
        for port in itertools.islice(_ports, _PART):
            with socket.socket() as probe:
                try:
                    probe.bind((HOST, port))
                except OSError:  # somebody's: the next
                    continue
            return port
    raise RuntimeError("no port is free")


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
