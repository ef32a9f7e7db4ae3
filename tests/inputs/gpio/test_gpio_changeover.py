"""Buttons with a changeover contact on mock pins, through the real thread: each damage of the cable, and presses."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from gpio_bench import BACK, DESK, Hall, listening

from alarmbro.inputs.pin_mock import ContactFactory, MockContacts, Wire
from alarmbro.model.activation import Acknowledgement
from alarmbro.model.errors import RefusedError
from alarmbro.model.level import Level
from alarmbro.model.site import AcknowledgeKey, Device, GpioInput, Hold

pytest_plugins = ["gpio_fixtures"]

PIN, OPPOSITE = 17, 18
DUTY = replace(DESK, gpio=GpioInput(PIN, opposite=OPPOSITE))
HELD = replace(DUTY, level=Level.HELP, hold=Hold(0.3, Level.ASSAULT, "rute"))
KEY = AcknowledgeKey(GpioInput(22, opposite=23), "Nøglen ved vagten")
KEY_PATH = "huset/acknowledge"
TOLD = ("cable", DUTY.path, False)
OVER = ("cable", DUTY.path, True)


@pytest.fixture
def contacts(pins: ContactFactory) -> MockContacts:
    return MockContacts((DUTY, BACK), pins, keys={"huset": KEY})


def fragile(pins: ContactFactory, monkeypatch: pytest.MonkeyPatch, number: int) -> threading.Event:
    """Let a pin fail to be read while the event that it gives is set."""
    broken, read = threading.Event(), type(pins.pin(number))._get_state

    def _get_state(pin: Any) -> Any:
        if broken.is_set() and pin is pins.pin(number):
            raise OSError("chip gone")
        return read(pin)

    monkeypatch.setattr(type(pins.pin(number)), "_get_state", _get_state)  # gpiozero's pins forbid it on instances
    return broken


@pytest.mark.parametrize("bounce", [0, 5])
@pytest.mark.parametrize("for_s", [0.03, 0.7])
def test_a_press_is_one_activation_and_no_fault(
    hall: Hall, pins: ContactFactory, contacts: MockContacts, bounce: int, for_s: float
) -> None:
    """Short, long, bouncing; both contacts move, and both are read."""
    with listening(hall, pins, DUTY):
        contacts.move(DUTY.path, for_s=for_s, bounce=bounce)
        hall.until(lambda: len(hall.activations) == 1)
        hall.never(lambda: len(hall.activations) > 1 or bool(hall.troubles), 0.6)


def test_a_press_held_at_start_alarms(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """As with a plain contact, and the cable is well."""
    contacts.hold(DUTY.path)
    with listening(hall, pins, DUTY):
        assert [(a.device, a.held_at_start) for a in hall.activations] == [(DUTY.id, True)]
        hall.never(lambda: bool(hall.troubles), 0.6)


def test_a_held_press_asks_for_its_level(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """Press and hold, as with a plain contact."""
    with listening(hall, pins, HELD):
        contacts.move(HELD.path, for_s=0.5)
        hall.until(lambda: [a.level for a in hall.activations] == [None, Level.ASSAULT])


@pytest.mark.parametrize(
    ("pin", "opposite", "rests", "alarms", "detail"),
    [
        (Wire.CUT, Wire.WHOLE, True, 0, "both open"),
        (Wire.SHORTED, Wire.WHOLE, False, 1, "both closed"),
        (Wire.WHOLE, Wire.CUT, False, 1, "both open"),
        (Wire.WHOLE, Wire.SHORTED, True, 1, "both closed"),
        (Wire.CUT, Wire.CUT, False, 0, "both open"),  # or the wire that they have in common
        (Wire.SHORTED, Wire.SHORTED, False, 1, "both closed"),
        (Wire.CUT, Wire.SHORTED, True, 0, ""),
        (Wire.SHORTED, Wire.CUT, True, 1, ""),
    ],
)
def test_each_damage_of_the_cable(
    hall: Hall,
    pins: ContactFactory,
    contacts: MockContacts,
    pin: Wire,
    opposite: Wire,
    rests: bool,
    alarms: int,
    detail: str,
) -> None:
    """At rest it is a fault, or not seen; a press alarms unless the pin's own way is gone, and is told by then."""
    with listening(hall, pins, DUTY):
        contacts.damage(DUTY.path, pin)
        contacts.damage(DUTY.path, opposite, opposite=True)
        if rests:
            hall.never(lambda: TOLD in hall.faults(), 0.6)
        else:
            hall.until(lambda: hall.faults() == [TOLD])
        contacts.move(DUTY.path, for_s=0.3)
        if detail:
            hall.until(lambda: hall.faults() == [TOLD])
            assert hall.troubles[0].detail.startswith(f"{detail} (pin {PIN} and opposite {OPPOSITE})")
            assert (hall.troubles[0].site, hall.troubles[0].device) == (DUTY.site, DUTY.id)
        hall.until(lambda: len(hall.activations) == alarms)
        hall.never(lambda: len(hall.activations) > alarms or len(hall.troubles) > bool(detail), 0.3)


def test_a_cut_from_the_start_is_told(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """It is a fault and no press, and does not hold up the start."""
    contacts.damage(DUTY.path, Wire.CUT, opposite=True)
    with listening(hall, pins, DUTY):
        hall.until(lambda: hall.faults() == [TOLD])
        assert not hall.activations


def test_a_mended_cable_is_well_when_it_was_pressed(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """A cut as short as a press may be a press that was not seen: rest alone does not end it."""
    with listening(hall, pins, DUTY):
        contacts.damage(DUTY.path, Wire.CUT, opposite=True)
        hall.until(lambda: hall.faults() == [TOLD])
        contacts.damage(DUTY.path, Wire.WHOLE, opposite=True)
        hall.never(lambda: OVER in hall.faults(), 1.3)
        contacts.move(DUTY.path, for_s=0.1)
        hall.until(lambda: hall.faults() == [TOLD, OVER])
    assert len(hall.activations) == 1


def test_an_opposite_that_is_taken_is_a_fault_and_the_button_works(
    hall: Hall, pins: ContactFactory, contacts: MockContacts
) -> None:
    """Its cable is not watched, and that is told; so it is when the board has no such pin."""
    taken = replace(DUTY, gpio=GpioInput(PIN, opposite=27))  # the other button's pin
    none = replace(DUTY, gpio=GpioInput(PIN, opposite=99))
    for button in (taken, none):
        with listening(hall, pins, BACK, button):
            hall.until(lambda: ("cable", f"{DUTY.path}/opposite", False) in hall.faults())
            pins.pin(PIN).ground(closed=True)
            hall.until(lambda: [a.device for a in hall.activations] == [DUTY.id])
            pins.pin(PIN).ground(closed=False)
        hall.troubles.clear()
        hall.activations.clear()


def test_an_opposite_that_cannot_be_read_is_a_fault_until_it_can(
    hall: Hall, pins: ContactFactory, contacts: MockContacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The press counts meanwhile, and nothing is said of the cable."""
    broken = fragile(pins, monkeypatch, OPPOSITE)
    begun, over = (("cable", f"{DUTY.path}/opposite", well) for well in (False, True))
    with listening(hall, pins, DUTY):
        broken.set()
        hall.until(lambda: hall.faults() == [begun])
        contacts.move(DUTY.path, for_s=0.1)
        hall.until(lambda: len(hall.activations) == 1)
        broken.clear()
        hall.until(lambda: hall.faults() == [begun, over])
        hall.never(lambda: len(hall.troubles) > 2, 0.6)


def test_a_damaged_cable_does_not_turn_an_acknowledge_key(
    hall: Hall, pins: ContactFactory, contacts: MockContacts
) -> None:
    """A short of the pin would call the responders off: it is a fault; a turn that both contacts tell is one."""
    with listening(hall, pins, DUTY, key=KEY):
        contacts.move(KEY_PATH, for_s=0.1)
        hall.until(lambda: [type(answer) for answer in hall.answers] == [Acknowledgement])
        contacts.damage(KEY_PATH, Wire.SHORTED)
        hall.until(lambda: hall.faults() == [("cable", KEY_PATH, False)])
        hall.never(lambda: len(hall.answers) > 1)
    assert not hall.activations


def test_only_a_changeover_has_an_opposite_wire(pins: ContactFactory, contacts: MockContacts) -> None:
    """Cutting one that is not there is refused."""
    with pytest.raises(RefusedError, match="no opposite"):
        contacts.damage(BACK.path, Wire.CUT, opposite=True)


@pytest.mark.parametrize("button", [DESK, BACK, DUTY], ids=["open", "closed", "changeover"])
def test_spikes_on_the_line_are_flapping_and_no_alarm(
    hall: Hall, pins: ContactFactory, monkeypatch: pytest.MonkeyPatch, button: Device
) -> None:
    """Told once with its device; presses alarm as ever, and it is over after a quiet time."""
    monkeypatch.setattr("alarmbro.judgement.contacts.flapping.QUIET_S", 1.0)
    contacts = MockContacts((button,), pins)
    with listening(hall, pins, button):
        for _ in range(20):
            contacts.move(button.path, for_s=0.0)
            hall.never(lambda: False, 0.12)
        hall.until(lambda: hall.faults() == [("flapping", button.path, False)])
        assert (hall.troubles[0].site, hall.troubles[0].device) == (button.site, button.id)
        assert "pin" in hall.troubles[0].detail
        assert not hall.activations
        contacts.move(button.path, for_s=0.06, bounce=5)
        hall.until(lambda: len(hall.activations) == 1)
        hall.until(lambda: hall.faults()[1:] == [("flapping", button.path, True)])


def test_a_loose_opposite_wire_is_flapping(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """Gaps too short for a press: the cable is not damaged yet, and told before it is."""
    with listening(hall, pins, DUTY):
        for _ in range(20):
            contacts.damage(DUTY.path, Wire.CUT, opposite=True)
            contacts.damage(DUTY.path, Wire.WHOLE, opposite=True)
            hall.never(lambda: False, 0.12)
        hall.until(lambda: hall.faults() == [("flapping", DUTY.path, False)])
        assert hall.troubles[0].detail.startswith(f"pin {OPPOSITE}: ")


def test_presses_with_bounces_are_not_flapping(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """Twenty-five of them, each an alarm."""
    with listening(hall, pins, DUTY, BACK):
        for count in range(1, 26):
            contacts.move((DUTY, BACK)[count % 2].path, for_s=0.03, bounce=5)
            hall.until(lambda count=count: len(hall.activations) == count)  # type: ignore[misc]  # default binds
            hall.never(lambda: False, 0.02)
    assert not hall.troubles
