"""The table of an alarm's life."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.judgement.record.lifecycle import NEXT, Event, after
from alarmbro.model.alarm import State
from alarmbro.model.errors import RefusedError


@given(st.lists(st.sampled_from(Event)))
def test_any_legal_sequence_that_ends_in_a_press_leaves_the_alarm_raised(events: list[Event]) -> None:
    """Whatever came before, the last press wants people."""
    state = State.RAISED
    for event in [*events, Event.PRESSED]:
        if event in NEXT[state]:
            state = after(state, event)
    assert state in (State.RAISED, State.CLOSED)
    if state is State.CLOSED:  # the device's next press is a new alarm: nothing follows in this one
        assert Event.CLOSED in events


@pytest.mark.parametrize("event", list(Event))
def test_a_refused_event_says_why(event: Event) -> None:
    """A closed alarm stays closed, and whoever asks is told."""
    with pytest.raises(RefusedError, match=f"closed cannot be {event}"):
        after(State.CLOSED, event)


def test_every_state_is_in_the_table() -> None:
    """A state that the table forgets would refuse presses."""
    assert set(NEXT) == set(State)
    assert all(Event.PRESSED in NEXT[state] for state in State if state is not State.CLOSED)
