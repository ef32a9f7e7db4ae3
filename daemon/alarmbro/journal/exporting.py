"""The record for others: JSON lines by which the chain can be followed without us, and proving such a file whole.

Form: a line that says what it is, one line a record with all that its hash covers exactly as stored (`data` and
`sealed` are JSON in a string), what its personal values are with their salts, the hash before it and its own; then a
line that ends it. A selection leaves records out: each of its lines can be proved by itself, but not that none is
missing.
Runs in the caller's thread; reads only, one consistent state of the journal, a line at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from alarmbro.journal.reader import Verdict
from alarmbro.journal.rows import Row, broken_seal, entry_of
from alarmbro.judgement.chain import GENESIS, Entry, link

VERSION = 1
COVERED = tuple(Entry.__dataclass_fields__)


def lines(rows: Iterable[Row], *, site: str | None = None, since: str | None = None) -> Iterator[str]:
    """Give the file's lines for the rows of the whole journal, those that are selected."""
    yield _line({"alarmbro_journal": VERSION, "whole": site is None and since is None, "site": site, "since": since})
    previous, records = GENESIS, 0
    for row in rows:
        if _is_wanted(row, site, since):
            records += 1
            yield _line(_exported(row, previous))
        previous = row[13]
    yield _line({"end": True, "records": records, "head": previous})


def verify(text: Iterable[str], head: str | None = None) -> Verdict:
    """Prove an exported file: each record, and that none is missing where it is whole; `head` must be in it.

    Never raises for what the file holds.
    """
    checked = _Checked(head)
    try:
        for number, line in enumerate(text, start=1):
            problem = checked.take(json.loads(line))
            if problem:
                return Verdict(False, checked.records, checked.previous, f"line {number}: {problem}", checked.seq)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        return Verdict(False, checked.records, checked.previous, f"this is no export of a journal: {error!r}")
    problem = checked.missing()
    return Verdict(not problem, checked.records, checked.previous, problem)


class _Checked:
    """What has been seen of a file."""

    def __init__(self, head: str | None) -> None:
        self.records = 0
        self.previous = GENESIS
        self.seq = 0
        self._wanted = head
        self._seen = head is None
        self._whole: bool | None = None
        self._ended = False

    def take(self, line: Mapping[str, Any]) -> str:
        """Take a line; say what is wrong with it."""
        if self._whole is None:
            self._whole = bool(line["whole"])
            return "" if line["alarmbro_journal"] == VERSION else "made by another version of alarmbro"
        if self._ended:
            return "it goes on behind its end"
        if line.get("end"):
            self._ended = True
            counted = line["records"] == self.records and (not self._whole or line["head"] == self.previous)
            return "" if counted else f"{line['records']} records were written, {self.records} are here"
        return self._record(line)

    def missing(self) -> str:
        """Say what is missing at the end."""
        if not self._ended:
            return "the file has no end: its last lines are missing"
        return "" if self._seen else "the given head is not in it: its tail was cut off or rewritten"

    def _record(self, line: Mapping[str, Any]) -> str:
        entry = Entry(**{name: line[name] for name in COVERED})
        personal = None if line["personal"] is None else json.dumps(line["personal"])
        row = (*(getattr(entry, name) for name in COVERED), personal, line["hash"])
        self.seq = entry.seq
        if self._whole and (entry.seq != self.records + 1 or line["previous"] != self.previous):
            return f"record {self.records + 1} is missing"
        if link(line["previous"], entry) != line["hash"]:
            return f"record {entry.seq} is not what was written"
        name = broken_seal(row)
        if name:
            return f"record {entry.seq}: {name} is not what was written"
        self.records += 1
        self.previous = line["hash"]
        self._seen = self._seen or line["hash"] == self._wanted
        return ""


def _exported(row: Row, previous: str) -> dict[str, Any]:
    personal = json.loads(row[12]) if row[12] else None
    return asdict(entry_of(row)) | {"personal": personal, "previous": previous, "hash": row[13]}


def _is_wanted(row: Row, site: str | None, since: str | None) -> bool:
    return (site is None or row[5] == site) and (since is None or row[1] >= since)


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"
