"""Looks once a day whether the plan is current: a recipient that nobody has reviewed for a year is a fault.

Runs in the deciding thread. Never an alarm's business: what it finds goes to `faults: notify`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alarmbro.judgement.expiring.reviewing import outdated
from alarmbro.model.activation import Trouble
from alarmbro.model.configuration import Configuration
from alarmbro.model.moment import Moment

EVERY_S = 86400.0


@dataclass(slots=True)
class Reviews:
    """Gives the troubles that a look at the calendar brings."""

    configuration: Configuration
    _looked: Moment | None = None

    def adopt(self, configuration: Configuration) -> None:
        """Look at another configuration, with the next look."""
        self.configuration, self._looked = configuration, None

    def due(self, now: Moment) -> Iterator[Trouble]:
        """Look, where it is time to."""
        if self.next_in_s(now) > 0:
            return
        self._looked = now
        old = outdated(self.configuration, now.utc.date())
        for name, recipient in self.configuration.recipients.items():
            detail = f"{recipient.name}: reviewed {recipient.reviewed}" if name in old else ""
            yield Trouble("reviewed", name, well=name not in old, detail=detail)

    def next_in_s(self, now: Moment) -> float:
        """Give the seconds until it is time to look."""
        return 0.0 if self._looked is None else max(0.0, EVERY_S - now.since(self._looked))
