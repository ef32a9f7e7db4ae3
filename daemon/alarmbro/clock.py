"""The machine's clocks. Any thread may ask."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from alarmbro.model.moment import Moment

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


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
