"""The alphabet of SMS: what a text costs, and the nearest text that one SMS can carry.

One character outside the alphabet turns a whole SMS into UCS-2, which halves it. Promises that `to_gsm7` gives only
characters of the alphabet. Pure; any thread.

Source: 3GPP TS 23.038, section 6.2.1 (default alphabet) and 6.2.1.1 (extension table). The escape character of the
default alphabet is left out: by itself it is no character.
"""

from __future__ import annotations

import unicodedata  # the Unicode tables, pure
from functools import lru_cache

SINGLE = 160  # septets in an SMS of one part (3GPP TS 23.040: 140 octets)
LINKED = 153  # septets in each part of a longer one: 7 go to the header that links them
SINGLE_UCS2 = 70
LINKED_UCS2 = 67

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"  # the standard's own Greek capitals
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")  # two septets each

NEIGHBOURS = {
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",  # noqa: RUF001  # what they stand for
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "´": "'", "`": "'",  # noqa: RUF001
    "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "«": '"', "»": '"', "‹": "'", "›": "'",  # noqa: RUF001
    "…": "...", "•": "-", "·": ".", "⁄": "/", "×": "x", "÷": "/", "→": "->", "←": "<-",  # noqa: RUF001
    "°": "o", "©": "(c)", "®": "(R)", "™": "TM", "\t": " ",
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "œ": "oe", "Œ": "OE",
    "ı": "i", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T", "ẞ": "SS",  # noqa: RUF001
}  # fmt: skip


def septets(text: str) -> int | None:
    """Give the septets that a text takes, or None where one of its characters is not in the alphabet."""
    total = 0
    for character in text:
        if character in BASIC:
            total += 1
        elif character in EXTENSION:
            total += 2
        else:
            return None
    return total


def parts(text: str) -> int:
    """Give how many SMS a text is sent as (one for an empty one); a text outside the alphabet is sent as UCS-2."""
    total = septets(text)
    if total is None:
        units = len(text.encode("utf-16-be", errors="replace")) // 2
        return 1 if units <= SINGLE_UCS2 else -(-units // LINKED_UCS2)
    return 1 if total <= SINGLE else _linked_parts(text)


@lru_cache(1024)  # templates and names come again in every message
def to_gsm7(text: str) -> str:
    """Give the nearest text in the alphabet.

    What the alphabet has stays (so do æ, ø, å, é); a letter loses an accent that it cannot keep; typographic signs
    become plain ones; signs without a width go; anything else is `?`.
    """
    return "".join(map(_near, unicodedata.normalize("NFC", text)))


def _linked_parts(text: str) -> int:
    """Count the parts of a long text: a character of two septets is never split between two parts."""
    count, used = 1, 0
    for character in text:
        cost = 2 if character in EXTENSION else 1
        if used + cost > LINKED:
            count, used = count + 1, 0
        used += cost
    return count


def _near(character: str) -> str:
    if character in BASIC or character in EXTENSION:
        return character
    if character in NEIGHBOURS:
        return NEIGHBOURS[character]
    if unicodedata.category(character) in {"Cc", "Cf", "Mn", "Me"}:  # control, formatting, combining
        return ""
    if unicodedata.category(character) in {"Zs", "Zl", "Zp"}:
        return " "
    taken_apart = unicodedata.normalize("NFKD", character)
    return "?" if taken_apart == character else "".join(map(_near, taken_apart))
