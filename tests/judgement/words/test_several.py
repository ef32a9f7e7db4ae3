"""One message of several alarms: each with its own words, in one SMS text as far as a place needs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from places import municipality

from alarmbro.judgement.words.facts import Facts
from alarmbro.judgement.words.wording import compose, compose_several
from alarmbro.model.delivery import Message, MessageKind, Urgency

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)


def several(number: int) -> Message:
    configuration = municipality()
    calls = [
        Facts(NOW, f"vraa-{each}", "Vrå Bibliotek", device=f"Lommy {each}", received=NOW, instruction="Bliv væk.")
        for each in range(1, number + 1)
    ]
    composed = [(compose(MessageKind.ALARM, each, configuration), each) for each in calls]
    return compose_several(composed, Facts(NOW), configuration)


@pytest.mark.parametrize("number", [2, 5, 100])
def test_each_alarm_keeps_its_number_its_place_and_its_words(number: int) -> None:
    """A person reads at once how many there are, and then each."""
    message = several(number)
    assert message.title == f"{number} ALARMER: Vrå Bibliotek"
    assert message.body.startswith(f"{number} ALARMER kl. 10.12.")
    for each in range(1, number + 1):
        assert f"OVERFALDSALARM vraa-{each} kl. 10.12: Vrå Bibliotek, Lommy {each}. Bliv væk." in message.body
        assert f"OVERFALDSALARM vraa-{each}: Vrå Bibliotek, Lommy {each}, kl. 10.12." in message.short
    assert message.urgency is Urgency.ALARM
    assert message.parts
