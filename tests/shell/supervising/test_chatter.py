"""A device that presses again and again is a fault once, until it has been quiet; its presses are nobody's to hold."""

from __future__ import annotations

from turning import Story

from alarmbro.judgement.supervising.chattering import MOST, QUIET_S, WITHIN_S
from alarmbro.model.record import RecordType


def test_thirty_presses_in_a_minute_are_a_fault_and_each_is_in_the_journal() -> None:
    """Another device's press is an alarm as ever."""
    story = Story()
    for _ in range(MOST + 5):
        story.press("vraa/lommy-1")
        story.clock.forward(0.5)
    assert [draft.data["fault"] for draft in story.records(RecordType.FAULT)] == ["chatter/vraa/lommy-1"]
    assert len(story.records(RecordType.ACTIVATION)) == MOST + 5
    story.heard()
    story.press("hirtshals/lokale-1")
    assert ("redningsringen", "alarm") in story.heard()


def test_it_is_over_after_ten_quiet_minutes() -> None:
    """Then the next chatter is a fault again."""
    story = Story()
    for _ in range(MOST):
        story.press("vraa/lommy-1")
    story.forward(QUIET_S - 1)
    assert story.records(RecordType.FAULT_CLEARED) == []
    story.forward(2)
    cleared = [draft.data["fault"] for draft in story.records(RecordType.FAULT_CLEARED)]
    assert "chatter/vraa/lommy-1" in cleared


def test_a_frightened_hand_is_no_chatter() -> None:
    """A press every two seconds, for as long as it takes."""
    story = Story()
    for _ in range(2 * MOST):
        story.press("vraa/lommy-1")
        story.clock.forward(WITHIN_S / MOST + 0.1)
    assert story.records(RecordType.FAULT) == []
