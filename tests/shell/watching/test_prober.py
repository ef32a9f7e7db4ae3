"""Targets are tried on a schedule, and none holds up another."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clocks import JumpingClock
from places import recipient

from alarmbro.judgement.supervising.targets import HANGS_S
from alarmbro.model.activation import Trouble
from alarmbro.model.delivery import Outcome, Result
from alarmbro.model.route import Target
from alarmbro.shell.watching import prober as prober_module
from alarmbro.shell.watching.prober import FIRST_S, Prober

LIMIT_S = 10.0
NAMES = ("a", "b", "c", "d", "e", "f")
TARGETS = [target for name in NAMES for target in recipient(name).targets]


@contextmanager
def probing(
    probe: Callable[[Target], Result], clock: JumpingClock, tell: Callable[[Trouble], None] = lambda _trouble: None
) -> Iterator[Prober]:
    """Run a prober over six targets."""
    prober = Prober(TARGETS, probe, lambda _target: 900.0, clock, tell)
    prober.start()
    try:
        yield prober
    finally:
        prober.stop()


def wake(prober: Prober) -> None:
    """Have it look at its clock, which has jumped."""
    prober._patrol.wake()


def test_every_target_is_tried_and_what_fails_twice_is_told() -> None:
    """The others are told to be well."""
    clock, told = JumpingClock(), queue.SimpleQueue[Trouble]()

    def probe(target: Target) -> Result:
        return Result(Outcome.FAILED, "http_401") if target.recipient == "c" else Result(Outcome.OK, "ok")

    with probing(probe, clock, told.put) as prober:
        clock.forward(FIRST_S + len(NAMES))
        wake(prober)
        well = {told.get(timeout=LIMIT_S).subject for _ in range(5)}
        assert "c/1 (json)" not in well
        clock.forward(61)
        wake(prober)
        bad = told.get(timeout=LIMIT_S)
        assert (bad.subject, bad.detail, bad.well) == ("c/1 (json)", "http_401", False)


def test_targets_that_hang_are_told_and_the_rest_are_tried_all_the_same() -> None:
    """Four hang; the two others still have their turn."""
    clock, told, release = JumpingClock(), queue.SimpleQueue[Trouble](), threading.Event()
    entered = queue.SimpleQueue[str]()

    def probe(target: Target) -> Result:
        if target.recipient in "abcd":
            entered.put(target.recipient)
            release.wait(LIMIT_S)
        return Result(Outcome.OK, "ok")

    with probing(probe, clock, told.put) as prober:
        clock.forward(FIRST_S + len(NAMES))
        wake(prober)
        assert {entered.get(timeout=LIMIT_S) for _ in "abcd"} == set("abcd")
        clock.forward(HANGS_S + 1)
        wake(prober)
        assert {told.get(timeout=LIMIT_S).subject for _ in range(2)} == {"e/1 (json)", "f/1 (json)"}
        release.set()


def test_a_probe_that_raises_costs_nobody_the_schedule() -> None:
    """It counts as failed."""
    clock, tried = JumpingClock(), queue.SimpleQueue[str]()

    def probe(target: Target) -> Result:
        tried.put(target.recipient)
        raise ZeroDivisionError

    with probing(probe, clock) as prober:
        clock.forward(FIRST_S + len(NAMES))
        wake(prober)
        assert {tried.get(timeout=LIMIT_S) for _ in NAMES} == set(NAMES)
        assert prober.alive()


def test_it_ends_when_told_to() -> None:
    """Twice, too."""
    with probing(lambda _target: Result(Outcome.OK, "ok"), JumpingClock()) as prober:
        prober.stop()
        assert not prober.alive()
    assert prober_module.TOGETHER >= 1
