"""What a receiver answers, in all the forms that receivers send. Pure; never raises, whatever the bytes.

Some leave the receiver number out, or write `None` for it; real NAKs have `A0` or `#0` where the account stands, and
the number 0000; one open receiver sends a bare `"NAK"` without checksum. An acknowledgement counts only when its
checksum is right: believing a broken one would be an alarm that nobody got.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from alarmbro.delivery.dc09.crc import crc
from alarmbro.delivery.dc09.frame import STAMP

WHOLE = re.compile(rb'([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})("\*?(?:ACK|NAK|DUH|RSP)"[^\r]*)\r')
BARE = re.compile(rb'(?<![0-9A-Fa-f]{8})"\*?(?:NAK|DUH)"[^\r]*\r?')  # behind eight digits a whole one is under way
PARTS = re.compile(rb'"\*?(ACK|NAK|DUH|RSP)"(\d{4})?')
TIME = re.compile(rb"_(\d\d:\d\d:\d\d,\d\d-\d\d-\d{4})")
UNNUMBERED = 0


class Verdict(StrEnum):
    """What the receiver says of our frame."""

    ACK = "ACK"  # taken (RSP, too: it carries something that we do not ask for)
    NAK = "NAK"  # the time stamp, key or account is not right
    DUH = "DUH"  # the frame is right, its content is not understood


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `sequence` is None where it has none; `at` is the receiver's clock, where it says so.

    `whole`: nothing more of it is to come. One without a frame around it may go on.
    """

    verdict: Verdict
    sequence: int | None
    at: datetime | None = None
    whole: bool = True

    def is_to(self, sequence: int) -> bool:
        """Tell whether it answers the frame of that number: a late one answers another."""
        if self.verdict is Verdict.NAK:
            return self.sequence in (None, UNNUMBERED, sequence)
        if self.verdict is Verdict.DUH:
            return self.sequence in (None, sequence)
        return self.sequence == sequence


def replies(received: bytes) -> list[Reply]:
    """Give every answer in what was received so far, in order."""
    found = [_reply(match[3]) for match in WHOLE.finditer(received) if crc(match[3]).encode() == match[1].upper()]
    if found:
        return found
    bare = BARE.search(received)
    if bare is None:
        return []
    reply = _reply(bare[0])
    return [replace(reply, whole=reply.at is not None or bare[0].endswith(b"\r"))]


def _reply(said: bytes) -> Reply:
    parts = PARTS.match(said)
    word, number = (parts[1].decode(), parts[2]) if parts else ("NAK", None)
    verdict = Verdict.ACK if word == "RSP" else Verdict(word)
    return Reply(verdict, int(number) if number else None, _time(said))


def _time(said: bytes) -> datetime | None:
    found = TIME.search(said)
    try:
        return datetime.strptime(found[1].decode(), STAMP).replace(tzinfo=UTC) if found else None
    except ValueError:  # the 31st of February
        return None
