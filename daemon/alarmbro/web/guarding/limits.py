"""How often somebody may ask: a bucket for each, that fills again by itself. Pure; the time is an argument."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

KEPT = 4096  # buckets; the one that was used longest ago makes room


@dataclass(slots=True)
class Limit:
    """`burst` at once, and `each_s` seconds for one more."""

    burst: float
    each_s: float
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, who: str, now_s: float) -> bool:
        """Take one of `who`'s; False where there is none left."""
        left = self._filled(who, now_s)
        self._left[who] = (left - 1 if left >= 1 else left, now_s)
        self._left.move_to_end(who)
        if len(self._left) > KEPT:
            self._left.popitem(last=False)
        return left >= 1

    def empty(self, who: str, now_s: float) -> bool:
        """Tell whether there is none left, and take none."""
        return self._filled(who, now_s) < 1

    def _filled(self, who: str, now_s: float) -> float:
        left, at_s = self._left.get(who, (self.burst, now_s))
        return min(self.burst, left + (now_s - at_s) / self.each_s)
