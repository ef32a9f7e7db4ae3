"""Whether the deciding thread turns, for those who ask from outside. Any thread may ask; the deciding thread beats."""

from __future__ import annotations

from alarmbro.model.moment import Clock

TURN_S = 20.0  # a turn takes a second at the most; systemd's watchdog waits as long as this


class Pulse:
    """When the last full turn was completed: everything decided, every listener looked at."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._beat_s: float | None = None

    def beat(self) -> None:
        """Note that a turn was completed. Neither blocks nor raises."""
        self._beat_s = self._clock.now().monotonic_s

    def well(self) -> bool | str:
        """Tell whether one was completed lately; else why that is not so."""
        if self._beat_s is None:
            return "no turn has been completed yet"
        ago_s = self._clock.now().monotonic_s - self._beat_s
        return True if ago_s < TURN_S else f"the last turn was completed {ago_s:.0f} s ago"
