"""What follows when a person answers."""

from __future__ import annotations

import pytest
from clocks import JumpingClock
from places import municipality

from alarmbro.judgement.course.answering import acknowledge, close, named
from alarmbro.model.activation import Acknowledgement, Close, Source
from alarmbro.model.alarm import Alarm, Closing, State
from alarmbro.model.errors import RefusedError


@pytest.mark.parametrize(
    ("words", "recipient"),
    [
        ("serviceteam", "serviceteam"),
        (" Serviceteam ", "serviceteam"),
        ("SERVICETEAM", "serviceteam"),
        ("Vagten", None),
        ("", None),
    ],
)
def test_a_name_means_a_recipient_by_its_id_or_its_name(words: str, recipient: str | None) -> None:
    """People write what they call it; nobody else is taken for one of the plan."""
    found = named(words, municipality())
    assert (found.id if found else None) == recipient


def test_an_answer_to_a_closed_alarm_is_refused() -> None:
    """Nothing is recorded about it."""
    now = JumpingClock().now()
    alarm = Alarm("vraa-1", "vraa", "lommy-1", now, begun=now, state=State.CLOSED)
    with pytest.raises(RefusedError):
        acknowledge(alarm, Acknowledgement(now, Source.COMMAND, "vraa-1"), municipality(), now)
    with pytest.raises(RefusedError):
        close(alarm, Close(now, Source.COMMAND, Closing.REAL, "vraa-1"), now)


def test_a_name_and_a_note_are_kept_apart_from_the_rest() -> None:
    """They can be removed later without breaking the record: the data name nobody."""
    clock = JumpingClock()
    now = clock.now()
    alarm = Alarm("vraa-1", "vraa", "lommy-1", now, begun=now)
    answer = Close(now, Source.MQTT, Closing.FALSE_ALARM, "vraa-1", by="Leder", note="Faldt ned")
    draft = close(alarm, answer, clock.forward(3))
    assert draft.personal == {"by": "Leder", "note": "Faldt ned"}
    assert draft.data["after_ms"] == 3000
    assert "Leder" not in str(draft.data)
