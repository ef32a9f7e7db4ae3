"""A pendant's place goes into the message as a link with its age, stays personal, and never pretends to be fresh."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from clocks import JumpingClock
from hypothesis import given
from hypothesis import strategies as st
from places import municipality
from turning import Story

from alarmbro.judgement.words.facts import Facts
from alarmbro.judgement.words.wording import compose
from alarmbro.model.activation import Activation, Source
from alarmbro.model.configuration import Configuration, Language
from alarmbro.model.delivery import MessageKind
from alarmbro.model.position import Position, read
from alarmbro.model.record import RecordType
from alarmbro.shell.desk.inbox import Pressed, Written
from alarmbro.shell.listening.intake import draft_of

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
HERE = Position(57.46412, 9.98214, NOW - timedelta(minutes=3), 12.0)
MAP = "https://www.openstreetmap.org/?mlat=57.46412&mlon=9.98214#map=17/57.46412/9.98214"


def body(position: Position | None, configuration: Configuration | None = None) -> str:
    """Give the long form of an alarm."""
    facts = Facts(now=NOW, alarm="vraa-1", site="Vrå Bibliotek", device="Lommy 1", received=NOW, position=position)
    return compose(MessageKind.ALARM, facts, configuration or municipality()).body


def test_an_alarm_says_where_the_pendant_was_and_how_old_that_is() -> None:
    """A link that any telephone opens."""
    assert f"Position: {MAP} (fundet kl. 10.09, 3 min. gammel)" in body(HERE)
    english = municipality(language=Language.ENGLISH)
    assert f"Position: {MAP} (found at 10:09, 3 min old)" in body(HERE, english)
    assert "Position" not in body(None)


def test_a_place_whose_time_is_unknown_or_to_come_says_so() -> None:
    """A clock that is wrong makes no place fresh."""
    for at in (None, NOW + timedelta(minutes=10)):
        assert f"{MAP} (ukendt alder: måske et gammelt sted)" in body(replace(HERE, at=at))


def test_an_old_place_is_told_as_old() -> None:
    """With its date."""
    assert "kl. 10.12 d. 20.11.2026, 3 døgn gammel" in body(replace(HERE, at=NOW - timedelta(days=3)))


@given(
    st.floats(-90, 90), st.floats(-180, 180), st.none() | st.datetimes(timezones=st.just(UTC)),
    st.none() | st.floats(0, 1e6),
)  # fmt: skip
def test_the_journal_gives_back_what_it_was_given(
    latitude: float, longitude: float, at: datetime | None, accuracy: float | None
) -> None:
    """To a tenth of a metre, and a millisecond."""
    found = read(Position(latitude, longitude, at, accuracy).written())
    assert found is not None
    assert abs(found.latitude - latitude) < 1e-6
    assert abs(found.longitude - longitude) < 1e-6
    assert (found.at is None) == (at is None)
    assert (found.accuracy_m is None) == (accuracy is None)


@given(st.text())
def test_whatever_stands_there_is_a_place_or_none(text: str) -> None:
    """A record that was made by another version."""
    read(text)


def test_a_place_is_personal_and_outlives_a_restart() -> None:
    """It goes where names go, after their time; until then a message that is told again has it."""
    story = Story(municipality(), JumpingClock())
    press = Pressed(activation := Activation(
        "k1", "vraa", "lommy-1", story.clock.now(), Source.MQTT, position=HERE
    ), draft_of(activation))  # fmt: skip
    story.turn.take(press)
    story.turn.take(Written(press, repeat=False))
    story.turn.settle()
    (raised,) = story.records(RecordType.RAISED)
    assert raised.personal == {"position": HERE.written()}
    assert "57.46" not in str(raised.data)
    assert story.ledger.alarms["vraa-1"].position == HERE
