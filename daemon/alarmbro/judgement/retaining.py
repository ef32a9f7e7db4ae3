"""Which records have kept a person's name long enough: only those of which it is proven. Pure.

A record's own time proves nothing: most Pis have no battery clock, and one that began at last year's time would lose
the name of whoever pressed a minute ago. Two things do: the monotonic clock, for records of this boot; and a *mark*,
for all others: how far the journal had come at a moment when wall time could be believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from alarmbro.model.moment import Moment


@dataclass(frozen=True, slots=True)
class Cutoff:
    """What names persons goes from records that were written before this.

    That is up to the last mark that was set at `before` or earlier, and those of the boot `boot` whose monotonic clock
    said `monotonic_s` or less. `now` is when it was looked, by a clock that can be believed.
    """

    now: Moment
    before: datetime

    @property
    def boot(self) -> str:
        """Give the boot that the monotonic clock speaks of."""
        return self.now.boot

    @property
    def monotonic_s(self) -> float:
        """Give the monotonic time; negative where this boot is not as old as that."""
        return self.now.monotonic_s - (self.now.utc - self.before).total_seconds()


def cutoff(kept_s: float, now: Moment) -> Cutoff:
    """Give the cut-off for what is kept for so many seconds. `now` must be of a clock that can be believed."""
    return Cutoff(now, now.utc - timedelta(seconds=kept_s))
