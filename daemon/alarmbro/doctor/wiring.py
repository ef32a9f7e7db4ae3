"""Which examinations of the pins there are: what is wired, who may open the chip, and who holds the pins.

While a daemon may run no pin is tried: it holds them, or is about to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alarmbro.doctor.examining import Examination
from alarmbro.doctor.findings import Found, doubtful
from alarmbro.doctor.judging import pins
from alarmbro.doctor.judging.alive import Alive
from alarmbro.doctor.judging.pins import Wire
from alarmbro.doctor.trying import pins as claiming
from alarmbro.doctor.trying.premises import Premises
from alarmbro.model.configuration import Configuration, Gpio, PinFactory

SPARE_S = 5.0  # beyond the process's own limit, so that its end is told and not this one's


@dataclass(frozen=True, slots=True)
class Wiring:
    """The pins of a configuration (None: nobody knows what is wired), and what was seen of the daemon."""

    known: Configuration | None
    alive: Alive
    premises: Premises
    user: str

    def examinations(self) -> Iterator[Examination]:
        """Give what can be tried of the pins."""
        wires = claiming.wires_of(self.known) if self.known is not None else None
        if self.known is not None and wires and self.known.gpio.factory is PinFactory.MOCK:
            yield Examination(pins.CHECK, "mock", lambda: [doubtful(pins.CHECK, "mock", "gpio.mock")])
            return
        yield Examination(pins.CHECK, "chip", lambda: self._chip(wires))
        if wires == ():
            return
        yield Examination(pins.CHECK, "LG_WD", lambda: [pins.judge_folder(self._folder())])
        limit_s = claiming.LIMIT_S + SPARE_S
        yield Examination(pins.CHECK, "lgpio", lambda: self._pins(wires or ()), limit_s)

    def _chip(self, wires: Sequence[Wire] | None) -> Iterator[Found]:
        service = self.premises.service
        return pins.judge_chip(claiming.chips(service), wires, self.user, service.name if service else self.user)

    def _folder(self) -> pins.Folder:
        premises = self.premises
        return claiming.work_folder(premises.environ.get("LG_WD"), premises.run, premises.service)

    def _pins(self, wires: Sequence[Wire]) -> Iterator[Found]:
        if self.alive.may_run:
            yield from pins.judge_held(wires, self.alive)
            return
        chips = claiming.chips(self.premises.service)
        if not chips:  # said already
            return
        if not any(chip.mine for chip in chips):
            yield doubtful(pins.CHECK, "lgpio", "gpio.not_tried", user=self.user)
            return
        gpio = self.known.gpio if self.known is not None else Gpio()
        yield from pins.judge_trial(claiming.try_pins(gpio, wires), wires)
