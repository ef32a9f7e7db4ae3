"""What is called out of a record: presses and answers as codes, never who or where."""

from __future__ import annotations

import json
from typing import Any

import pytest
from clocks import JumpingClock

from alarmbro.judgement.home_assistant.states import EVENT_OF, event_of
from alarmbro.model.record import Draft, RecordType

AT = JumpingClock().now()


def draft(kind: RecordType, **parts: Any) -> Draft:
    return Draft(kind, AT, "vraa", "lommy-1", "vraa-7", **parts)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (RecordType.RAISED, "press"),
        (RecordType.JOINED, "press"),
        (RecordType.TEST_PRESSED, "test"),
        (RecordType.ACKNOWLEDGED, "acknowledged"),
        (RecordType.CLOSED, "closed"),
    ],
)
def test_a_press_and_its_answers_are_events(kind: RecordType, said: str) -> None:
    """With the alarm's number and when."""
    assert event_of(draft(kind)) == {"event_type": said, "alarm": "vraa-7", "at": "2026-11-23T11:00:00.000Z"}


@pytest.mark.parametrize("kind", [kind for kind in RecordType if kind not in EVENT_OF])
def test_other_records_are_nobodys_event(kind: RecordType) -> None:
    """An attempt, a fault, a change of configuration: none of them is pressed."""
    assert event_of(draft(kind)) is None


def test_an_acknowledgement_in_a_test_is_no_event() -> None:
    """An automation would take it for an alarm's."""
    assert event_of(draft(RecordType.ACKNOWLEDGED, data={"test": True})) is None


def test_nothing_of_a_person_is_in_an_event() -> None:
    """Neither who pressed or answered, nor where, nor a note."""
    named = {"by": "Vagthavende", "note": "ser syg ud", "position": "57.5,9.9"}
    event = event_of(draft(RecordType.CLOSED, personal=named, recipient="leder", data={"outcome": "real", **named}))
    text = json.dumps(event)
    assert not any(words in text for words in ("Vagthavende", "syg", "57.5", "leder"))
