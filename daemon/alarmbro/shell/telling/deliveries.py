"""Deliveries under way: starts what a matter is owed, takes the end of each try, and judges targets by it.

Promises: one try of a delivery at a time; whatever the end of a try, it is on record; a target that fails several
times running is a fault of its own.
Must never: decide who is told (`judgement.telling.owing` does), or wait.
Runs in the deciding thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from alarmbro.delivery.gate import Gate
from alarmbro.judgement.addressing.placeholders import names_in
from alarmbro.judgement.pressing.waiting import after_ms
from alarmbro.judgement.telling.owing import Owed, owing
from alarmbro.model.activation import Trouble
from alarmbro.model.alarm import NOBODY_TOLD, Alarm, Delivery, Fault, Matter
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import CALLS, MessageKind, Outcome, Result
from alarmbro.model.moment import Moment
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.route import Target
from alarmbro.model.testing import Round, TestAlarm
from alarmbro.shell.desk.job import Job
from alarmbro.shell.desk.ports import Sends
from alarmbro.shell.desk.recorder import Recorder
from alarmbro.shell.telling.composing import facts_of, under_test, values_of

REMIND = (MessageKind.REMINDED, MessageKind.FAULT)  # these say, too, what is under test
DEADLINE_PASSED = Result(Outcome.UNKNOWN, "deadline")
FAILING_AFTER = 3  # tries in a row that a target fails before it is a fault of its own
AT_ONCE = frozenset({"nak", "duh", "no_code"})  # what an alarm centre refuses is a fault at the first try
# Ranks in a lane, the most urgent first: a call that has not been tried yet; one that failed, and the next in the
# chain; what those who were called hear of besides; faults; and tests.
NEW, AGAIN, NEWS, FAULTS, TESTS = range(5)


@dataclass(slots=True)
class Flying:
    """Jobs that are with the sender, by matter and delivery: one of each delivery at a time."""

    count: int = 0
    _by_matter: dict[str, dict[Delivery, Job]] = field(default_factory=dict)

    def of(self, matter: str) -> Mapping[Delivery, Job]:
        """Give those of one matter."""
        return self._by_matter.get(matter, {})

    def add(self, job: Job) -> None:
        """Note that a job is with the sender."""
        self.remove(job)
        self._by_matter.setdefault(job.owed.delivery.matter, {})[job.owed.delivery] = job
        self.count += 1

    def remove(self, job: Job) -> None:
        """Note that it is not any more; nothing where another job has taken its place."""
        of_matter = self._by_matter.get(job.owed.delivery.matter, {})
        if of_matter.get(job.owed.delivery) is job:
            del of_matter[job.owed.delivery]
            self.count -= 1
        if not of_matter:
            self._by_matter.pop(job.owed.delivery.matter, None)


@dataclass(slots=True)
class Deliveries:
    """What is under way. `is_well` is called when a target takes something that had failed: all is to be looked at.

    `link` gives the link by which a recipient answers, or an empty text.
    """

    configuration: Configuration
    recorder: Recorder
    sender: Sends
    trouble: Callable[[Trouble], None]
    is_well: Callable[[], None]
    link: Callable[[Matter, str], str]
    _flying: Flying = field(default_factory=Flying)
    _failures: dict[str, int] = field(default_factory=dict)
    _well: dict[Target, Moment] = field(default_factory=dict)

    def start(self, matter: Matter, now: Moment, at_most: int | None = None) -> float:
        """Start every try that is due, or the `at_most` most urgent; give the seconds until more is."""
        owed = owing(matter, self.configuration, now, self._well)
        under_way = self._flying.of(matter.id)
        for each in [each for each in owed.now if each.delivery not in under_way][:at_most]:
            self._submit(matter, each, now)
        return owed.next_in_s

    def first(self, alarm: Alarm, now: Moment) -> Job | None:
        """Have the most urgent message of an alarm made that is about to be raised; None where nobody is to be told.

        It leaves when its gate is opened. Nothing is noted: see `under_way`.
        """
        owed = owing(alarm, self.configuration, now)
        if not owed.now:
            return None
        job = self._job(alarm, owed.now[0], now, Gate())
        self.sender.submit(job)
        return job

    def under_way(self, job: Job) -> None:
        """Note that a job that `first` made has left."""
        self._flying.add(job)

    def flying(self) -> int:
        """Count the tries under way."""
        return self._flying.count

    def landed(self, job: Job, result: Result) -> bool:
        """Note that a try has ended; tell whether it counts: one that was given up does where it got through."""
        self._flying.remove(job)
        return not job.given_up or result.outcome is Outcome.OK

    def attempted(self, owed: Owed, result: Result, now: Moment, *, late: bool = False) -> Matter | None:
        """Record the end of a try; give the matter that it was about, where that still matters."""
        matter = self.recorder.ledger.matter(owed.delivery.matter)
        if matter is None:
            return None
        data: dict[str, Any] = {
            "outcome": result.outcome.value,
            "reason": result.reason,
            "after_ms": after_ms(matter.since, now),
            "notice": owed.delivery.notice,
            "message": owed.notice.kind.value,
            "target": owed.target.number,
            "scheme": owed.target.scheme,
            "attempt": owed.attempt,
        }
        data |= {"detail": result.detail} if result.detail else {}
        data |= {"late": True} if late else {}
        self.recorder.record(_about(matter, RecordType.ATTEMPT, owed.target.recipient, data, now))
        if result.outcome is Outcome.OK:
            self._told(matter, owed, data["after_ms"], now)
        self._judge_target(owed.target, result, now)
        return matter

    def _submit(self, matter: Matter, owed: Owed, now: Moment) -> None:
        job = self._job(matter, owed, now)
        self._recall(matter.id, lambda other: other.owed.target == owed.target)  # the newest says all
        self._flying.add(job)
        self.sender.submit(job)

    def _job(self, matter: Matter, owed: Owed, now: Moment, gate: Gate | None = None) -> Job:
        facts = facts_of(matter, owed.notice, owed.target.recipient, self.configuration, now)
        url = self.link(matter, owed.target.recipient)
        facts = replace(facts, url=url) if url else facts
        if owed.notice.kind in REMIND:
            facts = under_test(facts, matter.site, self.recorder.ledger.testing, self.configuration)
        values = values_of(matter, self.configuration)
        rank = _rank(matter, owed)
        together = None
        if owed.notice.calls and gate is None:
            together = (rank, tuple(values.get(name) for name in names_in(owed.target.url.reveal())))
        return Job(owed, facts, values, rank, gate, together)

    def over(self, alarm: Alarm) -> None:
        """Take back the calls of an alarm that is closed, where they still wait for their target."""
        self._recall(alarm.id, lambda job: job.owed.notice.calls)

    def hold(self, matter: str) -> None:
        """Take back all that still waits of a matter; `start` tells it again."""
        self._recall(matter, lambda _job: True)

    def _recall(self, matter: str, meant: Callable[[Job], bool]) -> None:
        for job in list(self._flying.of(matter).values()):
            if meant(job) and self.sender.recall(job):
                self._flying.remove(job)

    def _told(self, matter: Matter, owed: Owed, late_ms: int | None, now: Moment) -> None:
        notice, recipient = owed.delivery.notice, owed.target.recipient
        if (notice, recipient) in matter.told:
            return
        data = {
            "notice": notice,
            "message": owed.notice.kind.value,
            "target": owed.target.number,
            "after_ms": late_ms,
        }
        self.recorder.record(_about(matter, RecordType.TOLD, recipient, data, now))
        if isinstance(matter, Alarm) and matter.heard:
            self.trouble(Trouble(NOBODY_TOLD, matter.id, well=True))

    def _judge_target(self, target: Target, result: Result, now: Moment) -> None:
        if result.outcome is Outcome.OK:
            failures = self._failures.pop(target.label, 0)
            if failures:
                self.trouble(Trouble("target", target.label, well=True))
            if failures:
                self._well[target] = now
                self.is_well()
            return
        failures = self._failures[target.label] = self._failures.get(target.label, 0) + 1
        if failures >= FAILING_AFTER or result.reason in AT_ONCE:
            self.trouble(Trouble("target", target.label, detail=result.reason))


def _rank(matter: Matter, owed: Owed) -> int:
    if isinstance(matter, Fault):
        return FAULTS
    if isinstance(matter, Round | TestAlarm):
        return TESTS
    kind = owed.notice.kind
    if kind not in CALLS or kind is MessageKind.REPEATED:
        return NEWS
    return NEW if owed.attempt == 1 and kind is not MessageKind.ESCALATED else AGAIN


def _about(matter: Matter, kind: RecordType, recipient: str, data: dict[str, Any], now: Moment) -> Draft:
    alarm = "" if isinstance(matter, Fault) else matter.id
    data |= {} if alarm else {"fault": matter.id}
    return Draft(kind, now, matter.site, matter.device, alarm, recipient, data=data)
