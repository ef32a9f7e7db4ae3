"""Wired buttons whose pins cannot be had at start, on a machine that has other devices, too."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from gpio_bench import BACK, DESK, Hall

from alarmbro.clock import SystemClock
from alarmbro.inputs.gpio import late as gpio_late
from alarmbro.inputs.gpio import listener as gpio_module
from alarmbro.inputs.gpio.late import LateListener
from alarmbro.inputs.gpio.listener import GpioListener
from alarmbro.inputs.pin_mock import ContactFactory, MockContacts
from alarmbro.inputs.pins import close_input, open_input
from alarmbro.model.activation import Listener
from alarmbro.model.errors import MachineError

pytest_plugins = ["gpio_fixtures"]

BEGUN, OVER = ("gpio", "chip", False), ("gpio", "chip", True)


class Chip:
    """A chip that is not there until it is."""

    def __init__(self, hall: Hall) -> None:
        self.there = threading.Event()
        self.tried = threading.Semaphore(0)
        self.pins = ContactFactory()
        self.contacts = MockContacts((DESK,), self.pins)
        self._hall = hall

    def listener(self) -> GpioListener:
        self.tried.release()
        if not self.there.is_set():
            raise MachineError("this machine has no GPIO chip")
        return GpioListener((DESK,), self.pins, self._hall, SystemClock(), lambda: "key", all_needed=False)


def ignore(_tick: Any, _state: Any) -> None:
    """Be another program's callback."""


@pytest.fixture
def chip(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> Chip:
    monkeypatch.setattr(gpio_late, "EVERY_S", 0.05)
    return Chip(hall)


@contextmanager
def late(chip: Chip, hall: Hall) -> Iterator[LateListener]:
    listener = LateListener(chip.listener, hall.trouble)
    watched: Listener = listener
    assert not watched.alive()
    listener.start()
    try:
        yield listener
    finally:
        listener.stop()


def test_without_a_chip_the_start_goes_on_and_buttons_work_once_it_is_there(hall: Hall, chip: Chip) -> None:
    """Told by the time that start returns; it lives meanwhile, is over when armed, and a press alarms."""
    with late(chip, hall) as listener:
        assert hall.faults() == [BEGUN]
        assert "no GPIO chip" in hall.troubles[0].detail
        for _ in range(3):
            assert chip.tried.acquire(timeout=3)
            assert listener.alive()
        chip.there.set()
        hall.until(lambda: hall.faults()[-1] == OVER)
        assert listener.alive()
        chip.contacts.move(DESK.path, for_s=0.05)
        hall.until(lambda: len(hall.activations) == 1)
    assert not listener.alive()


def test_a_chip_that_is_there_is_listened_to_at_once(hall: Hall, chip: Chip) -> None:
    """Armed when start returns, so that a button that is held has alarmed; no thread of its own is left."""
    chip.there.set()
    chip.contacts.hold(DESK.path)
    with late(chip, hall) as listener:
        assert len(hall.activations) == 1
        assert listener.alive()
        assert "gpio-late" not in {thread.name for thread in threading.enumerate()}
    assert BEGUN not in hall.faults()


def test_it_dies_with_the_listener_that_it_has(hall: Hall, chip: Chip, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever watches makes both anew."""
    chip.there.set()
    with late(chip, hall) as listener:
        monkeypatch.setattr(gpio_module, "LATEST_TICK_S", -1.0)
        assert not listener.alive()


def test_it_ends_while_it_waits_and_may_begin_again(hall: Hall, chip: Chip) -> None:
    """Stop may be called twice, and leaves nobody who tries."""
    for _ in range(2):
        with late(chip, hall) as listener:
            listener.stop()
            assert not listener.alive()
            assert "gpio-late" not in {thread.name for thread in threading.enumerate()}


def test_one_that_is_armed_while_it_ends_is_ended_too(hall: Hall) -> None:
    """Nobody listens after stop."""
    going, go = threading.Event(), threading.Event()
    pins = ContactFactory()
    inner = GpioListener((DESK,), pins, hall, SystemClock(), lambda: "key")

    def make() -> GpioListener:
        going.set()
        assert go.wait(3)
        return inner

    listener = LateListener(make, hall.trouble)
    starter = threading.Thread(target=listener.start)
    starter.start()
    assert going.wait(3)
    listener.stop()
    go.set()
    starter.join(3)
    assert not inner.alive()
    assert not listener.alive()


def test_what_needs_more_than_patience_is_not_swallowed(hall: Hall) -> None:
    """A bug ends the start as ever."""

    def make() -> GpioListener:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        LateListener(make, hall.trouble).start()


def test_one_pin_that_is_held_by_another_program_silences_no_other_button(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where not all are needed: a fault with its device, tried again, and over when it can be read."""
    monkeypatch.setattr(gpio_module, "OPEN_AGAIN_S", 0.1)
    pins = ContactFactory()
    contacts = MockContacts((DESK, BACK), pins)
    assert DESK.gpio is not None
    holder = open_input(pins, DESK.gpio, "another program", ignore)
    listener = GpioListener((DESK, BACK), pins, hall, SystemClock(), lambda: "key", all_needed=False)
    listener.start()
    try:
        hall.until(lambda: hall.faults() == [("gpio", DESK.path, False)])
        contacts.move(BACK.path, for_s=0.05)
        hall.until(lambda: [a.device for a in hall.activations] == [BACK.id])
        close_input(holder, "another program")
        hall.until(lambda: hall.faults()[1:] == [("gpio", DESK.path, True)])
        hall.never(lambda: False, 0.3)
        contacts.move(DESK.path, for_s=0.05)
        hall.until(lambda: [a.device for a in hall.activations] == [BACK.id, DESK.id])
        assert listener.alive()
    finally:
        listener.stop()


def test_where_all_are_needed_one_pin_ends_the_start(hall: Hall) -> None:
    """A machine that has nothing else must not look ready."""
    pins = ContactFactory()
    assert DESK.gpio is not None
    holder = open_input(pins, DESK.gpio, "another program", ignore)
    with pytest.raises(MachineError, match=DESK.path):
        GpioListener((BACK, DESK), pins, hall, SystemClock(), lambda: "key").start()
    close_input(holder, "another program")
