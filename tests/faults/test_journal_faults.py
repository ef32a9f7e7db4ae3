"""A journal that is full, stalls, is removed or is damaged: alarms go out, and what can be is written."""

from __future__ import annotations

import resource
import sqlite3
from pathlib import Path

from ground import Ground, a_moment, ground, prepared
from running import until


def journal_of(on: Ground) -> Path:
    return on.daemon.state / "journal.db"


def writing_has_a_fault(on: Ground, fault: str) -> bool:
    return fault in on.faults()


def test_a_full_disk_holds_no_alarm_back_and_what_was_missed_is_written(tmp_path: Path) -> None:
    """No byte more can be written (the limit of a file's size stands for a full disk); then there is room again."""
    with ground(tmp_path, 20) as on:
        process = on.daemon.process
        assert process is not None
        on.press(2)
        on.settle()
        _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, hard))
        on.press(10)
        on.settle()
        until(lambda: writing_has_a_fault(on, "journal/write"))
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        until(lambda: not writing_has_a_fault(on, "journal/write"))
        until(lambda: len(on.alarms()) == on.pressed)
        on.done("journal: no room for 10 presses")


def test_a_journal_that_stalls_holds_an_alarm_back_half_a_second(tmp_path: Path) -> None:
    """Another process holds the file's lock for seconds, as a card does that thinks: alarms leave, then are written."""
    with ground(tmp_path, 30) as on:
        on.press(2)
        on.settle()
        lock = sqlite3.connect(journal_of(on), isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        on.press(12)
        until(on.all_told, say=on.missing)
        until(lambda: writing_has_a_fault(on, "journal/stall"))
        lock.execute("ROLLBACK")
        lock.close()
        until(lambda: not writing_has_a_fault(on, "journal/stall"))
        on.settle()
        until(lambda: len(on.alarms()) == on.pressed)
        on.done("journal: stalled for 12 presses")


def test_a_journal_that_is_removed_is_begun_anew(tmp_path: Path) -> None:
    """Somebody tidied up: it is a fault, and the alarms go on."""
    with ground(tmp_path, 20) as on:
        on.press(5)
        on.settle()
        for part in on.daemon.state.glob("journal.db*"):
            part.unlink()
        on.press(10)
        on.settle()
        until(lambda: writing_has_a_fault(on, "journal/replaced"))
        until(lambda: {f"k{number}" for number in range(5, 15)} <= on.alarms())
        on.done("journal: removed in use")


def test_a_journal_that_is_damaged_at_start_is_set_aside(tmp_path: Path) -> None:
    """A power cut and a bad card: the old file is kept for whoever looks, a new one begun, and alarms go out."""
    with ground(tmp_path, 20) as on:
        on.press(5)
        on.settle()
        on.daemon.stop()
        path = journal_of(on)
        path.write_bytes(b"\xff" * 8192 + path.read_bytes()[8192:])
        on.daemon.start()
        on.press(5)
        on.settle()
        assert list(on.daemon.state.glob("journal.db.damaged-*"))
        assert "journal/replaced" in on.faults()
        on.done("journal: damaged at start")


def test_a_folder_where_nothing_can_be_written_is_a_fault_and_no_end(tmp_path: Path) -> None:
    """A file is where the state folder should be, as a card that went read-only at boot: alarms go out."""
    with prepared(tmp_path, 10) as on:
        on.daemon.state.write_text("not a folder", encoding="utf-8")
        on.start()
        on.press(5)
        on.settle()
        assert "journal/write" in on.faults()
        on.done("journal: nowhere to write")


def test_a_wall_clock_that_jumps_a_year_loses_nothing(tmp_path: Path) -> None:
    """Back and forth: times in messages are wrong, alarms are not."""
    with prepared(tmp_path, 30) as on:
        moved = tmp_path / "moved"
        moved.write_text("0", encoding="ascii")
        on.start_as("with_another_clock.py", str(moved))
        for seconds in (0, -365 * 86400, 365 * 86400, 0):
            moved.write_text(str(seconds), encoding="ascii")
            on.press(5)
            on.settle()
            a_moment(0.2)
        until(lambda: len(on.alarms()) == on.pressed)
        assert on.daemon.cli("journal", "verify").returncode == 0
        on.done("clock a year back and forth")
