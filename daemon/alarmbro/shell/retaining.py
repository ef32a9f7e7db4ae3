"""Looks once a day whether names have been kept for their time, and has the journal remove them.

Runs in the deciding thread; the removal itself is the journal's, in its own thread. Must never ask for it while wall
time cannot be believed: a wrong clock would remove names early.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from alarmbro.judgement.retaining import Cutoff, cutoff
from alarmbro.model.configuration import Retention
from alarmbro.model.moment import Moment

EVERY_S = 86400.0
AGAIN_S = 3600.0  # where the clock could not be believed


@dataclass(slots=True)
class Retaining:
    """Asks for the removal: `trusted` tells whether wall time can be believed, `remove` is `Journal.remove_personal`."""

    retention: Retention
    trusted: Callable[[], bool]
    remove: Callable[[Cutoff], None]
    _looked: Moment | None = None
    _every_s: float = EVERY_S

    def look(self, now: Moment) -> None:
        """Have removed what is due, where it is time to look."""
        due = self.due(now)
        if due is not None:
            self.remove(due)

    def due(self, now: Moment) -> Cutoff | None:
        """Give the cut-off, where it is time to look and the clock can be believed."""
        if self.next_in_s(now) > 0:
            return None
        self._looked = now
        trusted = self.trusted()
        self._every_s = EVERY_S if trusted else AGAIN_S
        return cutoff(self.retention.personal_s, now) if trusted else None

    def next_in_s(self, now: Moment) -> float:
        """Give the seconds until it is time to look."""
        return 0.0 if self._looked is None else max(0.0, self._every_s - now.since(self._looked))
