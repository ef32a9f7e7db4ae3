"""A bench for the GPIO listener: an honest door, two buttons, and listeners that are always stopped."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from alarmbro.clock import SystemClock
from alarmbro.inputs.gpio.listener import GpioListener
from alarmbro.model.activation import Activation, Answer, Door, Heartbeat, HeldDown, Listener, Rejected, Trouble
from alarmbro.model.site import AcknowledgeKey, Contact, Device, GpioInput


class Hall:
    """A door that keeps what comes in, and can be told to fail."""

    def __init__(self) -> None:
        self.activations: list[Activation] = []
        self.answers: list[Answer] = []
        self.troubles: list[Trouble] = []
        self.holds: list[HeldDown] = []
        self.came: list[Activation | Answer] = []  # both, in their order
        self.failures = 0
        self._moved = threading.Condition()

    def activation(self, activation: Activation, *, confirmed: Callable[[], None] | None = None) -> None:
        assert confirmed is None
        with self._moved:
            if self.failures:
                self.failures -= 1
                raise ZeroDivisionError("a bug behind the door")
            self.activations.append(activation)
            self.came.append(activation)
            self._moved.notify_all()

    def trouble(self, trouble: Trouble) -> None:
        with self._moved:
            self.troubles.append(trouble)
            self._moved.notify_all()

    def rejected(self, rejected: Rejected, *, confirmed: Callable[[], None] | None = None) -> None:
        raise AssertionError(rejected, confirmed)

    def answered(self, answer: Answer) -> None:
        with self._moved:
            if self.failures:
                self.failures -= 1
                raise ZeroDivisionError("a bug behind the door")
            self.answers.append(answer)
            self.came.append(answer)
            self._moved.notify_all()

    def held(self, held: HeldDown) -> None:
        with self._moved:
            self.holds.append(held)
            self._moved.notify_all()

    def heartbeat(self, heartbeat: Heartbeat) -> None:
        raise AssertionError(heartbeat)

    def until(self, holds: Callable[[], bool], within_s: float = 3.0) -> None:
        with self._moved:
            assert self._moved.wait_for(holds, within_s), (self.activations, self.answers, self.troubles)

    def never(self, holds: Callable[[], bool], for_s: float = 0.2) -> None:
        with self._moved:
            assert not self._moved.wait_for(holds, for_s), (self.activations, self.answers, self.troubles)

    def faults(self) -> list[tuple[str, str, bool]]:
        return [(trouble.kind, trouble.subject, trouble.well) for trouble in self.troubles]


def device(name: str, pin: int, contact: Contact = Contact.NORMALLY_OPEN) -> Device:
    return Device("huset", name, name, "rute", gpio=GpioInput(pin, contact))


DESK, BACK = device("skranke", 17), device("baglokale", 27, Contact.NORMALLY_CLOSED)


@contextmanager
def listening(hall: Hall, pins: Any, *devices: Device, key: AcknowledgeKey | None = None) -> Iterator[GpioListener]:
    keys = itertools.count(1)
    door: Door = hall
    listener = GpioListener(
        devices or (DESK, BACK), pins, door, SystemClock(), lambda: f"key-{next(keys)}",
        keys={"huset": key} if key else {},
    )  # fmt: skip
    watched: Listener = listener
    assert watched.name == "gpio"
    listener.start()
    try:
        yield listener
    finally:
        listener.stop()
