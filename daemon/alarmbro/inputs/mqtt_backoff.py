"""How long to wait before the next connection, and whether another client fights for the same client id.

A broker lets the newest client of an id in and throws the older one out: two that reconnect at once do that for ever,
and no press gets through. The one that finds itself thrown out waits the longest time and says so.
Runs in the thread of the link that owns it; no clock of its own.
"""

from __future__ import annotations

SHORTEST_S = 1.0
LONGEST_S = 15.0
STEADY_S = 2 * LONGEST_S  # a connection that lived as long was a good one
SUSPICIOUS = 3  # short connections in a row, none refused in between


class Backoff:
    """Waiting times of one link. Times are seconds of the monotonic clock."""

    def __init__(self) -> None:
        self.contested = False
        self._delay_s = 0.0
        self._short = 0
        self._since_s: float | None = None

    def connected(self, now_s: float) -> None:
        """Hear that the broker let us in."""
        self._since_s = now_s

    def lost(self, now_s: float, *, taken_over: bool = False) -> float:
        """Hear that a connection, or the attempt at one, has ended; give the seconds to wait."""
        self.steady(now_s)
        if self._since_s is None:
            self._short = 0  # an attempt that fails is no fight: a rival never makes it fail
        elif now_s - self._since_s < STEADY_S:
            self._short += 1
        self._since_s = None
        self.contested = self.contested or taken_over or self._short >= SUSPICIOUS
        longer_s = min(LONGEST_S, max(SHORTEST_S, 2 * self._delay_s))
        self._delay_s = LONGEST_S if self.contested else longer_s
        return self._delay_s

    def steady(self, now_s: float) -> None:
        """Forget what was, once a connection has lasted."""
        if self._since_s is not None and now_s - self._since_s >= STEADY_S:
            self.contested, self._delay_s, self._short = False, 0.0, 0
