"""What the kernel knows of this process."""

from __future__ import annotations

import os
import time
from pathlib import Path

from alarmbro.metrics.process import Process
from alarmbro.metrics.text import Family


def numbers(families: list[Family]) -> dict[str, float]:
    return {family.name: family.values[0].number for family in families}


def test_it_is_this_process() -> None:
    """It began not long ago, has some memory, used the processor and has files open."""
    found = numbers(list(Process().families()))
    assert 0 <= time.time() - found["process_start_time_seconds"] < 24 * 3600
    assert found["process_resident_memory_bytes"] > 1_000_000
    assert found["process_cpu_seconds_total"] > 0
    assert found["process_open_fds"] >= 3


def test_a_beginning_is_always_told_as_the_same() -> None:
    """A change of it is how a restart is seen."""
    process = Process()
    assert len({numbers(list(process.families()))["process_start_time_seconds"] for _ in range(200)}) == 1


def test_a_program_may_be_called_anything(tmp_path: Path) -> None:
    """Its name stands in brackets, and may hold blanks and brackets itself."""
    (tmp_path / "self" / "fd").mkdir(parents=True)
    fields = ["S", *["0"] * 10, "300", "200", *["0"] * 6, "0", "0", "7", *["0"] * 10]
    (tmp_path / "self" / "stat").write_text("1 (a) b ( c)) " + " ".join(fields), encoding="ascii")
    found = numbers(list(Process(tmp_path).families()))
    assert found["process_cpu_seconds_total"] == 500 / os.sysconf("SC_CLK_TCK")
    assert found["process_resident_memory_bytes"] == 7 * os.sysconf("SC_PAGE_SIZE")
    assert found["process_open_fds"] == 0


def test_where_nothing_can_be_known_nothing_is_said(tmp_path: Path) -> None:
    """A /proc that hides this, or none, is no error."""
    assert list(Process(tmp_path).families()) == []
    (tmp_path / "self").mkdir()
    (tmp_path / "self" / "stat").write_text("1 (a) S 1", encoding="ascii")
    assert list(Process(tmp_path).families()) == []
