"""The table of an alarm's life.

An event is looked up before anything follows from it; one that is not in the table is refused, changes nothing, and
the error says why. Theory of operation: *raised* wants people; *acknowledged* has a person on the way, which stops
escalation and ends nothing; where nobody closes it in time the acknowledgement lapses, and the alarm is raised again;
*closed* is the end, and a press on a closed alarm's device opens a new one. A press always leads to *raised*.
"""

from __future__ import annotations

from enum import StrEnum

from alarmbro.model.alarm import State
from alarmbro.model.errors import RefusedError


class Event(StrEnum):
    """What can happen to an alarm."""

    PRESSED = "pressed"
    ACKNOWLEDGED = "acknowledged"
    LAPSED = "lapsed"
    CLOSED = "closed"


NEXT: dict[State, dict[Event, State]] = {
    State.RAISED: {
        Event.PRESSED: State.RAISED,
        Event.ACKNOWLEDGED: State.ACKNOWLEDGED,
        Event.CLOSED: State.CLOSED,
    },
    State.ACKNOWLEDGED: {
        Event.PRESSED: State.RAISED,
        Event.ACKNOWLEDGED: State.ACKNOWLEDGED,
        Event.LAPSED: State.RAISED,
        Event.CLOSED: State.CLOSED,
    },
    State.CLOSED: {},
}


def after(state: State, event: Event) -> State:
    """Give the state that follows. Raise RefusedError, which says why, where the table has no such step."""
    try:
        return NEXT[state][event]
    except KeyError:
        raise RefusedError(f"an alarm that is {state} cannot be {event}") from None
