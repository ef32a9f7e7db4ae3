"""The record for others: JSON lines by which the chain can be followed without us, and proving such a file whole.

Form: a line that says what it is and after which hash it begins; one line a record with all that its hash covers
exactly as stored (`data` and `sealed` are JSON in a string), its personal values with their salts, the hash before it
and its own; then a line that ends it, with the journal's head. A record's hash is the SHA-256 of the hash before it, a
newline, and the JSON array of what is covered, in `COVERED`'s order, without blanks and in UTF-8; what stands for a
personal value in `sealed` is that of its salt, a newline and the value.
One site's records by themselves leave others out: each line can be proved, that none is missing cannot, and the first
line says so (`whole`). Runs in the caller's thread; reads only, one consistent state of the journal, a line at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from alarmbro.journal.file.rows import Row, broken_seal, entry_of
from alarmbro.journal.reading.reader import Verdict
from alarmbro.judgement.record.chain import GENESIS, Entry, link
from alarmbro.model.errors import JournalError

VERSION = 1
COVERED = tuple(Entry.__dataclass_fields__)
FIRST = {"alarmbro_journal", "whole", "site", "after"}
RECORD = {*COVERED, "personal", "previous", "hash"}
END = {"end", "records", "head"}
HASH = re.compile("[0-9a-f]{64}")


def lines(rows: Iterable[Row], *, site: str | None = None, since: str | None = None) -> Iterator[str]:
    """Give the file's lines for the rows of the whole journal. Raise JournalError where the journal is damaged.

    `since`: from the first record of that time (`iso`) on, with all that follow. `site`: that site's alone.
    """
    previous, records, begun = GENESIS, 0, False
    for row in rows:
        if not begun and (since is None or row[1] >= since):
            begun = True
            yield _first(site, previous)
        if begun and site in (None, row[5]):
            records += 1
            yield _line(_exported(row, previous))
        previous = row[13]
    if not begun:
        yield _first(site, previous)
    yield _line({"end": True, "records": records, "head": previous})


def verify(text: Iterable[str], head: str | None = None) -> Verdict:
    """Prove an exported file: each record, and that none is missing where it is whole; `head` must be in it.

    Never raises for what the file holds.
    """
    checked = _Checked(head)
    for number, line in enumerate(text, start=1):
        try:
            problem = checked.take(_object(line))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            problem = f"it is not what was written ({error})"
        if problem:
            return Verdict(False, checked.records, checked.previous, f"line {number}: {problem}", checked.seq)
    problem = checked.missing()
    return Verdict(not problem, checked.records, checked.previous, problem, partial=not checked.is_whole)


class _Checked:
    """What has been seen of a file."""

    def __init__(self, head: str | None) -> None:
        self.records = 0
        self.previous = GENESIS
        self.seq: int | None = None
        self._wanted = head
        self._seen = head is None
        self._first: dict[str, Any] | None = None
        self._ended = False

    def take(self, line: dict[str, Any]) -> str:
        """Take a line; say what is wrong with it. Raise ValueError or TypeError where it is not one of ours."""
        if self._first is None:
            return self._begin(line)
        if self._ended:
            return "it goes on behind its end"
        return self._end(line) if "end" in line else self._record(line)

    def missing(self) -> str:
        """Say what is missing at the end."""
        if self._first is None:
            return "this is no export of a journal: it is empty"
        if not self._ended:
            return "the file has no end: its last lines are missing"
        return "" if self._seen else "the given head is not in it: its tail was cut off or rewritten"

    def _begin(self, line: dict[str, Any]) -> str:
        if "alarmbro_journal" not in line:
            return "this is no export of a journal"
        if line["alarmbro_journal"] != VERSION:
            return "made by another version of alarmbro"
        _must_have(line, FIRST)
        if line["whole"] is not (line["site"] is None) or not HASH.fullmatch(line["after"]):
            return "it is not what was written"
        self._first, self.previous = line, line["after"]
        self._see(line["after"])
        return ""

    def _end(self, line: dict[str, Any]) -> str:
        _must_have(line, END)
        if line["end"] is not True or not HASH.fullmatch(line["head"]):
            return "it is not what was written"
        if line["records"] != self.records or (self.is_whole and line["head"] != self.previous):
            return f"{line['records']} records were written, {self.records} are here"
        self._ended = True
        self._see(line["head"])
        return ""

    def _record(self, line: dict[str, Any]) -> str:
        _must_have(line, RECORD)
        entry = Entry(**{name: line[name] for name in COVERED})
        due = self._due(entry, line["previous"])
        if due is not None:
            return f"record {due} is missing"
        self.seq = entry.seq
        if link(line["previous"], entry) != line["hash"] or not self._is_selected(entry):
            return f"record {entry.seq} is not what was written"
        personal = None if line["personal"] is None else json.dumps(line["personal"])
        name = broken_seal((*(line[name] for name in COVERED), personal, line["hash"]))
        if name:
            return f"record {entry.seq}: {name} is not what was written"
        self.records += 1
        self.previous = line["hash"]
        self._see(line["hash"])
        return ""

    def _due(self, entry: Entry, previous: str) -> int | None:
        """Give the record that should be here; None where it is this one, or nobody can tell."""
        if self.seq is None:
            follows = previous == self.previous and (entry.seq == 1) == (previous == GENESIS)
            return 1 if self.is_whole and not follows else None
        if self.is_whole or entry.seq == self.seq + 1:
            return None if entry.seq == self.seq + 1 and previous == self.previous else self.seq + 1
        return None if entry.seq > self.seq else self.seq + 1

    @property
    def is_whole(self) -> bool:
        """Tell whether the file says that nothing is left out."""
        return self._first is not None and self._first["whole"]

    def _is_selected(self, entry: Entry) -> bool:
        return self.is_whole or (self._first is not None and entry.site == self._first["site"])

    def _see(self, digest: str) -> None:
        self._seen = self._seen or digest == self._wanted


def _must_have(line: dict[str, Any], names: set[str]) -> None:
    if set(line) != names:
        raise ValueError(f"its names are not {', '.join(sorted(names))}")


def _object(text: str) -> dict[str, Any]:
    value = json.loads(text, object_pairs_hook=_once)
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 - of what is read, not of how it is called
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Read an object; a name that stands twice would be read differently by others."""
    known = dict(pairs)
    if len(known) != len(pairs):
        raise ValueError("a name stands twice")
    return known


def _first(site: str | None, after: str) -> str:
    return _line({"alarmbro_journal": VERSION, "whole": site is None, "site": site, "after": after})


def _exported(row: Row, previous: str) -> dict[str, Any]:
    try:
        personal = json.loads(row[12]) if row[12] else None
    except ValueError as error:
        raise JournalError(f"the journal is damaged at record {row[0]}; run `alarmbro journal verify`") from error
    return asdict(entry_of(row)) | {"personal": personal, "previous": previous, "hash": row[13]}


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"
