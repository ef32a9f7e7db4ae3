"""Lengths of time as people write them: a number with its unit. Any thread."""

from __future__ import annotations

import re

from alarmbro.model.configuration import MONTH_S

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "mo": MONTH_S}
PATTERN = r"^[0-9]{1,6}(ms|s|m|h|d|mo)$"
FORMS = "write 500ms, 30s, 2m, 24h, 7d or 12mo"

_WRITTEN = re.compile(r"([0-9]{1,6})(ms|s|mo|m|h|d)")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_NEARLY = re.compile(r"([0-9]{1,6})\s*([a-zæøå]+)\.?")
# What people write for the units, Danish and English.
_LONG_FORMS = {
    "ms": ("msec", "millisekunder", "milliseconds"),
    "s": ("sec", "secs", "sek", "second", "seconds", "sekund", "sekunder"),
    "m": ("min", "mins", "minut", "minutter", "minute", "minutes"),
    "h": ("t", "hr", "hrs", "time", "timer", "hour", "hours"),
    "d": ("dag", "dage", "day", "days"),
    "mo": ("mon", "mdr", "måned", "måneder", "month", "months"),
}


class DurationError(ValueError):
    """The text is no duration; it says what would be."""


def seconds(written: object) -> float:
    """Give the seconds that a duration says. Raise DurationError, with a suggestion, for anything else."""
    if isinstance(written, str) and (match := _WRITTEN.fullmatch(written)):
        return int(match[1]) * UNITS[match[2]]
    raise DurationError(_what_was_meant(written))


def _what_was_meant(written: object) -> str:
    if isinstance(written, bool) or not isinstance(written, (int, float, str)):
        return f"this must be a length of time; {FORMS}"
    text = str(written).strip()
    if re.fullmatch(r"[0-9]{1,6}", text):
        return f"{text} has no unit; did you mean {text}s?"
    if text.startswith("-"):
        return f"a length of time cannot be negative; {FORMS}"
    if match := _CLOCK.fullmatch(text):
        return f"{text} is a time of day; did you mean {_of_clock(match)}?"
    if re.fullmatch(r"[0-9]+\.[0-9]+[a-z]*", text):
        return "a length of time must be a whole number of its unit; write 1500ms for 1.5s"
    return _of_words(text.lower())


def _of_clock(match: re.Match[str]) -> str:
    total = int(match[1]) * 60 + int(match[2])
    if match[3]:
        total = total * 60 + int(match[3])
    return f"{total}s" if total % 60 else f"{total // 60}m"


def _of_words(text: str) -> str:
    if match := _NEARLY.fullmatch(text):
        for unit, longer in _LONG_FORMS.items():
            if match[2] == unit or match[2] in longer:
                return f"this is not written as alarmbro reads it; did you mean {match[1]}{unit}?"
    return f"this is no length of time; {FORMS}"


def spoken(length_s: float) -> str:
    """Write seconds in the largest unit that divides them, for bounds in messages."""
    if not length_s:
        return "0s"
    for unit in ("mo", "d", "h", "m", "s"):
        count = length_s / UNITS[unit]
        if count >= 1 and abs(count - round(count)) < 1e-9:  # noqa: PLR2004 (rounding of floats)
            return f"{round(count)}{unit}"
    return f"{round(length_s * 1000)}ms"
