"""A siren on a relay of the machine itself: on from the alarm to its close, over a restart too, and dead at the end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import Daemon, until

SIREN = 22
PROGRAM = Path(__file__).with_name("relay_seen.py")
TOWN = """
recipients:
  sirene: {{name: Sirene, urls: ["relay://{pin}?{wiring}"]}}
  teknik: {{name: Teknik, urls: ["json://127.0.0.1:9/teknik"]}}
routes:
  straks: {{steps: [{{notify: [sirene]}}]}}
  senere: {{steps: [{{notify: [teknik]}}, {{after: 1h, notify: [sirene]}}]}}
faults: {{notify: [teknik]}}
gpio: {{factory: mock}}
sites:
  hus:
    name: Huset
    route: straks
    devices:
      knap: {{name: Knap, gpio: 17}}
      stille: {{name: Stille, gpio: 27, route: senere}}
"""


class Place:
    """A daemon, and what stands on its siren's pin."""

    def __init__(self, folder: Path, wiring: str) -> None:
        self.seen = folder / "seen"
        self.daemon = Daemon(folder, TOWN.format(pin=SIREN, wiring=wiring))

    def start(self) -> None:
        self.daemon.start(command=[sys.executable, str(PROGRAM), str(SIREN), str(self.seen), "run"])

    @property
    def levels(self) -> list[str]:
        return self.seen.read_text(encoding="ascii").split("\n")[:-1] if self.seen.exists() else []

    def is_now(self, level: str) -> None:
        until(lambda: self.levels[-1:] == [level], say=self.daemon.log_text)


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """Give a house with a siren; a test may say how that is wired."""
    made = Place(tmp_path, getattr(request, "param", "latch=yes"))
    yield made
    made.daemon.end()


def test_the_siren_sounds_until_the_alarm_is_closed(place: Place) -> None:
    """Not until somebody is on the way: whoever comes wants to hear where."""
    place.start()
    place.is_now("output 0")
    place.daemon.ask("press", device="hus/knap")
    place.is_now("output 1")
    place.daemon.ask("ack", alarm="hus-1")
    place.daemon.ask("close", alarm="hus-1", outcome="real")
    place.is_now("output 0")
    assert place.daemon.stop() == 0
    assert place.levels == ["output 0", "output 1", "output 0", "input"]


def test_a_restart_lets_it_sound_on_for_what_is_open_and_for_nothing_else(place: Place) -> None:
    """Of an alarm whose step with the siren has not come, it says nothing yet."""
    place.start()
    place.daemon.ask("press", device="hus/stille")
    place.daemon.wait_for("attempt", 1)
    place.daemon.kill()
    place.seen.unlink()
    place.start()
    place.is_now("output 0")
    place.daemon.ask("press", device="hus/knap")
    place.daemon.wait_for("told", 1)
    place.daemon.kill()
    place.seen.unlink()
    place.start()
    place.is_now("output 1")
    assert place.levels == ["output 1"], "on from the moment when the pin is claimed"


@pytest.mark.parametrize("place", ["latch=yes&normally=energised"], indirect=True)
def test_a_relay_with_current_while_all_is_well_drops_at_the_end(place: Place) -> None:
    """So a dead machine is heard of by what the relay is wired to."""
    place.start()
    place.is_now("output 1")
    assert place.daemon.stop() == 0
    assert place.levels == ["output 1", "output 0", "input"]


def test_a_test_sounds_for_the_time_of_a_pulse(place: Place) -> None:
    """Latched or not: nobody is to close a test by hand."""
    text = place.daemon.config.read_text(encoding="utf-8")
    place.daemon.config.write_text(text.replace("latch=yes", "latch=yes&pulse=200ms"), encoding="utf-8")
    place.start()
    place.daemon.cli("test", "start", "hus", "--for", "10m")
    place.daemon.cli("pin", "hus/knap")
    until(lambda: place.levels == ["output 0", "output 1", "output 0"])


def test_a_siren_on_a_pin_that_cannot_be_had_is_a_fault_and_no_end(place: Place) -> None:
    """Buttons are armed all the same."""
    text = place.daemon.config.read_text(encoding="utf-8")
    place.daemon.config.write_text(text.replace("factory: mock", "factory: lgpio").replace("gpio: 17", "mqtt: true")
        .replace("gpio: 27", "mqtt: true").replace("gpio:", "mqtt: {url: 'mqtt://127.0.0.1:9'}\ngpio:", 1),
        encoding="utf-8")  # fmt: skip
    place.start()
    fault = place.daemon.wait_for("fault", 1, device="")[0].draft.data
    assert fault["fault"] == "probe/sirene/1 (relay)"


def test_a_changed_configuration_gives_the_pin_back_and_takes_the_other(place: Place) -> None:
    """What sounds is silent then; on its new pin it sounds for the alarm that is open."""
    place.start()
    place.daemon.ask("press", device="hus/knap")
    place.is_now("output 1")
    text = place.daemon.config.read_text(encoding="utf-8")
    place.daemon.config.write_text(text.replace("relay://22", "relay://23"), encoding="utf-8")
    place.daemon.cli("reload")
    place.is_now("input")
    place.daemon.config.write_text(text, encoding="utf-8")
    place.daemon.cli("reload")
    place.is_now("output 1")
    assert place.levels == ["output 0", "output 1", "output 0", "input", "output 1"]
