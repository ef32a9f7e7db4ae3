"""Time as alarmbro keeps it: the monotonic clock decides, UTC reports.

Most Pis have no battery clock, so wall time jumps. Linux's monotonic clock outlives a process but not a boot: a
`Moment` therefore carries the boot's id, and time between moments of different boots is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

UNKNOWN_S = float("inf")


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant: boot id, seconds of that boot's monotonic clock, and aware UTC wall time."""

    boot: str
    monotonic_s: float
    utc: datetime

    def since(self, earlier: Moment) -> float:
        """Give the seconds from `earlier` to this; `UNKNOWN_S` (infinity) across a reboot, so that all is due."""
        if self.boot != earlier.boot:
            return UNKNOWN_S
        return max(0.0, self.monotonic_s - earlier.monotonic_s)

    def before(self, other: Moment) -> bool:
        """Tell whether this is known to be earlier than `other`: across a reboot nobody knows."""
        return self.boot == other.boot and self.monotonic_s < other.monotonic_s

    def later(self, seconds: float) -> Moment:
        """Give the moment `seconds` later on the same clocks (earlier where negative)."""
        return Moment(self.boot, self.monotonic_s + seconds, self.utc + timedelta(seconds=seconds))


class Clock(Protocol):
    """Where the present comes from; tests hand in one that jumps."""

    def now(self) -> Moment:
        """Give the present moment. Never raises."""
        ...


def iso(utc: datetime) -> str:
    """Write an aware time as `2026-11-23T09:12:04.512Z`, the journal's form."""
    return utc.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """Read an ISO 8601 time with its zone. Raise ValueError for anything else, a time without a zone too."""
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone; write 2026-11-23T09:12:04Z")
    return parsed.astimezone(UTC)
