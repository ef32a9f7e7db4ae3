"""Reads the record and proves it whole, read-only, in the caller's thread, beside a daemon that writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from alarmbro.journal.file.rows import Row, broken_seal, entry_of, record_of, select
from alarmbro.journal.file.storage import open_for_reading
from alarmbro.judgement.record.chain import GENESIS, link
from alarmbro.model.errors import JournalError
from alarmbro.model.moment import iso
from alarmbro.model.record import Record

# An alarm's records, and the presses that raised it or joined it: they know nothing of it, it knows them.
BY_ALARM = "(alarm = ? OR (ref <> '' AND ref IN (SELECT ref FROM record WHERE alarm = ?)))"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found: whole or not, how many records, its head, and where it breaks.

    `partial`: an export of one site's records, each proved by itself; that none is missing cannot be told.
    """

    whole: bool
    records: int
    head: str
    problem: str = ""
    seq: int | None = None
    partial: bool = False


class Reader:
    """A read-only view of the journal at `path`. Raise JournalError where there is none."""

    def __init__(self, path: Path) -> None:
        self._connection = open_for_reading(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def records(
        self,
        *,
        since: datetime | None = None,
        site: str | None = None,
        alarm: str | None = None,
        seq: int | None = None,
    ) -> Iterator[Record]:
        """Give records in order, narrowed by what is named. Raise JournalError where the file is damaged."""
        wishes = {"at >= ?": iso(since) if since else None, "site = ?": site, BY_ALARM: alarm, "seq = ?": seq}
        asked = {text: value for text, value in wishes.items() if value is not None}
        values = [value for text, value in asked.items() for _ in range(text.count("?"))]
        try:
            for row in select(self._connection, " AND ".join(asked) or "1", tuple(values)):
                yield record_of(row)
        except (sqlite3.Error, ValueError) as error:
            raise JournalError(f"the journal is damaged ({error}); run `alarmbro journal verify`") from error

    def rows(self) -> Iterator[Row]:
        """Give every row as it is stored, of one state of the journal: that in which the first was asked for.

        Raise JournalError where the file is damaged.
        """
        try:
            yield from select(self._connection)  # one statement sees one state, whatever is written meanwhile
        except sqlite3.Error as error:
            raise JournalError(f"the journal is damaged ({error}); run `alarmbro journal verify`") from error

    def verify(self, head: str | None = None) -> Verdict:
        """Follow the whole chain; where `head` is given, that hash must be in it (a record kept elsewhere)."""
        count, previous, seen = 0, GENESIS, head is None
        try:
            for row in select(self._connection):
                count += 1
                problem = _fault(row, count, previous)
                if problem:
                    return Verdict(False, count, previous, problem, row[0])
                previous = row[13]
                seen = seen or previous == head
            problem = self._missing_tail(count, previous) or self._damage()
        except (sqlite3.Error, ValueError) as error:
            return Verdict(False, count, previous, f"the file is damaged: {error}", count + 1)
        if problem:
            return Verdict(False, count, previous, problem, count)
        if not seen:
            return Verdict(
                False, count, previous, "the given head is not in the chain: its tail was cut off or rewritten"
            )
        return Verdict(True, count, previous)

    def _missing_tail(self, count: int, last: str) -> str:
        row = self._connection.execute("SELECT seq, hash FROM head").fetchone() or (0, GENESIS)
        return "" if row == (count, last) else f"the last records are missing: {row[0]} were written, {count} are here"

    def _damage(self) -> str:
        found = self._connection.execute("PRAGMA integrity_check(3)").fetchall()
        return "" if found == [("ok",)] else "the file is damaged: " + "; ".join(text for (text,) in found)


def _fault(row: Row, expected: int, previous: str) -> str:
    if row[0] != expected:
        return f"record {expected} is missing"
    if link(previous, entry_of(row)) != row[13]:
        return f"record {expected} is not what was written"
    name = broken_seal(row)
    return f"record {expected}: {name} is not what was written" if name else ""
