"""Making a text fit one SMS: what goes first when names are long.

Promises at most 160 septets, only characters of GSM-7, one line; never raises. What it must never do: cut the first
word, the alarm's number or the time. Pure; any thread.

Order: the instruction goes first (in whole words; a stump of less than half is left out, since "Gå ikke" and "Gå"
are both stumps), then advice and notes, then the device's name, then people's and the site's, and the link last.
A cut shows as three dots.
"""

from __future__ import annotations

from collections.abc import Mapping

from alarmbro.judgement.words.gsm7 import SINGLE, septets, to_gsm7
from alarmbro.judgement.words.template import fill, tidy

DOTS = "..."
SHORTEST = {  # in the order of shortening: the fewest septets that a field is first cut to
    "instruction": 0, "plea": 0, "do": 0, "note": 0, "detail": 0, "address": 0,
    "device": 15, "result": 15, "who": 12, "state": 12, "recipient": 12, "what": 40, "site": 15,
}  # fmt: skip
WHOLE_OR_HALF = frozenset({"instruction", "do"})
LINKS = ("link", "url")
MARK = "\x00"  # stands for the link while punctuation is tidied; cleaned values hold no control character


def fit(template: str, values: Mapping[str, str]) -> str | None:
    """Give the filled text, shortened where it must be; None where the template itself leaves no room."""
    pattern = to_gsm7(template)
    small = {name: to_gsm7(value) for name, value in values.items()}
    for name in LINKS:  # a link with a changed letter leads nowhere
        small[name] = values[name] if septets(values.get(name, "")) else ""
    without_link = small | dict.fromkeys(LINKS, "")
    for tried in (small, without_link):
        text = _shorten(pattern, tried, SHORTEST)
        if _septets(text) <= SINGLE:
            return text
    text = _shorten(pattern, without_link, dict.fromkeys(SHORTEST, 0))
    return text if _septets(text) <= SINGLE else None


def full(template: str, values: Mapping[str, str]) -> str:
    """Give the filled text in one line of GSM-7, as long as it is."""
    return _tidy(to_gsm7(template), {name: to_gsm7(value) for name, value in values.items()})


def cut_off(text: str) -> str:
    """Give the start of a text in one line of at most 160 septets of GSM-7: the last resort."""
    return _start(tidy(to_gsm7(text)), SINGLE)


def _shorten(template: str, values: Mapping[str, str], shortest: Mapping[str, int]) -> str:
    """Cut field after field, each only as far as is needed and allowed."""
    kept = dict(values)
    text = _tidy(template, kept)
    for name, fewest in shortest.items():
        excess = _septets(text) - SINGLE
        if excess <= 0:
            break
        times = template.count(f"{{{name}}}")
        value = kept.get(name, "")
        if times and value:
            room = max(fewest, _septets(value) - -(-excess // times))
            kept[name] = _cut(value, room, whole=name in WHOLE_OR_HALF)
            text = _tidy(template, kept)
    return text


def _cut(text: str, room: int, *, whole: bool) -> str:
    """Give at most `room` septets of a text, ending with three dots where something is missing."""
    if _septets(text) <= room:
        return text
    start = _start(text, room - len(DOTS))
    words = start if text[len(start) :].startswith(" ") else start.rpartition(" ")[0]
    kept = (words if whole or len(words) * 2 >= len(start) else start).rstrip(" ,.;:-(/")
    if not kept or (whole and len(kept) * 2 < len(text)):
        return ""
    return kept + DOTS


def _start(text: str, room: int) -> str:
    used = 0
    for index, character in enumerate(text):
        used += _septets(character)
        if used > room:
            return text[:index]
    return text


def _tidy(template: str, values: Mapping[str, str]) -> str:
    """Fill and tidy; the link stays as it is."""
    link = values.get("link", "")
    url = values.get("url", "")
    text = tidy(fill(template, {**values, "link": MARK if link else "", "url": MARK * 2 if url else ""}))
    return text.replace(MARK * 2, url).replace(MARK, link)


def _septets(text: str) -> int:
    """Count a text that is GSM-7 already (a stray character as one)."""
    return septets(text.replace(MARK, "")) or 0
