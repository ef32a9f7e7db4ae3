"""What a press would lead to, told beforehand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from clocks import JumpingClock
from places import aftercare, municipality

from alarmbro.judgement.course.timeline import Part, Telling, foretell
from alarmbro.model.configuration import Configuration
from alarmbro.model.level import Level
from alarmbro.model.route import Aftercare, Duty, InTest
from alarmbro.model.site import Hold

NOW = JumpingClock().now()


def told(configuration: Configuration, part: Part, device: str = "lokale-1") -> list[Telling]:
    place = configuration.sites["hirtshals"].devices[device]
    return [each for each in foretell(configuration, place, NOW, test=False) if each.part is part]


def test_from_the_press_on_everything_stands_in_its_time() -> None:
    """Steps, what happens where nobody can be told, and the repeat, each with who and in what words."""
    tellings = told(municipality(), Part.PRESSED)
    assert [(each.after_s, each.kind.value, [one.id for one in each.recipients]) for each in tellings] == [
        (0, "alarm", ["redningsringen", "serviceteam"]),
        (30, "no_one_told", ["teknik"]),
        (60, "escalated", ["leder"]),
        (180, "escalated", ["kontorchef"]),
        (300, "repeated", ["kontorchef"]),
    ]
    assert [each.unless_told for each in tellings] == [False, True, False, False, False]
    assert tellings[-1].every_s == 120
    assert tellings[2].message.short.startswith("INGEN HAR SVARET i 1 min.")


def test_after_an_answer_it_says_who_hears_when_it_is_asked_for_and_when_it_is_raised_again() -> None:
    """The whole life of an alarm that somebody takes and nobody closes."""
    tellings = told(municipality(), Part.ANSWERED)
    assert [(each.after_s, each.kind.value, len(each.recipients)) for each in tellings] == [
        (0, "acknowledged", 2), (600, "reminded", 1), (1200, "lapsed", 2)
    ]  # fmt: skip
    assert "12 s" in tellings[0].message.short


def test_at_the_close_each_outcome_has_its_words_and_the_list_comes_last() -> None:
    """And without a list there is none."""
    care = aftercare(Aftercare(1800.0, ("leder",), (Duty("Lad ikke den ramte være alene"),)))
    kinds = [each.kind.value for each in told(municipality(), Part.CLOSED)]
    assert kinds == ["closed_real", "closed_false_alarm", "closed_test"]
    last = told(care, Part.CLOSED)[-1]
    assert (last.kind.value, last.after_s, [each.id for each in last.recipients]) == ("aftercare", 1800.0, ["leder"])
    assert "1. Lad ikke den ramte være alene." in last.message.body


@pytest.mark.parametrize("change", [{"in_test": InTest.WITHHOLD}, {"alarm_centre": True}])
def test_a_test_has_its_first_step_alone_and_says_who_is_not_told_of_it(change: dict[str, Any]) -> None:
    """Nothing follows from a test; an alarm centre is told only while somebody has put it on test."""
    centre = replace(municipality().recipients["redningsringen"], **change)
    configuration = municipality(recipients={**municipality().recipients, "redningsringen": centre})
    device = configuration.sites["hirtshals"].devices["lokale-1"]
    tellings = foretell(configuration, device, NOW, test=True)
    assert [each.kind.value for each in tellings] == ["test_alarm"]
    assert [each.id for each in tellings[0].withheld] == ["redningsringen"]


def test_a_button_that_is_held_has_a_second_timeline() -> None:
    """The route and the words of its other level."""
    configuration = municipality()
    device = configuration.sites["hirtshals"].devices["lokale-1"]
    held = replace(device, level=Level.HELP, hold=Hold(2.0, Level.ASSAULT, "bibliotek"))
    devices = {"lokale-1": held}
    site = replace(configuration.sites["hirtshals"], devices=devices)
    configuration = replace(configuration, sites={"hirtshals": site}, serve=("hirtshals",))
    own = foretell(configuration, held, NOW, test=False)
    longer = foretell(configuration, held, NOW, test=False, level=Level.ASSAULT)
    assert own[0].message.short.startswith("HJÆLPEKALD")
    assert longer[0].message.short.startswith("OVERFALDSALARM")
