"""What people and machines write, and what it means."""

from __future__ import annotations

from typing import Any

import pytest
from clocks import JumpingClock
from places import municipality

from alarmbro.control.protocol import WordsError
from alarmbro.model.activation import Acknowledgement, Close, Source
from alarmbro.model.alarm import Closing
from alarmbro.model.errors import RefusedError
from alarmbro.shell.asking.requests import TEXT_LIMIT, Requests

CLOCK = JumpingClock()
REQUESTS = Requests(municipality(serve=("hirtshals",)), CLOCK, lambda: "key")


def test_an_acknowledgement_names_its_alarm_in_any_case() -> None:
    """People read the number from a message and type it as they like; whoever asks is the one who comes."""
    asked = {"do": "ack", "alarm": " HIRTSHALS-1 "}
    expected = Acknowledgement(CLOCK.now(), Source.COMMAND, "hirtshals-1", by="vagt")
    assert REQUESTS.answer(asked, "vagt", Source.COMMAND) == expected
    named = REQUESTS.answer(asked | {"by": "Serviceteam"}, "vagt", Source.MQTT, "hirtshals")
    assert (named.by, named.site) == ("Serviceteam", "hirtshals")


def test_a_close_has_an_outcome_and_perhaps_a_note() -> None:
    """The note is cut to what a person would write."""
    asked = {"do": "close", "alarm": "hirtshals-1", "outcome": "false_alarm", "note": "x" * 9999}
    answer = REQUESTS.answer(asked, "", Source.COMMAND)
    assert isinstance(answer, Close)
    assert (answer.outcome, len(answer.note)) == (Closing.FALSE_ALARM, TEXT_LIMIT)


@pytest.mark.parametrize(
    "asked",
    [
        {"do": "ack"},
        {"do": "ack", "alarm": ""},
        {"do": "ack", "alarm": 7},
        {"do": "close", "alarm": "hirtshals-1"},
        {"do": "close", "alarm": "hirtshals-1", "outcome": "andet"},
        {"do": "close", "alarm": "hirtshals-1", "outcome": ["real"]},
    ],
)
def test_what_is_not_understood_says_what_would_be(asked: dict[str, Any]) -> None:
    """A word that is missing or wrong is told with those that are right."""
    with pytest.raises(WordsError, match="must be"):
        REQUESTS.answer(asked, "", Source.COMMAND)


def test_a_device_of_another_machine_is_refused_and_one_that_is_none_is_named_with_its_neighbour() -> None:
    """A typing error must not end in silence."""
    with pytest.raises(RefusedError, match="not served by this machine"):
        REQUESTS.device({"device": "vraa/lommy-1"})
    with pytest.raises(WordsError, match="did you mean 'hirtshals/lokale-1'"):
        REQUESTS.device({"device": "hirtshals/lokale1"})
    with pytest.raises(WordsError, match="there is no recipient 'leeder'; did you mean 'leder'"):
        REQUESTS.recipient({"recipient": "leeder"})
