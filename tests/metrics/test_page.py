"""The page waits a moment for the present, and never fails because of an alarm."""

from __future__ import annotations

import pytest
from clocks import JumpingClock
from scraping import Numbers, read

from alarmbro.metrics.page import FRESH_S, PATIENCE_S, Page
from alarmbro.metrics.snapshot import DeviceStands, Snapshot
from alarmbro.metrics.tally import Tally


class Desk:
    """Whoever is asked for snapshots."""

    def __init__(self) -> None:
        self.clock = JumpingClock()
        self.asked = 0
        self.snapshot: Snapshot | None = None
        self.trusted = True
        self.page = Page(
            Tally(), self.clock, self._ask, lambda: self.snapshot, lambda: self.trusted, lambda: 3, self.clock.now()
        )

    def _ask(self) -> None:
        self.asked += 1

    def hand_out(self, **more: object) -> None:
        self.snapshot = Snapshot(self.clock.now(), ("hus",), **more)  # type: ignore[arg-type]  # each its field's type

    def numbers(self) -> Numbers:
        text = self.page.look()
        assert text is not None
        return read(text.decode())


def test_it_waits_for_a_snapshot_of_now() -> None:
    """One from before the question would be as old as the last scrape."""
    desk = Desk()
    desk.hand_out(alarms={("hus", "raised"): 1})
    desk.clock.forward(15)
    assert desk.page.look() is None
    desk.clock.forward(0.1)
    assert desk.page.look() is None
    assert desk.asked == 1
    desk.hand_out(alarms={("hus", "raised"): 2})
    assert desk.numbers()["alarmbro_alarms_open hus raised"] == 2


def test_a_deciding_thread_that_is_busy_is_not_waited_for() -> None:
    """What it said last is shown, with its age; before it has said anything, what was counted."""
    desk = Desk()
    assert desk.page.look() is None
    desk.clock.forward(PATIENCE_S)
    found = desk.numbers()
    assert "alarmbro_snapshot_age_seconds" not in found
    assert found["alarmbro_uptime_seconds"] == PATIENCE_S
    desk.hand_out()
    desk.clock.forward(60)
    assert desk.page.look() is None
    desk.clock.forward(PATIENCE_S)
    assert desk.numbers()["alarmbro_snapshot_age_seconds"] == 60 + PATIENCE_S


def test_it_is_made_once_a_second_whoever_asks() -> None:
    """A flood gets the same page again, and asks nobody."""
    desk = Desk()
    desk.page.look()
    desk.hand_out()
    first = desk.page.look()
    for _ in range(100):
        assert desk.page.look() is first
    assert desk.asked == 1
    desk.clock.forward(FRESH_S)
    assert desk.page.look() is None
    assert desk.asked == 2


def test_what_cannot_be_written_is_said_and_tried_again() -> None:
    """A health that there is not, say: no page now, another in a second."""
    desk = Desk()
    desk.page.look()
    desk.hand_out(devices=(DeviceStands("hus", "knap", "purple"),))
    for _ in range(3):
        with pytest.raises(RuntimeError, match="could not be made"):
            desk.page.look()
    desk.clock.forward(FRESH_S)
    assert desk.page.look() is None
    desk.hand_out()
    desk.numbers()


def test_devices_are_shown_with_what_is_known_of_them() -> None:
    """Nothing is made up where nothing is known."""
    desk = Desk()
    desk.page.look()
    known = DeviceStands("hus", "lommy", "yellow", 30.0, 55, 86400.0)
    desk.hand_out(devices=(known, DeviceStands("hus", "knap", "red")), faults={"battery": 1, "new-kind": 2})
    found = desk.numbers()
    assert found["alarmbro_device_health hus lommy"] == 1
    assert found["alarmbro_device_health hus knap"] == 2
    assert found["alarmbro_device_battery_ratio hus lommy"] == 0.55
    assert found["alarmbro_device_heard_age_seconds hus lommy"] == 30
    assert found["alarmbro_device_test_age_seconds hus lommy"] == 86400
    assert "alarmbro_device_battery_ratio hus knap" not in found
    assert found["alarmbro_faults_open battery"] == 1
    assert found["alarmbro_faults_open nobody_told"] == 0
    assert found["alarmbro_faults_open new-kind"] == 2


def test_the_machine_itself_is_shown() -> None:
    """Threads, the clock, lines of the log that nobody read."""
    desk = Desk()
    desk.trusted = False
    desk.page.look()
    desk.hand_out()
    found = desk.numbers()
    assert found["alarmbro_threads"] >= 1
    assert found["alarmbro_clock_synchronised"] == 0
    assert found["alarmbro_log_lines_lost_total"] == 3
    assert found["process_start_time_seconds"] > 0
