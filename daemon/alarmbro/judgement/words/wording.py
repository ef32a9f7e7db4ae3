"""The words that a recipient reads.

Promises a message for every kind, whatever the names and the configured texts hold: an alarm is never stopped by its
own wording. A configured text that cannot be used gives way to the built-in one (`check` says so beforehand, by
`texts.override_problem`). The short form is one SMS. Must never do I/O, look at a clock or raise. Pure; any thread.
"""

from __future__ import annotations

import re
import unicodedata  # the Unicode tables, pure
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from alarmbro.judgement.words.facts import Facts
from alarmbro.judgement.words.fitting import cut_off, fit, full
from alarmbro.judgement.words.gsm7 import SINGLE, septets, to_gsm7
from alarmbro.judgement.words.template import fill, fill_lines, tidy
from alarmbro.judgement.words.texts import FAULTS, TEXTS, override_problem
from alarmbro.model.configuration import Configuration, Language
from alarmbro.model.delivery import Message, MessageKind, Urgency
from alarmbro.model.site import Device

LONGEST_VALUE = 500  # characters of one value in a body: a name is no place for a book
LONGEST_TITLE = 200  # services cut a title at 100 to 250 characters
SAMPLE_NUMBER = 9999  # what `longest_short` counts with: an alarm's number and a link's ending
SAMPLE_LINK = "/k7Qp2xWz"
MAP = "https://www.openstreetmap.org/?mlat={latitude:.5f}&mlon={longitude:.5f}#map=17/{latitude:.5f}/{longitude:.5f}"
AHEAD_S = 120.0  # `now` is a whole minute, and clocks differ; a place found later than that has no known age

URGENCY = {
    MessageKind.ACKNOWLEDGED: Urgency.INFO,
    MessageKind.REMINDED: Urgency.INFO,
    MessageKind.AFTERCARE: Urgency.INFO,
    MessageKind.CLOSED_REAL: Urgency.INFO,
    MessageKind.CLOSED_FALSE_ALARM: Urgency.INFO,
    MessageKind.CLOSED_TEST: Urgency.INFO,
    MessageKind.TEST_ALARM: Urgency.TEST,
    MessageKind.TEST_STARTED: Urgency.TEST,
    MessageKind.TEST_WARNING: Urgency.TEST,
    MessageKind.TEST_ENDED: Urgency.TEST,
    MessageKind.TEST_DUE: Urgency.INFO,
    MessageKind.TRIAL: Urgency.TEST,
    MessageKind.FAULT: Urgency.FAULT,
    MessageKind.FAULT_CLEARED: Urgency.INFO,
}


def compose(kind: MessageKind, facts: Facts, configuration: Configuration) -> Message:
    """Give the message of one kind in the configuration's language and local time.

    A step that comes although somebody is on the way (`facts.who`) is told as an alarm: "nobody has answered" would
    be untrue.
    """
    if kind is MessageKind.ESCALATED and facts.who:
        kind = MessageKind.ALARM
    words = _Words(configuration.language, configuration.messages.get(configuration.language, {}))
    values = _values(kind, facts, words, configuration.timezone)
    duties = _duties(facts) if kind is MessageKind.AFTERCARE else []
    short = _short(f"{kind}.short", words, values)
    return Message(
        title=tidy(fill(words.of(f"{kind}.title"), values))[:LONGEST_TITLE],
        body="\n".join([fill_lines(words.of(f"{kind}.body"), values), *(["", *duties] if duties else [])]),
        short=" ".join([short, *map(to_gsm7, duties)]),
        urgency=URGENCY.get(kind, Urgency.ALARM),
        parts=bool(duties),
    )


def compose_several(calls: Sequence[tuple[Message, Facts]], facts: Facts, configuration: Configuration) -> Message:
    """Give one message of several calls, each with its own words: all of them where there is room, else the place."""
    words = _Words(configuration.language, configuration.messages.get(configuration.language, {}))
    places = dict.fromkeys(clean(each.site) for _, each in calls)
    values = _values(MessageKind.SEVERAL, facts, words, configuration.timezone)
    values |= {"count": str(len(calls)), "site": ", ".join(places)}
    lines = [full(words.of("several.line"), _place(each, words, configuration.timezone)) for _, each in calls]
    return Message(
        title=tidy(fill(words.of("several.title"), values))[:LONGEST_TITLE],
        body="\n\n".join([fill_lines(words.of("several.body"), values), *(message.short for message, _ in calls)]),
        short=" ".join([full(words.of("several.short"), values), *lines]),
        urgency=Urgency.ALARM,
        parts=True,
    )


def fault_words(kind: str, subject: str, language: Language) -> tuple[str, str]:
    """Give what a fault is, in plain words, and what to do about it; a sentence for any fault where it is unknown."""
    known = FAULTS[language]
    what, do = known.get(f"{kind}/{subject}") or known.get(f"{kind}/*") or known["*"]
    values = {"kind": clean(kind), "subject": clean(subject)}
    return fill(what, values), fill(do, values)


def longest_short(configuration: Configuration) -> list[tuple[Device, int]]:
    """Give each served device with the septets of its alarm's whole SMS, before anything is shortened."""
    words = _Words(configuration.language, configuration.messages.get(configuration.language, {}))
    template = words.of("alarm.short")
    found = []
    for device in configuration.served_devices():
        values = _values(MessageKind.ALARM, _sample(device, configuration), words, configuration.timezone)
        found.append((device, septets(full(template, values)) or 0))
    return found


def shortened(configuration: Configuration) -> list[tuple[Device, int]]:
    """Give the served devices whose alarm SMS would have to be shortened, with the septets of the whole."""
    return [(device, count) for device, count in longest_short(configuration) if count > SINGLE]


@lru_cache(1024)  # names come again in every message, and a storm has thousands
def clean(text: str) -> str:
    """Give a text in one line: control and formatting characters can neither break a line nor turn its direction."""
    spaced = "".join(" " if unicodedata.category(character) in _BREAKING else character for character in text)
    kept = "".join(character for character in spaced if unicodedata.category(character) not in {"Cf", "Cs"})
    return re.sub(r"\s+", " ", kept).strip()[:LONGEST_VALUE].rstrip()


_BREAKING = frozenset({"Cc", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class _Words:
    """The texts of one language with the configuration's own before the built-in ones."""

    language: Language
    overrides: Mapping[str, str]

    def of(self, name: str) -> str:
        own = self.overrides.get(name)
        if own is not None and override_problem(name, own) is None:
            return own
        return self.built_in(name)

    def built_in(self, name: str) -> str:
        return TEXTS[self.language][name]

    def has(self, name: str) -> bool:
        return name in TEXTS[self.language]


def _duties(facts: Facts) -> list[str]:
    """Give the list of what is to be done, numbered: read at leisure, so it may take several SMS."""
    whose = [f" ({clean(duty.who)})" if duty.who else "" for duty in facts.duties]
    return [
        f"{number}. {clean(duty.what).rstrip('.')}{who}."
        for number, (duty, who) in enumerate(zip(facts.duties, whose, strict=True), start=1)
    ]


def _short(name: str, words: _Words, values: Mapping[str, str]) -> str:
    """Give one SMS: by the configured text, by the built-in one where that has no room, cut off as the last resort."""
    text = fit(words.of(name), values)
    if text is None:
        text = fit(words.built_in(name), values)
    return cut_off(full(words.built_in(name), values)) if text is None else text


def _place(facts: Facts, words: _Words, timezone: str) -> dict[str, str]:
    """Give what a line of several calls may name, and no more: a storm has a thousand of them."""
    today, pressed = _local(facts.now, timezone), _local(facts.pressed_at or facts.received or facts.now, timezone)
    values = {name: clean(getattr(facts, name)) for name in ("alarm", "site", "device")}
    return values | {"level": words.of(f"level.{facts.level}"), "time": _clock_of_day(pressed, today, words)}


def _values(kind: MessageKind, facts: Facts, words: _Words, timezone: str) -> dict[str, str]:
    who = clean(facts.who) or words.of("who.unknown")
    values = {
        name: clean(getattr(facts, name))
        for name in ("alarm", "site", "address", "device", "instruction", "recipient", "what", "do", "detail", "note")
    }
    times = _times(facts, words, timezone)
    values |= times | _test(facts, words, times["until"])
    values |= {
        "who": who,
        "count": str(facts.count),
        "presses": str(facts.presses) if facts.presses > 1 else "",
        "waited": _duration(facts.waited_s, words),
        "late": _duration(facts.late_s, words),
        "answered": _answered(facts.answered_s, words),
        "state": fill(words.of("state.somebody" if facts.who else "state.nobody"), {"who": who}),
        "url": clean(facts.url) if len(facts.url) <= LONGEST_VALUE else "",  # a part of a link leads nowhere
    }
    values["position"] = _position(facts, words, timezone)
    values |= {part: words.of(f"{part}.{facts.level}") for part in ("level", "plea", "call")}
    link = f"{kind}.link"
    values["link"] = fill(words.of(link), values) if values["url"] and words.has(link) else ""
    return values


def _test(facts: Facts, words: _Words, until: str) -> dict[str, str]:
    """Give how a round stands, and what is under test while something else is told."""
    missing, testing = (", ".join(map(clean, names)) for names in (facts.missing, facts.testing))
    numbers = {"count": str(facts.tested), "passed": str(facts.tested - len(facts.missing)), "missing": missing}
    return {
        "missing": missing,
        "result": fill(words.of("result.some" if missing else "result.all"), numbers),
        "testing": fill(words.of("testing.some"), {"until": until, "testing": testing}) if testing else "",
    }


def _times(facts: Facts, words: _Words, timezone: str) -> dict[str, str]:
    today = _local(facts.now, timezone)
    pressed = _local(facts.pressed_at or facts.received or facts.now, timezone)
    happened = _local(facts.happened_at or facts.now, timezone)
    both = {"time": _clock(pressed, words.language), "date": _date(pressed, words.language)}
    return {
        "time": _clock_of_day(pressed, today, words),
        "date": both["date"],
        "when": fill(words.of("time.both"), both),
        "now": _clock_of_day(happened, today, words),
        "until": _clock_of_day(_local(facts.until or facts.now, timezone), today, words),
    }


def _position(facts: Facts, words: _Words, timezone: str) -> str:
    """Give where the pendant was as a link to a map, and how old that is: it may have been carried elsewhere since."""
    found = facts.position
    if found is None:
        return ""
    link = {"map": MAP.format(latitude=found.latitude, longitude=found.longitude)}
    age_s = (facts.now - found.at).total_seconds() if found.at else float("inf")
    if not -AHEAD_S <= age_s < float("inf"):
        return fill(words.of("position.unknown"), link)
    today = _local(facts.now, timezone)
    time = _clock_of_day(_local(found.at or facts.now, timezone), today, words)
    return fill(words.of("position.found"), link | {"time": time, "age": _duration(max(0.0, age_s), words)})


def _local(moment: datetime, timezone: str) -> datetime:
    """Give local time; UTC, which then stands beside it, where the zone or the time itself is beyond its tables."""
    try:
        return moment.astimezone(ZoneInfo(timezone))
    except (OSError, ValueError, KeyError, OverflowError):  # told to the reader: the text says UTC
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _clock_of_day(moment: datetime, today: datetime, words: _Words) -> str:
    """Give the time, with the date where it is another day's."""
    clock = _clock(moment, words.language)
    if moment.date() == today.date():
        return clock
    return fill(words.of("time.other_day"), {"time": clock, "date": _date(moment, words.language)})


def _clock(moment: datetime, language: Language) -> str:
    mark = "." if language is Language.DANISH else ":"
    return f"{moment.hour:02}{mark}{moment.minute:02}" + (" UTC" if moment.tzinfo is UTC else "")


def _date(moment: datetime, language: Language) -> str:
    if language is Language.DANISH:
        return f"{moment.day:02}.{moment.month:02}.{moment.year:04}"
    return moment.date().isoformat()


def _duration(seconds: float, words: _Words) -> str:
    """Give a length of time in the unit that people would use; infinite or no number: unknown."""
    if not 0 <= seconds < timedelta.max.total_seconds():
        return words.of("time.unknown")
    for unit, size_s, below_s in (("seconds", 1, 60), ("minutes", 60, 7200), ("hours", 3600, 172800)):
        if seconds < below_s:
            return fill(words.of(f"time.{unit}"), {"count": str(max(1, round(seconds / size_s)))})
    return fill(words.of("time.days"), {"count": str(round(seconds / 86400))})


def _answered(seconds: float, words: _Words) -> str:
    """Give how soon somebody answered, as short as can be; nothing where that is not known."""
    if not 0 < seconds < timedelta.max.total_seconds():
        return ""
    unit, size_s = next((each for each in (("seconds", 1), ("minutes", 60)) if seconds < each[1] * 60), ("hours", 3600))
    return fill(words.of(f"answered.{unit}"), {"count": str(max(1, round(seconds / size_s)))})


def _sample(device: Device, configuration: Configuration) -> Facts:
    site = configuration.sites[device.site]
    answers = configuration.web.public_url
    return Facts(
        now=datetime(2000, 1, 1, tzinfo=UTC),
        alarm=f"{device.site}-{SAMPLE_NUMBER}",
        site=site.name,
        address=site.address,
        device=device.name,
        instruction=configuration.routes[device.route].instruction,
        url=answers.rstrip("/") + SAMPLE_LINK if answers else "",
    )
