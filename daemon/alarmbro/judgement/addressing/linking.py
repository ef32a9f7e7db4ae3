"""The link to answer by: for one alarm and one recipient, and what proves that we made it. Pure.

A link is the page's address and eight letters, because an SMS has room for no more: the start of a keyed BLAKE2b of the
alarm and the recipient. Nobody can make one without the key, and none is good for another alarm or another person. It
says nothing by itself, so whoever checks it has to know which alarms and recipients there are, and compares. Eight of
57 letters are 10^14 possibilities, of which one for each person of an open alarm is good; guesses are counted and held
up where they arrive. It is good while its alarm is open, and at most for `GOOD_FOR_S` after the press.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

KEY_BYTES = 32
LETTERS = 8
GOOD_FOR_S = 7 * 86400.0
# Without 0 and O, 1, I and l: somebody may have to read it out. None is cut off a link's end, as - and _ are.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def code_of(key: bytes, alarm: str, recipient: str) -> str:
    """Give the letters of the link by which `recipient` answers `alarm`."""
    said = f"link\n{alarm}\n{recipient}".encode()
    number = int.from_bytes(hashlib.blake2b(said, key=key, digest_size=16).digest())
    letters = []
    for _ in range(LETTERS):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def link_of(key: bytes, page: str, alarm: str, recipient: str) -> str:
    """Give the whole link; `page` is the page's address as people reach it."""
    return f"{page.rstrip('/')}/{code_of(key, alarm, recipient)}"


def is_code(text: str) -> bool:
    """Tell whether a text looks like one of ours."""
    return len(text) == LETTERS and all(letter in ALPHABET for letter in text)


def is_good(pressed: datetime, now: datetime) -> bool:
    """Tell whether a link to an alarm of that time can still be used."""
    return (now - pressed).total_seconds() <= GOOD_FOR_S
