"""A site's acknowledge key on a mock pin: it speaks when it is turned, and never by itself."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
from clocks import JumpingClock
from gpio_bench import BACK, DESK, Hall, listening

from alarmbro.clock import SystemClock
from alarmbro.inputs.gpio import meaning as gpio_meaning
from alarmbro.inputs.gpio.outbox import AGAIN_S, Outbox
from alarmbro.inputs.pin_mock import ContactFactory, MockContacts
from alarmbro.judgement.contacts.debounce import Timing
from alarmbro.model.activation import Acknowledgement, Activation, Close, Source
from alarmbro.model.alarm import Closing
from alarmbro.model.errors import RefusedError
from alarmbro.model.site import AcknowledgeKey, Contact, GpioInput

pytest_plugins = ["gpio_fixtures"]

PATH = "huset/acknowledge"
KEY = AcknowledgeKey(GpioInput(22), "Nøglen ved vagten", 0.3, Closing.FALSE_ALARM)
PLAIN = AcknowledgeKey(GpioInput(22, Contact.NORMALLY_CLOSED), "Nøglen ved vagten")


@pytest.fixture
def contacts(pins: ContactFactory) -> MockContacts:
    return MockContacts((DESK, BACK), pins, keys={"huset": KEY})


@pytest.fixture
def rest(monkeypatch: pytest.MonkeyPatch) -> float:
    """Give how long a key must rest here: less than a hand would let it."""
    monkeypatch.setattr(gpio_meaning, "KEY_REST_S", 0.2)
    return 0.2


def kinds(hall: Hall) -> list[type]:
    return [type(answer) for answer in hall.answers]


def test_a_turn_says_that_somebody_is_there(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """One acknowledgement for the site, by the key's name, at the time of the turn; it presses no button."""
    with listening(hall, pins, key=KEY):
        started = SystemClock().now()
        contacts.move(PATH, for_s=0.06, bounce=3)
        hall.until(lambda: len(hall.answers) == 1)
        hall.never(lambda: len(hall.answers) > 1)
    (answer,) = hall.answers
    assert answer == Acknowledgement(answer.at, Source.GPIO, site="huset", by="Nøglen ved vagten")
    assert 0 <= answer.at.since(started) < 0.05
    assert not hall.activations


def test_a_key_that_is_held_closes_after_it_acknowledged(
    hall: Hall, pins: ContactFactory, contacts: MockContacts
) -> None:
    """One of each, the all-clear with the outcome that the key stands for."""
    with listening(hall, pins, key=KEY):
        contacts.move(PATH, for_s=0.6)
        hall.until(lambda: len(hall.answers) == 2)
        hall.never(lambda: len(hall.answers) > 2)
    acknowledged, closed = hall.answers
    assert closed == Close(closed.at, Source.GPIO, Closing.FALSE_ALARM, site="huset", by="Nøglen ved vagten")
    assert isinstance(acknowledged, Acknowledgement)
    assert closed.at.since(acknowledged.at) == pytest.approx(0.3, abs=0.02)


def test_a_key_without_a_hold_never_closes(hall: Hall, pins: ContactFactory) -> None:
    """However long it is held; its contact may rest closed."""
    contacts = MockContacts((DESK, BACK), pins, keys={"huset": PLAIN})
    with listening(hall, pins, key=PLAIN):
        contacts.hold(PATH)
        hall.never(lambda: len(hall.answers) > 1, 0.5)
    assert kinds(hall) == [Acknowledgement]


def test_a_key_found_turned_at_start_says_nothing_until_it_has_rested(
    hall: Hall, pins: ContactFactory, contacts: MockContacts, rest: float
) -> None:
    """Neither by standing there, nor by a gap as of a loose wire; turned again after a rest, it speaks."""
    contacts.hold(PATH)
    with listening(hall, pins, key=KEY):
        hall.never(lambda: bool(hall.answers), 0.4)
        contacts.release(PATH)
        hall.never(lambda: False, 0.1)
        contacts.hold(PATH)
        hall.never(lambda: bool(hall.answers), 0.4)
        contacts.release(PATH)
        hall.never(lambda: False, rest + 0.1)
        contacts.move(PATH, for_s=0.06)
        hall.until(lambda: kinds(hall) == [Acknowledgement])
    assert not hall.activations


def test_chatter_is_no_turn_of_a_key(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """Interference that a button would count together must not call the responders off."""
    with listening(hall, pins, key=KEY):
        for _ in range(12):
            contacts.move(PATH, for_s=0.005)
            hall.never(lambda: False, 0.03)
        hall.never(lambda: bool(hall.answers), 0.1)


def test_a_stuck_key_is_a_fault_of_the_site(
    hall: Hall, pins: ContactFactory, contacts: MockContacts, monkeypatch: pytest.MonkeyPatch, rest: float
) -> None:
    """Begin and end of it name the key, and no device."""
    monkeypatch.setattr(gpio_meaning, "Timing", partial(Timing, stuck_s=0.3))
    contacts.hold(PATH)
    with listening(hall, pins, key=KEY):
        hall.until(lambda: hall.faults() == [("stuck", PATH, False)])
        contacts.release(PATH)
        hall.until(lambda: hall.faults()[1:] == [("stuck", PATH, True)])
    assert {(trouble.site, trouble.device) for trouble in hall.troubles} == {("huset", "")}
    assert not hall.answers


def test_a_key_that_was_turned_while_it_could_not_be_read_says_nothing(
    hall: Hall, pins: ContactFactory, contacts: MockContacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pin is a fault meanwhile; nobody knows when it was turned, so it is as if found at start."""
    broken = threading.Event()
    read = type(pins.pin(22))._get_state

    def fragile(pin: Any) -> Any:
        if broken.is_set() and pin is pins.pin(22):
            raise OSError("chip gone")
        return read(pin)

    monkeypatch.setattr(type(pins.pin(22)), "_get_state", fragile)  # gpiozero's pins forbid it on instances
    with listening(hall, pins, key=KEY):
        broken.set()
        hall.until(lambda: hall.faults() == [("gpio", PATH, False)])
        contacts.hold(PATH)
        hall.never(lambda: bool(hall.answers), 0.1)
        broken.clear()
        hall.until(lambda: hall.faults()[1:] == [("gpio", PATH, True)])
        hall.never(lambda: bool(hall.answers), 0.6)


def test_a_key_whose_pin_is_taken_is_a_fault_and_the_buttons_work(
    hall: Hall, pins: ContactFactory, contacts: MockContacts
) -> None:
    """People can be called without a key."""
    wrong = AcknowledgeKey(GpioInput(17), "Nøglen")
    with listening(hall, pins, key=wrong) as listener:
        hall.until(lambda: hall.faults() == [("gpio", PATH, False)])
        assert "pin 17 is already used" in hall.troubles[0].detail
        contacts.move(DESK.path, for_s=0.05)
        hall.until(lambda: [a.device for a in hall.activations] == [DESK.id])
        assert listener.alive()


def test_a_door_that_fails_gets_the_answer_again(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """It is offered until it is taken; the fault is told and ended, and a button meanwhile calls."""
    hall.failures = 1
    with listening(hall, pins, key=KEY):
        contacts.move(PATH, for_s=0.05)
        hall.until(lambda: ("gpio", "door", False) in hall.faults())
        contacts.move(BACK.path, for_s=0.05)
        hall.until(lambda: len(hall.activations) == 1)
        assert not hall.answers
        hall.until(lambda: kinds(hall) == [Acknowledgement])
        hall.until(lambda: hall.faults() == [("gpio", "door", False), ("gpio", "door", True)])


def test_an_answer_waits_for_the_presses_of_its_site(hall: Hall) -> None:
    """Whoever is on the way means what was pressed before, though the door took it late; other sites do not wait."""
    outbox, clock = Outbox(hall), JumpingClock()
    now = clock.now()
    hall.failures = 1
    outbox.press(Activation("key-1", "huset", "skranke", now, Source.GPIO))
    outbox.deliver(now.monotonic_s)
    outbox.answer(Acknowledgement(now, Source.GPIO, site="huset"))
    outbox.answer(Acknowledgement(now, Source.GPIO, site="andet"))
    outbox.deliver(now.monotonic_s)
    assert not hall.activations
    assert [answer.site for answer in hall.answers] == ["andet"]
    outbox.deliver(clock.forward(AGAIN_S).monotonic_s)
    assert len(hall.activations) == 1
    assert [answer.site for answer in hall.answers] == ["andet", "huset"]


def test_a_press_goes_before_an_answer_that_came_first(hall: Hall) -> None:
    """Both in one round: the order at the door is the press, then the answer."""
    outbox, now = Outbox(hall), JumpingClock().now()
    outbox.answer(Acknowledgement(now, Source.GPIO, site="huset"))
    outbox.press(Activation("key-1", "huset", "skranke", now, Source.GPIO))
    outbox.deliver(now.monotonic_s)
    assert [type(each) for each in hall.came] == [Activation, Acknowledgement]


def test_mock_contacts_know_only_the_keys_that_are_there(pins: ContactFactory) -> None:
    """A site without a key is refused by its path."""
    with pytest.raises(RefusedError, match="huset/acknowledge"):
        MockContacts((DESK,), pins).hold(PATH)
