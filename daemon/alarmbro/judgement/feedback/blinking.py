"""How a light says where an alarm stands: silent signs that are told apart across a room, and without colours. Pure.

Most urgent is what is worst for the one who pressed: nobody could be told, so they must ring 112 themselves.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from alarmbro.model.alarm import Feedback

# Seconds lit, dark, lit, dark, … and from the start again. Two flashes: somebody is coming.
PATTERNS: dict[Feedback, tuple[float, ...]] = {
    Feedback.NOBODY_TOLD: (0.1, 0.1),
    Feedback.RECEIVED: (1.0, 1.0),
    Feedback.TOLD: (math.inf,),
    Feedback.ACKNOWLEDGED: (0.15, 0.15, 0.15, 1.2),
    Feedback.CLOSED: (0.0, math.inf),
}
URGENCY = tuple(PATTERNS)  # the most urgent first


TICK_S = 1e-6  # so close to its end a part is over: after months the clock's own numbers are no finer


@dataclass(frozen=True, slots=True)
class Glow:
    """What a light does at one instant, and the seconds until that changes: infinity where it stays."""

    lit: bool
    change_in_s: float


def glow(feedback: Feedback, shown_s: float) -> Glow:
    """Give how a light stands that has been showing `feedback` for `shown_s` seconds. Every sign begins lit."""
    pattern = PATTERNS[feedback]
    whole_s = sum(pattern)
    into_s = shown_s % whole_s if math.isfinite(whole_s) else shown_s
    ends_s = 0.0
    for index, part_s in enumerate(pattern):
        ends_s += part_s
        if into_s < ends_s - TICK_S:
            return Glow(index % 2 == 0, ends_s - into_s)
    return Glow(True, pattern[0])  # just before or past the end is the begin


def most_urgent(feedback: Iterable[Feedback]) -> Feedback:
    """Give what one light shows for several alarms; CLOSED (dark) where there is none."""
    return min(feedback, key=URGENCY.index, default=Feedback.CLOSED)
