"""Every text by language and name, what each may name, and what is wrong with a text that replaces one.

The names are what `messages:` in the configuration uses: the kind of message and its form, as in `alarm.short`.
`short` is one SMS; `title` and `body` are for channels with room; `link` goes into the short text where its reader
may answer. Pure; any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from alarmbro.judgement.words import danish, danish_faults, english, english_faults
from alarmbro.judgement.words.gsm7 import septets, to_gsm7
from alarmbro.judgement.words.template import fields_of, fill
from alarmbro.model.configuration import Language
from alarmbro.model.delivery import MessageKind
from alarmbro.model.level import Level

TEXTS: Final[Mapping[Language, Mapping[str, str]]] = {
    Language.DANISH: danish.TEXTS,
    Language.ENGLISH: english.TEXTS,
}
FAULTS: Final[Mapping[Language, Mapping[str, tuple[str, str]]]] = {
    Language.DANISH: danish_faults.FAULTS,
    Language.ENGLISH: english_faults.FAULTS,
}
OWN_SEPTETS = 100  # of a short text that replaces one, its own words; the rest is for number, time and place

_PLACE = frozenset({"alarm", "site", "device", "address", "time", "date", "when", "now", "recipient", "presses", "url"})
_ALARM = _PLACE | {"instruction", "link", "level", "plea", "call", "position"}
_ROUND = frozenset({"alarm", "site", "address", "time", "date", "until", "now", "recipient", "result"})
_OF_KIND = {
    MessageKind.ALARM: _ALARM,
    MessageKind.LATE: _ALARM | {"late"},
    MessageKind.PRESSED_AGAIN: _ALARM,
    MessageKind.ESCALATED: _ALARM | {"waited"},
    MessageKind.REPEATED: _ALARM | {"count", "state", "who", "waited"},
    MessageKind.NO_ONE_TOLD: _ALARM,
    MessageKind.SEVERAL: frozenset({"count", "now", "site"}),
    MessageKind.ACKNOWLEDGED: _ALARM | {"who", "answered"},
    MessageKind.REMINDED: _ALARM | {"who", "waited", "testing"},
    MessageKind.LAPSED: _ALARM | {"who", "waited"},
    MessageKind.CLOSED_REAL: _ALARM | {"who", "note"},
    MessageKind.CLOSED_FALSE_ALARM: _ALARM | {"who", "note"},
    MessageKind.CLOSED_TEST: _ALARM | {"who", "note"},
    MessageKind.AFTERCARE: _ALARM | {"who", "note"},
    MessageKind.TEST_ALARM: _ALARM,
    MessageKind.TEST_STARTED: _ROUND | {"who", "missing"},
    MessageKind.TEST_WARNING: _ROUND,
    MessageKind.TEST_ENDED: _ROUND,
    MessageKind.TEST_DUE: _PLACE | {"what", "do", "detail"},
    MessageKind.TRIAL: frozenset({"now", "date", "recipient", "note"}),
    MessageKind.FAULT: _PLACE | {"what", "do", "detail", "testing"},
    MessageKind.FAULT_CLEARED: _PLACE | {"what", "do", "detail"},
}
_LEVELS = {f"{part}.{level}": frozenset[str]() for part in ("level", "plea", "call") for level in Level}
_OF_PARTS = _LEVELS | {
    "answered.seconds": frozenset({"count"}),
    "answered.minutes": frozenset({"count"}),
    "answered.hours": frozenset({"count"}),
    "result.all": frozenset({"count"}),
    "result.some": frozenset({"passed", "count", "missing"}),
    "testing.some": frozenset({"until", "testing"}),
    "state.nobody": frozenset[str](),
    "state.somebody": frozenset({"who"}),
    "who.unknown": frozenset[str](),
    "time.seconds": frozenset({"count"}),
    "time.minutes": frozenset({"count"}),
    "time.hours": frozenset({"count"}),
    "time.days": frozenset({"count"}),
    "time.unknown": frozenset[str](),
    "time.other_day": frozenset({"time", "date"}),
    "time.both": frozenset({"time", "date"}),
    "position.found": frozenset({"map", "time", "age"}),
    "position.unknown": frozenset({"map"}),
    "several.line": frozenset({"level", "alarm", "site", "device", "time"}),
}


def _fields(name: str) -> frozenset[str]:
    kind, _, form = name.partition(".")
    if name in _OF_PARTS:
        return _OF_PARTS[name]
    return frozenset({"url", "alarm"}) if form == "link" else _OF_KIND[MessageKind(kind)]


FIELDS: Final[Mapping[str, frozenset[str]]] = {name: _fields(name) for name in danish.TEXTS}


def override_problem(name: str, template: str) -> str | None:
    """Say what is wrong with a text that shall replace the built-in one, and what would be right; None if it is fine.

    Such a text is not used: its reader gets the built-in one. A text of an alarm must name the alarm, so that a
    person knows a repeat.
    """
    if name not in FIELDS:
        return f"there is no text {name!r}; there are {', '.join(FIELDS)}"
    try:
        named = fields_of(template)
    except ValueError as error:
        return str(error)
    if unknown := sorted(named - FIELDS[name]):
        can = ", ".join(sorted(FIELDS[name])) or "no fields"
        return f"{{{unknown[0]}}} cannot stand in {name}; it may name {can}"
    return _missing(name, template, named)


def _missing(name: str, template: str, named: frozenset[str]) -> str | None:
    form = name.partition(".")[2]
    if not template.strip() and not name.startswith("plea."):
        return f"{name} is empty; leave it out for the built-in text"
    if form in {"short", "body"} and "instruction" in FIELDS[name] and "alarm" not in named:
        return f"{name} must name {{alarm}}, the alarm's number"
    if form == "link" and "url" not in named:
        return f"{name} must name {{url}}"
    own = septets(to_gsm7(fill(template, {}))) or 0
    if form == "short" and own > OWN_SEPTETS:
        return f"{name} takes {own} characters for its own words; at most {OWN_SEPTETS} leave room for the place"
    return None
