"""A message that is made ready but must not leave yet: its press is not on disk.

The thread that sends makes the words and the HTTP request and finds the far end while the disk is at work, and waits
here with its first byte. Any thread opens the gate or calls the message off; one thread passes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 5.0  # a gate is opened after half a second at the latest; should nobody come, the try has failed


class CalledOffError(Exception):
    """The message must not leave: what it was about is not so."""


class Gate:
    """Closed when made; opened, or called off, once."""

    def __init__(self) -> None:
        self._closed = threading.Lock()
        self._closed.acquire()
        self._deciding = threading.Lock()
        self.opened = False
        self.called_off = False

    def open(self) -> None:
        """Let the message leave. A second time changes nothing."""
        with self._deciding:
            if not (self.opened or self.called_off):
                self.opened = True
                self._closed.release()

    def call_off(self) -> None:
        """Keep the message from leaving, where it has not left."""
        with self._deciding:
            if not (self.opened or self.called_off):
                self.called_off = True
                self._closed.release()

    def wait(self) -> None:
        """Wait until it opens. Raise CalledOffError where it does not."""
        if self.opened:
            return
        self._closed.acquire(timeout=PATIENCE_S)
        if not self.opened:
            raise CalledOffError


class _Here(threading.local):
    """The gate that this thread's next request waits at."""

    gate: Gate | None = None


_here = _Here()


@contextmanager
def behind(gate: Gate | None) -> Iterator[None]:
    """Have this thread's requests wait at a gate until the block ends."""
    _here.gate = gate
    try:
        yield
    finally:
        _here.gate = None


def wait_here() -> None:
    """Wait at this thread's gate, where it stands at one. Raise CalledOffError where it does not open."""
    if _here.gate is not None:
        _here.gate.wait()
