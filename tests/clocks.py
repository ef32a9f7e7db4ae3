"""A clock that jumps: the fake beside `alarmbro.clock.SystemClock`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from alarmbro.model.moment import Moment

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@dataclass
class JumpingClock:
    """Stands still until told otherwise."""

    boot: str = "boot-1"
    monotonic_s: float = 1000.0
    utc: datetime = field(default=NOON)

    def now(self) -> Moment:
        return Moment(self.boot, self.monotonic_s, self.utc)

    def forward(self, seconds: float) -> Moment:
        """Let time pass."""
        self.monotonic_s += seconds
        self.utc += timedelta(seconds=seconds)
        return self.now()

    def reboot(self, boot: str = "boot-2") -> None:
        """Begin a new boot, as a Pi without a battery clock does: the wall clock is where it was."""
        self.boot, self.monotonic_s = boot, 5.0

    def set_wall(self, utc: datetime) -> None:
        """Set the wall clock alone, as NTP does."""
        self.utc = utc
