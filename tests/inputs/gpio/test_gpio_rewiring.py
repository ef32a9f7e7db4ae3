"""Other contacts in place of some: those that stay miss nothing, and what fails changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from gpio_bench import BACK, DESK, Hall
from gpiozero import InputDevice

from alarmbro.clock import SystemClock
from alarmbro.inputs.gpio.listener import GpioListener
from alarmbro.inputs.pin_mock import ContactFactory, MockContacts
from alarmbro.model.activation import Activation
from alarmbro.model.errors import MachineError
from alarmbro.model.site import Contact, GpioInput

pytest_plugins = ["gpio_fixtures"]


@pytest.fixture
def listener(hall: Hall, pins: ContactFactory) -> Iterator[GpioListener]:
    made = GpioListener((DESK,), pins, hall, SystemClock(), iter("abcdefgh").__next__)
    made.start()
    yield made
    made.stop()


def presses(hall: Hall, number: int) -> list[Activation]:
    """Wait until there are so many, and give them."""
    hall.until(lambda: len(hall.activations) == number)
    return hall.activations


def test_a_button_that_stays_is_not_touched(listener: GpioListener, hall: Hall, pins: ContactFactory) -> None:
    """It is held all the while, and that is one press."""
    contacts = MockContacts((DESK, BACK), pins)
    contacts.hold(DESK.path)
    presses(hall, 1)
    listener.change((DESK, BACK))
    contacts.move(BACK.path, for_s=0.06)
    presses(hall, 2)
    contacts.release(DESK.path)
    listener.change((DESK,))
    hall.never(lambda: len(hall.activations) > 2)  # at rest for long enough to be pressed again
    contacts.move(DESK.path, for_s=0.06)
    assert [each.device for each in presses(hall, 3)] == [DESK.id, BACK.id, DESK.id]


def test_a_pin_that_cannot_be_had_leaves_all_as_it_was(
    listener: GpioListener, hall: Hall, pins: ContactFactory
) -> None:
    """What was given back for it is taken again."""
    assert BACK.gpio is not None
    other = InputDevice(BACK.gpio.pin, pin_factory=pins)
    with pytest.raises(MachineError, match=f"pin {BACK.gpio.pin}"):
        listener.change((BACK,))
    MockContacts((DESK,), pins).move(DESK.path, for_s=0.06)
    presses(hall, 1)
    other.close()
    listener.change((BACK,))
    MockContacts((BACK,), pins).move(BACK.path, for_s=0.06)
    presses(hall, 2)


def test_a_button_that_is_wired_otherwise_on_its_pin_is_read_otherwise(
    listener: GpioListener, hall: Hall, pins: ContactFactory
) -> None:
    """From open at rest to closed at rest: a contact that stands open is pressed then, or its cable is cut."""
    assert DESK.gpio is not None
    closed = replace(DESK, gpio=GpioInput(DESK.gpio.pin, contact=Contact.NORMALLY_CLOSED))
    pins.pin(DESK.gpio.pin).ground(closed=False)
    listener.change((closed,))
    (press,) = presses(hall, 1)
    assert press.held_at_start
