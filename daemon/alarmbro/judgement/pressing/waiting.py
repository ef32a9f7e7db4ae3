"""How long a press has been on its way. Pure."""

from __future__ import annotations

from alarmbro.model.activation import Activation
from alarmbro.model.moment import UNKNOWN_S, Moment

LATE_AFTER_S = 60.0  # a press heard of this long after it was made is told as late


def late_s(activation: Activation, now: Moment) -> float | None:
    """Give how long ago the press was made, where that is long; None for one that came in time."""
    made = activation.pressed_at or activation.received.utc
    waited_s = now.since(activation.received)
    age_s = (now.utc - made).total_seconds() if waited_s == UNKNOWN_S or activation.pressed_at else waited_s
    return age_s if age_s > LATE_AFTER_S else None


def after_ms(received: Moment, now: Moment) -> int | None:
    """Give the milliseconds since a press was received; None across a reboot, where nobody knows."""
    seconds = now.since(received)
    return None if seconds == UNKNOWN_S else round(seconds * 1000)
