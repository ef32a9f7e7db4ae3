"""The machine's clocks. Any thread may ask."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from alarmbro.model.moment import Moment

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
BY_TIMESYNCD = Path("/run/systemd/timesync/synchronized")  # systemd-timesyncd(8): there since its first answer
TIMEX_BYTES = 512  # `struct timex` has 208 on 64-bit Linux; the kernel writes no more than it has
NOT_SYNCHRONISED = 5  # TIME_ERROR of adjtimex(2): nobody keeps the clock right


class SystemClock:
    """Linux's monotonic clock, wall time, and the kernel's id of this boot."""

    def __init__(self) -> None:
        try:
            self.boot = BOOT_ID.read_text(encoding="ascii").strip()
        except OSError:  # no Linux /proc: every start counts as a new boot, so that all is due again
            self.boot = f"unknown-{time.time_ns()}"

    def now(self) -> Moment:
        """Give the present moment."""
        return Moment(self.boot, time.monotonic(), datetime.now(UTC))


def kernel_says() -> int:
    """Ask the kernel how its clock stands (adjtimex(2)); raise OSError where it cannot be asked."""
    asked = ctypes.create_string_buffer(TIMEX_BYTES)  # modes 0: only read
    return int(ctypes.CDLL(None, use_errno=True).adjtimex(asked))


def synchronised(state: Callable[[], int] = kernel_says, by_timesyncd: Path = BY_TIMESYNCD) -> bool:
    """Tell whether wall time can be believed: a daemon (timesyncd, chrony) says that it keeps it right.

    Where nobody can tell it cannot.
    """
    if by_timesyncd.exists():
        return True
    try:
        answer = state()
    except (OSError, AttributeError):
        return False
    return 0 <= answer < NOT_SYNCHRONISED
