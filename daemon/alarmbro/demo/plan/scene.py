"""What the page shows: the messages that came, what was done last, and how the daemon says that things stand.

Any thread. The daemon is asked by whoever looks, never by who brings a message; memory is bounded.
"""

from __future__ import annotations

import json
import re
import threading
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alarmbro.control.client import ask
from alarmbro.demo.presses import Presses
from alarmbro.demo.receivers import Arrival
from alarmbro.model.errors import AlarmbroError

KEPT = 20  # messages of each receiver


@dataclass(slots=True)
class Message:
    """A message as its reader has it. `after_s` is since the press, None where that is not known (yet)."""

    arrival: Arrival
    alarm: str
    after_s: float | None = None


@dataclass(slots=True)
class Scene:
    """All of it. `number` finds an alarm's number in a text; `tell` is told, once, why the journal cannot be read."""

    run_dir: Path
    state: Path
    number: re.Pattern[str]
    tell: Callable[[str], None]
    said: str = ""
    _messages: dict[str, deque[Message]] = field(default_factory=dict)
    _count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _presses: Presses = field(init=False)

    def __post_init__(self) -> None:
        self._presses = Presses(self.state, self.tell)

    def add(self, arrival: Arrival) -> None:
        """Take a message that has come."""
        found = self.number.search(arrival.body)
        with self._lock:
            kept = self._messages.setdefault(arrival.path, deque(maxlen=KEPT))
            kept.appendleft(Message(arrival, found[0] if found else ""))
            self._count += 1

    def say(self, text: str) -> None:
        """Show what was done last."""
        with self._lock:
            self.said = text
            self._count += 1

    def messages(self, path: str) -> list[Message]:
        """Give the messages of one receiver, the newest first."""
        with self._lock:
            found = list(self._messages.get(path, ()))
            for message in found:
                if message.alarm and message.after_s is None:
                    message.after_s = self._presses.since_press_s(message.alarm, message.arrival.at_s)
            return found

    def status(self) -> dict[str, Any] | None:
        """Ask the daemon how things stand; None where it does not answer."""
        try:
            return ask(self.run_dir, {"do": "status"})
        except AlarmbroError:  # shown on the page; the demonstration itself ends where the daemon has
            return None

    def version(self) -> str:
        """Give a text that changes with whatever the page shows."""
        status = self.status() or {}
        shown = json.dumps([status.get("alarms"), status.get("test_rounds")], sort_keys=True)
        with self._lock:
            return f"{self._count}-{zlib.crc32(shown.encode()):08x}"
