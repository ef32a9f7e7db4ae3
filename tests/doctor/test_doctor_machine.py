"""The machine is measured with the daemon's own instruments, and judged by its marks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from alarmbro.doctor.findings import State
from alarmbro.doctor.judging.machine import Clocks, judge_clock, judge_heat, judge_memory, judge_power, judge_zone
from alarmbro.doctor.trying.machine import clocks, power_flags, vitals
from alarmbro.judgement.supervising.machine import Vitals
from alarmbro.machine.vitals import MEMORY, THERMAL, THROTTLED


def written(root: Path, place: str, text: str) -> None:
    """Write a file of the kernel's."""
    file = root / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="ascii")


@pytest.mark.parametrize(
    ("flags", "found"),
    [
        ("0x0", [("power.enough", State.OK)]),
        ("0x1", [("power.undervoltage", State.FAILED)]),
        ("0x50005", [("power.undervoltage", State.FAILED), ("power.throttled", State.FAILED)]),
        ("0x50000", [("power.undervoltage_was", State.WARNING), ("power.throttled_was", State.WARNING)]),
        ("0xa000a", [("power.capped", State.FAILED), ("power.soft", State.FAILED)]),
        ("0x80001", [("power.undervoltage", State.FAILED), ("power.soft_was", State.WARNING)]),
    ],
)
def test_too_little_power_is_told_now_and_since_the_start(
    flags: str, found: list[tuple[str, State]], tmp_path: Path
) -> None:
    """A supply that only fails under load shows afterwards."""
    written(tmp_path, THROTTLED, flags + "\n")
    assert [(each.says, each.state) for each in judge_power(power_flags(tmp_path))] == found


@pytest.mark.parametrize("text", [None, "", "no number"])
def test_a_machine_that_does_not_measure_its_power_is_no_fault(text: str | None, tmp_path: Path) -> None:
    """A PC, or a firmware that says something else."""
    if text is not None:
        written(tmp_path, THROTTLED, text)
    assert [each.says for each in judge_power(power_flags(tmp_path))] == ["machine.unmeasured"]


@pytest.mark.parametrize(
    ("free", "celsius", "states"),
    [
        (500, 48_300, (State.OK, State.OK)),
        (70, 75_000, (State.WARNING, State.WARNING)),
        (50, 80_000, (State.FAILED, State.FAILED)),
    ],
)
def test_memory_and_heat_are_judged_by_the_daemons_marks(
    free: int, celsius: int, states: tuple[State, State], tmp_path: Path
) -> None:
    """What is a fault to the daemon is a failure here."""
    written(tmp_path, MEMORY, f"MemTotal: 1000 kB\nMemAvailable: {free} kB\n")
    written(tmp_path, THERMAL, f"{celsius}\n")
    found = vitals(tmp_path, tmp_path)
    assert (judge_memory(found).state, judge_heat(found).state) == states


def test_what_is_not_measured_is_no_fault() -> None:
    """Not every machine has a thermometer."""
    bare = Vitals(synchronised=True)
    assert {judge_memory(bare).says, judge_heat(bare).says} == {"machine.unmeasured"}


def test_a_clock_that_nobody_keeps_is_a_fault() -> None:
    """Certificates and the journal's times depend on it."""
    assert judge_clock(synchronised=True).state is State.OK
    assert judge_clock(synchronised=False).state is State.FAILED


def test_a_machine_on_another_zone_is_no_fault_but_one_that_does_not_know_ours_is() -> None:
    """Many a Pi is left on UTC, and its messages are right all the same."""
    assert clocks("Europe/Copenhagen").offset in (timedelta(hours=1), timedelta(hours=2))
    assert clocks("Europe/Atlantis").offset is None
    hour = timedelta(hours=1)
    assert judge_zone(Clocks("Europe/Copenhagen", hour, hour)).says == "timezone.same"
    other = judge_zone(Clocks("Europe/Copenhagen", hour, timedelta(0)))
    assert (other.says, other.state, other.values["hours"]) == ("timezone.other", State.OK, "+0")
    assert judge_zone(clocks("Europe/Atlantis")).state is State.FAILED
