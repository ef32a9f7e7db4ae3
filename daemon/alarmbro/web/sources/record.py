"""The journal as people read it: the course of one alarm, and records that match. Reads only, in a worker's thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from alarmbro.journal import Reader
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import CALLS, MessageKind
from alarmbro.model.moment import iso
from alarmbro.model.record import Draft, Record, RecordType
from alarmbro.web.words.showing import device_name, people, person, site_name
from alarmbro.web.words.wording import Words

AT_MOST = 300  # rows of a search
OPENING = frozenset({RecordType.RAISED, RecordType.TEST_PRESSED})
KINDS: dict[str, frozenset[str]] = {
    "alarms": frozenset({
        "activation", "raised", "joined", "escalated", "acknowledged", "arrived", "lapsed", "closed",
    }),
    "tests": frozenset({
        "test_started", "test_pressed", "test_passed", "test_failed", "test_finished", "on_test", "trial",
    }),
    "faults": frozenset({"fault", "fault_cleared", "rejected"}),
    "people": frozenset({"attempt", "told", "acknowledged", "arrived", "closed", "trial"}),
    "system": frozenset({"started", "stopped", "config", "removed"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is searched for; what is empty does not matter."""

    site: str = ""
    device: str = ""
    kind: str = ""
    year: int | None = None
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """One alarm as the journal has it. `told` is who was told after how long; `closed` is empty while it is open."""

    id: str
    site: str
    device: str
    test: bool
    received: datetime
    lines: tuple[dict[str, Any], ...]
    told: tuple[tuple[str, str], ...]
    closed: str = ""


def course_of(journal: Path, alarm: str, configuration: Configuration, words: Words) -> Course | None:
    """Give the course of an alarm; None where the journal has none of that name."""
    with Reader(journal) as reader:
        drafts = [record.draft for record in reader.records(alarm=alarm)]
    opened = next((each for each in drafts if each.type in OPENING and each.alarm == alarm), None)
    if opened is None:
        return None
    pressed = next((each for each in drafts if each.type is RecordType.ACTIVATION), opened).at.utc
    lines = [line for draft in drafts for line in _lines(draft, configuration, words)]
    told: dict[str, str] = {}
    for draft in drafts:
        if draft.type is RecordType.TOLD and draft.data.get("message") in CALLING:
            told.setdefault(person(configuration, draft.recipient), words.after(draft.data.get("after_ms")))
    closed = next((each for each in drafts if each.type is RecordType.CLOSED), None)
    return Course(
        alarm, opened.site, opened.device, opened.type is RecordType.TEST_PRESSED, pressed, tuple(lines),
        tuple(told.items()), words.of("outcome", closed.data["outcome"]) if closed else "",
    )  # fmt: skip


def last_round(journal: Path, since: datetime) -> Draft | None:
    """Give the end of the latest test round since then."""
    with Reader(journal) as reader:
        ends = (each.draft for each in reader.records(since=since) if each.draft.type is RecordType.TEST_FINISHED)
        return next(iter(deque(ends, 1)), None)


def found(journal: Path, wishes: Wishes, configuration: Configuration, words: Words) -> list[dict[str, Any]]:
    """Give the latest records that match, the last one first."""
    with Reader(journal) as reader:
        latest = deque(_matching(reader, wishes, words), AT_MOST)
    return [_row(each, configuration, words) for each in reversed(latest)]


def _matching(reader: Reader, wishes: Wishes, words: Words) -> Iterator[Record]:
    zone = ZoneInfo(words.timezone)
    since = datetime(wishes.year, 1, 1, tzinfo=zone).astimezone(UTC) if wishes.year else None
    for record in reader.records(since=since, site=wishes.site or None, alarm=wishes.alarm or None):
        draft = record.draft
        if wishes.year and draft.at.utc.astimezone(zone).year != wishes.year:
            continue
        if wishes.device and draft.device != wishes.device:
            continue
        if wishes.kind and draft.type.value not in KINDS[wishes.kind]:
            continue
        yield record


def _row(record: Record, configuration: Configuration, words: Words) -> dict[str, Any]:
    draft = record.draft
    where = [site_name(configuration, draft.site)] if draft.site else []
    where += [device_name(configuration, draft.site, draft.device)] if draft.device else []
    lines = [line["text"] for line in _lines(draft, configuration, words)]
    details = {name: value for name, value in draft.data.items() if isinstance(value, str | int) and name in SHOWN}
    by = draft.personal.get("by", "")
    return {
        "seq": record.seq,
        "at": iso(draft.at.utc),
        "time": words.stamp(draft.at.utc),
        "type": words.of("type", draft.type.value),
        "where": ", ".join(where),
        "alarm": draft.alarm,
        "lines": lines or [person(configuration, draft.recipient)] * bool(draft.recipient) + [by] * bool(by),
        "details": "" if lines else " ".join(f"{name}={value}" for name, value in details.items()),
    }


# How a line of the course looks, for records that are one sentence, and for tries that did not get through.
PLAIN = {
    RecordType.RAISED: "pressed",
    RecordType.TEST_PRESSED: "pressed",
    RecordType.JOINED: "pressed",
    RecordType.LAPSED: "escalated",
    RecordType.ARRIVED: "answered",
    RecordType.TEST_PASSED: "closed",
    RecordType.TEST_FAILED: "failed",
}
CALLING = CALLS | {MessageKind.TEST_ALARM}  # not the news of an answer, which all who were called hear, too
TRIED = {"failed": "failed", "unknown": "failed", "withheld": "withheld"}
SHOWN = frozenset({"source", "reason", "fault", "detail", "version", "why", "digest", "outcome", "topic", "count"})


def _lines(draft: Draft, configuration: Configuration, words: Words) -> Iterator[dict[str, Any]]:
    """Say what a record says of an alarm, in a sentence or two; nothing where it says nothing to people."""
    for kind, text in _sentences(draft, configuration, words):
        yield {"kind": kind, "text": text, "time": words.clock(draft.at.utc, seconds=True), "at": iso(draft.at.utc)}


def _sentences(draft: Draft, configuration: Configuration, words: Words) -> Iterator[tuple[str, str]]:
    who = person(configuration, draft.recipient)
    by = who or draft.personal.get("by", "") or words("somebody")
    data = draft.data
    plain = PLAIN.get(draft.type)
    if plain is not None:
        yield plain, words(f"line.{draft.type.value}", who=by, why=words.of("why", data.get("reason") or ""))
    elif draft.type is RecordType.TOLD and data.get("message") in CALLING:
        after = words("alarm.told_after", after=words.after(data.get("after_ms")))
        yield "told", f"{words('line.told', who=who)} ({after})"
    elif draft.type is RecordType.ATTEMPT and data.get("outcome") in TRIED:
        way, why = data.get("scheme", ""), data.get("reason", "")
        yield TRIED[data["outcome"]], words(f"line.{data['outcome']}", who=who, way=way, why=why)
    elif draft.type is RecordType.ESCALATED:
        yield "escalated", words("line.escalated", who=people(configuration, data.get("notify", ())))
    elif draft.type is RecordType.ACKNOWLEDGED:
        yield "answered", words("line.confirmed" if data.get("test") else "line.acknowledged", who=by)
    elif draft.type is RecordType.CLOSED:
        yield "closed", words("line.closed", who=by, outcome=words.of("outcome", data.get("outcome", "")))
        note = draft.personal.get("note", "")
        yield from [("note", words("line.note", note=note))] * bool(note)
