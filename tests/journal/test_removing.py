"""Names go after their time; the chain stays whole, and what went is on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from clocks import JumpingClock
from running import until
from turning import Story

from alarmbro.clock import SystemClock
from alarmbro.journal import Journal, Reader
from alarmbro.journal.exporting import lines, verify
from alarmbro.journal.removing import AT_ONCE
from alarmbro.judgement.ledger import Ledger
from alarmbro.model.record import Draft, Record, RecordType

CLOCK = JumpingClock()
OLD, NEW = CLOCK.now(), CLOCK.forward(86400 * 400)
BETWEEN = OLD.utc + timedelta(days=200)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.db", SystemClock(), lambda _: None)
    journal.open()
    journal.start()
    yield journal
    journal.stop()


def records(journal: Journal) -> list[Record]:
    with Reader(journal.path) as reader:
        return list(reader.records())


def removed(journal: Journal) -> list[Draft]:
    return [each.draft for each in records(journal) if each.draft.type is RecordType.REMOVED]


def alarm(name: str, *, settled: bool) -> list[Draft]:
    """Give an alarm of long ago that somebody took."""
    raised = Draft(RecordType.RAISED, OLD, "hus", "knap", name, data={"number": 1, "message": "alarm", "notice": 1})
    taken = Draft(RecordType.ACKNOWLEDGED, OLD, "hus", "knap", name, data={}, personal={"by": "Hemmelig Person"})
    ended = Draft(RecordType.CLOSED, OLD, "hus", "knap", name, data={"outcome": "real"}, personal={"note": "slog ud"})
    return [raised, taken, ended, Draft(RecordType.SETTLED, OLD, "hus", "knap", name)] if settled else [raised, taken]


def test_old_names_go_and_the_chain_stays_whole(journal: Journal) -> None:
    """Not a byte of them is left in the file; what went is counted by kind."""
    journal.write([*alarm("hus-1", settled=True), Draft(RecordType.TRIAL, NEW, personal={"by": "Ny Person"})])
    journal.remove(BETWEEN)
    until(lambda: removed(journal))
    until(lambda: journal.path.with_name("journal.db-wal").stat().st_size == 0)
    (note,) = removed(journal)
    assert note.data["records"] == 2
    assert note.data["fields"] == {"by": 1, "note": 1}
    assert [each.draft.personal for each in records(journal) if each.draft.personal] == [{"by": "Ny Person"}]
    for ending in ("", "-wal"):
        stored = journal.path.with_name(f"journal.db{ending}").read_bytes()
        assert b"Hemmelig" not in stored
        assert b"slog ud" not in stored
    with Reader(journal.path) as reader:
        assert reader.verify().whole
        assert verify(lines(reader.rows())).whole


def test_what_is_not_settled_keeps_its_names(journal: Journal) -> None:
    """However old: people still have to be told who is on the way."""
    journal.write([*alarm("hus-1", settled=False), Draft(RecordType.TRIAL, OLD, personal={"by": "Gammel"})])
    journal.remove(BETWEEN)
    until(lambda: removed(journal))
    assert [each.draft.personal for each in records(journal) if each.draft.personal] == [{"by": "Hemmelig Person"}]


def test_many_go_little_by_little_with_presses_between(journal: Journal) -> None:
    """A press does not wait for all of them."""
    journal.write([Draft(RecordType.TRIAL, OLD, personal={"by": f"Nr. {number}"}) for number in range(3 * AT_ONCE + 5)])
    journal.remove(BETWEEN)
    until(lambda: len(removed(journal)) == 4)
    assert [each.data["records"] for each in removed(journal)] == [AT_ONCE, AT_ONCE, AT_ONCE, 5]
    assert not [each for each in records(journal) if each.draft.personal]


def test_where_there_is_nothing_to_remove_nothing_is_said(journal: Journal) -> None:
    """A record a day would only fill the card."""
    journal.write([Draft(RecordType.STARTED, OLD)])
    journal.remove(BETWEEN)
    journal.write([Draft(RecordType.STOPPED, NEW)])
    until(lambda: len(records(journal)) == 2)
    assert not removed(journal)


def test_a_start_on_such_a_journal_knows_everything_else(journal: Journal) -> None:
    """An acknowledgement without a name is one all the same."""
    ledger = Ledger()
    nameless = [Draft(each.type, each.at, each.site, each.device, each.alarm, data=dict(each.data))
                for each in alarm("hus-1", settled=False)]  # fmt: skip
    nameless[1] = Draft(RecordType.ACKNOWLEDGED, OLD, "hus", "knap", "hus-1", data={"source": "command"})
    assert ledger.replay(nameless, ()) == ()
    assert ledger.alarms["hus-1"].acknowledged[0].by == ""


@pytest.mark.parametrize("trusted", [True, False])
def test_it_is_looked_at_daily_and_only_by_a_clock_that_can_be_trusted(trusted: bool) -> None:
    """A clock that is years ahead would remove what must be kept."""
    story = Story()
    story.trusted = trusted
    story.settle()
    story.forward(2 * 86400)
    assert len(story.journal.removals) == (3 if trusted else 0)
    if trusted:
        kept = story.clock.utc - story.journal.removals[-1]
        assert kept == timedelta(seconds=story.configuration.retention.personal_s)
