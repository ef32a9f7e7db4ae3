"""Looks once a day whether names have been kept for their time, and has the journal remove them.

Runs in the deciding thread; the removal itself is the journal's, in its own thread. Must never ask for it while wall
time cannot be believed: a wrong clock would remove names early.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from alarmbro.judgement.expiring.retaining import cutoff
from alarmbro.model.configuration import Configuration
from alarmbro.model.moment import Moment
from alarmbro.shell.desk.ports import Record

EVERY_S = 86400.0
AGAIN_S = 3600.0  # where the clock could not be believed: at a start it is often not yet set


@dataclass(slots=True)
class Retaining:
    """Has removed what is older than `retention: personal`; `trusted` tells whether wall time can be believed."""

    configuration: Configuration
    journal: Record
    trusted: Callable[[], bool]
    _looked: Moment | None = None
    _every_s: float = EVERY_S

    def adopt(self, configuration: Configuration) -> None:
        """Go by another configuration, with the next look."""
        self.configuration, self._looked = configuration, None

    def look(self, now: Moment) -> None:
        """Have removed what is due, where it is time to look."""
        if self.next_in_s(now) > 0:
            return
        self._looked = now
        trusted = self.trusted()
        self._every_s = EVERY_S if trusted else AGAIN_S
        if trusted:
            self.journal.remove(cutoff(self.configuration.retention.personal_s, now))

    def next_in_s(self, now: Moment) -> float:
        """Give the seconds until it is time to look."""
        return 0.0 if self._looked is None else max(0.0, self._every_s - now.since(self._looked))
