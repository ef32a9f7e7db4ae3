"""A button that means something else when it is held, on mock pins through the real thread."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gpio_bench import BACK, DESK, Hall, listening

from alarmbro.inputs.pin_mock import ContactFactory, MockContacts
from alarmbro.model.level import Level
from alarmbro.model.site import Hold

pytest_plugins = ["gpio_fixtures"]

HOLD = Hold(0.2, Level.ASSAULT, "rute")
HELP, HELP_CUT = (replace(each, level=Level.HELP, hold=HOLD) for each in (DESK, BACK))


@pytest.fixture
def contacts(pins: ContactFactory) -> MockContacts:
    return MockContacts((HELP, HELP_CUT), pins)


def test_a_short_press_is_told_at_once_and_alone(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """It says no level of its own: the device's counts."""
    with listening(hall, pins, HELP):
        contacts.hold(HELP.path)
        hall.until(lambda: len(hall.activations) == 1, 0.15)
        contacts.release(HELP.path)
        hall.never(lambda: len(hall.activations) > 1, 0.4)
    assert hall.activations[0].level is None


@pytest.mark.parametrize("bounce", [0, 4])
@pytest.mark.parametrize("button", ["skranke", "baglokale"])
def test_a_held_press_is_told_a_second_time_at_its_level(
    hall: Hall, pins: ContactFactory, contacts: MockContacts, button: str, bounce: int
) -> None:
    """Once, with a key of its own, received when the press had lasted so long."""
    path = f"huset/{button}"
    with listening(hall, pins, HELP, HELP_CUT):
        contacts.move(path, for_s=0.5, bounce=bounce)
        hall.until(lambda: len(hall.activations) == 2)
        hall.never(lambda: len(hall.activations) > 2)
    press, held = hall.activations
    assert (press.level, held.level) == (None, Level.ASSAULT)
    assert (press.device, held.device) == (button, button)
    assert press.key != held.key
    assert held.received.since(press.received) == pytest.approx(0.2, abs=0.02)
    assert not hall.troubles


def test_each_press_is_held_for_itself(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """Short, long, short: the level comes with the long one alone."""
    with listening(hall, pins, HELP):
        for count, for_s in ((1, 0.06), (3, 0.3), (4, 0.06)):
            contacts.move(HELP.path, for_s=for_s)
            hall.until(lambda count=count: len(hall.activations) == count)  # type: ignore[misc]  # default binds
            hall.never(lambda: False, 0.1)
    assert [activation.level for activation in hall.activations] == [None, None, Level.ASSAULT, None]


def test_a_button_held_at_start_is_a_press_and_then_held(
    hall: Hall, pins: ContactFactory, contacts: MockContacts
) -> None:
    """Both say that it was there before we looked."""
    contacts.hold(HELP.path)
    with listening(hall, pins, HELP):
        hall.until(lambda: len(hall.activations) == 2)
        hall.never(lambda: len(hall.activations) > 2)
    assert [(a.level, a.held_at_start) for a in hall.activations] == [(None, True), (Level.ASSAULT, True)]


def test_a_hold_that_the_door_does_not_take_is_offered_again(
    hall: Hall, pins: ContactFactory, contacts: MockContacts
) -> None:
    """Neither of the two is lost, nor their order."""
    hall.failures = 2
    with listening(hall, pins, HELP):
        contacts.move(HELP.path, for_s=0.3)
        hall.until(lambda: len(hall.activations) == 2)
    assert {activation.level for activation in hall.activations} == {None, Level.ASSAULT}
