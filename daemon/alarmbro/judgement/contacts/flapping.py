"""Whether a contact's line picks up noise: edges that no hand makes and that never become a press.

Pure; whoever feeds a `Flapping` calls it from one thread at a time. It judges the line and nothing else: what counts
as a press is `debounce`'s to say, and a line that flaps is not deaf.

Edges less than `GAP_S` apart are one flutter. It speaks of noise when the line rested before and after it, was never
steady in it, and no press came of it; so does each `LONGEST_S` of one that goes on. A press has no such flutter,
however it bounces: its first one ends pressed and its last one begins so. Nor has a tap that is too short for a button
which must be held, or a dirty contact whose chatter adds up to a press. Presses too many for a hand: `supervising`.
"""

from __future__ import annotations

import math
from collections import deque

from alarmbro.judgement.contacts.debounce import EPSILON_S, RELEASE_S

GAP_S = 0.100
LONGEST_S = 1.0
# A hand makes none. A switched load beside the cable makes one or two at a time and rarely ten within a minute; a loose
# terminal or mains on the line make hundreds.
MOST = 20
WITHIN_S = 60.0
QUIET_S = 3600.0  # without so many: over. A terminal is loose by day, when people walk and doors slam


class Flapping:
    """One line's judge. Times are seconds of one monotonic clock; `active` is what is not rest.

    What is steady for `debounce_s` could count as a press; beyond `RELEASE_S` it is a hand's whatever counts.
    """

    def __init__(self, debounce_s: float) -> None:
        self.begun = False
        self._steady_s = min(debounce_s, RELEASE_S)
        self._active = False
        self._rose_s = -math.inf
        self._recent: deque[float] = deque(maxlen=MOST)
        self._reached_s = -math.inf
        # The flutter.
        self._open = False
        self._from_rest = True
        self._excused = False
        self._first_s = -math.inf
        self._last_s = -math.inf

    def edge(self, at_s: float, active: bool) -> None:
        """Take a change to `active`; the kernel may have dropped the one before. What is no time is not believed."""
        if not math.isfinite(at_s):
            return
        at_s = max(at_s, self._last_s)
        if self._open and at_s - self._last_s >= GAP_S:
            self._close()
        elif self._open and at_s - self._first_s >= LONGEST_S:
            self._close(goes_on=True)
        if not self._open:
            self._open, self._excused, self._from_rest, self._first_s = True, False, not self._active, at_s
        if self._active and at_s - self._rose_s + EPSILON_S >= self._steady_s:
            self._excused = True
        if active and not self._active:
            self._rose_s = at_s
        self._active, self._last_s = active, at_s

    def press(self) -> None:
        """Take that a press came of it."""
        self._excused = True

    def sample(self, now_s: float, active: bool) -> None:
        """Take what the line reads now."""
        self._last_s = min(self._last_s, now_s)  # a wrong clock must not make it deaf
        if self._open and now_s - self._last_s >= GAP_S:
            self._close()
        if not self._open and active is not self._active:  # an edge was lost
            self._active, self._rose_s = active, now_s
        if self.begun and now_s - self._reached_s >= QUIET_S:
            self.begun = False
            self._recent.clear()

    def _close(self, *, goes_on: bool = False) -> None:
        self._open = False
        if self._excused or not (goes_on or (self._from_rest and not self._active)):
            return
        self._recent.append(self._last_s)
        if len(self._recent) == MOST and self._last_s - self._recent[0] <= WITHIN_S:
            self.begun, self._reached_s = True, self._last_s
