"""A real disk under the journal that is full, does not answer, breaks or is read-only: alarms go out.

The disk is a file with ext4, mounted by loop: full is ENOSPC, frozen is a writer in state D, broken is the kernel's own
answer to an error of the medium. Needs root.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from disks import disk
from ground import Ground, a_moment, prepared
from running import until


def has_fault(on: Ground, name: str) -> bool:
    return name in on.faults()


def test_a_disk_without_room_holds_no_alarm_back(tmp_path: Path) -> None:
    """Not one block is left; when there is room again the record is complete."""
    with disk(tmp_path / "state") as card, prepared(tmp_path, 20) as on:
        on.start()
        on.press(2)
        on.settle()
        card.fill()
        on.press(10)
        on.settle()
        until(lambda: has_fault(on, "journal/write"))
        card.empty()
        until(lambda: not has_fault(on, "journal/write"))
        until(lambda: len(on.alarms()) == on.pressed)
        assert on.daemon.cli("journal", "verify").returncode == 0
        on.done("disk: full for 10 presses")


def test_a_disk_that_does_not_answer_holds_no_alarm_back(tmp_path: Path, full: bool) -> None:
    """The writer waits in the kernel, where nothing reaches it; everybody is told, and it is written in the end."""
    with disk(tmp_path / "state") as card, prepared(tmp_path, 40) as on:
        on.start()
        on.press(2)
        on.settle()
        with card.frozen():
            on.press(30)  # more than the broker lets be unconfirmed at once
            until(on.all_told, 60.0, say=on.missing)
            until(lambda: has_fault(on, "journal/stall"))
            a_moment(8.0 if full else 0.5)
        until(lambda: not has_fault(on, "journal/stall"))
        on.settle()
        until(lambda: len(on.alarms()) == on.pressed)
        assert on.daemon.cli("journal", "verify").returncode == 0
        on.done("disk: frozen for 30 presses")


def test_a_disk_that_does_not_answer_at_start_keeps_no_button_from_being_armed(tmp_path: Path, full: bool) -> None:
    """Presses are told although nothing could be read or locked; the record has them when it answers."""
    if not full:
        pytest.skip("the start waits ten seconds for the disk: `make faults` tries it")
    with disk(tmp_path / "state") as card, prepared(tmp_path, 20) as on:
        on.start()
        on.press(2)
        on.settle()
        on.daemon.stop()
        with card.frozen():
            on.daemon.start(ready=False)
            on.press(5)
            until(on.all_told, 60.0, say=on.missing)
        on.settle()
        until(lambda: len(on.alarms()) == on.pressed, 60.0)
        on.done("disk: frozen at start")


def test_a_disk_that_breaks_holds_no_alarm_back_and_what_was_on_it_stays_whole(tmp_path: Path, full: bool) -> None:
    """The kernel gives it up under the daemon: alarms go out. Repaired, its record is whole and is continued."""
    if not full:
        pytest.skip("`make faults` breaks a disk")
    with disk(tmp_path / "state") as card, prepared(tmp_path, 20) as on:
        on.start()
        on.press(5)
        on.settle()
        until(on.quiet)
        card.fail()
        on.press(5)
        on.settle()
        until(lambda: has_fault(on, "journal/write"))
        on.daemon.stop()
        card.unmount()
        card.mount()
        on.daemon.start()
        on.press(5)
        on.settle()
        until(lambda: len(on.alarms()) == on.pressed)  # the broker had no confirmation of those that were not written
        assert on.daemon.cli("journal", "verify").returncode == 0
        on.done("disk: broken in use")


def test_a_disk_that_is_read_only_from_boot_gives_the_past_and_holds_nothing_back(tmp_path: Path) -> None:
    """What was not told before the stop is told after it, and so are new presses; a fault says so."""
    with disk(tmp_path / "state") as card, prepared(tmp_path, 20) as on:
        on.start()
        on.receivers[0].hang()
        on.unreachable = {0}
        on.press(4)
        on.settle()
        until(on.quiet)
        on.daemon.stop()
        on.receivers[0].arrivals.clear()
        on.receivers[0].ok()
        on.unreachable = set()
        card.unmount()
        card.mount(read_only=True)
        on.daemon.start()
        on.press(5)
        on.settle()
        assert has_fault(on, "journal/write")
        on.done("disk: read-only from boot")
