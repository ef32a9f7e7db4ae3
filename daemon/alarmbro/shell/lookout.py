"""What time and presses bring by themselves: plans not reviewed, tests due, contacts that chatter, names to be removed.

Runs in the deciding thread. Never an alarm's business: what it finds goes to those who mend it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alarmbro.model.activation import Trouble
from alarmbro.model.moment import Moment
from alarmbro.shell.chatter import Chatter
from alarmbro.shell.dues import Dues
from alarmbro.shell.retaining import Retaining
from alarmbro.shell.reviews import Reviews


@dataclass(slots=True)
class Lookout:
    """All that is looked at by itself."""

    reviews: Reviews
    dues: Dues
    chatter: Chatter
    retaining: Retaining

    def pressed(self, site: str, device: str, now_s: float) -> Iterator[Trouble]:
        """Take a press."""
        yield from self.chatter.pressed(site, device, now_s)

    def due(self, now: Moment) -> Iterator[Trouble]:
        """Give the troubles that have begun or ended by now; what else has its day is done."""
        self.retaining.look(now)
        yield from self.reviews.due(now)
        yield from self.dues.due(now)
        yield from self.chatter.due(now.monotonic_s)

    def next_in_s(self, now: Moment) -> float:
        """Give the seconds until `due` may have something."""
        daily = (self.reviews, self.dues, self.retaining)
        return min(*(each.next_in_s(now) for each in daily), self.chatter.next_in_s(now.monotonic_s))
