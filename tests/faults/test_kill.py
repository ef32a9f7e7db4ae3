"""`kill -9` at every step between press and told, and at any moment under load: nothing that was confirmed is lost."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from ground import Ground, a_moment, ground, prepared
from killed_at import STEPS
from running import until

SOME = ["after the commit", "before a message is sent", "after a message is sent", "before an attempt is noted"]


@pytest.mark.parametrize("label", STEPS)
def test_a_kill_at_a_step_loses_nothing(tmp_path: Path, label: str, full: bool) -> None:
    """Three presses, the first of which meets the kill; after a plain restart each has an alarm and is told."""
    if not full and label not in SOME:
        pytest.skip("`make faults` kills at every step")
    with prepared(tmp_path, 10) as on:
        armed = tmp_path / "armed"
        on.start_as("killed_at.py", label, str(armed))
        armed.touch()
        on.press(3)
        process = on.daemon.process
        assert process is not None
        until(lambda: process.poll() is not None)
        assert process.returncode == -9
        on.daemon.start()
        on.settle()
        until(lambda: on.alarms() == {f"k{number}" for number in range(3)})
        on.done(f"kill -9 {label}")


def press_and_kill(on: Ground, chance: random.Random, each: int) -> bool:
    """Press some and kill at any moment; tell whether it was at work: an alarm of this life is in its log."""
    before = on.daemon.log.stat().st_size
    for _ in range(each):
        on.press(1)
        a_moment(chance.uniform(0.0, 0.03))
    a_moment(chance.uniform(0.0, 0.1))
    on.daemon.kill()
    return b'"event": "alarm"' in on.daemon.log.read_bytes()[before:]


@pytest.mark.timeout(900)
def test_kills_at_any_moment_under_load_lose_nothing(tmp_path: Path, full: bool) -> None:
    """Again and again, on one journal: presses that were confirmed are alarms, and everybody has heard of each.

    Counted are the kills that met alarms on their way; now and then one comes while it still starts.
    """
    wanted, each = (200, 3) if full else (6, 8)
    most = wanted * 3 // 2
    chance = random.Random(20261123)  # noqa: S311 (moments, no secrets; a seed, so that a failure can be met again)
    with ground(tmp_path, most * each + 1) as on:
        on.daemon.kill()
        kills = at_work = 0
        while at_work < wanted:
            assert kills < most, f"only {at_work} of {kills} kills met it at work"
            starting = kills % 10 == 9
            on.daemon.start(ready=not starting)
            a_moment(chance.uniform(0.2, 0.8) if starting else 0.0)
            at_work += press_and_kill(on, chance, each)
            kills += 1
        on.daemon.start()
        on.press(1)
        on.settle()
        until(lambda: len(on.alarms()) == on.pressed)
        on.done(f"kill -9, {kills} times, {at_work} of them at work")
        assert on.daemon.cli("journal", "verify").returncode == 0


def test_an_end_that_was_asked_for_loses_nothing(tmp_path: Path) -> None:
    """SIGTERM in the middle of slow deliveries: it ends at once, and goes on after the start."""
    with ground(tmp_path, 20) as on:
        on.receivers[0].slow(1.0)
        on.press(10)
        until(on.confirmed)
        assert on.daemon.stop() == 0
        on.receivers[0].ok()
        on.press(10)
        on.daemon.start()
        on.settle()
        on.done("SIGTERM under load")
