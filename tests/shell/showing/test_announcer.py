"""What machines and lights are shown of an alarm's life."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from clocks import JumpingClock
from turning import Story

from alarmbro.model.alarm import Feedback
from alarmbro.shell.showing.announcer import Announcer


class Listening:
    """An outlet and a light that remember."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.shown: list[tuple[str, str, str, Feedback]] = []
        self.statuses: list[Mapping[str, Any]] = []

    def announce(self, topic_tail: str, payload: str, *, retain: bool = False) -> None:
        assert not retain
        self.said.append((topic_tail, payload))

    def announce_status(self, payload: Mapping[str, Any]) -> None:
        self.statuses.append(payload)

    def show(self, site: str, device: str, alarm: str, feedback: Feedback) -> None:
        self.shown.append((site, device, alarm, feedback))

    def feedback(self) -> list[str]:
        """Give what the device was told since the last time, repeats left out."""
        words = [payload for topic, payload in self.said if topic.endswith("/feedback")]
        self.said = [each for each in self.said if not each[0].endswith("/feedback")]
        return [word for number, word in enumerate(words) if number == 0 or words[number - 1] != word]

    def alarms(self) -> list[dict[str, Any]]:
        return [json.loads(payload) for topic, payload in self.said if topic.startswith("alarm/")]


class Announced(Story):
    """A story that somebody listens to."""

    def begin(self) -> None:
        super().begin()
        self.listening = Listening()
        self.announcer = Announcer(self.configuration, self.ledger, lambda site: {"site": site})
        self.announcer.outlets = {"hirtshals": self.listening}
        self.announcer.lights = self.listening
        self.turn._recorder.announce = self.announcer.record
        self.announcer.resume()

    def settle(self) -> float:
        rest_s = super().settle()
        return min(rest_s, self.announcer.publish(self.clock.now()))


def test_the_one_who_pressed_sees_each_turn_of_the_matter() -> None:
    """Received, told, somebody comes, raised again, over: on the device's topic and by its light."""
    story = Announced()
    story.press()
    assert story.listening.feedback() == ["received", "told"]
    story.ack()
    assert story.listening.feedback() == ["acknowledged"]
    story.press()
    assert story.listening.feedback() == ["received", "told"]
    story.close()
    assert story.listening.feedback() == ["closed"]
    assert [each[3] for each in story.listening.shown][-1] is Feedback.CLOSED
    assert {each[:3] for each in story.listening.shown} == {("hirtshals", "lokale-1", "hirtshals-1")}


def test_where_nobody_could_be_told_the_site_reads_that_it_must_ring_112() -> None:
    """By the light, on the device's topic, and in words on the alarm's."""
    story = Announced()
    story.dead = set(story.configuration.recipients)
    story.press()
    story.forward(30)
    assert story.listening.feedback() == ["received", "nobody_told"]
    last = story.listening.alarms()[-1]
    assert last["nobody_told"] is True
    assert "112" in last["words"]
    story.dead = set()
    story.forward(31)
    assert story.listening.feedback()[-1:] == ["told"]
    assert "words" not in story.listening.alarms()[-1]


def test_the_alarms_topic_says_who_is_on_the_way_and_how_it_ended() -> None:
    """Codes, times and the names that were given, for a screen at the site."""
    story = Announced()
    story.press()
    story.forward(12)
    story.ack(by="Serviceteam")
    story.close(by="Leder")
    views = story.listening.alarms()
    coming = next(view for view in views if view["state"] == "acknowledged")
    assert [(each["by"], each["recipient"], each["after_ms"]) for each in coming["acknowledged"]] == [
        ("Serviceteam", "serviceteam", 12_000)
    ]
    assert (views[-1]["state"], views[-1]["outcome"], views[-1]["open"]) == ("closed", "real", False)


def test_after_a_restart_the_lights_show_what_they_showed() -> None:
    """The one under the desk must not think that it is over."""
    story = Announced()
    story.press("hirtshals/lokale-1")
    story.press("hirtshals/lokale-2")
    story.ack("hirtshals-2")
    story.begin()
    assert {each[1]: each[3] for each in story.listening.shown} == {
        "lokale-1": Feedback.TOLD,
        "lokale-2": Feedback.ACKNOWLEDGED,
    }


def test_the_status_of_a_site_is_published_at_most_once_a_second() -> None:
    """However much happens."""
    story = Announced(clock=JumpingClock())
    story.press()
    assert len(story.listening.statuses) == 1
    story.clock.forward(0.25)
    story.ack()
    assert story.announcer.publish(story.clock.now()) == 0.75
    assert len(story.listening.statuses) == 1


def test_each_sites_status_goes_out_daily_whatever_the_others_do() -> None:
    """It carries the journal's head: whoever keeps it elsewhere has one of each day, of quiet sites too."""
    story = Announced(clock=JumpingClock())
    quiet = Listening()
    story.announcer.outlets["vraa"] = quiet
    story.announcer.resume()
    story.settle()
    assert len(quiet.statuses) == 1
    for _ in range(3):
        story.forward(30_000)  # less than a day: the other site's presses are no news to this one
        story.press()
    assert len(quiet.statuses) == 2
    story.forward(86_400)
    story.settle()
    assert len(quiet.statuses) == 3
