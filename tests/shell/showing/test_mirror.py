"""Machines beside us see each device as it is and each press as it comes, and never cost an alarm."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from clocks import JumpingClock
from turning import Story

from alarmbro.model.moment import UNKNOWN_S
from alarmbro.model.record import Draft, RecordType
from alarmbro.shell.showing.mirror import EVERY_S, Mirror
from alarmbro.shell.showing.situation import Situation


@dataclass
class Shelf:
    """Keeps what is shown and called out."""

    shown: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    called: list[tuple[str, str, str]] = field(default_factory=list)
    broken: bool = False

    def show(self, site: str, device: str, state: Any) -> None:
        if self.broken:
            raise RuntimeError("the shelf is broken")
        self.shown.append((site, device, dict(state)))

    def call(self, site: str, device: str, event: Any) -> None:
        if self.broken:
            raise RuntimeError("the shelf is broken")
        self.called.append((site, device, event["event_type"]))


class MirrorStory(Story):
    """The turn, with a mirror that hears of each record."""

    def begin(self) -> None:
        super().begin()
        self.shelf = Shelf()
        situation = Situation(
            self.configuration, self.ledger, Path("journal.db"), lambda: (0, ""), dict, self.clock.now()
        )
        self.mirror = Mirror(lambda: situation.whole()["devices"], self.shelf)
        self.turn._recorder.announce = lambda draft, _alarm: self.mirror.record(draft)

    def shown(self) -> dict[str, dict[str, Any]]:
        """Give what each device shows now."""
        return {device: state for _, device, state in self.shelf.shown}


@pytest.fixture
def story() -> MirrorStory:
    return MirrorStory()


def test_every_served_device_is_shown_at_the_start_and_every_half_minute(story: MirrorStory) -> None:
    """Batteries and signs of life are no records: they are looked at."""
    assert story.mirror.publish(story.clock.now()) == EVERY_S
    assert set(story.shown()) == {"lokale-1", "lokale-2", "lommy-1"}
    assert story.mirror.publish(story.clock.forward(10)) == EVERY_S - 10
    assert len(story.shelf.shown) == 3
    story.mirror.publish(story.clock.forward(20))
    assert len(story.shelf.shown) == 6


def test_a_press_is_called_out_at_once_and_shown_within_a_second(story: MirrorStory) -> None:
    """With every further press, and its answers."""
    story.mirror.publish(story.clock.now())
    story.press("vraa/lommy-1")
    assert story.shelf.called == [("vraa", "lommy-1", "press")]
    assert story.mirror.publish(story.clock.now()) == 1
    story.mirror.publish(story.clock.forward(1))
    assert story.shown()["lommy-1"]["alarm"] == "vraa-1"
    story.press("vraa/lommy-1")
    story.ack("vraa-1")
    story.close("vraa-1")
    assert [kind for _, _, kind in story.shelf.called] == ["press", "press", "acknowledged", "closed"]
    story.mirror.publish(story.clock.forward(1))
    assert story.shown()["lommy-1"]["alarm"] == ""


def test_the_press_of_a_test_is_called_a_test(story: MirrorStory) -> None:
    """What an automation does in an alarm it must not do in a test."""
    story.test("vraa")
    story.press("vraa/lommy-1")
    assert story.shelf.called == [("vraa", "lommy-1", "test")]
    story.mirror.publish(story.clock.forward(1))


def test_what_cannot_be_shown_costs_no_alarm(story: MirrorStory) -> None:
    """The record is applied, and it is tried again."""
    story.shelf.broken = True
    story.press("vraa/lommy-1")
    assert "vraa-1" in story.ledger.alarms
    assert story.mirror.publish(story.clock.now()) == EVERY_S
    story.shelf.broken = False
    story.mirror.publish(story.clock.forward(EVERY_S))
    assert story.shown()["lommy-1"]["alarm"] == "vraa-1"


def test_without_anybody_who_reads_nothing_is_done() -> None:
    """Most machines: not even the devices are looked at."""

    def devices() -> list[dict[str, Any]]:
        raise AssertionError

    mirror = Mirror(devices)
    mirror.record(Draft(RecordType.RAISED, JumpingClock().now(), "vraa", "lommy-1", "vraa-1"))
    assert mirror.publish(JumpingClock().now()) == UNKNOWN_S
