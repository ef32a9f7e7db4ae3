"""The journal's file is put in order when no press waits for the disk."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from clocks import JumpingClock
from running import until

from alarmbro.clock import SystemClock
from alarmbro.journal import Journal, Reader
from alarmbro.journal.file.storage import BUSY_MS, open_for_writing
from alarmbro.journal.writing.folding import AT_MOST, EMPTY_AGAIN_S, REST_S, WORTH_IT, Folding
from alarmbro.model.record import Draft, RecordType


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_for_writing(path)
    yield connection
    connection.close()


def fill(connection: sqlite3.Connection) -> None:
    """Commit more than SQLite would leave in the -wal file by itself."""
    connection.execute("CREATE TABLE filling (text TEXT)")
    for _ in range(300):
        connection.execute("INSERT INTO filling VALUES (?)", ("x" * 16_000,))


def test_no_commit_pays_for_putting_the_file_in_order(connection: sqlite3.Connection, path: Path) -> None:
    """However much waits in the -wal file, it stays there until it is asked for."""
    before = path.stat().st_size
    fill(connection)
    assert path.stat().st_size == before
    Folding().fold(connection)
    assert path.stat().st_size > before + 300 * 16_000


def test_it_is_not_done_for_a_few_records_nor_put_off_for_ever(connection: sqlite3.Connection, path: Path) -> None:
    """Worth it from some number on, after a rest; without one at the most."""
    folding = Folding()
    fill(connection)
    before = path.stat().st_size
    folding.add(connection, WORTH_IT - 1)
    assert folding.rest_s is None
    folding.add(connection, 1)
    assert folding.rest_s == REST_S
    assert path.stat().st_size == before
    folding.add(connection, AT_MOST)
    assert path.stat().st_size > before
    assert folding.rest_s is None


def test_a_disk_that_does_not_let_us_is_no_fault_of_the_record(path: Path) -> None:
    """What is committed is safe where it is: the next rest tries again."""
    connection = open_for_writing(path)
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError):
        connection.execute("SELECT 1")
    Folding().fold(connection)


def test_a_reader_in_the_way_of_emptying_is_not_waited_for(connection: sqlite3.Connection, path: Path) -> None:
    """What was removed leaves the -wal file once it has gone; until then it is tried again and again."""
    folding, wal = Folding(), path.with_name("journal.db-wal")
    fill(connection)
    with Reader(path) as reader:
        rows = reader.rows()
        for seq in (1, 2, 3):
            connection.execute(
                "INSERT INTO record SELECT ?, '', '', 0, '', '', '', '', '', '', '', '', NULL, ''", (seq,)
            )
        next(rows)
        connection.execute("INSERT INTO filling VALUES ('more')")
        begun = time.monotonic()
        folding.empty(connection)
        assert time.monotonic() - begun < BUSY_MS / 1000 / 2
        assert folding.rest_s == EMPTY_AGAIN_S
        list(rows)
    folding.fold(connection)
    assert wal.stat().st_size == 0
    assert folding.rest_s is None


def test_the_writer_does_it_when_nothing_comes(path: Path) -> None:
    """After a rest the journal's own file has all records; a reader beside it sees the same before and after."""
    journal = Journal(path, SystemClock(), lambda _: None)
    journal.open()
    journal.start()
    before = path.stat().st_size
    now = JumpingClock().now()
    journal.write([Draft(RecordType.STARTED, now, data={"n": number}) for number in range(WORTH_IT)])
    with Reader(path) as reader:
        until(lambda: len(list(reader.records())) == WORTH_IT)
    until(lambda: path.stat().st_size > before)
    with Reader(path) as reader:
        assert reader.verify().whole
        assert len(list(reader.records())) == WORTH_IT
    assert journal.stop()
