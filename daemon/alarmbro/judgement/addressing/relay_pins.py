"""Which pin a `relay://` URL names, and how it says that it is wired, so that none is used twice. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

LARGEST_PIN = 27  # BCM numbers on the header of a Raspberry Pi
RELAY = re.compile(r"relay://([0-9]{1,2})(?:[/?].*)?", re.IGNORECASE)


def pin_of(url: str) -> int | None:
    """Give the BCM pin; None where the URL is of another scheme, or names none."""
    named = RELAY.fullmatch(url.strip())
    return int(named[1]) if named and int(named[1]) <= LARGEST_PIN else None


def wiring_of(url: str) -> dict[str, str]:
    """Give what a `relay://` URL says of the relay itself, in small letters: two of one pin must say the same."""
    asked = dict(parse_qsl(url.partition("?")[2].lower()))
    return {"normally": asked.get("normally", "de-energised"), "active_low": asked.get("active_low", "no")}
