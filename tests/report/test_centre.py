"""An alarm centre's list beside ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alarmbro.report.account import Signal
from alarmbro.report.centre import UnreadableError, beside, compare, signals_of

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
        "Konto;Tidspunkt;Zonenummer\r4711;23-11-2026 kl. 09.00.05;Zone 1\r",
        '\n"Tid";"Zone"\n"2026-11-23 09:00:05";"1"\0\n',
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
        ("", "`tid` .* and `zone`; it has nothing"),
        ("Tekst;Nummer\nx;1", "`tid` .* and `zone`; it has Tekst, Nummer"),
        ("tid;tekst\n23-11-2026 09:00;x", "no column `zone`; it has tid, tekst"),
        ("tid;zone\n23-11-2026 09:00;1\n\nfor lidt siden;1", "line 4 .* 'for lidt siden'"),
        ("dato;zone\n2026-11-23;1", "line 2 .* '2026-11-23'"),
        ("tid;zone\n23-11-2026 09:00;" + "1" * 200_000, "no CSV"),
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


def test_what_lies_outside_their_list_is_set_apart_and_named() -> None:
    """A list of one day says nothing about the rest of the year; nor may a centre that went silent look well."""
    theirs = [Signal(AT, "1")]
    found = beside(ours(0, 60, 60 * 24 * 30), theirs, 2026, ZONE)
    assert found.agreed == 1
    assert [each.what for each in found.only_ours] == ["hus-1"]
    assert [each.what for each in found.outside] == ["hus-2"]
    assert found.differs


def test_a_list_without_a_signal_agrees_with_nothing() -> None:
    """All of ours are named."""
    found = beside(ours(0, 60), [], 2026, ZONE)
    assert [each.what for each in found.only_ours] == ["hus-0", "hus-1"]


def test_their_signals_of_other_years_are_not_held_against_us() -> None:
    """A year ends at local midnight: 23:30 UTC on 31 December is the next one in Denmark."""
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    theirs = [Signal(at, "1") for at in (AT, AT.replace(year=2025), new_year)]
    found = beside(ours(0), theirs, 2026, ZONE)
    assert (found.agreed, found.differs) == (1, False)


@pytest.mark.parametrize(("mine", "other", "same"), [("7", "Zone 007", True), ("0", "", False), ("A", "a", True)])
def test_zones_are_compared_as_people_write_them(mine: str, other: str, same: bool) -> None:
    """Leading noughts and the word itself do not count; zone 0 is a zone."""
    assert bool(compare([Signal(AT, mine)], [Signal(AT, other)]).agreed) is same


def test_danish_letters_of_either_coding_come_through() -> None:
    """cp1252 is what older systems give."""
    text = "Klokkeslæt;Dato;Zone;Hændelse\n09.00.05;23-11-2026;1;Nødkald på Ærø"
    for coding in ("cp1252", "utf-8"):
        (signal,) = signals_of(text.encode(coding), ZONE)
        assert signal == Signal(AT + timedelta(seconds=5), "1", "Nødkald på Ærø")
