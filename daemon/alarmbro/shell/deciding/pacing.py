"""Who goes first in the first milliseconds of an alarm. Runs in the deciding thread; pure but for its own state.

One interpreter runs one thread at a time: three messages that are made at once are all late, and what this thread
writes, tells or logs meanwhile makes them later still. So the first delivery leaves alone, the others follow when it
has had time to go, and everything that can wait does, for some milliseconds and never for long.
"""

from __future__ import annotations

from dataclasses import dataclass

HEAD_START_S = 0.0008  # at the most, where the first is not through before: a target may hang
HUSH_S = 0.01  # for the first and those that follow it
LONGEST_S = 0.1  # however many presses come one after the other, what waits waits no longer


@dataclass(slots=True)
class Pacing:
    """What may go on when. Times are seconds of the monotonic clock."""

    head_start_s: float = HEAD_START_S
    hush_s: float = HUSH_S
    longest_s: float = LONGEST_S
    _since_s: float | None = None
    _follow_s: float = 0.0
    _over_s: float = 0.0

    def urgent(self, now_s: float) -> None:
        """Hear that a first message has left."""
        self._since_s = now_s if self._since_s is None else self._since_s
        self._follow_s = now_s + self.head_start_s
        self._over_s = min(now_s + self.hush_s, self._since_s + self.longest_s)

    def landed(self) -> None:
        """Hear that a message is through, or has failed: others may follow."""
        self._follow_s = 0.0

    def over(self) -> None:
        """Hear that nothing is under way any more."""
        self._since_s = None

    @property
    def hushed(self) -> bool:
        """Tell whether all that can wait is to wait."""
        return self._since_s is not None

    def followers_in_s(self, now_s: float) -> float:
        """Give the seconds until the other deliveries may follow; 0: now."""
        return max(0.0, min(self._follow_s, self._over_s) - now_s) if self.hushed else 0.0

    def rest_in_s(self, now_s: float) -> float:
        """Give the seconds until all the rest may go on; 0: now, and the hush is over."""
        if now_s >= self._over_s:
            self.over()
        return self._over_s - now_s if self.hushed else 0.0
