"""From what is to be said to the bytes of a frame. Pure, but for the random padding.

`<LF> CRC 0LLL "ID" SEQ [Rxxx] Lxxx #ACCOUNT [data] [xdata]* [_time] <CR>`; the checksum and the length cover all from
the first quotation mark up to CR.

A plain frame has no time stamp: it is optional there, and a receiver that checks it would refuse the alarm of a machine
whose clock is wrong. An encrypted one must have it.
"""

from __future__ import annotations

import secrets
import string
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from unicodedata import combining

from alarmbro.delivery.dc09.cipher import BLOCK, encrypt
from alarmbro.delivery.dc09.crc import crc

STAMP = "%H:%M:%S,%m-%d-%Y"
PADDING = string.ascii_letters + string.digits  # none of | [ ], which have a meaning
ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})
RESERVED = str.maketrans(dict.fromkeys('[]|#^"_', " "))  # receivers look for these to take a frame apart
LONGEST_TEXT = 100  # signs: a receiver shows a line


class Token(StrEnum):
    """What kind of frame it is."""

    SIA_DCS = "SIA-DCS"
    ADM_CID = "ADM-CID"
    NULL = "NULL"


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are to the receiver: 3 to 16 hex digits as text, its receiver and line numbers, and the key, if any."""

    number: str
    receiver: str = "0"
    line: str = "0"
    key: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Saying:
    """What one frame says: the data block without its brackets, and extended data, each without its brackets."""

    token: Token
    data: str = ""
    extended: tuple[str, ...] = ()


def frame(account: Account, sequence: int, saying: Saying, now: datetime) -> bytes:
    """Give the whole frame. `now` is aware, and right as far as the receiver is concerned (see `clocks`)."""
    token = f"*{saying.token}" if account.key else saying.token
    start = f'"{token}"{sequence:04}R{account.receiver}L{account.line}#{account.number}['
    content = f"{saying.data}]" + "".join(f"[{ascii_only(each)}]" for each in saying.extended)
    if account.key:
        content = _encrypted(content, bool(saying.data), account.key, now)
    covered = (start + content).encode("ascii")
    return b"\n" + f"{crc(covered)}{len(covered):04X}".encode("ascii") + covered + b"\r"


def stamp(at: datetime) -> str:
    """Write a time as DC-09 does, in UTC."""
    return at.astimezone(UTC).strftime(STAMP)


def ascii_only(text: str) -> str:
    """Give a text in ASCII: other letters make receivers drop the frame. Accents go, as in e for é."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text.translate(ASCII)) if not combining(sign))
    plain = bare.encode("ascii", "replace").decode("ascii")
    return "".join(sign if sign.isprintable() else " " for sign in plain)


def text_of(words: str) -> str:
    """Give words that may stand in extended data."""
    return " ".join(ascii_only(words.translate(RESERVED)).translate(RESERVED).split())[:LONGEST_TEXT]


def _encrypted(content: str, has_data: bool, key: bytes, now: datetime) -> str:
    """Pad and encrypt all from the bracket on.

    The initial vector is sixteen zero bytes, so the padding alone keeps two equal messages from looking equal: at
    least a whole block of it is random, more than the standard asks.
    """
    said = f"{'|' if has_data else ''}{content}_{stamp(now)}"
    size = 2 * BLOCK - len(said) % BLOCK
    padding = "".join(secrets.choice(PADDING) for _ in range(size))
    return encrypt((padding + said).encode("ascii"), key).hex().upper()
