"""The sender's lanes, with real threads: no target delays another, whatever it does."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from clocks import JumpingClock

from alarmbro.judgement.telling.owing import Owed
from alarmbro.judgement.telling.retry import ATTEMPT_DEADLINE_S
from alarmbro.judgement.words.facts import Facts
from alarmbro.model.alarm import Delivery, Notice
from alarmbro.model.delivery import MessageKind, Outcome, Result
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret
from alarmbro.shell.desk.job import Job
from alarmbro.shell.telling.sender import BUSY_THREADS, LANE_THREADS, Sender

OK = Result(Outcome.OK, "ok")
WAIT_S = 10.0


@dataclass
class Lanes:
    """A sender, what it finished, and a gate that hanging targets wait at."""

    clock: JumpingClock = field(default_factory=JumpingClock)
    ends: queue.SimpleQueue[tuple[Job, Result]] = field(default_factory=queue.SimpleQueue)
    gate: threading.Event = field(default_factory=threading.Event)
    begun: queue.SimpleQueue[str] = field(default_factory=queue.SimpleQueue)

    def __post_init__(self) -> None:
        self.makes: dict[Job, Callable[[], Result]] = {}
        self.sent: list[list[str]] = []
        self.most = 1
        self.sender = Sender(
            self.clock, self.send, lambda job, result: self.ends.put((job, result)), lambda _target: self.most
        )

    def send(self, jobs: Sequence[Job]) -> Result:
        self.sent.append([job.owed.delivery.matter for job in jobs])
        return self.makes[jobs[0]]()

    def job(self, recipient: str, make: Callable[[], Result], rank: int = 0, alarm: str = "vraa-1") -> Job:
        notice = Notice(1, MessageKind.ALARM, self.clock.now(), (recipient,))
        target = Target(recipient, 1, "json", Secret("json://127.0.0.1:9"))
        facts = Facts(self.clock.now().utc)
        job = Job(Owed(Delivery(alarm, 1, recipient, 1), notice, target, 1), facts, {}, rank, together=rank)
        self.makes[job] = make
        return job

    def hang(self) -> Result:
        self.begun.put("hang")
        self.gate.wait(WAIT_S)
        return OK

    def end(self) -> tuple[Job, Result]:
        return self.ends.get(timeout=WAIT_S)


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    lanes = Lanes()
    yield lanes
    lanes.gate.set()


def test_twenty_targets_that_hang_do_not_delay_one_that_is_well(lanes: Lanes) -> None:
    """Each target has threads of its own: the healthy one answers while all others hang."""
    for number in range(20):
        lanes.sender.submit(lanes.job(f"hangs-{number}", lanes.hang))
    lanes.sender.submit(lanes.job("well", lambda: OK))
    assert lanes.end()[0].owed.target.recipient == "well"


def test_a_target_gets_no_more_tries_at_once_than_its_bound(lanes: Lanes) -> None:
    """A storm at one slow target waits in its lane; threads stay bounded."""
    for number in range(100):
        lanes.sender.submit(lanes.job("slow", lanes.hang, alarm=f"vraa-{number}"))
    for _ in range(BUSY_THREADS):
        lanes.begun.get(timeout=WAIT_S)
    assert lanes.sender.threads() == BUSY_THREADS
    lanes.gate.set()
    assert {lanes.end()[0].owed.delivery.matter for _ in range(100)} == {f"vraa-{number}" for number in range(100)}


def test_tries_that_hang_are_given_up_and_their_places_taken_up_to_the_bound(lanes: Lanes) -> None:
    """Past the deadline a try is named once, another thread goes on, and a target that eats them all is named."""
    for _ in range(3):
        for number in range(BUSY_THREADS):
            lanes.sender.submit(lanes.job("hangs", lanes.hang, alarm=f"vraa-{number}"))
        lanes.clock.forward(ATTEMPT_DEADLINE_S)
        while not lanes.begun.empty():
            lanes.begun.get()
        lanes.sender.overdue()
    lanes.clock.forward(ATTEMPT_DEADLINE_S)
    _until(lambda: lanes.sender.overdue() == [] and lanes.sender.stuck() == ["hangs/1 (json)"], lanes)
    assert lanes.sender.threads() == LANE_THREADS


def _until(true: Callable[[], bool], lanes: Lanes) -> None:
    for _ in range(1000):
        if true():
            return
        lanes.clock.forward(ATTEMPT_DEADLINE_S)
        threading.Event().wait(0.005)
    pytest.fail("it did not come true")


def test_an_answer_after_the_deadline_is_still_reported(lanes: Lanes) -> None:
    """Given up is not forgotten: the far end may have taken it after all."""
    lanes.sender.submit(lanes.job("late", lanes.hang))
    lanes.begun.get(timeout=WAIT_S)
    lanes.clock.forward(ATTEMPT_DEADLINE_S - 1)
    assert lanes.sender.overdue() == []
    assert lanes.sender.next_overdue_in_s() == pytest.approx(1)
    lanes.clock.forward(1)
    assert [job.given_up for job in lanes.sender.overdue()] == [True]
    assert lanes.sender.overdue() == []
    lanes.gate.set()
    job, result = lanes.end()
    assert (job.given_up, result) == (True, OK)


def test_a_first_alarm_overtakes_repeats_and_faults_in_its_lane(lanes: Lanes) -> None:
    """What waits is taken by rank, and by age within it."""
    order: list[str] = []

    def note(name: str) -> Callable[[], Result]:
        def make() -> Result:
            order.append(name)
            return OK

        return make

    one = threading.Event()

    def hang_alone() -> Result:
        lanes.begun.put("hang")
        one.wait(WAIT_S)
        return OK

    for make in (*[lanes.hang] * (BUSY_THREADS - 1), hang_alone):
        lanes.sender.submit(lanes.job("busy", make))
        lanes.begun.get(timeout=WAIT_S)
    for name, rank in (("fault", 2), ("repeat", 1), ("first", 0), ("second", 0)):
        lanes.sender.submit(lanes.job("busy", note(name), rank))
    one.set()
    for _ in range(1 + 4):
        lanes.end()
    assert order == ["first", "second", "repeat", "fault"]


def test_no_job_is_left_lying_when_threads_come_to_rest_as_it_comes(lanes: Lanes) -> None:
    """Its coming and their going to sleep cross in every way, thousands of times."""
    for number in range(3000):
        lanes.sender.submit(lanes.job("quick", lambda: OK, alarm=f"vraa-{number}"))
        if number % 3 == 0:
            lanes.end()
    for _ in range(2000):
        lanes.end()
    assert lanes.sender.threads() <= BUSY_THREADS


def test_a_bug_in_composing_costs_that_try_alone(lanes: Lanes) -> None:
    """A raise is a failed try with a reason, and the lane's thread lives."""

    def broken() -> Result:
        raise ValueError("secret-canary")

    lanes.sender.submit(lanes.job("broken", broken))
    result = lanes.end()[1]
    assert (result.outcome, result.reason, result.detail) == (Outcome.FAILED, "error", "ValueError")
    lanes.sender.submit(lanes.job("broken", lambda: OK))
    assert lanes.end()[1] is OK


def test_alarms_that_wait_for_one_target_are_told_together(lanes: Lanes) -> None:
    """As many as one message takes; each is reported for itself, and what is of another kind is not mixed in."""
    lanes.most = 3
    for number in range(BUSY_THREADS):
        lanes.sender.submit(lanes.job("slow", lanes.hang, alarm=f"busy-{number}"))
        lanes.begun.get(timeout=WAIT_S)
    for number in range(5):
        lanes.sender.submit(lanes.job("slow", lambda: OK, alarm=f"waits-{number}"))
    lanes.sender.submit(lanes.job("slow", lambda: OK, rank=2, alarm="fault"))
    lanes.gate.set()
    ends = [lanes.end()[0].owed.delivery.matter for _ in range(BUSY_THREADS + 6)]
    waits = [f"waits-{number}" for number in range(5)]
    assert sorted(ends) == sorted([f"busy-{number}" for number in range(BUSY_THREADS)] + [*waits, "fault"])
    assert waits[:3] in lanes.sent
    assert waits[3:] in lanes.sent
    assert ["fault"] in lanes.sent


def test_what_still_waits_can_be_taken_back(lanes: Lanes) -> None:
    """Of an alarm that is closed nobody is called any more; what has left cannot be taken back."""
    for number in range(BUSY_THREADS):
        lanes.sender.submit(lanes.job("slow", lanes.hang, alarm=f"busy-{number}"))
        lanes.begun.get(timeout=WAIT_S)
    waits = lanes.job("slow", lambda: OK, alarm="waits")
    lanes.sender.submit(waits)
    assert lanes.sender.recall(waits)
    assert not lanes.sender.recall(waits)
    lanes.gate.set()
    assert {lanes.end()[0].owed.delivery.matter for _ in range(BUSY_THREADS)} == {
        f"busy-{number}" for number in range(BUSY_THREADS)
    }
