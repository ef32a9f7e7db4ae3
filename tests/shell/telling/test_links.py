"""The link to answer by: for those who may answer, where there is a page, and never a reason to wait."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from clocks import JumpingClock
from places import municipality
from running import until

from alarmbro.judgement.addressing.linking import link_of
from alarmbro.machine import link_key
from alarmbro.model.alarm import Alarm, Fault
from alarmbro.model.configuration import Configuration, Web
from alarmbro.shell.telling.links import Links

PAGE = "https://alarm.example"


def town(page: str | None = PAGE) -> Configuration:
    """Give the municipality with a page, where only the manager answers."""
    plain = municipality()
    people = {name: replace(each, acknowledges=name == "leder") for name, each in plain.recipients.items()}
    return replace(plain, recipients=people, web=Web(public_url=page))


def alarm() -> Alarm:
    now = JumpingClock().now()
    return Alarm("vraa-1", "vraa", "lommy-1", now, begun=now)


def test_whoever_may_answer_gets_a_link_that_the_page_knows(tmp_path: Path) -> None:
    """The page reads the same key from the same folder."""
    links = Links(town(), tmp_path)
    assert links.of(alarm(), "leder") == "", "the key is not there yet"
    links.adopt(town())
    link = until(lambda: links.of(alarm(), "leder"))
    key = link_key.read(tmp_path)
    assert key is not None
    assert link == link_of(key, PAGE, "vraa-1", "leder")
    assert links.of(alarm(), "serviceteam") == ""
    assert links.of(alarm(), "gone") == ""
    assert links.of(Fault("x/y", "", "", JumpingClock().now()), "leder") == ""


def test_without_a_page_there_is_no_link_and_no_key(tmp_path: Path) -> None:
    """Nothing is written that nobody needs."""
    links = Links(town(None), tmp_path)
    links.adopt(town(None))
    assert links.of(alarm(), "leder") == ""
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_cannot_be_kept_leaves_messages_without_a_link(tmp_path: Path) -> None:
    """They leave all the same."""
    links = Links(town(), tmp_path / "nowhere")
    links.adopt(town())
    assert links.of(alarm(), "leder") == ""
