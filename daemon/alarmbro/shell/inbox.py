"""What the deciding thread is told by all others: one queue of these, and nothing else is shared.

Any thread puts, only the deciding thread gets. Putting never blocks and is safe in a signal handler
(`queue.SimpleQueue`).
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alarmbro.model.activation import Acknowledgement, Activation, Answer, Close, Heartbeat, Trouble
from alarmbro.model.delivery import Result
from alarmbro.model.record import Draft

if TYPE_CHECKING:
    from alarmbro.shell.telling.sender import Job


@dataclass(slots=True, eq=False)
class Pressed:
    """A press is on its way to the disk; the journal's thread sets `on_disk` the moment it is there."""

    activation: Activation
    draft: Draft
    on_disk: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """The press with this key is on disk; or `repeat`: the same press was there already."""

    key: str
    repeat: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """A try at a delivery has ended."""

    job: Job
    result: Result


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks over the control socket or MQTT; the answer (or what went wrong) goes to `reply`.

    `answer` is what a person says of an alarm, where that is what the request is about.
    """

    request: Mapping[str, Any]
    reply: Callable[[dict[str, Any] | Exception], None]
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """End: a signal, or a fault that only a restart mends (`failed`)."""

    why: str
    failed: bool = False


Event = Pressed | Written | Finished | Asked | Stop | Trouble | Heartbeat | Acknowledgement | Close
Inbox = queue.SimpleQueue[Event]
