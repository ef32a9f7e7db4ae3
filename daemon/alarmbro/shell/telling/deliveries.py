"""Deliveries under way: starts what a matter is owed, takes the end of each try, and judges targets by it.

Promises: one try of a delivery at a time; whatever the end of a try, it is on record; a target that fails several
times running is a fault of its own.
Must never: decide who is told (`judgement.owing` does), or wait.
Runs in the deciding thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from alarmbro.judgement.deciding import after_ms
from alarmbro.judgement.owing import Owed, owing
from alarmbro.model.activation import Trouble
from alarmbro.model.alarm import NOBODY_TOLD, Alarm, Delivery, Fault, Matter
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import Outcome, Result
from alarmbro.model.moment import Moment
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.route import Target
from alarmbro.shell.ports import Make, Sends
from alarmbro.shell.recorder import Recorder
from alarmbro.shell.telling.composing import facts_of, values_of
from alarmbro.shell.telling.sender import Job

DEADLINE_PASSED = Result(Outcome.UNKNOWN, "deadline")
FAILING_AFTER = 3  # tries in a row that a target fails before it is a fault of its own
FIRST, LATER, FAULTS = 0, 1, 2  # ranks in a lane: an alarm's first message overtakes all else


@dataclass(slots=True)
class Deliveries:
    """What is under way. `make` composes and sends one message in a sender's thread."""

    configuration: Configuration
    recorder: Recorder
    sender: Sends
    make: Make
    trouble: Callable[[Trouble], None]
    _flying: dict[Delivery, Job] = field(default_factory=dict)
    _failures: dict[str, int] = field(default_factory=dict)

    def start(self, matter: Matter, now: Moment) -> float:
        """Start every try that is due; give the seconds until more is."""
        owed = owing(matter, self.configuration, now)
        for each in owed.now:
            if each.delivery not in self._flying:
                self._submit(matter, each, now)
        return owed.next_in_s

    def landed(self, job: Job, result: Result) -> bool:
        """Note that a try has ended; tell whether it counts: one that was given up does where it got through."""
        if self._flying.get(job.owed.delivery) is job:
            del self._flying[job.owed.delivery]
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
        self._judge_target(owed.target, result)
        return matter

    def _submit(self, matter: Matter, owed: Owed, now: Moment) -> None:
        facts = facts_of(matter, owed.notice, owed.target.recipient, self.configuration, now)
        values = values_of(matter, self.configuration)
        first = owed.notice.number == 1 and owed.attempt == 1
        make, kind = self.make, owed.notice.kind
        rank = FAULTS if isinstance(matter, Fault) else FIRST if first else LATER
        job = Job(owed, lambda: make(owed.target, kind, facts, values), rank)
        self._flying[owed.delivery] = job
        self.sender.submit(job)

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

    def _judge_target(self, target: Target, result: Result) -> None:
        if result.outcome is Outcome.OK:
            if self._failures.pop(target.label, 0) >= FAILING_AFTER:
                self.trouble(Trouble("target", target.label, well=True))
            return
        failures = self._failures[target.label] = self._failures.get(target.label, 0) + 1
        if failures == FAILING_AFTER:
            self.trouble(Trouble("target", target.label, detail=result.reason))


def _about(matter: Matter, kind: RecordType, recipient: str, data: dict[str, Any], now: Moment) -> Draft:
    alarm = "" if isinstance(matter, Fault) else matter.id
    data |= {} if alarm else {"fault": matter.id}
    return Draft(kind, now, matter.site, matter.device, alarm, recipient, data=data)
