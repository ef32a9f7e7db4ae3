"""Keeps a flood of what is no press from filling the journal: the disk is for presses.

Promises: each reject is kept, up to `MOST` within a minute; of those that come beyond them the number is kept, as one
reject of its own when the minute is over. Everything else goes through untouched.
Runs in the link's thread; no clock of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from alarmbro.model.activation import Activation, Answer, Door, Heartbeat, HeldDown, Rejected, Source, Trouble
from alarmbro.model.moment import Moment

MOST = 60  # a minute: a gateway that says one wrong thing a second is seen whole
MINUTE_S = 60.0
TOPIC = 200  # characters of a topic that are kept: MQTT allows 65,535
MORE = "more"


@dataclass(slots=True)
class SparingDoor:
    """The door of one site's messages."""

    door: Door
    site: str
    _since: Moment | None = None
    _kept: int = 0
    _more: int = 0

    def rejected(self, rejected: Rejected, *, confirmed: Callable[[], None] | None = None) -> None:
        """Hand a reject on, or count it."""
        self.minute(rejected.received)
        self._since = self._since or rejected.received
        if self._kept < MOST:
            self._kept += 1
            self.door.rejected(_short(rejected), confirmed=confirmed)
            return
        self._more += 1
        if confirmed is not None:
            confirmed()

    def minute(self, now: Moment) -> None:
        """Begin anew where a minute is over, and hand on how many were not kept."""
        if self._since is None or now.since(self._since) < MINUTE_S:
            return
        more, self._since, self._kept, self._more = self._more, None, 0, 0
        if more:
            self.door.rejected(Rejected(now, Source.MQTT, MORE, self.site, excerpt=f"{more} more within a minute"))

    def activation(self, activation: Activation, *, confirmed: Callable[[], None] | None = None) -> None:
        """Hand a press on: each of them."""
        self.door.activation(activation, confirmed=confirmed)

    def answered(self, answer: Answer) -> None:
        """Hand it on."""
        self.door.answered(answer)

    def held(self, held: HeldDown) -> None:
        """Hand it on."""
        self.door.held(held)

    def heartbeat(self, heartbeat: Heartbeat) -> None:
        """Hand it on."""
        self.door.heartbeat(heartbeat)

    def trouble(self, trouble: Trouble) -> None:
        """Hand it on."""
        self.door.trouble(trouble)


def _short(rejected: Rejected) -> Rejected:
    if len(rejected.topic) <= TOPIC:
        return rejected
    return Rejected(
        rejected.received, rejected.source, rejected.reason, rejected.site, rejected.device[:TOPIC],
        rejected.topic[:TOPIC], rejected.excerpt,
    )  # fmt: skip
