"""An alarm centre's list of signals beside ours. Pure.

The list is a CSV as centres export them: a header with a time (or a date and a time) and a zone, separated by `;`, `,`
or tabs. Times are local. A pair agrees where both are of one zone and at most `NEAR_S` apart.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from alarmbro.report.account import Comparison, Signal

NEAR_S = 120.0  # clocks of two parties, and a call that was tried again
AROUND = timedelta(hours=12)  # a list covers at least this long before its first and after its last
APART_S = 30.0  # further apart than this one of the clocks is wrong
NAMES = {
    "when": ("tidspunkt", "tid", "time", "datetime", "timestamp", "dato/tid", "dato og tid", "date/time", "modtaget"),
    "date": ("dato", "date"),
    "clock": ("klokkeslæt", "kl", "kl.", "tid", "time"),
    "zone": ("zone", "zonenr", "zonenr.", "zonenummer", "zone no", "zone number", "sektion"),
    "what": ("tekst", "text", "hændelse", "event", "beskrivelse", "description", "enhed", "device"),
}
FORMS = (
    "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M",
)  # fmt: skip


class UnreadableError(Exception):
    """The list is not understood; the text says what is missing and what there is."""


def signals_of(raw: bytes, timezone: str) -> list[Signal]:
    """Read a centre's list. Raise UnreadableError."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    text = "\n".join(text.replace("\0", "").splitlines()).lstrip()
    head, _, _ = text.partition("\n")
    try:
        return _signals(csv.DictReader(io.StringIO(text), delimiter=max(";,\t", key=head.count)), ZoneInfo(timezone))
    except csv.Error as error:
        raise UnreadableError(f"the list is no CSV: {error}") from error


def _signals(rows: csv.DictReader[str], timezone: ZoneInfo) -> list[Signal]:
    names = {(name or "").strip().casefold(): name for name in rows.fieldnames or ()}
    columns = {part: _column(names, known) for part, known in NAMES.items()}
    lacks = {
        "`tid` (or `dato` and `tid`)": columns["when"] is None and columns["date"] is None,
        "`zone`": columns["zone"] is None,
    }
    if any(lacks.values()):
        there = ", ".join(name for name in names.values() if name) or "nothing"
        missing = " and ".join(name for name, lacking in lacks.items() if lacking)
        raise UnreadableError(f"the first line of the list names no column {missing}; it has {there}")
    return [_signal(row, columns, timezone, rows.line_num) for row in rows if any(row.values())]


def beside(ours: Iterable[Signal], theirs: Iterable[Signal], year: int, timezone: str) -> Comparison:
    """Compare a year's signals with what a list has of that year.

    Ours from long before its first or after its last are set apart, never left out: a list that ends may be one of a
    day, or the centre may have received nothing any more.
    """
    mine = list(ours)
    of_year = [each for each in theirs if each.at.astimezone(ZoneInfo(timezone)).year == year]
    if not of_year:
        return compare(mine, of_year)
    first, last = min(each.at for each in of_year), max(each.at for each in of_year)
    inside = [each for each in mine if first - AROUND <= each.at <= last + AROUND]
    outside = tuple(each for each in mine if not first - AROUND <= each.at <= last + AROUND)
    return replace(compare(inside, of_year), outside=outside, first=first, last=last)


def compare(ours: Iterable[Signal], theirs: Iterable[Signal]) -> Comparison:
    """Pair the signals of each zone, the nearest first."""
    left, right = list(ours), list(theirs)
    pairs = sorted(
        (abs((a.at - b.at).total_seconds()), i, j)
        for i, a in enumerate(left)
        for j, b in enumerate(right)
        if _zone(a) == _zone(b) and abs((a.at - b.at).total_seconds()) <= NEAR_S
    )
    taken: dict[int, int] = {}
    theirs_taken: set[int] = set()
    for _, i, j in pairs:
        if i not in taken and j not in theirs_taken:
            taken[i] = j
            theirs_taken.add(j)
    apart = [(left[i], right[j]) for i, j in taken.items() if abs((left[i].at - right[j].at).total_seconds()) > APART_S]
    return Comparison(
        len(taken) - len(apart),
        tuple(each for i, each in enumerate(left) if i not in taken),
        tuple(each for j, each in enumerate(right) if j not in theirs_taken),
        tuple(apart),
    )


def _column(names: dict[str, str], known: tuple[str, ...]) -> str | None:
    return next((names[name] for name in known if name in names), None)


def _signal(row: dict[str, str], columns: dict[str, str | None], zone: ZoneInfo, number: int) -> Signal:
    def cell(part: str) -> str:
        name = columns[part]
        return (row.get(name) or "").strip() if name else ""

    apart = columns["date"] is not None and cell("date") not in ("", cell("when"))
    when = f"{cell('date')} {cell('clock')}".strip() if apart else cell("when")
    return Signal(_time(when, zone, number), cell("zone"), cell("what"))


def _time(text: str, zone: ZoneInfo, number: int) -> datetime:
    text = re.sub(r"(?i)\bkl\.?\s*", "", text)
    text = re.sub(r" (\d{1,2})\.(\d\d)(?:\.(\d\d))?$", lambda part: f" {':'.join(filter(None, part.groups()))}", text)
    try:
        if ":" not in text:
            raise ValueError("a day alone says too little")  # noqa: TRY301 - told below, as any other
        known = datetime.fromisoformat(text)
        return (known if known.tzinfo else known.replace(tzinfo=zone)).astimezone(UTC)
    except ValueError:
        pass  # then it is written as people do
    for form in FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone).astimezone(UTC)
        except ValueError:
            continue
    raise UnreadableError(f"line {number} of the list has no time that is understood: {text!r}")


def _zone(signal: Signal) -> str:
    """Give what two zones are compared by: `7`, `007` and `Zone 7` are one; 0 is a zone, and none is none."""
    text = re.sub(r"^zone\s*", "", signal.zone.strip().casefold())
    return str(int(text)) if text.isdecimal() else text
