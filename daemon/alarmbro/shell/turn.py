"""The turn: the one place that decides. Takes what has happened, records what follows, and starts what is owed.

Promises: level-triggered: what is due is computed from the ledger, not remembered in timers, so that a restart is the
recovery. A press is decided when it is on disk, or `JOURNAL_PATIENCE_S` after it came, whatever the journal does. A
fault in handling one event does not stop the others.
Must never: wait for the journal, a target, or anybody.
Runs in the deciding thread (the main one) only; tests call it with a clock that jumps and a sender that answers at
once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog

from alarmbro.judgement.deciding import after_ms, decide
from alarmbro.judgement.escalation import NEVER_S, next_notice, nobody_told_in_s
from alarmbro.judgement.ledger import Ledger
from alarmbro.judgement.owing import Owed, owing
from alarmbro.judgement.routing import route_of
from alarmbro.model.activation import Trouble
from alarmbro.model.alarm import NOBODY_TOLD, Alarm, Delivery, Fault, Matter
from alarmbro.model.configuration import Configuration, Target
from alarmbro.model.delivery import Outcome, Result
from alarmbro.model.moment import Clock, Moment
from alarmbro.model.record import Draft, RecordType
from alarmbro.shell.agenda import Agenda
from alarmbro.shell.composing import facts_of, values_of
from alarmbro.shell.faults import Faults
from alarmbro.shell.inbox import Finished, Pressed, Written
from alarmbro.shell.ports import Make, Record, Sends, Told
from alarmbro.shell.sender import Job

log = structlog.get_logger(__name__)

JOURNAL_PATIENCE_S = 0.5  # a stalled disk holds an alarm back no longer than this
BUG_OVER_S = 60.0
AGAIN_S = 1.0  # after a fault of ours in tending a matter
DEADLINE_PASSED = Result(Outcome.UNKNOWN, "deadline")
FAILING_AFTER = 3  # tries in a row that a target fails before it is a fault of its own


@dataclass(slots=True)
class Turn:
    """Everything that decides, and what it decides with.

    `make` composes and sends one message in a sender's thread. `announce` hears of each record after it was applied.
    """

    configuration: Configuration
    ledger: Ledger
    journal: Record
    sender: Sends
    clock: Clock
    make: Make
    announce: Told
    decided: Callable[[str, str, int], None] = field(default=lambda _key, _alarm, _presses: None)
    faults: Faults = field(init=False)
    _agenda: Agenda = field(default_factory=Agenda)
    _awaited: dict[str, Pressed] = field(default_factory=dict)
    _stalled: set[str] = field(default_factory=set)
    _flying: dict[Delivery, Job] = field(default_factory=dict)
    _failures: dict[str, int] = field(default_factory=dict)
    _bug_s: float = NEVER_S

    def __post_init__(self) -> None:
        self.faults = Faults(self.configuration, self.ledger)

    def resume(self) -> None:
        """Go on where the journal says we were: decide what is undecided, and look at every open alarm."""
        now = self.clock.now()
        for activation in list(self.ledger.undecided.values()):
            try:
                self._record(decide(self.ledger, self.configuration, activation, now))
            except Exception as error:  # noqa: BLE001 - told; one that cannot be decided must not keep the others from starting
                self.own_fault(f"press {activation.key}", error)
        for alarm in self.ledger.alarms.values():
            self._agenda.put(alarm.id, now.monotonic_s)
            self._tell_unroutable(alarm)

    # --- what has happened -----------------------------------------------------------------------------------------

    def pressed(self, event: Pressed) -> None:
        """Begin to wait for the journal."""
        self._awaited[event.activation.key] = event

    def written(self, event: Written) -> None:
        """Decide about a press that is on disk; a repeat of one that was there already is none."""
        press = self._awaited.pop(event.key, None)
        if press is None:
            self._stalled.discard(event.key)
            if not self._stalled:
                self.trouble(Trouble("journal", "stall", well=True))
        elif event.repeat:
            self.decided(event.key, "", 0)
        else:
            self._decide(press)

    def finished(self, event: Finished) -> None:
        """Take the end of a try; one that was given up counts only where it got through after all."""
        job, result = event.job, event.result
        if self._flying.get(job.owed.delivery) is job:
            del self._flying[job.owed.delivery]
        if not job.given_up or result.outcome is Outcome.OK:
            self._attempted(job.owed, result, late=job.given_up)

    def trouble(self, trouble: Trouble) -> None:
        """Take the begin or end of a fault."""
        for draft in self.faults.take(trouble, self.clock.now()):
            self._record_fault(draft)

    def settle(self) -> float:
        """Do all that is due; give the seconds until there is more to do."""
        now = self.clock.now()
        self._lose_patience(now)
        for job in self.sender.overdue():
            self._flying.pop(job.owed.delivery, None)
            self._guarded(job.owed.delivery.matter, partial(self._attempted, job.owed, DEADLINE_PASSED))
        for draft in list(self.faults.due(now)):
            self._record_fault(draft)
        for name in list(self._agenda.take(now.monotonic_s)):
            matter = self.ledger.matter(name)
            if matter is not None:
                self._guarded(name, partial(self._tend, matter, now))
        if now.monotonic_s - self._bug_s > BUG_OVER_S:
            self._bug_s = NEVER_S
            self.trouble(Trouble("listener", "turn", well=True))
        return self._rest_s(now)

    def _guarded(self, name: str, work: Callable[[], object]) -> None:
        """Do what one matter wants; where that fails it is looked at again in a second, and the others go on."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - told as a fault of its own
            self._agenda.put(name, self.clock.now().monotonic_s + AGAIN_S)
            self.own_fault(name, error)

    def own_fault(self, where: str, error: Exception) -> None:
        """Tell a bug of ours; a minute without another and it is over."""
        log.critical("the turn met a fault of its own", where=where, exc_info=error)
        self._bug_s = self.clock.now().monotonic_s
        self.trouble(Trouble("listener", "turn", detail=f"{where}: {type(error).__name__}"))

    # --- deciding --------------------------------------------------------------------------------------------------

    def _decide(self, press: Pressed) -> None:
        now = self.clock.now()
        self.ledger.apply(press.draft)
        draft = decide(self.ledger, self.configuration, press.activation, now)
        self.ledger.apply(draft)
        alarm = self.ledger.alarms[draft.alarm]
        # The first message leaves before this is written down; a further step only after: the record keeps its order.
        self._guarded(alarm.id, partial(self._start_owed, alarm, now))
        self._write(draft)
        self._guarded(alarm.id, partial(self._tend, alarm, now))
        log.warning("alarm", alarm=alarm.id, decision=draft.type.value, device=f"{alarm.site}/{alarm.device}")
        self._tell_unroutable(alarm)
        self.decided(press.activation.key, alarm.id, alarm.presses)

    def _tell_unroutable(self, alarm: Alarm) -> None:
        if route_of(self.configuration, alarm.site, alarm.device) is None:
            detail = "its site is not in the configuration; nobody is told of it but by this"
            self.trouble(Trouble("unroutable", alarm.id, detail=detail, site=alarm.site, device=alarm.device))

    def _lose_patience(self, now: Moment) -> None:
        for key, press in list(self._awaited.items()):
            if not press.on_disk and now.since(press.activation.received) >= JOURNAL_PATIENCE_S:
                del self._awaited[key]
                self._stalled.add(key)
                self._decide(press)
                self.trouble(Trouble("journal", "stall", detail=f"no answer within {JOURNAL_PATIENCE_S} s"))

    def _tend(self, matter: Matter, now: Moment) -> None:
        """Do what a matter is owed now, and note when it wants to be looked at again."""
        in_s = self._escalate(matter, now) if isinstance(matter, Alarm) else NEVER_S
        in_s = min(in_s, self._start_owed(matter, now))
        self._agenda.put(matter.id, now.monotonic_s + in_s)

    def _escalate(self, alarm: Alarm, now: Moment) -> float:
        route = route_of(self.configuration, alarm.site, alarm.device)
        if route is None:
            return self._nobody_told(alarm, now)
        while (due := next_notice(alarm, route, now)) is not None and due.in_s <= 0:
            data = {
                "message": due.kind.value,
                "notice": len(alarm.notices) + 1,
                "step": due.step,
                "notify": list(due.notify),
                "after_ms": after_ms(alarm.since, now),
            }
            self._record(Draft(RecordType.ESCALATED, now, alarm.site, alarm.device, alarm.id, data=data))
        return min(due.in_s if due else NEVER_S, self._nobody_told(alarm, now))

    def _nobody_told(self, alarm: Alarm, now: Moment) -> float:
        in_s = nobody_told_in_s(alarm, now)
        if in_s > 0:
            return in_s
        trouble = Trouble(
            NOBODY_TOLD, alarm.id, detail="no recipient could be told", site=alarm.site, device=alarm.device
        )
        self.trouble(trouble)
        return NEVER_S

    # --- delivering ------------------------------------------------------------------------------------------------

    def _start_owed(self, matter: Matter, now: Moment) -> float:
        owed = owing(matter, self.configuration, now)
        for each in owed.now:
            if each.delivery not in self._flying:
                self._start(matter, each, now)
        return owed.next_in_s

    def _start(self, matter: Matter, owed: Owed, now: Moment) -> None:
        facts = facts_of(matter, owed.notice, owed.target.recipient, self.configuration, now)
        values = values_of(matter, self.configuration)
        rank = 2 if isinstance(matter, Fault) else 0 if owed.notice.number == 1 and owed.attempt == 1 else 1
        make = self.make
        kind = owed.notice.kind
        job = Job(owed, lambda: make(owed.target, kind, facts, values), rank)
        self._flying[owed.delivery] = job
        self.sender.submit(job)

    def _attempted(self, owed: Owed, result: Result, *, late: bool = False) -> None:
        now = self.clock.now()
        matter = self.ledger.matter(owed.delivery.matter)
        if matter is None:
            return
        data: dict[str, Any] = {
            "outcome": result.outcome.value,
            "reason": result.reason,
            "after_ms": after_ms(matter.since, now),
            "notice": owed.delivery.notice,
            "target": owed.target.number,
            "scheme": owed.target.scheme,
            "attempt": owed.attempt,
        }
        data |= {"detail": result.detail} if result.detail else {}
        data |= {"late": True} if late else {}
        self._record(self._about(matter, RecordType.ATTEMPT, owed.target.recipient, data, now))
        told = (owed.delivery.notice, owed.target.recipient)
        if result.outcome is Outcome.OK and told not in matter.told:
            data = {"notice": told[0], "target": owed.target.number, "after_ms": data["after_ms"]}
            self._record(self._about(matter, RecordType.TOLD, owed.target.recipient, data, now))
            if isinstance(matter, Alarm):
                self.trouble(Trouble(NOBODY_TOLD, matter.id, well=True))
        self._judge_target(owed.target, result)
        self._tend(matter, now)

    def _about(self, matter: Matter, kind: RecordType, recipient: str, data: dict[str, Any], now: Moment) -> Draft:
        alarm = "" if isinstance(matter, Fault) else matter.id
        data |= {} if alarm else {"fault": matter.id}
        return Draft(kind, now, matter.site, matter.device, alarm, recipient, data=data)

    def _judge_target(self, target: Target, result: Result) -> None:
        if result.outcome is Outcome.OK:
            if self._failures.pop(target.label, 0) >= FAILING_AFTER:
                self.trouble(Trouble("target", target.label, well=True))
            return
        failures = self._failures[target.label] = self._failures.get(target.label, 0) + 1
        if failures == FAILING_AFTER:
            self.trouble(Trouble("target", target.label, detail=result.reason))

    # --- recording -------------------------------------------------------------------------------------------------

    def _record(self, draft: Draft) -> None:
        self.ledger.apply(draft)
        self._write(draft)

    def _write(self, draft: Draft) -> None:
        self.journal.write([draft])
        self.announce(draft, self.ledger.alarms.get(draft.alarm))

    def _record_fault(self, draft: Draft) -> None:
        self._record(draft)
        fault = self.ledger.faults.get(draft.data["fault"])
        if fault is not None:
            self._tend(fault, self.clock.now())

    def _rest_s(self, now: Moment) -> float:
        patience = [
            JOURNAL_PATIENCE_S - now.since(press.activation.received)
            for press in self._awaited.values()
            if not press.on_disk
        ]
        agenda_s = self._agenda.next_s() - now.monotonic_s
        rest = [*patience, agenda_s, self.faults.next_in_s(now), self.sender.next_overdue_in_s()]
        return max(0.0, min(rest))
