"""Targets of codes are owed what they can say, and nothing else: a wrong code sends people out, or keeps them away."""

from __future__ import annotations

import pytest
from clocks import JumpingClock
from places import municipality, recipient
from turning import Story

from alarmbro.judgement.addressing.coded import SAYS, can_be_told, can_say
from alarmbro.model.alarm import Closing
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import CALLS, MessageKind

CENTRE = recipient("redningsringen", "sia://1234@centre.example", fallback=("json://127.0.0.1:9/sms",))


def with_centre() -> Configuration:
    whole = municipality()
    return municipality(recipients={**whole.recipients, "redningsringen": CENTRE})


@pytest.mark.parametrize("scheme", SAYS)
@pytest.mark.parametrize("kind", sorted(CALLS))
def test_every_target_can_be_called(scheme: str, kind: MessageKind) -> None:
    """Whatever it speaks."""
    assert can_say(recipient("x", f"{scheme}://x").targets[0], kind)


def test_a_target_of_words_can_say_everything() -> None:
    """And a recipient can be told what any of its addresses can say."""
    siren = recipient("y", "relay://17", "json://127.0.0.1:9/y")
    assert all(can_be_told(siren, kind) for kind in MessageKind)
    assert not can_say(siren.targets[0], MessageKind.ACKNOWLEDGED)


def test_a_centre_is_told_of_the_alarm_and_its_end_and_not_who_is_on_the_way() -> None:
    """Nor is its fallback used for what the code cannot say: nothing has failed."""
    story = Story(with_centre(), JumpingClock())
    story.press("hirtshals/lokale-1")
    assert ("redningsringen", "alarm") in story.heard()
    story.ack("hirtshals-1", by="leder")
    told = story.heard()
    assert ("redningsringen", "acknowledged") not in told
    assert ("serviceteam", "acknowledged") in told
    story.forward(45)
    assert [name for name, _ in story.heard() if name == "redningsringen"] == []
    story.close("hirtshals-1", Closing.REAL)
    assert ("redningsringen", "closed_real") in story.heard()


def test_an_alarm_that_a_centre_could_not_be_told_of_goes_to_its_fallback() -> None:
    """As ever."""
    story = Story(with_centre(), JumpingClock())
    story.dead.add("redningsringen/1")
    story.press("hirtshals/lokale-1")
    story.forward(31)
    assert ("redningsringen", "alarm") in story.heard()
