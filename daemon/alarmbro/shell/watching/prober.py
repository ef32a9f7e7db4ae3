"""Tries each target on a schedule, without disturbing anybody: a password that was changed shows before an alarm does.

Promises: a target that hangs holds up no other and no alarm; at most `TOGETHER` are tried at a time. What is found
goes to the door as faults.
Must never: send anything that a person would get.
Threads: one that keeps the schedule, and one for each try while it lasts.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

import structlog

from alarmbro.judgement.supervising.targets import Tries
from alarmbro.machine.patrol import Patrol
from alarmbro.model.activation import Trouble
from alarmbro.model.delivery import Outcome, Result
from alarmbro.model.moment import Clock
from alarmbro.model.route import Target

log = structlog.get_logger(__name__)

TOGETHER = 4
FIRST_S = 5.0  # after the start: what matters then is that buttons are armed
SPREAD_S = 1.0  # between the first tries of two targets
REST_S = 60.0


class Prober:
    """Implements `alarmbro.model.activation.Listener`; alarms do without it.

    `probe` tries one target and may block; `every_s` gives how often a target is tried.
    """

    name = "prober"

    def __init__(
        self,
        targets: Sequence[Target],
        probe: Callable[[Target], Result],
        every_s: Callable[[Target], float],
        clock: Clock,
        trouble: Callable[[Trouble], None],
    ) -> None:
        self._probe, self._clock, self._trouble = probe, clock, trouble
        now_s = clock.now().monotonic_s
        self._tries = {
            target: Tries(target.label, every_s(target), now_s + FIRST_S + number * SPREAD_S)
            for number, target in enumerate(targets)
        }
        self._lock = threading.Lock()
        self._patrol = Patrol(self.name, self._turn, clock)

    def start(self) -> None:
        """Begin with the schedule."""
        self._patrol.start()

    def stop(self) -> None:
        """End the schedule; tries that run are left to end by themselves. May be called twice."""
        self._patrol.stop()

    def alive(self) -> bool:
        """Tell whether the schedule is kept."""
        return self._patrol.alive()

    def _turn(self) -> float:
        with self._lock:
            self._begin_what_is_due()
            return self._rest_s()

    def _begin_what_is_due(self) -> None:
        now_s = self._clock.now().monotonic_s
        for target, tries in self._tries.items():
            if tries.due_in_s(now_s) > 0:
                continue
            if tries.begun_s is not None:
                self._tell(tries.hangs())
            elif self._running() < TOGETHER:
                self._start(target, tries, now_s)

    def _start(self, target: Target, tries: Tries, now_s: float) -> None:
        tries.begin(now_s)
        try:
            threading.Thread(target=partial(self._try, target), name=f"probe {target.label}", daemon=True).start()
        except RuntimeError:  # "can't start new thread": the machine's fault, not the target's
            tries.begun_s, tries.next_s = None, now_s + REST_S
            log.warning("no thread to try a target with", target=target.label)

    def _try(self, target: Target) -> None:
        try:
            result = self._probe(target)
        except Exception as error:  # `probe` promises not to; it must not cost the schedule
            log.exception("a target could not be tried", target=target.label)
            result = Result(Outcome.FAILED, "error", type(error).__name__)
        with self._lock:
            self._tell(self._tries[target].ended(result, self._clock.now().monotonic_s))
        self._patrol.wake()

    def _tell(self, trouble: Trouble | None) -> None:
        if trouble is not None:
            self._trouble(trouble)

    def _running(self) -> int:
        return sum(1 for tries in self._tries.values() if tries.begun_s is not None and not tries.told_hanging)

    def _rest_s(self) -> float:
        now_s = self._clock.now().monotonic_s
        full = self._running() >= TOGETHER
        waits = [each.due_in_s(now_s) for each in self._tries.values() if each.begun_s is not None or not full]
        return min([REST_S, *waits])
