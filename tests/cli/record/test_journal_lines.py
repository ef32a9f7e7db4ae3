"""What the record's lines show of names and notes that others have typed."""

from __future__ import annotations

from clocks import JumpingClock

from alarmbro.cli.record.journal import _line
from alarmbro.model.record import Draft, Record, RecordType


def test_a_name_cannot_steer_the_terminal() -> None:
    """It may have come in over MQTT."""
    personal = {"by": "Vagten\x1b[2J\x07", "note": "linje\nto"}
    draft = Draft(RecordType.CLOSED, JumpingClock().now(), "vraa", "lommy-1", "vraa-1", personal=personal)
    line = _line(Record(1, draft, "0" * 64))
    assert "Vagten" in line
    assert line.isprintable()
