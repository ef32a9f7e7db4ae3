"""Whether a device presses so often that no hand does it: a contact or a sender that is broken.

Its presses stay real, each of them: nothing here keeps one from being an alarm. Pure.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

MOST = 30  # presses …
WITHIN_S = 60.0  # … in so long: a hand in fear presses a few times a second, for a few seconds
QUIET_S = 600.0  # without so many: over


@dataclass(slots=True)
class Chattering:
    """What is known of one device's presses. Times are seconds of the monotonic clock."""

    begun: bool = False
    _recent: deque[float] = field(default_factory=lambda: deque(maxlen=MOST))
    _last_s: float = 0.0

    def pressed(self, now_s: float) -> bool:
        """Take a press; tell whether the chatter begins with it."""
        self._recent.append(now_s)
        if len(self._recent) < MOST or now_s - self._recent[0] > WITHIN_S:
            return False
        self._last_s = now_s
        begins, self.begun = not self.begun, True
        return begins

    def over_in_s(self, now_s: float) -> float:
        """Give the seconds until it counts as over (0: it is; infinite: it never began)."""
        return max(0.0, self._last_s + QUIET_S - now_s) if self.begun else float("inf")

    def end(self) -> None:
        """Take it as over."""
        self.begun = False
        self._recent.clear()
