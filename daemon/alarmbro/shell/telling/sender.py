"""The threads that send: for each target a lane of its own, so that no target delays another.

Promises: at most `LANE_THREADS` threads a target, whatever it does; a try that hangs past its deadline is given up
(its thread lives until the far end lets go: Python cannot kill it) and its place is taken by another while there are
any; an answer that comes later is still reported. An alarm's first message overtakes all else in its lane. Alarms that
wait for one target are told together, so that a storm does not outrun it.
Must never: decide what is owed, or touch the journal.
Threads: `submit`, `recall`, `overdue` in the deciding thread; `_work` in the lane's own daemon threads, which never
hold up the end of the process.
"""

from __future__ import annotations

import contextlib
import heapq
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count

import structlog

from alarmbro.judgement.telling.retry import ATTEMPT_DEADLINE_S
from alarmbro.model.delivery import Outcome, Result
from alarmbro.model.moment import Clock
from alarmbro.model.route import Target
from alarmbro.shell.desk.job import Job

log = structlog.get_logger(__name__)

LANE_THREADS = 8  # tries at one target at the same time, those that hang included
BUSY_THREADS = 4  # … those that do not hang
REST_S = 20.0  # after which a thread ends that has had nothing to do, but for a lane's last


@dataclass(slots=True, eq=False)
class _Try:
    """What one thread is about: one job, or several told together."""

    jobs: list[Job]
    started_s: float
    given_up: bool = False


@dataclass(slots=True)
class _Lane:
    """What one target is sent by. `incoming` takes without the lock, `waiting` is in order and has it."""

    name: str
    incoming: deque[tuple[int, int, Job]] = field(default_factory=deque)
    waiting: list[tuple[int, int, Job]] = field(default_factory=list)
    running: list[_Try] = field(default_factory=list)
    threads: int = 0
    idle: int = 0
    wake: threading.Condition = field(default_factory=threading.Condition)

    def sort(self) -> bool:
        """Put in order what has come; tell whether anything waits. With the lock held."""
        with contextlib.suppress(IndexError):  # empty
            while True:
                heapq.heappush(self.waiting, self.incoming.popleft())
        return bool(self.waiting)

    def is_full(self) -> bool:
        """Tell whether the lane may have no further thread."""
        return self.threads >= LANE_THREADS or self.threads - _hanging(self) >= BUSY_THREADS


class Sender:
    """Runs jobs, in its lanes' threads.

    `send` makes one message of one job or several, `finished` gets each job's result. `together(target)` is how many
    jobs one message can take.
    """

    def __init__(
        self,
        clock: Clock,
        send: Callable[[Sequence[Job]], Result],
        finished: Callable[[Job, Result], None],
        together: Callable[[Target], int],
    ) -> None:
        self._clock = clock
        self._send = send
        self._finished = finished
        self._together = together
        self._lanes: dict[tuple[str, int], _Lane] = {}
        self._order = count()

    def prepare(self, targets: Iterable[Target]) -> None:
        """Make each target's first thread now, so that no alarm waits for one to be made."""
        for target in targets:
            lane = self._lane(target)
            with lane.wake:
                lane.name = target.label
                if not lane.threads:
                    self._grow(lane)

    def submit(self, job: Job) -> None:
        """Take a job. Where no thread can be made (no memory) it waits for one that lives.

        Where every thread is busy its lock is not waited for, in a storm a thousand times: a thread that comes to rest
        counts as idle before it looks for what has come, so that either it sees the job or we see it idle.
        """
        lane = self._lane(job.owed.target)
        lane.incoming.append((job.rank, next(self._order), job))
        if not lane.idle and lane.is_full():
            return
        with lane.wake:
            lane.sort()
            if lane.idle >= len(lane.waiting):
                lane.wake.notify()
            else:
                self._grow(lane)

    def recall(self, job: Job) -> bool:
        """Take a job back that still waits; tell whether it did."""
        lane = self._lane(job.owed.target)
        with lane.wake:
            lane.sort()
            kept = [each for each in lane.waiting if each[2] is not job]
            found = len(kept) < len(lane.waiting)
            heapq.heapify(kept)
            lane.waiting[:] = kept
            return found

    def overdue(self) -> list[Job]:
        """Give up, and name, the tries that have passed their deadline; their places are filled."""
        now_s = self._clock.now().monotonic_s
        late: list[Job] = []
        for lane in list(self._lanes.values()):
            with lane.wake:
                for one in lane.running:
                    if not one.given_up and now_s - one.started_s >= ATTEMPT_DEADLINE_S:
                        one.given_up = True
                        late += one.jobs
                if lane.sort() and not lane.idle:
                    self._grow(lane)
        for job in late:
            job.given_up = True
        return late

    def next_overdue_in_s(self) -> float:
        """Give the seconds until a try that is under way passes its deadline (infinite: none is)."""
        started = [
            one.started_s for lane in list(self._lanes.values()) for one in list(lane.running) if not one.given_up
        ]
        if not started:
            return float("inf")
        return max(0.0, min(started) + ATTEMPT_DEADLINE_S - self._clock.now().monotonic_s)

    def stuck(self) -> list[str]:
        """Name the targets whose every thread hangs."""
        return [lane.name for lane in list(self._lanes.values()) if _hanging(lane) >= LANE_THREADS]

    def threads(self) -> int:
        """Count the threads of all lanes."""
        return sum(lane.threads for lane in list(self._lanes.values()))

    def _lane(self, target: Target) -> _Lane:
        lane = self._lanes.get((target.recipient, target.number))
        return lane or self._lanes.setdefault((target.recipient, target.number), _Lane(target.label))

    def _grow(self, lane: _Lane) -> None:
        """Add a thread where the lane may have one more; called with the lane's lock held."""
        if lane.is_full():
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
            one = self._next(lane)
            if one is None:
                return
            try:
                result = self._send(one.jobs)
            except Exception as error:  # a bug of ours in composing: told as a failed try, and tried again
                log.exception("a delivery could not be made", target=lane.name)
                result = Result(Outcome.FAILED, "error", type(error).__name__)
            with lane.wake:
                lane.running.remove(one)
            for job in one.jobs:
                self._finished(job, result)

    def _next(self, lane: _Lane) -> _Try | None:
        """Wait for a try to make; None: the thread is to end."""
        with lane.wake:
            lane.idle += 1
            try:
                while not lane.sort():
                    rested = not lane.wake.wait(REST_S if lane.idle > 1 else None)
                    if rested and lane.idle > 1 and not lane.sort():
                        lane.threads -= 1
                        return None
                jobs = self._take(lane)
            finally:
                lane.idle -= 1
            one = _Try(jobs, self._clock.now().monotonic_s)
            lane.running.append(one)
            return one

    def _take(self, lane: _Lane) -> list[Job]:
        """Take the first that waits, and those right behind it that can be told with it."""
        jobs: list[Job] = [heapq.heappop(lane.waiting)[2]]
        together = jobs[0].together
        if together is None or not lane.waiting:
            return jobs
        most = self._together(jobs[0].owed.target)
        while lane.waiting and len(jobs) < most and lane.waiting[0][2].together == together:
            jobs.append(heapq.heappop(lane.waiting)[2])
        return jobs


def _hanging(lane: _Lane) -> int:
    return sum(one.given_up for one in lane.running)
