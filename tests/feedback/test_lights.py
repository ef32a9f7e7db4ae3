"""Lights on mock pins, through the real thread."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from clocks import JumpingClock

from alarmbro.clock import SystemClock
from alarmbro.feedback import light as light_module
from alarmbro.feedback.lights import Lights, Place
from alarmbro.inputs.pin_mock import ContactFactory
from alarmbro.model.activation import Listener, Trouble
from alarmbro.model.alarm import Feedback

SITE, DESK, BACK = 24, 25, 26
LEDS: dict[Place, int] = {("huset", ""): SITE, ("huset", "skranke"): DESK, ("huset", "baglokale"): BACK}


class Faults:
    """Takes what the lights tell, and lets a test wait for it; `fails` times it has a bug."""

    def __init__(self) -> None:
        self.troubles: list[Trouble] = []
        self.fails = 0
        self._came = threading.Condition()

    def __call__(self, trouble: Trouble) -> None:
        with self._came:
            if self.fails:
                self.fails -= 1
                raise ZeroDivisionError("a bug behind the door")
            self.troubles.append(trouble)
            self._came.notify_all()

    def until(self, *faults: tuple[str, bool]) -> None:
        with self._came:
            assert self._came.wait_for(lambda: self.seen() == list(faults), 3.0), self.seen()

    def seen(self) -> list[tuple[str, bool]]:
        assert {trouble.kind for trouble in self.troubles} <= {"feedback"}
        return [(trouble.subject, trouble.well) for trouble in self.troubles]


class Breaking:
    """Pins whose writing hangs or fails where a test says so."""

    def __init__(self, pins: ContactFactory, monkeypatch: pytest.MonkeyPatch) -> None:
        self.broken: set[int] = set()
        self.writes = 0
        self.free = threading.Event()
        self.free.set()
        write = type(pins.pin(DESK))._set_state

        def fragile(pin: Any, value: Any) -> None:
            self.writes += 1
            assert self.free.wait(30)
            if pin.info.name in {f"GPIO{number}" for number in self.broken}:
                raise OSError("chip gone")
            write(pin, value)

        monkeypatch.setattr(type(pins.pin(DESK)), "_set_state", fragile)  # gpiozero's pins forbid it on instances


@pytest.fixture
def pins() -> ContactFactory:
    return ContactFactory()


@pytest.fixture
def faults() -> Faults:
    return Faults()


@contextmanager
def shining(pins: Any, faults: Faults, leds: dict[Place, int] | None = None) -> Iterator[Lights]:
    lights = Lights(LEDS if leds is None else leds, pins, SystemClock(), faults)
    lights.start()
    try:
        yield lights
    finally:
        lights.stop()


def until(holds: Callable[[], bool], within_s: float = 3.0) -> None:
    pause = threading.Event()
    for _ in range(round(within_s / 0.005)):
        if holds():
            return
        pause.wait(0.005)
    raise AssertionError("it did not come about")


def lit(pins: ContactFactory) -> list[bool]:
    return [bool(pins.pin(number).state) for number in (SITE, DESK, BACK)]


def changes(pins: ContactFactory, number: int) -> list[tuple[float, bool]]:
    """Give how a pin changed since the last clearing: after how long, and to what."""
    return [(state.timestamp, bool(state.state)) for state in pins.pin(number).states[1:]]


def test_lights_are_a_listener_that_lives_between_start_and_stop(pins: ContactFactory, faults: Faults) -> None:
    """Dark at start, dark at the end, both may come again; the pins are given back."""
    lights: Listener = Lights(LEDS, pins, SystemClock(), faults)
    assert not lights.alive()
    for _ in range(2):
        lights.start()
        assert lights.alive()
        assert lit(pins) == [False, False, False]
        assert isinstance(lights, Lights)
        lights.show("huset", "skranke", "1", Feedback.TOLD)
        until(lambda: lit(pins) == [True, True, False])
        lights.stop()
        lights.stop()
        lights.show("huset", "skranke", "1", Feedback.CLOSED)
        assert not lights.alive()
        assert lit(pins) == [False, False, False]
        assert [pins.pin(number).function for number in LEDS.values()] == ["input"] * 3
    assert not faults.troubles


def test_a_device_and_its_site_show_how_the_alarm_stands(pins: ContactFactory, faults: Faults) -> None:
    """Lit at once for every word of an open alarm, dark once it is closed; another device's light stays dark."""
    with shining(pins, faults) as lights:
        for word in (Feedback.RECEIVED, Feedback.TOLD, Feedback.ACKNOWLEDGED, Feedback.NOBODY_TOLD):
            lights.show("huset", "skranke", "1", word)
            until(lambda: lit(pins) == [True, True, False])
            assert lights.showing() == {"huset/feedback": word.value, "huset/skranke": word.value}
        lights.show("huset", "skranke", "1", Feedback.CLOSED)
        until(lambda: lit(pins) == [False, False, False])
        assert lights.showing() == {}


def test_a_light_blinks_as_its_word_says(pins: ContactFactory, faults: Faults) -> None:
    """Two short flashes, then dark for longer; and again."""
    with shining(pins, faults) as lights:
        pins.pin(DESK).clear_states()
        lights.show("huset", "skranke", "1", Feedback.ACKNOWLEDGED)
        until(lambda: len(changes(pins, DESK)) == 6, 5.0)
    after = changes(pins, DESK)
    assert [state for _, state in after[:6]] == [True, False, True, False, True, False]
    assert [seconds for seconds, _ in after[1:6]] == pytest.approx([0.15, 0.15, 0.15, 1.2, 0.15], abs=0.1)


def test_a_device_shows_its_latest_alarm_and_the_site_the_most_urgent(pins: ContactFactory, faults: Faults) -> None:
    """The site's light stays with what is worst until that is over; alarms of devices without a light count there."""
    with shining(pins, faults) as lights:
        lights.show("huset", "skranke", "1", Feedback.ACKNOWLEDGED)
        lights.show("huset", "skranke", "2", Feedback.TOLD)
        lights.show("huset", "uden-lys", "3", Feedback.NOBODY_TOLD)
        lights.show("huset", "skranke", "1", Feedback.RECEIVED)
        lights.show("andet", "skranke", "4", Feedback.NOBODY_TOLD)
        assert lights.showing() == {"huset/feedback": "nobody_told", "huset/skranke": "told"}
        lights.show("huset", "uden-lys", "3", Feedback.CLOSED)
        assert lights.showing() == {"huset/feedback": "received", "huset/skranke": "told"}
        lights.show("huset", "skranke", "2", Feedback.CLOSED)
        assert lights.showing() == {"huset/feedback": "received", "huset/skranke": "received"}


def test_what_is_shown_before_the_start_is_lit_at_the_start(pins: ContactFactory, faults: Faults) -> None:
    """An alarm that a restart found open is seen when start returns."""
    lights = Lights(LEDS, pins, SystemClock(), faults)
    lights.show("huset", "baglokale", "1", Feedback.TOLD)
    lights.start()
    assert lit(pins) == [True, False, True]
    lights.stop()


def test_nothing_wakes_while_nothing_blinks(pins: ContactFactory, faults: Faults) -> None:
    """With all lights dark or steady the thread sleeps without an end, and is alive for as long as that takes."""
    clock = JumpingClock()
    lights = Lights(LEDS, pins, clock, faults)
    lights.start()
    lights.show("huset", "skranke", "1", Feedback.TOLD)
    until(lambda: lit(pins) == [True, True, False])
    until(lambda: lights._due_s == float("inf"))
    clock.forward(86400.0)
    assert lights.alive()
    lights.stop()


def test_a_pin_that_is_taken_is_one_fault_and_the_other_lights_work(
    pins: ContactFactory, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Start does not raise for it; when the pin is free, the light shows what it should, and its fault ends."""
    from gpiozero import InputDevice  # noqa: PLC0415  # as the daemon does

    monkeypatch.setattr(light_module, "AGAIN_S", 0.05)
    holder = InputDevice(DESK, pin_factory=pins)
    with shining(pins, faults) as lights:
        faults.until(("huset/skranke", False))
        (trouble,) = faults.troubles
        assert (trouble.site, trouble.device) == ("huset", "skranke")
        assert "pin 25" in trouble.detail
        lights.show("huset", "skranke", "1", Feedback.TOLD)
        until(lambda: bool(pins.pin(SITE).state))
        assert lights.alive()
        holder.close()
        faults.until(("huset/skranke", False), ("huset/skranke", True))
        until(lambda: lit(pins) == [True, True, False])


def test_a_pin_that_cannot_be_written_is_told_once_and_when_it_works(
    pins: ContactFactory, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it flickers and whatever comes, a broken pin is left alone for a while; the fault names the site."""
    monkeypatch.setattr(light_module, "AGAIN_S", 0.3)
    pin = Breaking(pins, monkeypatch)
    with shining(pins, faults, {("huset", ""): SITE}) as lights:
        pin.broken.add(SITE)
        pin.writes = 0
        lights.show("huset", "skranke", "1", Feedback.NOBODY_TOLD)
        faults.until(("huset/feedback", False))
        assert faults.troubles[0].device == ""
        for alarm in range(2, 7):
            lights.show("huset", "skranke", str(alarm), Feedback.NOBODY_TOLD)
            until(lambda: lights._due_s > SystemClock().now().monotonic_s)  # it has gone round
        assert pin.writes == 1
        until(lambda: pin.writes == 2)
        pin.broken.clear()
        faults.until(("huset/feedback", False), ("huset/feedback", True))
        until(lambda: bool(pins.pin(SITE).state))


def test_a_fault_that_nobody_took_is_told_again(
    pins: ContactFactory, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug behind the door neither ends the lights nor hides the fault."""
    monkeypatch.setattr(light_module, "AGAIN_S", 0.02)
    pin = Breaking(pins, monkeypatch)
    pin.broken.add(SITE)
    faults.fails = 2
    with shining(pins, faults, {("huset", ""): SITE}) as lights:
        faults.until(("huset/feedback", False))
        assert lights.alive()


def test_what_is_shown_while_a_pin_is_written_is_lit_after_it(
    pins: ContactFactory, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No word is lost between looking and sleeping."""
    pin = Breaking(pins, monkeypatch)
    with shining(pins, faults) as lights:
        pin.free.clear()
        pin.writes = 0
        lights.show("huset", "skranke", "1", Feedback.TOLD)
        until(lambda: pin.writes == 1)
        lights.show("huset", "baglokale", "2", Feedback.TOLD)
        pin.free.set()
        until(lambda: lit(pins) == [True, True, True])


def test_showing_never_waits_for_a_pin_that_hangs(
    pins: ContactFactory, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a write hangs, show and showing return at once, and alive says no after two seconds; stop returns."""
    clock = JumpingClock()
    pin = Breaking(pins, monkeypatch)
    lights = Lights(LEDS, pins, clock, faults)
    lights.start()
    pin.free.clear()
    pin.writes = 0
    lights.show("huset", "skranke", "1", Feedback.TOLD)
    until(lambda: pin.writes == 1)
    began_s = SystemClock().now().monotonic_s
    for alarm in range(100):
        lights.show("huset", "skranke", str(alarm), Feedback.RECEIVED)
    assert lights.showing()["huset/skranke"] == "received"
    assert SystemClock().now().monotonic_s - began_s < 0.5
    assert lights.alive()
    clock.forward(2.5)
    assert not lights.alive()
    lights.stop()
    assert SystemClock().now().monotonic_s - began_s < 1.5
    pin.free.set()
    until(lambda: lit(pins) == [False, False, False])


def test_the_module_costs_the_command_line_nothing() -> None:
    """Neither gpiozero nor lgpio is loaded before a light is claimed."""
    code = "import sys, alarmbro.feedback.lights; print([m for m in sys.modules if 'gpio' in m])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30).stdout
    assert out.strip() == "[]"
