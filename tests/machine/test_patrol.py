"""The thread of what watches beside the alarms: turns, rests that can be cut short, an end that waits for none."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clocks import JumpingClock
from running import until

from alarmbro.machine.patrol import Patrol

LIMIT_S = 10.0
LONG_S = 3600.0
HANGS_S = 300.0


@contextmanager
def walking(
    turn: Callable[[], float], clock: JumpingClock | None = None, last: Callable[[], None] = lambda: None
) -> Iterator[Patrol]:
    """Let one walk until the block ends."""
    patrol = Patrol("patrol", turn, clock or JumpingClock(), hangs_s=HANGS_S, last=last)
    patrol.start()
    try:
        yield patrol
    finally:
        patrol.stop()


def test_it_goes_on_after_as_long_as_the_turn_says() -> None:
    """The first turn is at once."""
    turns = queue.SimpleQueue[bool]()

    def turn() -> float:
        turns.put(item=True)
        return 0.001

    with walking(turn):
        assert all(turns.get(timeout=LIMIT_S) for _ in range(3))


def test_a_call_ends_a_rest_and_one_during_a_turn_is_not_lost() -> None:
    """Else a thing that is due would wait for a whole rest."""
    turns, going_on = queue.SimpleQueue[bool](), threading.Semaphore(0)

    def turn() -> float:
        turns.put(item=True)
        going_on.acquire(timeout=LIMIT_S)
        return LONG_S

    with walking(turn) as patrol:
        assert turns.get(timeout=LIMIT_S)
        patrol.wake()
        going_on.release()
        assert turns.get(timeout=LIMIT_S)
        going_on.release(2)
        patrol.wake()
        assert turns.get(timeout=LIMIT_S)


def test_the_end_ends_a_rest_and_does_what_is_last() -> None:
    """Once, after the last turn; ending twice does no harm."""
    turns, done = queue.SimpleQueue[bool](), queue.SimpleQueue[bool]()

    def turn() -> float:
        turns.put(item=True)
        return LONG_S

    with walking(turn, last=lambda: done.put(item=True)) as patrol:
        assert turns.get(timeout=LIMIT_S)
        assert patrol.alive()
        patrol.stop()
        assert done.get(timeout=LIMIT_S)
        assert not patrol.alive()
    assert done.empty()


def test_a_turn_that_hangs_delays_no_end_and_is_no_life() -> None:
    """The daemon ends within its second, and makes a new one where it does not end."""
    turns, free, clock = queue.SimpleQueue[bool](), threading.Event(), JumpingClock()

    def turn() -> float:
        turns.put(item=True)
        free.wait(LIMIT_S)
        return LONG_S

    with walking(turn, clock) as patrol:
        assert turns.get(timeout=LIMIT_S)
        clock.forward(HANGS_S - 1)
        assert patrol.alive()
        clock.forward(1)
        assert not patrol.alive()
        patrol.stop()
        assert not free.is_set()
        free.set()


def test_a_long_rest_is_no_death() -> None:
    """A sign of life may be wanted once an hour only; one that oversleeps is dead all the same."""
    turned, clock = threading.Event(), JumpingClock()

    def turn() -> float:
        turned.set()
        return LONG_S

    with walking(turn, clock) as patrol:
        assert turned.wait(LIMIT_S)
        clock.forward(LONG_S + HANGS_S - 1)
        until(patrol.alive)
        clock.forward(1)
        assert not patrol.alive()


def test_one_that_was_never_started_can_be_ended() -> None:
    """As a listener must."""
    patrol = Patrol("patrol", lambda: LONG_S, JumpingClock())
    assert not patrol.alive()
    patrol.stop()
