"""The open matters: an alarm or a fault, what has been said about it, and how far each delivery has come.

These are the journal's records folded together (`judgement.record.ledger`); only the ledger changes them, in the
deciding thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from alarmbro.model.delivery import CALLS, MessageKind, Outcome
from alarmbro.model.level import Level
from alarmbro.model.moment import Moment
from alarmbro.model.position import Position

NOBODY_TOLD = "nobody_told"  # the fault whose subject is an alarm


class State(StrEnum):
    """Where an alarm stands."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Closing(StrEnum):
    """How an alarm ended, as the person says who closes it."""

    REAL = "real"
    FALSE_ALARM = "false_alarm"
    TEST = "test"


class Feedback(StrEnum):
    """What the one who pressed is shown: by a light, and on the device's MQTT topic."""

    RECEIVED = "received"
    TOLD = "told"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    NOBODY_TOLD = "nobody_told"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody is on the way. `recipient` is who of the configuration that is, empty where nobody of it.

    `by` is the name as it was given; empty once it is no longer kept. `notice` is the number of the alarm's last
    notice at that time.
    """

    at: Moment
    notice: int
    by: str = ""
    recipient: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """How and by whom an alarm was closed."""

    at: Moment
    outcome: Closing
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be said about a matter, to these recipients.

    `step` is the route's, counted from 0. `presses` is how many there were by then.
    """

    number: int
    kind: MessageKind
    at: Moment
    notify: tuple[str, ...]
    step: int = 0
    presses: int = 0

    @property
    def calls(self) -> bool:
        """Tell whether it calls people to come; other notices only tell them how things stand."""
        return self.kind in CALLS


HOPELESS = frozenset({"duh", "no_code"})  # an alarm centre that does not know the event; an event without a code


class Delivery(NamedTuple):
    """The duty to tell one URL of one recipient one notice about one matter. A tuple: a storm looks up thousands."""

    matter: str
    notice: int
    recipient: str
    target: int


@dataclass(slots=True)
class Progress:
    """How far a delivery has come: tries so far, and the last one's end."""

    attempts: int = 0
    last: Moment | None = None
    outcome: Outcome | None = None
    reason: str = ""

    @property
    def hopeless(self) -> bool:
        """Tell whether the far end has understood that it will not take it: a repeat mends nothing."""
        return self.outcome is Outcome.FAILED and self.reason in HOPELESS

    @property
    def done(self) -> bool:
        """Tell whether it got through."""
        return self.outcome is Outcome.OK


@dataclass(slots=True)
class Matter:
    """What alarms and faults share: somebody must be told."""

    id: str
    site: str
    device: str
    since: Moment
    notices: list[Notice] = field(default_factory=list)
    progress: dict[Delivery, Progress] = field(default_factory=dict)
    told: set[tuple[int, str]] = field(default_factory=set)  # notice number, recipient


@dataclass(slots=True)
class Alarm(Matter):
    """The matter that an activation raises, from the press until everybody knows of its end.

    `since` is when the press was received. `begun` is when the alarm was last raised (by the press, by a new press
    after an acknowledgement or at a higher level, or because nobody closed it): its steps count from there, and
    `first` is the number of the notice that began it. `acknowledged` holds everybody who ever was on the way.
    """

    state: State = State.RAISED
    level: Level = Level.ASSAULT
    begun: Moment = field(kw_only=True)
    first: int = 1
    acknowledged: list[Acknowledged] = field(default_factory=list)
    closed: Closed | None = None
    route: str = ""
    presses: int = 1
    source: str = ""
    step: int = 0
    late_s: float | None = None
    pressed_at: datetime | None = None
    position: Position | None = None

    @property
    def on_the_way(self) -> list[Acknowledged]:
        """Give who is on the way, the first one first: those before it was last raised do not count any more."""
        return [each for each in self.acknowledged if each.notice >= self.first]

    @property
    def heard(self) -> bool:
        """Tell whether anybody has been told since it was last raised."""
        return any(notice >= self.first for notice, _ in self.told)

    @property
    def alarmed(self) -> tuple[str, ...]:
        """Name everybody who was called, in the order in which they were."""
        return tuple(dict.fromkeys(name for notice in self.notices if notice.calls for name in notice.notify))


@dataclass(slots=True)
class Fault(Matter):
    """Something that would stop or delay an alarm."""

    kind: str = ""
    subject: str = ""
    detail: str = ""
    cleared: bool = False

    @property
    def alarm(self) -> str:
        """Name the alarm that nobody could be told of; empty for every other fault."""
        return self.subject if self.kind == NOBODY_TOLD else ""
