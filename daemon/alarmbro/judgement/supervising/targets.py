"""When each target is tried without an alarm, and from when on it is a fault that it does not answer. Pure.

One failed try is no fault: lines hiccup, and a mail server restarts. Two in a row are; the second comes soon after the
first, so that a path to an alarm centre that is lost is known within three minutes (EN 50136: the 3 minute class).
"""

from __future__ import annotations

from dataclasses import dataclass

from alarmbro.model.activation import Trouble
from alarmbro.model.delivery import Outcome, Result
from alarmbro.model.moment import UNKNOWN_S

KIND = "probe"
FAILURES = 2
AGAIN_S = 60.0  # after a failed try, where the interval is longer
HANGS_S = 30.0  # a try that has not come back by then has failed
NOT_TRIED = "not_tried"  # a target that nobody can try without disturbing somebody


@dataclass(slots=True)
class Tries:
    """The tries at one target. Times are seconds of the monotonic clock."""

    label: str
    every_s: float
    next_s: float
    begun_s: float | None = None
    failures: int = 0
    told_hanging: bool = False

    def begin(self, now_s: float) -> None:
        """Note that a try begins."""
        self.begun_s = now_s
        self.told_hanging = False

    def due_in_s(self, now_s: float) -> float:
        """Give the seconds until a try is to begin, or one that runs counts as hanging (infinite: neither)."""
        if self.begun_s is None:
            return max(0.0, self.next_s - now_s)
        return UNKNOWN_S if self.told_hanging else max(0.0, self.begun_s + HANGS_S - now_s)

    def hangs(self) -> Trouble | None:
        """Note that the try that runs has not come back: it has failed, and no other begins before it does."""
        self.told_hanging = True
        return self._failed("hangs")

    def ended(self, result: Result, now_s: float) -> Trouble | None:
        """Take the end of a try; give what is to be told."""
        hung, self.begun_s = self.told_hanging, None
        if result.outcome is Outcome.OK:
            self.failures = 0
            self.next_s = UNKNOWN_S if result.reason == NOT_TRIED else now_s + self.every_s
            return Trouble(KIND, self.label, well=True)
        self.next_s = now_s + min(self.every_s, AGAIN_S)
        return None if hung else self._failed(result.reason)

    def _failed(self, reason: str) -> Trouble | None:
        self.failures += 1
        return Trouble(KIND, self.label, detail=reason) if self.failures >= FAILURES else None
