"""What the one who pressed is shown of the alarm. Pure."""

from __future__ import annotations

from alarmbro.model.alarm import Alarm, Feedback, State


def feedback_of(alarm: Alarm, *, nobody: bool) -> Feedback:
    """Give how an alarm stands for whoever raised it; `nobody`: it is a fault that nobody could be told."""
    if alarm.state is State.CLOSED:
        return Feedback.CLOSED
    if alarm.state is State.ACKNOWLEDGED:
        return Feedback.ACKNOWLEDGED
    if alarm.heard:
        return Feedback.TOLD
    return Feedback.NOBODY_TOLD if nobody else Feedback.RECEIVED
