"""The wall clock that the C library gives is set back and forth by a year, by libfaketime.

Debian's package `faketime` has it; where it is not installed this is skipped with that reason. The monotonic clock
stays what it is, as on a real machine whose time is set.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from ground import a_moment, prepared
from running import until

LIBRARY = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
YEARS: Sequence[str] = ("+0", "+365d", "-365d", "+0")


@pytest.mark.skipif(not LIBRARY, reason="Debian's package faketime is not installed")
def test_a_wall_clock_that_the_system_sets_by_a_year_loses_nothing(tmp_path: Path, full: bool) -> None:
    """Presses before, between and after the jumps, and (in full) a restart in each year: told, and in the journal."""
    with prepared(tmp_path, 40) as on:
        moved = tmp_path / "moved"
        moved.write_text("+0", encoding="ascii")
        on.daemon.environ |= {
            "LD_PRELOAD": str(LIBRARY[0]),
            "FAKETIME_TIMESTAMP_FILE": str(moved),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }
        on.start()
        for jump in YEARS:
            moved.write_text(jump, encoding="ascii")
            on.press(5)
            on.settle()
            a_moment(0.2)
            if not full:
                continue
            on.daemon.stop()
            on.daemon.start()
            on.press(3)
            on.settle()
        until(lambda: len(on.alarms()) == on.pressed)
        assert on.daemon.cli("journal", "verify").returncode == 0
        listed = on.daemon.cli("journal", "list", "--json").stdout.splitlines()
        years = [int(json.loads(line)["at"][:4]) for line in listed]
        assert {after - before for before, after in pairwise(years)} >= {1, -2}, "the clock was not moved"
        on.done("system clock a year back and forth")
