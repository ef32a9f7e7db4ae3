"""The open matters: an alarm or a fault, what has been said about it, and how far each delivery has come.

These are the journal's records folded together (`judgement.ledger`); only the ledger changes them, in the deciding
thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from alarmbro.model.delivery import MessageKind, Outcome
from alarmbro.model.moment import Moment

NOBODY_TOLD = "nobody_told"  # the fault whose subject is an alarm


class State(StrEnum):
    """Where an alarm stands."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be said about a matter, to these recipients. `step` is the route's, counted from 0."""

    number: int
    kind: MessageKind
    at: Moment
    notify: tuple[str, ...]
    step: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """The duty to tell one URL of one recipient one notice about one matter."""

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
    """The open matter that an activation raises. `since` is when the press was received."""

    state: State = State.RAISED
    route: str = ""
    presses: int = 1
    source: str = ""
    step: int = 0
    late_s: float | None = None
    pressed_at: datetime | None = None


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
