"""One contact: from the levels of its pin to presses of what it means, and its troubles.

A changeover contact has an opposite pin, too. That says how its cable is (`cable`), and has no say in what a press
of a button is; an acknowledge key is turned only while the two do not contradict each other, since a damaged cable must
not call the responders off.

`_on_edge` runs in lgpio's one thread for all pins (for mock pins: in the mover's) and only puts into a queue, since an
exception there would silence every button without a word, and a wait would delay them all. The rest runs in the
`gpio-poll` thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import structlog

from alarmbro.inputs.gpio.cable import Cable
from alarmbro.inputs.gpio.meaning import OLDEST_EDGE_S, Meaning
from alarmbro.inputs.gpio.outbox import Outbox
from alarmbro.inputs.pins import close_input, open_input
from alarmbro.judgement.contacts.debounce import Change, Debounce, Held, Press, Stuck
from alarmbro.model.activation import Trouble
from alarmbro.model.moment import Clock
from alarmbro.model.site import Contact

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RawEdge:
    """What the pin's callback knew: the level, and the kernel's time stamp where it is one."""

    contact: WiredContact
    low: bool
    tick: Any
    opposite: bool = False


EdgeQueue = SimpleQueue[RawEdge | None]


class WiredContact:
    """A contact, its judge, and what it owes the door; `meaning` says what it stands for."""

    def __init__(self, meaning: Meaning, edges: EdgeQueue, outbox: Outbox, clock: Clock) -> None:
        self.meaning = meaning
        self.known = False  # settled, or its fault is told
        self.well = True  # else it is not asked before its turn
        self.bug_s: float | None = None  # when handling it last raised
        self._edges = edges
        self._outbox = outbox
        self._clock = clock
        self._input: Any = None
        self._changes: list[Change] = []
        self._debounce = Debounce(meaning.timing(), clock.now().monotonic_s)
        self._cable = Cable(meaning, self, self._on_opposite_edge)

    @property
    def claimed(self) -> bool:
        """Tell whether its pin is ours."""
        return self._input is not None

    def open(self, pins: Any) -> None:
        """Claim the pin and watch its edges. Raise MachineError."""
        self._input = open_input(pins, self.meaning.gpio, self.meaning.path, self._on_edge)
        self._cable.open(pins)
        self.known = False
        self._debounce = Debounce(self.meaning.timing(), self._clock.now().monotonic_s)

    def close(self) -> None:
        """Give the pin back. May be called twice. Never raises."""
        claimed, self._input = self._input, None
        if claimed is not None:
            close_input(claimed, self.meaning.path)
        self._cable.close()

    def begin(self, kind: str, detail: str, *, part: str = "") -> bool:
        """Owe the begin of a fault of it, or of a `part` of it; tell whether it is new."""
        meaning = self.meaning
        return self._outbox.begin(Trouble(kind, meaning.path + part, False, detail, meaning.site, meaning.device))

    def end(self, kind: str, *, part: str = "") -> None:
        """Owe the end of a fault, if it had begun."""
        self._outbox.end(kind, self.meaning.path + part)

    def _on_edge(self, tick: Any, state: Any) -> None:
        self._edges.put(RawEdge(self, not state, tick))

    def _on_opposite_edge(self, tick: Any, state: Any) -> None:
        self._edges.put(RawEdge(self, not state, tick, opposite=True))

    @property
    def next_due_s(self) -> float:
        """Give when a sample is wanted, monotonic seconds; infinity where the usual poll is enough."""
        return self._debounce.next_due_s if self.well else math.inf

    def take(self, edge: RawEdge) -> None:
        """Judge an edge."""
        now_s = self._clock.now().monotonic_s
        # On Linux since 5.7 the kernel stamps edges by the clock that we read, too; elsewhere the queue's time must do.
        ours = isinstance(edge.tick, float) and now_s - OLDEST_EDGE_S <= edge.tick <= now_s
        at_s = edge.tick if ours else now_s
        if edge.opposite:
            self._cable.opposite_edge(at_s, low=edge.low)
            return
        changes = self._debounce.edge(at_s, self._pressed(low=edge.low))
        self._tell(changes)
        self._cable.edge(at_s, low=edge.low, press=_is_press(changes))

    def sample(self) -> None:
        """Read the pin and judge. A pin that cannot be read is a fault until it can."""
        before_s = self._clock.now().monotonic_s
        try:
            low = bool(self._input.value)  # with pull-up, gpiozero's 1 is low
        except Exception as error:
            self.known, self.well = True, False
            if not self.meaning.calls:  # how it is found afterwards counts as found at start: nobody saw when that was
                self._debounce = Debounce(self.meaning.timing(), before_s)
            if self.begin("gpio", f"cannot read pin {self.meaning.gpio.pin}: {error}"):
                log.exception("pin not read", device=self.meaning.path, pin=self.meaning.gpio.pin)
            return
        self.well = True
        self.end("gpio")
        active = self._pressed(low=low)
        changes = self._debounce.sample(before_s if active else self._clock.now().monotonic_s, active)
        self._tell(changes)
        self.known = self.known or self._debounce.settled
        self._cable.sample(self._clock.now().monotonic_s, low=low, press=_is_press(changes))

    def _pressed(self, *, low: bool) -> bool:
        """Tell what a level means. Closed is low; a normally closed contact is pressed (or cut) where it is high."""
        if self._cable.opposite_closed and not self.meaning.calls:
            return False
        return low if self.meaning.gpio.contact is Contact.NORMALLY_OPEN else not low

    def _tell(self, changes: tuple[Change, ...]) -> None:
        self._changes += changes
        while self._changes:  # one that a bug holds up stays, and is tried again at the next poll
            self._owe(self._changes[0])
            del self._changes[0]

    def _owe(self, change: Change) -> None:
        if isinstance(change, Press | Held):
            self.meaning.owe(change)
        elif isinstance(change, Stuck):
            self.begin("stuck", "active longer than a hand would hold it")
        else:
            self.end("stuck")


def _is_press(changes: tuple[Change, ...]) -> bool:
    return any(isinstance(change, Press) for change in changes)
