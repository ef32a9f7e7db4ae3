"""What the one who pressed is shown."""

from __future__ import annotations

import pytest
from clocks import JumpingClock

from alarmbro.judgement.feedback.shown import feedback_of
from alarmbro.model.alarm import Alarm, Feedback, State


@pytest.mark.parametrize(
    ("state", "told", "nobody", "shown"),
    [
        (State.RAISED, set(), False, Feedback.RECEIVED),
        (State.RAISED, {(1, "serviceteam")}, False, Feedback.RECEIVED),  # that was before it was raised again
        (State.RAISED, {(2, "serviceteam")}, False, Feedback.TOLD),
        (State.RAISED, {(2, "serviceteam")}, True, Feedback.TOLD),
        (State.RAISED, set(), True, Feedback.NOBODY_TOLD),
        (State.ACKNOWLEDGED, set(), True, Feedback.ACKNOWLEDGED),
        (State.CLOSED, {(2, "serviceteam")}, False, Feedback.CLOSED),
    ],
)
def test_the_light_says_how_it_stands_since_the_last_press(
    state: State, told: set[tuple[int, str]], nobody: bool, shown: Feedback
) -> None:
    """Steady means that somebody has heard of this press, not of one an hour ago."""
    now = JumpingClock().now()
    alarm = Alarm("vraa-1", "vraa", "lommy-1", now, begun=now, state=state, first=2, told=told)
    assert feedback_of(alarm, nobody=nobody) is shown
