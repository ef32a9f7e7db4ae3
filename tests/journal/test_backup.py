"""A copy of the journal is whole or is not there, and a restore never costs what was there."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from clocks import JumpingClock

from alarmbro.clock import SystemClock
from alarmbro.journal import Journal, Reader
from alarmbro.journal.backup import prune, restore, take, take_into
from alarmbro.journal.file.lock import hold
from alarmbro.journal.file.rows import Appender
from alarmbro.journal.file.storage import FILE_NAME, MIGRATIONS, open_for_writing
from alarmbro.model.errors import JournalError, MachineError
from alarmbro.model.record import Draft, RecordType

CLOCK = JumpingClock()
NOW = datetime(2026, 11, 23, 9, 12, 4, tzinfo=UTC)


def write(connection: sqlite3.Connection, records: int) -> None:
    """Append so many records."""
    connection.execute("BEGIN IMMEDIATE")
    appender = Appender(connection)
    for _ in range(records):
        appender.append(Draft(RecordType.TRIAL, CLOCK.now(), recipient="leder", personal={"by": "Vagten"}))
    appender.keep_head()
    connection.execute("COMMIT")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Give a state folder with a journal of five records."""
    state = tmp_path / "state"
    state.mkdir()
    with closing(open_for_writing(state / FILE_NAME)) as connection:
        write(connection, 5)
    return state


@pytest.fixture
def writing(state: Path) -> Iterator[sqlite3.Connection]:
    """Give the connection of whoever writes the journal."""
    with closing(open_for_writing(state / FILE_NAME)) as connection:
        yield connection


def verdict(path: Path) -> tuple[bool, int]:
    with Reader(path) as reader:
        found = reader.verify()
    return found.whole, found.records


def spoil(path: Path) -> None:
    """Change a record, as somebody with an editor would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE record SET recipient = 'anden' WHERE seq = 3")


def test_a_copy_beside_a_writer_has_all_that_was_committed(
    state: Path, writing: sqlite3.Connection, tmp_path: Path
) -> None:
    """What stands in the write-ahead log alone is in the copy; the copy is one file, for its owner."""
    write(writing, 7)
    copy = take(state / FILE_NAME, tmp_path / "copy.db")
    assert (copy.verdict.whole, copy.verdict.records) == (True, 12)
    assert verdict(copy.path) == (True, 12)
    assert copy.path.stat().st_mode & 0o777 == 0o600
    assert {each.name for each in tmp_path.iterdir()} == {"state", "copy.db"}


def test_what_is_not_committed_is_not_in_the_copy_and_does_not_hold_it_up(
    state: Path, writing: sqlite3.Connection, tmp_path: Path
) -> None:
    """The writer is in the middle of a transaction: neither waits for the other."""
    writing.execute("BEGIN IMMEDIATE")
    Appender(writing).append(Draft(RecordType.TRIAL, CLOCK.now()))
    assert take(state / FILE_NAME, tmp_path / "copy.db").verdict.records == 5
    writing.execute("COMMIT")


def test_the_copy_of_a_journal_that_was_changed_says_so_by_its_name(state: Path, tmp_path: Path) -> None:
    """It is kept, as evidence, and never takes the name of a good one."""
    good = take_into(state / FILE_NAME, tmp_path / "copies", NOW)
    spoil(state / FILE_NAME)
    copy = take_into(state / FILE_NAME, tmp_path / "copies", NOW)
    assert not copy.verdict.whole
    assert copy.path.name == "journal-20261123T091204Z.db.broken"
    assert verdict(good.path) == (True, 5)


def test_where_there_is_no_journal_nothing_is_left(tmp_path: Path) -> None:
    """Neither a file nor a part of one."""
    with pytest.raises(JournalError, match="no journal"):
        take(tmp_path / "journal.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_journal_is_not_copied(tmp_path: Path) -> None:
    """The error names it."""
    (tmp_path / "letter").write_text("Kære alle\n" * 1000, encoding="utf-8")
    with pytest.raises(JournalError, match="letter"):
        take(tmp_path / "letter", tmp_path / "copy.db")
    assert {each.name for each in tmp_path.iterdir()} == {"letter"}


def test_a_place_that_cannot_be_written_is_said(state: Path, tmp_path: Path) -> None:
    """With what to do."""
    with pytest.raises(JournalError, match="name another"):
        take(state / FILE_NAME, tmp_path / "nowhere" / "copy.db")
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="--folder"):
        take_into(state / FILE_NAME, tmp_path / "file" / "below", NOW)


def test_the_last_days_that_have_copies_are_kept(tmp_path: Path) -> None:
    """However long ago they are: a wrong clock costs none. Other files are left alone."""
    days = [NOW - timedelta(days=400 - number) for number in range(5)]
    names = [day.strftime("journal-%Y%m%dT%H%M%SZ.db") for day in days]
    names += [days[-1].strftime("journal-%Y%m%dT000000Z.db"), days[0].strftime("journal-%Y%m%dT%H%M%SZ.db.broken")]
    for name in [*names, "journal.db", "letter"]:
        (tmp_path / name).touch()
    gone = prune(tmp_path, 2)
    assert [path.name for path in gone] == names[:3]
    assert {each.name for each in tmp_path.iterdir()} == {*names[3:], "journal.db", "letter"}


def test_a_restored_journal_is_the_copy_and_the_other_is_kept(state: Path, tmp_path: Path) -> None:
    """The daemon goes on with it; what was there before is beside it, with all that it had."""
    copy = take(state / FILE_NAME, tmp_path / "copy.db").path
    with closing(open_for_writing(state / FILE_NAME)) as connection:
        write(connection, 3)
    done = restore(copy, state, NOW)
    assert done.aside is not None
    assert "before-restore" in done.aside.name
    assert verdict(done.aside) == (True, 8)
    assert verdict(state / FILE_NAME) == (True, 5)
    assert (state / FILE_NAME).stat().st_mode & 0o777 == 0o640
    journal = Journal(state / FILE_NAME, SystemClock(), lambda trouble: pytest.fail(str(trouble)))
    journal.open()
    journal.start()
    journal.stop()
    assert verdict(state / FILE_NAME) == (True, 5)


def test_the_log_of_a_killed_daemon_is_not_played_onto_the_copy(state: Path, tmp_path: Path) -> None:
    """A write-ahead log that was left goes aside with its journal."""
    copy = take(state / FILE_NAME, tmp_path / "copy.db").path
    killed = tmp_path / "killed"
    with closing(open_for_writing(state / FILE_NAME)) as connection:
        write(connection, 4)
        killed.mkdir()
        for name in (FILE_NAME, f"{FILE_NAME}-wal"):
            (killed / name).write_bytes((state / name).read_bytes())
    done = restore(copy, killed, NOW)
    assert verdict(killed / FILE_NAME) == (True, 5)
    assert done.aside is not None
    assert verdict(done.aside) == (True, 9)


def test_a_journal_is_restored_where_there_is_none(state: Path, tmp_path: Path) -> None:
    """A new card: the folder is made, too."""
    copy = take(state / FILE_NAME, tmp_path / "copy.db").path
    assert restore(copy, tmp_path / "new", NOW).aside is None
    assert verdict(tmp_path / "new" / FILE_NAME) == (True, 5)


def test_nothing_is_restored_beside_a_daemon(state: Path, tmp_path: Path) -> None:
    """Two writers would corrupt it."""
    copy = take(state / FILE_NAME, tmp_path / "copy.db").path
    before = (state / FILE_NAME).read_bytes()
    with closing(hold(state)), pytest.raises(MachineError, match="stop it"):
        restore(copy, state, NOW)
    assert (state / FILE_NAME).read_bytes() == before


def _changed(copy: Path) -> None:
    spoil(copy)


def _cut_off(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[:5000])


def _newer(copy: Path) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")


def _letter(copy: Path) -> None:
    copy.write_text("Kære alle\n" * 1000, encoding="utf-8")


@pytest.mark.parametrize("spoiling", [_changed, _cut_off, _newer, _letter])
def test_a_copy_that_is_not_whole_leaves_the_journal_as_it_is(state: Path, tmp_path: Path, spoiling: object) -> None:
    """Changed, cut off, of a newer alarmbro, or no journal at all: refused, and nothing is left behind."""
    copy = take(state / FILE_NAME, tmp_path / "copy.db").path
    assert callable(spoiling)
    spoiling(copy)
    before = (state / FILE_NAME).read_bytes()
    with pytest.raises(JournalError):
        restore(copy, state, NOW)
    assert (state / FILE_NAME).read_bytes() == before
    assert {each.name for each in state.iterdir()} == {FILE_NAME, "alarmbro.lock"}


def test_the_journal_itself_is_no_copy(state: Path) -> None:
    """Set aside and put back, it would be gone."""
    with pytest.raises(JournalError, match="itself"):
        restore(state / ".." / "state" / FILE_NAME, state, NOW)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_what_root_restores_is_the_daemons(state: Path, tmp_path: Path) -> None:
    """Or the daemon could not write it."""
    copy = take(state / FILE_NAME, tmp_path / "copy.db").path
    os.chown(state, 4242, 4343)
    restore(copy, state, NOW)
    status = (state / FILE_NAME).stat()
    assert (status.st_uid, status.st_gid) == (4242, 4343)
