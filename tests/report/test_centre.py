"""An alarm centre's list beside ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alarmbro.report.account import Signal
from alarmbro.report.centre import UnreadableError, compare, day_of, signals_of

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ZONE = "Europe/Copenhagen"


def ours(*minutes: float, zone: str = "1") -> list[Signal]:
    return [Signal(AT + timedelta(minutes=each), zone, f"hus-{number}") for number, each in enumerate(minutes)]


@pytest.mark.parametrize(
    "text",
    [
        "Tidspunkt;Zone;Tekst\r\n23-11-2026 09:00:05;1;Overfald",
        "Dato;Tid;Zone;Hændelse\n23.11.2026;09:00:05;01;Overfald",
        "time,zone,event\n2026-11-23T09:00:05,1,PA",
        "zone\ttimestamp\n001\t2026-11-23 09:00:05",
        "ZONE;TID\n1;2026-11-23T08:00:05Z",
    ],
)
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_lists_that_centres_give_are_understood(text: str, coding: str) -> None:
    """Danish and English heads in any order, the usual separators, local times, either coding."""
    (signal,) = signals_of(text.encode(coding), ZONE)
    assert signal.at == AT + timedelta(seconds=5)
    assert not compare(ours(0), [signal]).differs


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it has nothing"),
        ("Tekst;Nummer\nx;1", "it has Tekst, Nummer"),
        ("tid;tekst\n23-11-2026 09:00;x", "it has tid, tekst"),
        ("tid;zone\nfor lidt siden;1", "line 2 .* 'for lidt siden'"),
    ],
)
def test_a_list_that_is_not_understood_says_what_is_missing(text: str, why: str) -> None:
    """And what there is instead."""
    with pytest.raises(UnreadableError, match=why):
        signals_of(text.encode(), ZONE)


def test_each_that_differs_is_named() -> None:
    """Ours that they lack, theirs that we lack, and clocks that are apart."""
    theirs = [
        Signal(AT, "1"), Signal(AT + timedelta(minutes=10, seconds=45), "01"), Signal(AT + timedelta(minutes=20), "2"),
    ]  # fmt: skip
    found = compare(ours(0, 10, 30), theirs)
    assert found.agreed == 1
    assert [each.what for each in found.only_ours] == ["hus-2"]
    assert [each.zone for each in found.only_theirs] == ["2"]
    assert [(a.what, b.zone) for a, b in found.apart] == [("hus-1", "01")]


def test_two_signals_of_ours_are_not_one_of_theirs() -> None:
    """One to one, the nearest first."""
    found = compare(ours(0, 1), [Signal(AT + timedelta(seconds=50), "1")])
    assert [each.what for each in found.only_ours] == ["hus-0"]


def test_what_lies_outside_their_list_is_not_held_against_it() -> None:
    """A list of one day says nothing about the rest of the year."""
    theirs = [Signal(AT, "1")]
    assert day_of(ours(0, 60 * 24 * 30), theirs) == ours(0)
    assert day_of(ours(0), []) == ours(0)
