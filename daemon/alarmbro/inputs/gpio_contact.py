"""One button on one pin: from levels to presses and troubles of its device.

`_on_edge` runs in lgpio's one thread for all pins (for mock pins: in the mover's) and only puts into a queue, since an
exception there would silence every button without a word, and a wait would delay them all. The rest runs in the
`gpio-poll` thread.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import structlog

from alarmbro.inputs.gpio_outbox import Outbox
from alarmbro.inputs.pins import close_input, open_input
from alarmbro.judgement.debounce import Change, Debounce, Press, Stuck, Timing
from alarmbro.model.activation import Activation, Source, Trouble
from alarmbro.model.configuration import Contact, Device, GpioInput
from alarmbro.model.moment import Clock

log = structlog.get_logger(__name__)

OLDEST_EDGE_S = 3600.0  # an older time stamp is of another clock than ours


@dataclass(frozen=True, slots=True)
class RawEdge:
    """What the pin's callback knew: the level, and the kernel's time stamp where it is one."""

    contact: WiredContact
    low: bool
    tick: Any


EdgeQueue = SimpleQueue[RawEdge | None]


class WiredContact:
    """A device's contact, its judge, and what it owes the door."""

    def __init__(
        self,
        device: Device,
        gpio: GpioInput,
        edges: EdgeQueue,
        outbox: Outbox,
        clock: Clock,
        new_key: Callable[[], str],
    ) -> None:
        self.device = device
        self.known = False  # settled, or its fault is told
        self.well = True  # else it is not asked before its turn
        self.bug_s: float | None = None  # when handling it last raised
        self._gpio = gpio
        self._edges = edges
        self._outbox = outbox
        self._clock = clock
        self._new_key = new_key
        self._input: Any = None
        self._changes: list[Change] = []
        self._debounce = Debounce(Timing(gpio.debounce_s, gpio.hold_s), clock.now().monotonic_s)

    def open(self, pins: Any) -> None:
        """Claim the pin and watch its edges. Raise MachineError."""
        self._input = open_input(pins, self._gpio, self.device.path, self._on_edge)
        self.known = False
        self._debounce = Debounce(Timing(self._gpio.debounce_s, self._gpio.hold_s), self._clock.now().monotonic_s)

    def close(self) -> None:
        """Give the pin back. May be called twice. Never raises."""
        claimed, self._input = self._input, None
        if claimed is not None:
            close_input(claimed, self.device.path)

    def _on_edge(self, tick: Any, state: Any) -> None:
        self._edges.put(RawEdge(self, not state, tick))

    @property
    def next_due_s(self) -> float:
        """Give when a sample is wanted, monotonic seconds; infinity where the usual poll is enough."""
        return self._debounce.next_due_s if self.well else math.inf

    def take(self, edge: RawEdge) -> None:
        """Judge an edge."""
        now_s = self._clock.now().monotonic_s
        # On Linux since 5.7 the kernel stamps edges by the clock that we read, too; elsewhere the queue's time must do.
        ours = isinstance(edge.tick, float) and now_s - OLDEST_EDGE_S <= edge.tick <= now_s
        self._tell(self._debounce.edge(edge.tick if ours else now_s, self._pressed(low=edge.low)))

    def sample(self) -> None:
        """Read the pin and judge. A pin that cannot be read is a fault until it can."""
        before_s = self._clock.now().monotonic_s
        try:
            active = self._pressed(low=bool(self._input.value))  # with pull-up, gpiozero's 1 is low
        except Exception as error:
            self.known, self.well = True, False
            if self._outbox.begin(self._trouble("gpio", f"cannot read pin {self._gpio.pin}: {error}")):
                log.exception("pin not read", device=self.device.path, pin=self._gpio.pin)
            return
        self.well = True
        self._outbox.end("gpio", self.device.path)
        self._tell(self._debounce.sample(before_s if active else self._clock.now().monotonic_s, active))
        self.known = self.known or self._debounce.settled

    def _pressed(self, *, low: bool) -> bool:
        """Tell what a level means. Closed is low; a normally closed contact is pressed (or cut) where it is high."""
        return low if self._gpio.contact is Contact.NORMALLY_OPEN else not low

    def _tell(self, changes: tuple[Change, ...]) -> None:
        self._changes += changes
        while self._changes:  # one that a bug holds up stays, and is tried again at the next poll
            self._owe(self._changes[0])
            del self._changes[0]

    def _owe(self, change: Change) -> None:
        if isinstance(change, Press):
            self._outbox.press(self._activation(change))
        elif isinstance(change, Stuck):
            self._outbox.begin(self._trouble("stuck", "active longer than a hand would hold it"))
        else:
            self._outbox.end("stuck", self.device.path)

    def _activation(self, press: Press) -> Activation:
        now = self._clock.now()
        since_s = min(max(0.0, now.monotonic_s - press.at_s), OLDEST_EDGE_S)
        return Activation(
            key=self._new_key(),
            site=self.device.site,
            device=self.device.id,
            received=now.later(-since_s),
            source=Source.GPIO,
            held_at_start=press.held_at_start,
        )

    def _trouble(self, kind: str, detail: str) -> Trouble:
        return Trouble(kind, self.device.path, detail=detail, site=self.device.site, device=self.device.id)
