"""Buttons on mock pins, through the real thread and the real debounce."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from gpio_bench import BACK, DESK, Hall, device, listening

from alarmbro.clock import SystemClock
from alarmbro.inputs.gpio import listener as gpio_module
from alarmbro.inputs.gpio import meaning as gpio_meaning
from alarmbro.inputs.gpio.listener import GpioListener
from alarmbro.inputs.pin_mock import ContactFactory, MockContacts
from alarmbro.inputs.pins import build_factory, edges_alive
from alarmbro.judgement.contacts.debounce import Timing
from alarmbro.model.activation import Source
from alarmbro.model.configuration import Gpio, PinFactory
from alarmbro.model.errors import MachineError, RefusedError
from alarmbro.model.site import Device

pytest_plugins = ["gpio_fixtures"]


@pytest.mark.parametrize("button", [DESK, BACK])
@pytest.mark.parametrize("bounce", [0, 4])
def test_a_press_is_one_activation(
    hall: Hall, pins: ContactFactory, contacts: MockContacts, button: Device, bounce: int
) -> None:
    """Both kinds of contact, clean or bouncing: one activation with its device, received when it began."""
    before = SystemClock().now()
    with listening(hall, pins) as listener:
        started = SystemClock().now()
        contacts.move(button.path, for_s=0.06, bounce=bounce)
        hall.until(lambda: len(hall.activations) == 1)
        hall.never(lambda: len(hall.activations) > 1)
        assert listener.alive()
    (activation,) = hall.activations
    assert (activation.site, activation.device, activation.source) == ("huset", button.id, Source.GPIO)
    assert activation.key == "key-1"
    assert not activation.held_at_start
    assert 0 <= activation.received.since(started) < 0.05
    assert activation.received.since(before) >= 0.2
    assert not hall.troubles


def test_a_press_between_two_polls_counts(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """Ten presses of 40 ms, as edges: ten activations."""
    with listening(hall, pins):
        for count in range(1, 11):
            contacts.move(DESK.path, for_s=0.04)
            hall.until(lambda count=count: len(hall.activations) == count)  # type: ignore[misc]  # default binds
            hall.never(lambda: False, 0.1)
    assert len({activation.key for activation in hall.activations}) == 10


def test_a_spike_is_none(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """Interference does not call the police."""
    with listening(hall, pins):
        contacts.hold(DESK.path)
        contacts.release(DESK.path)
        hall.never(lambda: bool(hall.activations))


@pytest.mark.parametrize("button", [DESK, BACK])
def test_a_button_held_at_start_alarms(
    hall: Hall, pins: ContactFactory, contacts: MockContacts, button: Device
) -> None:
    """Pressed, or with its cable cut, before we listen: told by the time that start returns, and marked."""
    contacts.hold(button.path)
    with listening(hall, pins):
        assert [(a.device, a.held_at_start) for a in hall.activations] == [(button.id, True)]
        contacts.release(button.path)
        hall.never(lambda: False, 0.15)
        contacts.move(button.path, for_s=0.06)
        hall.until(lambda: len(hall.activations) == 2)
    assert not hall.activations[1].held_at_start


def test_a_door_that_fails_gets_the_press_again(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """The press is offered until it is taken, the fault is told and ended, and the other button is not hurt."""
    hall.failures = 1
    with listening(hall, pins) as listener:
        contacts.move(DESK.path, for_s=0.05)
        hall.until(lambda: ("gpio", "door", False) in hall.faults())
        contacts.move(BACK.path, for_s=0.05)
        hall.until(lambda: [a.device for a in hall.activations] == [BACK.id, DESK.id])
        hall.until(lambda: hall.faults() == [("gpio", "door", False), ("gpio", "door", True)])
        assert listener.alive()


def test_a_pin_that_cannot_be_read_is_a_fault_and_hurts_no_other(
    hall: Hall, pins: ContactFactory, contacts: MockContacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One fault with its device, the other button alarms; the fault ends when the pin reads again."""
    broken = threading.Event()
    read = type(pins.pin(17))._get_state

    def fragile(pin: Any) -> Any:
        if broken.is_set() and pin is pins.pin(17):
            raise OSError("chip gone")
        return read(pin)

    # No setattr here: gpiozero's pins forbid new attributes on instances, and a class attribute does.
    monkeypatch.setattr(type(pins.pin(17)), "_get_state", fragile)
    with listening(hall, pins):
        broken.set()
        hall.until(lambda: hall.faults() == [("gpio", DESK.path, False)])
        assert (hall.troubles[0].site, hall.troubles[0].device) == (DESK.site, DESK.id)
        contacts.move(BACK.path, for_s=0.05)
        hall.until(lambda: [a.device for a in hall.activations] == [BACK.id])
        broken.clear()
        hall.until(lambda: hall.faults()[1:] == [("gpio", DESK.path, True)])


def test_a_stuck_button_is_a_fault_until_released(
    hall: Hall, pins: ContactFactory, contacts: MockContacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One activation, one fault, its end."""
    monkeypatch.setattr(gpio_meaning, "Timing", partial(Timing, stuck_s=0.3))
    with listening(hall, pins):
        contacts.hold(DESK.path)
        hall.until(lambda: hall.faults() == [("stuck", DESK.path, False)])
        contacts.release(DESK.path)
        hall.until(lambda: hall.faults()[1:] == [("stuck", DESK.path, True)])
    assert len(hall.activations) == 1


@pytest.mark.parametrize("button", [DESK, BACK])
def test_a_button_that_is_stuck_at_start_is_a_fault_too(
    hall: Hall, pins: ContactFactory, contacts: MockContacts, monkeypatch: pytest.MonkeyPatch, button: Device
) -> None:
    """Pressed, or with its cable cut: the alarm first, then the fault, its end when it rests, and it alarms again."""
    monkeypatch.setattr(gpio_meaning, "Timing", partial(Timing, stuck_s=0.5))
    contacts.hold(button.path)
    with listening(hall, pins):
        assert [a.held_at_start for a in hall.activations] == [True]
        hall.until(lambda: hall.faults() == [("stuck", button.path, False)])
        assert (hall.troubles[0].site, hall.troubles[0].device) == (button.site, button.id)
        contacts.release(button.path)
        hall.until(lambda: hall.faults()[1:] == [("stuck", button.path, True)])
        contacts.move(button.path, for_s=0.06)
        hall.until(lambda: [a.held_at_start for a in hall.activations] == [True, False])


def test_a_bug_in_handling_is_told_and_the_press_comes_once_it_is_over(
    hall: Hall, pins: ContactFactory, contacts: MockContacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys cannot be made for a while: a fault meanwhile, and no press is lost."""
    monkeypatch.setattr(gpio_module, "BUG_OVER_S", 0.2)
    broken, keys = threading.Event(), itertools.count()

    def new_key() -> str:
        if broken.is_set():
            raise ZeroDivisionError
        return str(next(keys))

    listener = GpioListener((DESK,), pins, hall, SystemClock(), new_key)
    listener.start()
    broken.set()
    contacts.move(DESK.path, for_s=0.05)
    hall.until(lambda: hall.faults() == [("gpio", f"{DESK.path}/handling", False)])
    broken.clear()
    hall.until(lambda: len(hall.activations) == 1)
    hall.until(lambda: hall.faults()[1:] == [("gpio", f"{DESK.path}/handling", True)])
    assert listener.alive()
    listener.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_dead_poll_thread_is_no_living_listener(
    hall: Hall, pins: ContactFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug outside of any button ends the thread, and alive says so."""
    with listening(hall, pins) as listener:
        monkeypatch.setattr(gpio_module, "edges_alive", lambda _pins: 1 // 0)
        thread = listener._thread
        assert thread is not None
        thread.join(2)
        assert not listener.alive()


def test_it_lives_only_between_start_and_stop(hall: Hall, pins: ContactFactory, contacts: MockContacts) -> None:
    """Stop may be called twice, gives the pins back, and start works again."""
    listener = GpioListener((DESK, BACK), pins, hall, SystemClock(), lambda: "key")
    assert not listener.alive()
    for _ in range(2):
        listener.start()
        assert listener.alive()
        contacts.move(DESK.path, for_s=0.05)
        listener.stop()
        listener.stop()
        assert not listener.alive()
    assert len(hall.activations) == 2


def test_one_pin_twice_is_refused_and_no_pin_kept(hall: Hall, pins: ContactFactory) -> None:
    """The error names device and pin; what was claimed before is free again."""
    listener = GpioListener((DESK, device("anden", 17)), pins, hall, SystemClock(), lambda: "key")
    with pytest.raises(MachineError, match=r"huset/anden: pin 17 is already used"):
        listener.start()
    with listening(hall, pins, DESK):
        pass


def test_a_pin_that_the_board_lacks_is_refused(hall: Hall, pins: ContactFactory) -> None:
    """The error names device and pin."""
    listener = GpioListener((device("fejl", 99),), pins, hall, SystemClock(), lambda: "key")
    with pytest.raises(MachineError, match=r"huset/fejl: this board has no GPIO pin 99"):
        listener.start()


def test_mock_contacts_refuse_what_they_cannot_do(pins: ContactFactory) -> None:
    """Unknown devices, endless presses and real pins are refused with the reason."""
    with pytest.raises(RefusedError, match="huset/ukendt"):
        MockContacts((DESK,), pins).hold("huset/ukendt")
    with pytest.raises(RefusedError, match="3600"):
        MockContacts((DESK,), pins).move(DESK.path, for_s=1e9)
    with pytest.raises(RefusedError, match="real"):
        MockContacts((DESK,), object()).hold(DESK.path)


def test_the_mock_factory_needs_no_lgpio(tmp_path: Path) -> None:
    """`factory: mock` works on any machine and touches nothing."""
    pins = build_factory(Gpio(PinFactory.MOCK), tmp_path / "absent")
    assert isinstance(pins, ContactFactory)
    assert edges_alive(pins)
    assert not (tmp_path / "absent").exists()


def test_the_module_costs_the_command_line_nothing() -> None:
    """Neither gpiozero nor lgpio is loaded before pins are built."""
    loads = "import sys, alarmbro.inputs.gpio.listener, alarmbro.inputs.pins"
    code = f"{loads}; print([each for each in sys.modules if 'gpio' in each])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30).stdout
    assert "gpiozero" not in out
    assert "'lgpio'" not in out
