"""What time, presses and heartbeats bring by themselves.

Devices that fall silent, plans not reviewed, tests due, contacts that chatter, names to be removed.

Runs in the deciding thread. Never an alarm's business: what it finds goes to those who mend it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alarmbro.model.activation import Activation, Heartbeat, Trouble
from alarmbro.model.configuration import Configuration
from alarmbro.model.moment import Moment
from alarmbro.shell.supervising.chatter import Chatter
from alarmbro.shell.supervising.dues import Dues
from alarmbro.shell.supervising.retaining import Retaining
from alarmbro.shell.supervising.reviews import Reviews
from alarmbro.shell.supervising.supervision import Supervision


@dataclass(slots=True)
class Lookout:
    """All that is looked at by itself."""

    reviews: Reviews
    dues: Dues
    chatter: Chatter
    retaining: Retaining
    supervision: Supervision

    def adopt(self, configuration: Configuration) -> None:
        """Look by another configuration, and soon: what it has changed may be due."""
        for part in (self.reviews, self.dues, self.retaining, self.supervision):
            part.adopt(configuration)

    def pressed(self, activation: Activation, now_s: float) -> Iterator[Trouble]:
        """Take a press."""
        yield from self.chatter.pressed(activation.site, activation.device, now_s)
        yield from self.supervision.pressed(activation)

    def heard(self, said: Heartbeat) -> Iterator[Trouble]:
        """Take what a device says of itself."""
        yield from self.supervision.heard(said)

    def due(self, now: Moment) -> Iterator[Trouble]:
        """Give the troubles that have begun or ended by now; what else has its day is done."""
        self.retaining.look(now)
        yield from self.reviews.due(now)
        yield from self.dues.due(now)
        yield from self.chatter.due(now.monotonic_s)
        yield from self.supervision.due(now)

    def next_in_s(self, now: Moment) -> float:
        """Give the seconds until `due` may have something."""
        timed = (self.reviews, self.dues, self.retaining, self.supervision)
        return min(*(each.next_in_s(now) for each in timed), self.chatter.next_in_s(now.monotonic_s))
