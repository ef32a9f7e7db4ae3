"""The threads that send: for each target a lane of its own, so that no target delays another.

Promises: at most `LANE_THREADS` threads a target, whatever it does; a try that hangs past its deadline is given up
(its thread lives until the far end lets go: Python cannot kill it) and its place is taken by another while there are
any; an answer that comes later is still reported. An alarm's first message overtakes all else in its lane.
Must never: decide what is owed, or touch the journal.
Threads: `submit`, `overdue` in the deciding thread; `_work` in the lane's own daemon threads, which never hold up the
end of the process.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import structlog

from alarmbro.judgement.owing import Owed
from alarmbro.judgement.retry import ATTEMPT_DEADLINE_S
from alarmbro.model.delivery import Outcome, Result
from alarmbro.model.moment import Clock

log = structlog.get_logger(__name__)

LANE_THREADS = 8  # tries at one target at the same time, those that hang included
BUSY_THREADS = 4  # … those that do not hang


@dataclass(slots=True, eq=False)
class Job:
    """One try at a delivery. `make` composes and sends in a lane's thread; smaller `rank` goes first."""

    owed: Owed
    make: Callable[[], Result]
    rank: int
    started_s: float | None = None
    given_up: bool = False


@dataclass(slots=True)
class _Lane:
    name: str
    waiting: list[tuple[int, int, Job]] = field(default_factory=list)
    running: list[Job] = field(default_factory=list)
    threads: int = 0
    idle: int = 0
    wake: threading.Condition = field(default_factory=threading.Condition)


class Sender:
    """Runs jobs; `finished` gets each job's result, from the thread that made it."""

    def __init__(self, clock: Clock, finished: Callable[[Job, Result], None]) -> None:
        self._clock = clock
        self._finished = finished
        self._lanes: dict[tuple[str, int], _Lane] = {}
        self._order = count()

    def submit(self, job: Job) -> None:
        """Take a job. Where no thread can be made (no memory) it waits for one that lives."""
        target = job.owed.target
        lane = self._lanes.setdefault((target.recipient, target.number), _Lane(target.label))
        with lane.wake:
            heapq.heappush(lane.waiting, (job.rank, next(self._order), job))
            if lane.idle >= len(lane.waiting):
                lane.wake.notify()
            else:
                self._grow(lane)

    def overdue(self) -> list[Job]:
        """Give up, and name, the tries that have passed their deadline; their places are filled."""
        now_s = self._clock.now().monotonic_s
        late: list[Job] = []
        for lane in self._lanes.values():
            with lane.wake:
                for job in lane.running:
                    if not job.given_up and job.started_s and now_s - job.started_s >= ATTEMPT_DEADLINE_S:
                        job.given_up = True
                        late.append(job)
                if lane.waiting and not lane.idle:
                    self._grow(lane)
        return late

    def next_overdue_in_s(self) -> float:
        """Give the seconds until a try that is under way passes its deadline (infinite: none is)."""
        now_s = self._clock.now().monotonic_s
        started = [
            job.started_s or now_s for lane in self._lanes.values() for job in list(lane.running) if not job.given_up
        ]
        return max(0.0, min(started) + ATTEMPT_DEADLINE_S - now_s) if started else float("inf")

    def stuck(self) -> list[str]:
        """Name the targets whose every thread hangs."""
        return [lane.name for lane in self._lanes.values() if sum(job.given_up for job in lane.running) >= LANE_THREADS]

    def threads(self) -> int:
        """Count the threads of all lanes."""
        return sum(lane.threads for lane in self._lanes.values())

    def _grow(self, lane: _Lane) -> None:
        """Add a thread where the lane may have one more; called with the lane's lock held."""
        hanging = sum(job.given_up for job in lane.running)
        if lane.threads >= LANE_THREADS or lane.threads - hanging >= BUSY_THREADS:
            return
        lane.threads += 1
        try:
            threading.Thread(target=self._work, args=(lane,), name=f"send:{lane.name}", daemon=True).start()
        except RuntimeError:  # "can't start new thread": those that live go on, and the next turn tries again
            lane.threads -= 1
            log.exception("no thread for a delivery", target=lane.name)

    # --- a lane's threads ------------------------------------------------------------------------------------------

    def _work(self, lane: _Lane) -> None:
        while True:
            job = self._next(lane)
            try:
                result = job.make()
            except Exception as error:  # a bug of ours in composing: told as a failed try, and tried again
                log.exception("a delivery could not be made", target=lane.name)
                result = Result(Outcome.FAILED, "error", type(error).__name__)
            with lane.wake:
                lane.running.remove(job)
            self._finished(job, result)

    def _next(self, lane: _Lane) -> Job:
        with lane.wake:
            lane.idle += 1
            try:
                while not lane.waiting:
                    lane.wake.wait()
                job = heapq.heappop(lane.waiting)[2]
            finally:
                lane.idle -= 1
            job.started_s = self._clock.now().monotonic_s
            lane.running.append(job)
            return job
