"""Notes that the end was asked for: Ctrl-C, SIGTERM, a closed terminal.

A handler here raises nothing and takes no lock: it may run between any two instructions of the main thread, of which
some have just started a process that nobody else knows.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from typing import Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ending:
    """Listens for the signals while the context lasts; `wake` is called at each, and must take no lock."""

    def __init__(self, wake: Callable[[], object]) -> None:
        self.asked = False
        self._wake = wake
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self.ask) for number in SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def ask(self, *_: object) -> None:
        """Ask for the end."""
        self.asked = True
        self._wake()

    def pause(self, seconds: float) -> bool:
        """Wait, for a fraction of a second; tell whether the end was asked for."""
        time.sleep(seconds)
        return self.asked
