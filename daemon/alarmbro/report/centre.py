"""An alarm centre's list of signals beside ours. Pure.

The list is a CSV as centres export them: a header with a time (or a date and a time) and a zone, separated by `;`, `,`
or tabs. Times are local. A pair agrees where both are of one zone and at most `NEAR_S` apart.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from alarmbro.report.account import Comparison, Signal

NEAR_S = 120.0  # clocks of two parties, and a call that was tried again
APART_S = 30.0  # further apart than this one of the clocks is wrong
NAMES = {
    "when": ("tidspunkt", "tid", "time", "datetime", "timestamp", "dato/tid", "dato og tid", "date/time", "modtaget"),
    "date": ("dato", "date"),
    "clock": ("klokkeslæt", "kl", "kl.", "tid", "time"),
    "zone": ("zone", "zonenr", "zonenr.", "zonenummer", "zone no", "sektion"),
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
    head = text.splitlines()[0] if text.strip() else ""
    separator = max(";,\t", key=head.count)
    rows = csv.DictReader(io.StringIO(text), delimiter=separator)
    names = {(name or "").strip().casefold(): name for name in rows.fieldnames or ()}
    columns = {part: _column(names, known) for part, known in NAMES.items()}
    if columns["zone"] is None or (columns["when"] is None and columns["date"] is None):
        there = ", ".join(name for name in names.values() if name) or "nothing"
        raise UnreadableError(f"the list needs the columns `tid` (or `dato` and `tid`) and `zone`; it has {there}")
    return [
        _signal(row, columns, ZoneInfo(timezone), number)
        for number, row in enumerate(rows, start=2)
        if any(row.values())
    ]


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
    for _, i, j in pairs:
        if i not in taken and j not in taken.values():
            taken[i] = j
    apart = [(left[i], right[j]) for i, j in taken.items() if abs((left[i].at - right[j].at).total_seconds()) > APART_S]
    return Comparison(
        len(taken) - len(apart),
        tuple(each for i, each in enumerate(left) if i not in taken),
        tuple(each for j, each in enumerate(right) if j not in taken.values()),
        tuple(apart),
    )


def day_of(signals: Iterable[Signal], theirs: list[Signal]) -> list[Signal]:
    """Give those of our signals that their list can hold: from a while before its first to a while after its last."""
    if not theirs:
        return list(signals)
    margin = timedelta(hours=12)
    first, last = min(each.at for each in theirs) - margin, max(each.at for each in theirs) + margin
    return [each for each in signals if first <= each.at <= last]


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
    try:
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
    return signal.zone.strip().lstrip("0").casefold()
