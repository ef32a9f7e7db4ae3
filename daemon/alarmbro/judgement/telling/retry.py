"""When a delivery that did not get through is tried again.

The first tries come quickly, because most failures are short (a gateway's restart, a lost packet); then every half
minute for as long as the alarm is open. The jitter keeps many deliveries to one sick target from coming in step; it
is taken from the delivery's own name, so that the same question has the same answer.
"""

from __future__ import annotations

import zlib

FIRST_S = 0.5
LAST_S = 30.0
LAST_WHEN_OVER_S = 300.0  # nobody waits for it any more: that an alarm is closed, and what to do afterwards
JITTER = 0.25  # up to this part earlier
ATTEMPT_DEADLINE_S = 10.0  # EN 50131-1: an alarm must be on its way within 10 s; a try that hangs longer is outlived


def pause_s(attempts: int, name: str, longest_s: float = LAST_S) -> float:
    """Give the seconds to wait after the `attempts`-th try (from 1) of the delivery called `name`."""
    full = min(longest_s, FIRST_S * 2.0 ** min(attempts - 1, 16))
    share = zlib.crc32(f"{name}#{attempts}".encode()) / 2**32
    return full * (1 - JITTER * share)
