"""Where a pendant says that it is. Personal: it is kept as long as names are, and told to responders only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alarmbro.model.moment import from_iso, iso


@dataclass(frozen=True, slots=True)
class Position:
    """A place in WGS 84 degrees. `at` is when it was found (aware); None: nobody knows, so it counts as old.

    `accuracy_m` is the radius that the device gives, where it gives one.
    """

    latitude: float
    longitude: float
    at: datetime | None = None
    accuracy_m: float | None = None

    def written(self) -> str:
        """Give it as one text, as the journal keeps it."""
        parts = [f"{self.latitude:.6f}", f"{self.longitude:.6f}", iso(self.at) if self.at else "-"]
        return " ".join([*parts, "-" if self.accuracy_m is None else f"{self.accuracy_m:.0f}"])


def read(text: str) -> Position | None:
    """Read what `written` gave; None for anything else."""
    try:
        latitude, longitude, at, accuracy = text.split()
        return Position(
            float(latitude),
            float(longitude),
            None if at == "-" else from_iso(at),
            None if accuracy == "-" else float(accuracy),
        )
    except ValueError:  # an empty text, or one that somebody else wrote
        return None
