"""Which press a message is about, and how long ago it was."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from alarmbro.demo.presses import Presses, pressed_at_s
from alarmbro.model.moment import Moment
from alarmbro.model.record import Draft, RecordType


def record(kind: RecordType, at_s: float, ref: str = "", alarm: str = "", **data: object) -> Draft:
    """Give a record of one device."""
    moment = Moment("boot", at_s, datetime(2026, 11, 23, tzinfo=UTC))
    return Draft(kind, moment, "vraa", "lommy-1", alarm, data=data, ref=ref)


HISTORY = [
    record(RecordType.ACTIVATION, 100.0, "a"),
    record(RecordType.RAISED, 100.02, "a", "vraa-1", message="alarm"),
    record(RecordType.ESCALATED, 130.0, "", "vraa-1", message="escalated"),
    record(RecordType.ACTIVATION, 200.0, "b"),
    record(RecordType.JOINED, 200.02, "b", "vraa-1", message="pressed_again"),
    record(RecordType.ACTIVATION, 205.0, "c"),
    record(RecordType.JOINED, 205.02, "c", "vraa-1"),
    record(RecordType.ESCALATED, 220.0, "", "vraa-1", message="escalated"),
]


def test_an_alarm_and_its_escalation_count_from_the_first_press() -> None:
    """So that the reader sees how long nobody has answered."""
    assert pressed_at_s(HISTORY, "vraa-1", 100.01) == 100.0  # the message leaves before the record is written
    assert pressed_at_s(HISTORY, "vraa-1", 130.1) == 100.0
    assert pressed_at_s(HISTORY, "vraa-1", 220.1) == 100.0


def test_pressed_again_counts_from_the_press_that_it_tells_of() -> None:
    """Not from the first one, and not from one that nobody is told of."""
    assert pressed_at_s(HISTORY, "vraa-1", 200.1) == 200.0
    assert pressed_at_s(HISTORY, "vraa-1", 206.0) == 200.0


def test_an_alarm_that_the_journal_does_not_know_has_no_time() -> None:
    """Its message is shown with the time of day instead."""
    assert pressed_at_s(HISTORY, "vraa-2", 206.0) is None


def test_without_a_journal_there_is_no_time_and_no_error(tmp_path: Path) -> None:
    """The message matters more than its time."""
    told: list[str] = []
    presses = Presses(tmp_path, told.append)
    assert presses.since_press_s("vraa-1", 1.0) is None
    assert presses.again() == []
    assert len(told) == 1  # said once, not twice a second
