"""Looks once a day which devices must be tested, and has the coordinators told, then monthly. No alarm's business.

Runs in the deciding thread. Says nothing while wall time cannot be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from alarmbro.judgement.record.ledger import Ledger
from alarmbro.judgement.rounds.overdue import Due, due_at
from alarmbro.model.activation import Trouble
from alarmbro.model.configuration import Configuration, Language
from alarmbro.model.moment import Moment

EVERY_S = 86400.0
KIND = "test_due"
NEVER = {Language.DANISH: "aldrig prøvet", Language.ENGLISH: "never tested"}


@dataclass(slots=True)
class Dues:
    """Gives the troubles that a look at the calendar brings: one for each site with devices that are due."""

    configuration: Configuration
    ledger: Ledger
    trusted: Callable[[], bool]
    begun: datetime | None = None
    _looked: Moment | None = None
    _due: dict[str, frozenset[str]] = field(default_factory=dict)

    def adopt(self, configuration: Configuration) -> None:
        """Look at another configuration, with the next look."""
        self.configuration, self._looked = configuration, None

    def due(self, now: Moment) -> Iterator[Trouble]:
        """Look, where it is time to."""
        if self.next_in_s(now) > 0:
            return
        self._looked = now
        self.begun = self.begun or now.utc
        for site in self.configuration.serve if self.trusted() else ():
            due = due_at(site, self.configuration, self.ledger.testing.tested, self.begun, now.utc)
            self._due[site] = frozenset(each.device for each in due)
            detail = "; ".join(self._words(site, each) for each in due)
            yield Trouble(KIND, site, well=not due, detail=detail, site=site)

    def devices(self, site: str) -> frozenset[str]:
        """Name the devices of a site that were due at the last look."""
        return self._due.get(site, frozenset())

    def look_again(self) -> None:
        """Look at the next opportunity: a device has been tested."""
        self._looked = None

    def next_in_s(self, now: Moment) -> float:
        """Give the seconds until it is time to look."""
        return 0.0 if self._looked is None else max(0.0, EVERY_S - now.since(self._looked))

    def _words(self, site: str, due: Due) -> str:
        device = self.configuration.device(site, due.device)
        name = device.name if device else due.device
        if due.tested is None:
            return f"{name}: {NEVER[self.configuration.language]}"
        return f"{name}: {due.tested.astimezone(ZoneInfo(self.configuration.timezone)):%d.%m.%Y}"
