"""Looks once a day whether names have been kept for their time, and has the journal remove them.

Runs in the deciding thread; the removal itself is the journal's, in its own thread. Must never ask for it while wall
time cannot be believed: a wrong clock would remove names early.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from alarmbro.model.configuration import Configuration
from alarmbro.model.moment import Moment
from alarmbro.shell.ports import Record

EVERY_S = 86400.0


@dataclass(slots=True)
class Retaining:
    """Has removed what is older than `retention: personal`; `trusted` tells whether wall time can be believed."""

    configuration: Configuration
    journal: Record
    trusted: Callable[[], bool]
    _looked: Moment | None = None

    def look(self, now: Moment) -> None:
        """Have removed what is due, where it is time to look."""
        if self.next_in_s(now) > 0:
            return
        self._looked = now
        if self.trusted():
            self.journal.remove(now.utc - timedelta(seconds=self.configuration.retention.personal_s))

    def next_in_s(self, now: Moment) -> float:
        """Give the seconds until it is time to look."""
        return 0.0 if self._looked is None else max(0.0, EVERY_S - now.since(self._looked))
