"""What the wires to one contact are like: noise on them, and the second wire of a changeover contact.

Promises: what is judged here never makes a press, and never keeps one from being made; a second wire that cannot be
read is a fault and no more. Runs in the `gpio-poll` thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import structlog

from alarmbro.inputs.gpio.meaning import Meaning
from alarmbro.inputs.pins import close_input, open_input
from alarmbro.judgement.contacts.changeover import Changeover, Damaged
from alarmbro.judgement.contacts.flapping import MOST, WITHIN_S, Flapping
from alarmbro.model.errors import MachineError
from alarmbro.model.site import Contact

log = structlog.get_logger(__name__)

NOISE = f"{MOST} flutters within {WITHIN_S:.0f} s that are no presses"
HIDDEN = "for as long as a press, of which the other contact knew nothing; press the button to see whether it works"


class Teller(Protocol):
    """Whose cable it is."""

    def begin(self, kind: str, detail: str, *, part: str = "") -> bool:
        """Owe the begin of a fault; tell whether it is new."""
        ...

    def end(self, kind: str, *, part: str = "") -> None:
        """Owe the end of a fault, if it had begun."""
        ...


class Cable:
    """The wires of one contact. `on_edge` as for `pins.open_input`, for the opposite pin."""

    def __init__(self, meaning: Meaning, teller: Teller, on_edge: Callable[[Any, Any], None]) -> None:
        self.opposite_closed: bool | None = None  # not known, or there is none
        self._meaning = meaning
        self._teller = teller
        self._on_edge = on_edge
        self._input: Any = None
        self._pin_low: bool | None = None
        self._flapping = Flapping(meaning.gpio.debounce_s)
        self._opposite_flapping = Flapping(meaning.gpio.debounce_s)
        self._changeover = Changeover()

    def open(self, pins: Any) -> None:
        """Claim the opposite pin, where there is one. Never raises: a press counts without it."""
        meaning = self._meaning
        if meaning.gpio.opposite is None:
            return
        try:
            self._input = open_input(pins, meaning.gpio, meaning.path, self._on_edge, opposite=True)
        except MachineError as error:
            self._unread(str(error))

    def close(self) -> None:
        """Give the opposite pin back. May be called twice. Never raises."""
        claimed, self._input = self._input, None
        if claimed is not None:
            close_input(claimed, self._meaning.path)
        self.opposite_closed = None

    def edge(self, at_s: float, *, low: bool, press: bool) -> None:
        """Take an edge of the pin, and whether a press came of it."""
        self._pin_low = low
        self._flapping.edge(at_s, low is not self._rests_low)
        if press:
            self._flapping.press()
        self._judge(at_s)

    def opposite_edge(self, at_s: float, *, low: bool) -> None:
        """Take an edge of the opposite pin."""
        if self._input is None:
            return
        self.opposite_closed = low
        self._opposite_flapping.edge(at_s, not low)
        self._judge(at_s)

    def sample(self, now_s: float, *, low: bool, press: bool) -> None:
        """Take what the pin reads, and whether a press came of it; read the opposite one."""
        self._pin_low = low
        if press:
            self._flapping.press()
        self._flapping.sample(now_s, low is not self._rests_low)
        if self._input is not None and self._read():
            self._opposite_flapping.sample(now_s, not self.opposite_closed)
            self._judge(now_s)
        self._tell_noise()

    @property
    def _rests_low(self) -> bool:
        return self._meaning.gpio.contact is Contact.NORMALLY_CLOSED

    def _read(self) -> bool:
        try:
            self.opposite_closed = bool(self._input.value)  # with pull-up, gpiozero's 1 is low
        except Exception as error:
            self.opposite_closed = None
            if self._unread(f"cannot read pin {self._meaning.gpio.opposite}: {error}"):
                log.exception("opposite pin not read", device=self._meaning.path)
            return False
        self._teller.end("cable", part="/opposite")
        return True

    def _unread(self, detail: str) -> bool:
        new = self._teller.begin("cable", detail, part="/opposite")
        if new:
            log.error("a cable is not supervised", device=self._meaning.path, error=detail)
        return new

    def _judge(self, at_s: float) -> None:
        if self._pin_low is None or self.opposite_closed is None:
            return
        found = self._changeover.see(at_s, pin_closed=self._pin_low, opposite_closed=self.opposite_closed)
        if isinstance(found, Damaged):
            gpio = self._meaning.gpio
            how = f", {HIDDEN}" if found.like_a_press else ""
            self._teller.begin("cable", f"{found.wires} (pin {gpio.pin} and opposite {gpio.opposite}){how}")
        elif found is not None:
            self._teller.end("cable")

    def _tell_noise(self) -> None:
        if self._flapping.begun or self._opposite_flapping.begun:
            gpio = self._meaning.gpio
            self._teller.begin("flapping", f"pin {gpio.pin if self._flapping.begun else gpio.opposite}: {NOISE}")
        else:
            self._teller.end("flapping")
