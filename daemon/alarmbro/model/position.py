"""Where a pendant says that it is. Personal: it is kept as long as names are, and told to responders only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Position:
    """A place in WGS 84 degrees. `at` is when it was found (aware); None: nobody knows, so it counts as old.

    `accuracy_m` is the radius that the device gives, where it gives one.
    """

    latitude: float
    longitude: float
    at: datetime | None = None
    accuracy_m: float | None = None
