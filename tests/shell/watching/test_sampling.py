"""How things stand is handed out whole, and never in the way of an alarm."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from clocks import JumpingClock
from places import municipality
from turning import Story

from alarmbro.metrics.snapshot import Snapshot
from alarmbro.model.activation import Heartbeat, Trouble
from alarmbro.model.moment import Moment
from alarmbro.shell.desk.inbox import Errand
from alarmbro.shell.showing.situation import Situation
from alarmbro.shell.watching.sampling import Sampler


class Stepping(JumpingClock):
    """A clock by which everything takes a while."""

    each_s = 0.0

    def now(self) -> Moment:
        self.monotonic_s += self.each_s
        return super().now()


def sampled(story: Story) -> tuple[Sampler, list[Errand]]:
    """Give a sampler of a story, and what has woken the deciding thread."""
    situation = Situation(
        story.configuration, story.ledger, Path("journal"), lambda: (7, "hash"), lambda: {"vraa": True},
        story.clock.now(),
    )  # fmt: skip
    situation.known, situation.due = story.turn.supervision.known, story.turn.dues.devices
    woken: list[Errand] = []
    return Sampler(situation, story.clock, woken.append, lambda: {"control": True, "gpio": False}), woken


def test_a_snapshot_says_how_things_stand() -> None:
    """Alarms by site and state, who is still to be told, faults, devices, listeners."""
    story = Story()
    story.dead.add("leder")
    story.press("vraa/lommy-1")
    story.press()
    story.ack()
    story.turn.take(Trouble("mqtt", "client-id", detail="x"))
    story.turn.take(Heartbeat("vraa", "lommy-1", story.clock.now(), battery=55))
    story.forward(70)
    sampler, woken = sampled(story)
    sampler.ask()
    for errand in woken:
        errand.run()
    sampler.turned()
    found = sampler.latest()
    assert found is not None
    assert found.alarms == {("vraa", "raised"): 1, ("hirtshals", "acknowledged"): 1}
    assert found.faults == {"mqtt": 1, "target": 1}
    assert found.pending == {"alarm": 1, "fault": 0, "test": 0}
    assert found.listeners == {"control": True, "gpio": False}
    assert (found.records, found.digest, found.sites) == (7, story.configuration.digest, ("hirtshals", "vraa"))
    devices = {each.device: each for each in found.devices}
    assert (devices["lommy-1"].battery_percent, devices["lommy-1"].health) == (55, "red")
    assert devices["lommy-1"].heard_ago_s == 70
    assert devices["lokale-1"].heard_ago_s is None
    assert "redningsringen/1 (json)" in found.targets


def test_a_test_that_was_passed_has_an_age() -> None:
    """From the verdict on; a device that never passed has none."""
    story = Story()
    story.test("hirtshals", "lokale-1")
    story.press()
    story.forward(86400)
    sampler, _ = sampled(story)
    sampler.ask()
    sampler.turned()
    found = sampler.latest()
    assert found is not None
    ages = {each.device: each.tested_ago_s for each in found.devices}
    assert abs((ages["lokale-1"] or 0) - 86400) < 300
    assert ages["lokale-2"] is None


def test_nothing_is_made_that_nobody_asked_for() -> None:
    """A machine that nobody scrapes does none of this."""
    sampler, woken = sampled(Story())
    sampler.turned()
    assert sampler.latest() is None
    assert not woken


def test_whoever_asks_all_the_time_gets_one_a_second() -> None:
    """And a machine on which it takes long gives it no more than a hundredth of its time."""
    clock = Stepping()
    sampler, _ = sampled(Story(clock=clock))
    made: list[Snapshot | None] = [None]
    for _ in range(300):
        sampler.ask()
        sampler.turned()
        if sampler.latest() is not made[-1]:
            made.append(sampler.latest())
        clock.forward(0.1)
    assert 25 <= len(made) <= 31
    clock.each_s = 0.25
    before = sampler.latest()
    clock.forward(2)
    sampler.ask()
    sampler.turned()
    slow = sampler.latest()
    assert slow is not before
    clock.forward(20)
    sampler.ask()
    sampler.turned()
    assert sampler.latest() is slow
    clock.forward(10)
    sampler.turned()
    assert sampler.latest() is not slow


def test_a_fault_in_here_is_no_fault_of_the_loop() -> None:
    """It is told in the log; the last snapshot stays."""
    story = Story()
    sampler, _ = sampled(story)
    sampler.ask()
    sampler.turned()
    before = sampler.latest()
    sampler.situation.configuration = replace(municipality(), serve=("gone",))
    story.clock.forward(5)
    sampler.ask()
    sampler.turned()
    assert sampler.latest() is before
