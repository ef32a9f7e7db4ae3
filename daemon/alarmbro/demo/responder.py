"""The one who comes: says "I am on my way" and gives the all-clear, for the newest open alarm of the demonstration.

Blocks for as long as the daemon takes to answer; call it in a thread that nobody waits for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alarmbro.control.client import ask
from alarmbro.model.configuration import Configuration
from alarmbro.model.route import Recipient


@dataclass(frozen=True, slots=True)
class Responder:
    """Answers as the first recipient who may."""

    configuration: Configuration
    run_dir: Path

    @property
    def person(self) -> Recipient:
        """Give whom it speaks for."""
        people = self.configuration.recipients.values()
        return next((each for each in people if each.acknowledges), next(iter(people)))

    def acknowledge(self) -> str | None:
        """Say "I am on my way"; give the alarm, None where none is open. Raise AlarmbroError."""
        return self._answer({"do": "ack"})

    def close(self) -> str | None:
        """Give the all-clear after a real alarm; give the alarm, None where none is open. Raise AlarmbroError."""
        return self._answer({"do": "close", "outcome": "real"})

    def _answer(self, request: dict[str, Any]) -> str | None:
        alarms = ask(self.run_dir, {"do": "status"})["alarms"]
        if not alarms:
            return None
        newest = max(alarms, key=lambda alarm: str(alarm["received"]))["alarm"]
        ask(self.run_dir, request | {"alarm": newest, "by": self.person.name})
        return str(newest)
