"""Contacts without a Pi: for development, demonstrations and tests.

A contact here rests as a wired one does, may be closed before anybody listens, is moved from any thread, and its wire
can be damaged. This module imports gpiozero: import it inside functions only, since the command line does not pay for
it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from gpiozero.pins.mock import MockFactory, MockPin

from alarmbro.inputs.gpio.meaning import NO_KEYS, key_path
from alarmbro.model.errors import RefusedError
from alarmbro.model.site import AcknowledgeKey, Contact, Device, GpioInput

FLICKER_S = 0.001
LONGEST_MOVE_S = 3600.0


class Wire(StrEnum):
    """How the wire between a pin and its contact is."""

    WHOLE = "whole"
    CUT = "cut"
    SHORTED = "shorted"  # to ground


class ContactPin(MockPin):  # type: ignore[misc]  # gpiozero ships no types
    """A pin with a contact to ground, which wins over the pull-up.

    gpiozero's own mock pin is lifted by the pull-up when a device claims it, so that nothing could be pressed at start.
    """

    wired = False  # somebody has said how the contact stands
    grounded = False
    wire = Wire.WHOLE

    def ground(self, *, closed: bool) -> None:
        """Close the contact (low) or open it (high, by the pull-up)."""
        self.wired, self.grounded = True, closed
        self._settle()

    def damage(self, wire: Wire) -> None:
        """Cut the wire, lay it to ground, or mend it; the contact stays as it stands."""
        self.wire = wire
        self._settle()

    def _settle(self) -> None:
        (self.drive_low if self._low() else self.drive_high)()

    def _low(self) -> bool:
        return self.wire is Wire.SHORTED or (self.grounded and self.wire is Wire.WHOLE)

    def _set_pull(self, value: str) -> None:
        if value != "up" or not self._low():
            super()._set_pull(value)
            return
        self._pull = value
        self.drive_low()


class ContactFactory(MockFactory):  # type: ignore[misc]  # gpiozero ships no types
    """Mock pins with contacts. `pin(N).ground(closed=True)` works before a device claims the pin, too."""

    def __init__(self) -> None:
        super().__init__(pin_class=ContactPin)

    def rest(self, number: int, *, closed: bool) -> None:
        """Let a contact rest as it is configured, unless somebody has moved it before."""
        pin = self.pin(number)
        if not pin.wired:
            pin.ground(closed=closed)


class MockContacts:
    """Moves contacts by their device's path, an acknowledge key's by `SITE/acknowledge`.

    Both of a changeover: it breaks before it makes. Raise RefusedError for what has no contact, or for real pins.
    """

    def __init__(self, devices: Sequence[Device], pins: Any, *, keys: Mapping[str, AcknowledgeKey] = NO_KEYS) -> None:
        self._inputs = {device.path: device.gpio for device in devices if device.gpio is not None}
        self._inputs |= {key_path(site): key.gpio for site, key in keys.items()}
        self._pins = pins
        self._pause = threading.Event()  # never set: a wait that needs no sleep

    def hold(self, path: str) -> None:
        """Press, and stay."""
        self._move(path, active=True)

    def release(self, path: str) -> None:
        """Let go."""
        self._move(path, active=False)

    def move(self, path: str, *, for_s: float, bounce: int = 0) -> None:
        """Press for `for_s` seconds with `bounce` flickers of 1 ms at both ends; return when it is released."""
        if not 0 <= for_s <= LONGEST_MOVE_S:
            raise RefusedError(f"a press lasts 0 to {LONGEST_MOVE_S:.0f} s, not {for_s:g} s")
        self._change(path, bounce, active=True)
        self._pause.wait(for_s)
        self._change(path, bounce, active=False)

    def damage(self, path: str, wire: Wire, *, opposite: bool = False) -> None:
        """Cut, short or mend the wire to the pin, or to the `opposite` one of a changeover."""
        gpio = self._wired(path)
        number = gpio.opposite if opposite else gpio.pin
        if number is None:
            raise RefusedError(f"{path!r} has no opposite contact")
        self._pins.pin(number).damage(wire)

    def _change(self, path: str, bounce: int, *, active: bool) -> None:
        self._move(path, active=active)
        for _ in range(bounce):
            self._pause.wait(FLICKER_S)
            self._move(path, active=not active)
            self._pause.wait(FLICKER_S)
            self._move(path, active=active)

    def _move(self, path: str, *, active: bool) -> None:
        gpio = self._wired(path)
        closed = active is (gpio.contact is Contact.NORMALLY_OPEN)
        moves = [(gpio.pin, closed)]
        if gpio.opposite is not None:
            moves.insert(0 if closed else 1, (gpio.opposite, not closed))
        for number, close in moves:
            self._pins.pin(number).ground(closed=close)

    def _wired(self, path: str) -> GpioInput:
        if not isinstance(self._pins, ContactFactory):
            raise RefusedError("these pins are real: press the button itself, or set gpio: {factory: mock}")
        gpio = self._inputs.get(path)
        if gpio is None:
            raise RefusedError(f"{path!r} is no device or acknowledge key with a GPIO pin here")
        return gpio
