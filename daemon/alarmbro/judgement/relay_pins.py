"""Which pin a `relay://` URL names, so that none is used twice. Pure."""

from __future__ import annotations

import re

LARGEST_PIN = 27  # BCM numbers on the header of a Raspberry Pi
RELAY = re.compile(r"relay://([0-9]{1,2})(?:[/?].*)?", re.IGNORECASE)


def pin_of(url: str) -> int | None:
    """Give the BCM pin; None where the URL is of another scheme, or names none."""
    named = RELAY.fullmatch(url.strip())
    return int(named[1]) if named and int(named[1]) <= LARGEST_PIN else None
