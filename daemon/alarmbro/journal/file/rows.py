"""Drafts to rows and rows to records. No thread of its own; touches only the connection it is handed."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping

from alarmbro.judgement.record.chain import GENESIS, Entry, commitment, encode, link
from alarmbro.model.moment import Moment, from_iso, iso
from alarmbro.model.record import Draft, Record, RecordType

COLUMNS = "seq, at, boot, monotonic_us, type, site, device, alarm, recipient, data, ref, sealed, personal, hash"
MICRO = 1_000_000


Row = tuple[int, str, str, int, str, str, str, str, str, str, str, str, str | None, str]


class Appender:
    """Appends drafts behind the chain's head, inside a transaction that the caller opens and commits."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.seq, self.hash = head(connection)

    def append(self, draft: Draft) -> Record | None:
        """Insert a draft; None where its `once` is in the journal already."""
        seq = self.seq + 1
        if draft.once is not None:
            taken = self._connection.execute("INSERT OR IGNORE INTO once VALUES (?, ?)", (_storable(draft.once), seq))
            if taken.rowcount == 0:
                return None
        entry, personal = _entry(seq, draft)
        digest = link(self.hash, entry)
        self._connection.execute(
            f"INSERT INTO record ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608 - COLUMNS is ours
            (*_fields(entry), personal, digest),
        )
        self.seq, self.hash = seq, digest
        return Record(seq, draft, digest)

    def keep_head(self) -> None:
        """Note the head beside the chain, so that a tail that went missing shows."""
        self._connection.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?)", (self.seq, self.hash))


def head(connection: sqlite3.Connection) -> tuple[int, str]:
    """Give the last record's place and hash; (0, GENESIS) for an empty journal."""
    row = connection.execute("SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, GENESIS)


def select(connection: sqlite3.Connection, where: str = "1", parameters: tuple[object, ...] = ()) -> Iterator[Row]:
    """Give the rows for a condition of ours, in the journal's order."""
    yield from connection.execute(
        f"SELECT {COLUMNS} FROM record WHERE {where} ORDER BY seq",  # noqa: S608 - the condition is never a user's text
        parameters,
    )


def entry_of(row: Row) -> Entry:
    """Give what the chain covers of a row."""
    return Entry(*row[:12])


def record_of(row: Row) -> Record:
    """Read a row back. Raise ValueError where it is not what alarmbro wrote."""
    seq, at, boot, monotonic_us, kind, site, device, alarm, recipient, data, ref, _, personal, digest = row
    moment = Moment(boot, monotonic_us / MICRO, from_iso(at))
    values = {name: value for name, (_, value) in salted(personal).items()}
    draft = Draft(RecordType(kind), moment, site, device, alarm, recipient, json.loads(data), ref=ref, personal=values)
    return Record(seq, draft, digest)


def broken_seal(row: Row) -> str | None:
    """Name a personal field that is not the one that was sealed, or None where all agree or were removed."""
    sealed: Mapping[str, str] = json.loads(row[11])
    pairs = salted(row[12])
    return next((name for name, (salt, value) in pairs.items() if sealed.get(name) != commitment(salt, value)), None)


def salted(personal: str | None) -> Mapping[str, tuple[str, str]]:
    """Give each personal field's salt and value; nothing where they were removed. Raise ValueError else."""
    pairs = json.loads(personal) if personal else {}
    if not isinstance(pairs, dict):
        raise ValueError("personal values are no object")  # noqa: TRY004 - of what is read, not of how it is called
    for pair in pairs.values():
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):  # noqa: PLR2004 - a pair
            raise ValueError("a personal value is not a salt and a text")
    return {name: (salt, value) for name, (salt, value) in pairs.items()}


def _entry(seq: int, draft: Draft) -> tuple[Entry, str | None]:
    pairs = {name: [secrets.token_hex(16), value] for name, value in draft.personal.items()}
    sealed = {name: commitment(salt, value) for name, (salt, value) in pairs.items()}
    at = draft.at
    entry = Entry(
        seq, iso(at.utc), at.boot, round(at.monotonic_s * MICRO), draft.type.value,
        _storable(draft.site), _storable(draft.device), _storable(draft.alarm), _storable(draft.recipient),
        encode(draft.data), _storable(draft.ref), encode(sealed),
    )  # fmt: skip
    return entry, encode(pairs) if pairs else None


def _storable(text: str) -> str:
    """Give a text that SQLite takes: JSON from outside can hold half a character (a lone surrogate), UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _fields(entry: Entry) -> tuple[object, ...]:
    return (
        entry.seq, entry.at, entry.boot, entry.monotonic_us, entry.type, entry.site, entry.device,
        entry.alarm, entry.recipient, entry.data, entry.ref, entry.sealed,
    )  # fmt: skip
