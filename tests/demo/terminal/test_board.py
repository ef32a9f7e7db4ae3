"""Which messages are shown together."""

from __future__ import annotations

from datetime import UTC, datetime

from alarmbro.demo.receivers import Arrival
from alarmbro.demo.terminal.board import Board


def arrival(path: str, body: str, at_s: float) -> Arrival:
    """Give a message that arrived then."""
    return Arrival(path, "", body, at_s, datetime(2026, 11, 23, tzinfo=UTC))


def test_the_messages_of_a_step_are_shown_together() -> None:
    """Those that come within a moment of each other, once no more come."""
    board = Board(["vraa", "hirtshals"])
    board.add(arrival("leder", "OVERFALDSALARM vraa-1 kl. 09.15", 10.0))
    board.add(arrival("politi", "OVERFALDSALARM vraa-1 kl. 09.15", 10.2))
    assert board.take(10.4) == []
    (group,) = board.take(10.6)
    assert (group.alarm, [each.path for each in group.arrivals]) == ("vraa-1", ["leder", "politi"])
    assert board.take(99.0) == []


def test_two_alarms_are_shown_apart() -> None:
    """Also where one site's name is the beginning of another's."""
    board = Board(["vraa", "vraa-2"])
    board.add(arrival("leder", "OVERFALDSALARM vraa-2-1: Vrå", 10.0))
    board.add(arrival("leder", "OVERFALDSALARM vraa-2: Vrå", 10.0))
    assert {group.alarm for group in board.take(11.0)} == {"vraa-2-1", "vraa-2"}


def test_a_drip_of_messages_does_not_hold_the_first_back() -> None:
    """A second after the first message at the latest, all that came is shown."""
    board = Board(["vraa"])
    for number in range(6):
        board.add(arrival("leder", "vraa-1", 10.0 + number * 0.2))
    assert len(board.take(11.0)) == 1


def test_what_is_about_no_alarm_is_shown_too() -> None:
    """A fault or a trial message has no alarm's number."""
    board = Board(["vraa"])
    board.add(arrival("teknik", "FEJL kl. 09.15: MQTT-brokeren", 10.0))
    assert board.next_in_s(10.1) < 0.3
    assert [group.alarm for group in board.take(10.5)] == [""]
