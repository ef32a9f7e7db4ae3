"""What is counted is what came true."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clocks import JumpingClock
from places import municipality, recipient
from scraping import Numbers, numbers
from turning import Story

from alarmbro.metrics.snapshot import Snapshot
from alarmbro.metrics.tally import Tally
from alarmbro.model.activation import Acknowledgement, Source
from alarmbro.model.alarm import Closing
from alarmbro.model.configuration import Configuration
from alarmbro.model.level import Level
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.route import InTest


class Counted(Story):
    """A story whose records are counted as the daemon counts them."""

    def __init__(self, configuration: Configuration | None = None) -> None:
        self.tally = Tally()
        self._counted = 0
        super().__init__(configuration)

    def numbers(self) -> Numbers:
        drafts = [draft for draft, _ in self.announced]
        for draft in drafts[self._counted :]:
            self.tally.record(draft)
        self._counted = len(drafts)
        return numbers(self.tally.families(Snapshot(self.clock.now(), self.configuration.serve)))


def test_all_of_an_alarm_is_counted() -> None:
    """Raised, joined, told, answered, closed: each where it happened, and nothing anywhere else."""
    story = Counted()
    story.press()
    story.press()
    story.press("vraa/lommy-1", level=Level.HELP)
    story.clock.forward(20)
    story.ack()
    story.clock.forward(20)
    story.close(outcome=Closing.FALSE_ALARM)
    found = story.numbers()
    assert found["alarmbro_alarms_total hirtshals assault"] == 1
    assert found["alarmbro_alarms_total vraa help"] == 1
    assert found["alarmbro_alarms_total vraa assault"] == 0
    assert found["alarmbro_presses_total hirtshals alarm"] == 1
    assert found["alarmbro_presses_total hirtshals joined"] == 1
    assert found["alarmbro_alarms_closed_total hirtshals false_alarm"] == 1
    assert found["alarmbro_press_to_told_seconds_count hirtshals"] == 2  # the two recipients of the first step
    assert found["alarmbro_press_to_acknowledged_seconds_bucket hirtshals 30"] == 1
    assert found["alarmbro_press_to_acknowledged_seconds_bucket hirtshals 10"] == 0
    assert found["alarmbro_press_to_acknowledged_seconds_sum hirtshals"] == 20


def test_who_is_told_late_is_seen_to_be() -> None:
    """A target that is dead for a while tells its recipient late, by as much as the histogram says."""
    story = Counted()
    story.dead.add("serviceteam")
    story.press()
    story.forward(9)
    assert story.numbers()["alarmbro_press_to_told_seconds_count hirtshals"] == 1
    story.dead.clear()
    story.forward(30)
    found = story.numbers()
    assert found["alarmbro_press_to_told_seconds_count hirtshals"] == 2
    assert found["alarmbro_press_to_told_seconds_bucket hirtshals 5"] == 1
    assert found["alarmbro_press_to_told_seconds_bucket hirtshals 60"] == 2
    assert found["alarmbro_attempts_total serviceteam/1 (json) failed"] >= 2
    assert found["alarmbro_attempts_total serviceteam/1 (json) ok"] == 1


def test_later_calls_are_not_taken_for_slow_ones() -> None:
    """The next step, a repeat and the all-clear come when they are due, hours after the press perhaps."""
    story = Counted()
    story.press()
    before = story.numbers()["alarmbro_press_to_told_seconds_count hirtshals"]
    story.forward(600)
    story.close()
    after = story.numbers()
    assert after["alarmbro_press_to_told_seconds_count hirtshals"] == before
    assert after["alarmbro_attempts_total leder/1 (json) ok"] > 1


def test_a_test_is_no_alarm() -> None:
    """Nor is its confirmation somebody on the way, and what is withheld counts as that."""
    base = municipality()
    names = {"redningsringen": replace(recipient("redningsringen"), in_test=InTest.WITHHOLD)}
    story = Counted(replace(base, recipients={**base.recipients, **names}))
    story.test("hirtshals", "lokale-1", confirm=True)
    story.press()
    story.turn.answered(Acknowledgement(story.clock.now(), Source.COMMAND, "hirtshals-2", by="Serviceteam"))
    story.settle()
    found = story.numbers()
    assert found["alarmbro_alarms_total hirtshals assault"] == 0
    assert found["alarmbro_presses_total hirtshals test"] == 1
    assert found["alarmbro_press_to_told_seconds_count hirtshals"] == 0
    assert found["alarmbro_press_to_acknowledged_seconds_count hirtshals"] == 0
    assert found["alarmbro_attempts_total redningsringen/1 (json) withheld"] == 1


def test_what_a_reboot_came_between_has_no_length() -> None:
    """Nobody knows how long the machine was off; a guess would be worse than a gap."""
    tally, clock = Tally(), JumpingClock()
    data = {"notice": 1, "message": "alarm", "target": 1, "after_ms": None}
    tally.record(Draft(RecordType.TOLD, clock.now(), "hus", "knap", "hus-1", "leder", data=data))
    assert numbers(tally.families(Snapshot(clock.now(), ("hus",))))["alarmbro_press_to_told_seconds_count hus"] == 0


@pytest.mark.parametrize("kind", RecordType)
def test_no_record_at_all_can_stop_whoever_announces_it(kind: RecordType) -> None:
    """One without what it should have costs its number."""
    tally = Tally()
    tally.record(Draft(kind, JumpingClock().now()))
    tally.committed(0.002)
    found = numbers(tally.families(Snapshot(JumpingClock().now(), ())))
    assert found["alarmbro_journal_commit_seconds_bucket 0.0025"] == 1
    assert found["alarmbro_journal_commit_seconds_bucket 0.001"] == 0
