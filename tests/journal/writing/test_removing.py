"""Names go after their time; the chain stays whole, and what went is on record."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from clocks import JumpingClock
from running import until
from turning import Story

from alarmbro.journal import Journal, Reader
from alarmbro.journal.reading.exporting import lines, verify
from alarmbro.journal.writing.removing import AT_ONCE
from alarmbro.judgement.record.ledger import Ledger
from alarmbro.model.activation import Trouble
from alarmbro.model.moment import Moment
from alarmbro.model.record import Draft, Record, RecordType

CLOCK = JumpingClock()
OLD, NEW = CLOCK.now(), CLOCK.forward(86400 * 400)
BETWEEN = OLD.utc + timedelta(days=200)


@pytest.fixture
def told() -> list[Trouble]:
    return []


@pytest.fixture
def journal(tmp_path: Path, told: list[Trouble]) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.db", CLOCK, told.append)
    journal.open()
    journal.start()
    yield journal
    journal.stop()


def records(journal: Journal) -> list[Record]:
    with Reader(journal.path) as reader:
        return list(reader.records())


def named(journal: Journal) -> list[str]:
    """Give the names that are left, in the journal's order."""
    return [each.draft.personal["by"] for each in records(journal) if each.draft.personal]


def meddle(journal: Journal, statement: str) -> None:
    """Change the file as no alarmbro does."""
    with closing(sqlite3.connect(journal.path, isolation_level=None)) as connection:
        connection.execute(statement)


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


def test_the_press_of_an_alarm_that_is_not_settled_keeps_its_name(journal: Journal) -> None:
    """The press knows nothing of its alarm; one that nothing was decided about is to be decided yet."""
    for ref in ("open", "over", "undecided"):
        journal.write([Draft(RecordType.ACTIVATION, OLD, "hus", "knap", ref=ref, personal={"by": ref})])
    journal.write([Draft(RecordType.RAISED, OLD, "hus", "knap", "hus-1", ref="open")])
    journal.write([Draft(RecordType.JOINED, OLD, "hus", "knap", "hus-2", ref="over")])
    journal.write([Draft(RecordType.SETTLED, OLD, "hus", "knap", "hus-2"), Draft(RecordType.STARTED, NEW)])
    journal.remove(BETWEEN)
    until(lambda: removed(journal))
    assert named(journal) == ["open", "undecided"]


def test_a_round_keeps_its_names_until_it_is_settled_and_its_test_alarms_with_it(journal: Journal) -> None:
    """A test alarm is never settled by itself."""
    for round_, test in (("hus-1", "hus-2"), ("hus-3", "hus-4")):
        pressed = {"round": round_}
        journal.write([
            Draft(RecordType.TEST_STARTED, OLD, "hus", alarm=round_, personal={"by": round_}),
            Draft(RecordType.TEST_PRESSED, OLD, "hus", "knap", test, data=pressed, ref=test),
            Draft(RecordType.ACTIVATION, OLD, "hus", "knap", ref=test, personal={"by": test}),
            Draft(RecordType.ACKNOWLEDGED, OLD, "hus", "knap", test, personal={"by": test}),
        ])  # fmt: skip
    journal.write([Draft(RecordType.SETTLED, OLD, "hus", "", "hus-1"), Draft(RecordType.STARTED, NEW)])
    journal.remove(BETWEEN)
    until(lambda: removed(journal))
    assert named(journal) == ["hus-3", "hus-4", "hus-4"]


def test_what_was_settled_at_last_loses_its_names_on_another_day(journal: Journal) -> None:
    """What had to be left alone is looked at again."""
    journal.write([*alarm("hus-1", settled=False), Draft(RecordType.TRIAL, OLD, personal={"by": "Gammel"})])
    journal.write([Draft(RecordType.STARTED, NEW)])
    journal.remove(BETWEEN)
    until(lambda: removed(journal))
    journal.write([Draft(RecordType.SETTLED, NEW, "hus", "knap", "hus-1")])
    journal.remove(BETWEEN)
    until(lambda: len(removed(journal)) == 2)
    assert named(journal) == []


def test_a_press_by_a_clock_that_is_years_behind_keeps_its_name(journal: Journal) -> None:
    """A Pi that starts without a network has last year's time; what came before it in the journal shows that."""
    stale = Draft(RecordType.TRIAL, OLD, personal={"by": "Lige nu"})
    journal.write([Draft(RecordType.TRIAL, OLD, personal={"by": "Gammel"}), Draft(RecordType.STARTED, NEW), stale])
    journal.remove(BETWEEN)
    until(lambda: removed(journal))
    assert named(journal) == ["Lige nu"]


def test_in_a_new_journal_the_boots_own_clock_shows_what_is_young(journal: Journal) -> None:
    """Pressed a minute ago, when the clock was not yet set: nothing in the journal says so but how long we run."""
    just_now = Moment(NEW.boot, NEW.monotonic_s - 60, OLD.utc)
    before = Moment("another-boot", 0.0, OLD.utc)
    journal.write([Draft(RecordType.TRIAL, before, personal={"by": "Gammel"})])
    journal.write([Draft(RecordType.TRIAL, just_now, personal={"by": "Lige nu"})])
    journal.remove(BETWEEN)
    until(lambda: removed(journal))
    assert named(journal) == ["Lige nu"]


def test_a_clock_that_was_years_ahead_does_not_keep_names_for_ever(journal: Journal) -> None:
    """A time to come is none: such a record is as old as those around it."""
    ahead = Moment("another-boot", 0.0, NEW.utc + timedelta(days=9999))
    journal.write([Draft(RecordType.TRIAL, ahead, personal={"by": "Gammel"}), Draft(RecordType.STOPPED, OLD)])
    journal.write([Draft(RecordType.STARTED, NEW), Draft(RecordType.TRIAL, ahead, personal={"by": "Ny"})])
    journal.remove(BETWEEN)
    until(lambda: removed(journal))
    assert named(journal) == ["Ny"]


def test_a_value_that_somebody_changed_goes_too_and_stops_nothing(journal: Journal) -> None:
    """The record must be written whatever is in the file."""
    journal.write([Draft(RecordType.TRIAL, OLD, personal={"by": "Gammel"}), Draft(RecordType.STARTED, NEW)])
    until(lambda: len(records(journal)) == 2)
    meddle(journal, "UPDATE record SET personal = '[1' WHERE seq = 1")
    journal.remove(BETWEEN)
    until(lambda: journal.head[0] == 3)
    assert removed(journal)[0].data["fields"] == {"unreadable": 1}


def test_a_disk_that_does_not_let_names_go_is_no_fault_of_the_record(journal: Journal, told: list[Trouble]) -> None:
    """What comes is written as ever, nobody is called; the names go another day."""
    journal.write([Draft(RecordType.TRIAL, OLD, personal={"by": "Gammel"}), Draft(RecordType.STARTED, NEW)])
    until(lambda: len(records(journal)) == 2)
    meddle(journal, "CREATE TRIGGER full BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    journal.remove(BETWEEN)
    journal.write([Draft(RecordType.ACTIVATION, NEW, "hus", "knap", ref="press")], urgent=True)
    until(lambda: len(records(journal)) == 3)
    until(lambda: not journal._removing.under_way)
    assert (named(journal), told) == (["Gammel"], [])
    meddle(journal, "DROP TRIGGER full")
    journal.remove(BETWEEN)
    until(lambda: removed(journal))
    assert named(journal) == []


def test_a_press_goes_before_names_that_wait_to_go(journal: Journal) -> None:
    """However many there are: between two commits it is looked what has come."""
    journal.write([Draft(RecordType.TRIAL, OLD, personal={"by": "Gammel"}) for _ in range(8 * AT_ONCE)])
    journal.write([Draft(RecordType.STARTED, NEW)])
    until(lambda: len(records(journal)) == 8 * AT_ONCE + 1)
    journal.remove(BETWEEN)
    journal.write([Draft(RecordType.ACTIVATION, NEW, ref="press")], urgent=True)
    until(lambda: not named(journal))
    kinds = [each.draft.type for each in records(journal)]
    assert RecordType.REMOVED in kinds[kinds.index(RecordType.ACTIVATION) :]


def test_what_a_kill_left_in_the_wal_file_goes_with_the_next_look(journal: Journal) -> None:
    """Removed, and killed before the file was put in order: the names are still to go from it."""
    journal.write([Draft(RecordType.TRIAL, OLD, personal={"by": "Gammel"}), Draft(RecordType.STARTED, NEW)])
    until(lambda: len(records(journal)) == 2)
    meddle(journal, "UPDATE record SET personal = NULL")
    wal = journal.path.with_name("journal.db-wal")
    assert b"Gammel" in wal.read_bytes()
    journal.remove(BETWEEN)
    until(lambda: wal.stat().st_size == 0)
    assert b"Gammel" not in journal.path.read_bytes()


def test_a_start_takes_up_an_alarm_whose_names_are_gone(journal: Journal) -> None:
    """Removed by hand, or by another version: nothing may trip over a name that is not there."""
    press = Draft(
        RecordType.ACTIVATION, OLD, "hus", "knap", data={"source": "command"}, ref="a", personal={"by": "Vagten"}
    )
    journal.write([press, *alarm("hus-1", settled=False)])
    until(lambda: len(records(journal)) == 3)
    assert journal.stop()
    meddle(journal, "UPDATE record SET personal = NULL")
    again = Journal(journal.path, CLOCK, lambda _: None)
    remembered = again.open()
    again.start()
    ledger = Ledger()
    assert list(ledger.replay((each.draft for each in remembered.records), remembered.numbers)) == []
    assert [each.by for each in ledger.alarms["hus-1"].acknowledged] == [""]
    assert again.stop()
    with Reader(journal.path) as reader:
        assert reader.verify().whole


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
