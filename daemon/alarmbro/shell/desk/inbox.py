"""What the deciding thread is told by all others: one queue of these, and nothing else is shared.

Any thread puts, only the deciding thread gets. Putting never blocks and is safe in a signal handler
(`queue.SimpleQueue`).
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alarmbro.delivery.gate import Gate
from alarmbro.journal.reading.remembering import Remembered
from alarmbro.model.activation import Acknowledgement, Activation, Answer, Close, Heartbeat, HeldDown, Trouble
from alarmbro.model.delivery import Result
from alarmbro.model.record import Draft
from alarmbro.model.testing import TestOrder

if TYPE_CHECKING:
    from alarmbro.shell.desk.job import Job


@dataclass(slots=True, eq=False)
class Pressed:
    """A press is on its way to the disk; the journal's thread sets `on_disk` the moment it is there.

    `gate` is what its first message waits at, where the deciding thread has come to have one made ready; whoever
    learns that the press is on disk opens it. All else is the deciding thread's own.
    """

    activation: Activation
    draft: Draft
    on_disk: bool = False
    gate: Gate | None = None
    decided: bool = False
    foreseen: Draft | None = None
    job: Job | None = None

    def go(self) -> None:
        """Let the first message leave, where one is ready. Any thread."""
        if self.gate is not None:
            self.gate.open()


@dataclass(frozen=True, slots=True)
class Written:
    """A press is on disk; or `repeat`: the same press was there already."""

    press: Pressed
    repeat: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """A try at a delivery has ended."""

    job: Job
    result: Result


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks over the control socket or MQTT; the answer (or what went wrong) goes to `reply`.

    `said` is what a person says of an alarm, or orders of a test, where that is what the request is about.
    """

    request: Mapping[str, Any]
    reply: Callable[[dict[str, Any] | Exception], None]
    said: Answer | TestOrder | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """Something that only the deciding thread may do, between two events; `done` hears of its end or its error."""

    work: Callable[[], None]
    done: Callable[[Exception | None], None] = field(default=lambda _error: None)

    def run(self) -> None:
        """Do it. Raises what it raises, after `done` has heard of it."""
        try:
            self.work()
        except Exception as error:
            self.done(error)
            raise
        self.done(None)


@dataclass(frozen=True, slots=True)
class Recalled:
    """The journal could be opened after all, long after the start: this is what it remembers."""

    remembered: Remembered


@dataclass(frozen=True, slots=True)
class Stop:
    """End: a signal, or a fault that only a restart mends (`failed`)."""

    why: str
    failed: bool = False


Happened = Pressed | Written | Finished | Recalled | Trouble | HeldDown | Heartbeat | Acknowledgement | Close
Event = Happened | Asked | Errand | Stop
Inbox = queue.SimpleQueue[Event]
