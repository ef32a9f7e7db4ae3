"""Faults with a life of their own: raised, told to those who mend them, reminded, cleared.

Promises: saying the same trouble again changes nothing; one that passes within its grace is never told. A fault is
never an alarm: it goes to `faults: notify`, and nowhere else.
Runs in the deciding thread. Faults are not carried over a restart: what still is wrong is found again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from alarmbro.judgement.ledger import Ledger
from alarmbro.judgement.owing import NEVER_S, untold
from alarmbro.model.activation import Trouble
from alarmbro.model.alarm import NOBODY_TOLD, Fault
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind
from alarmbro.model.moment import Moment
from alarmbro.model.record import Draft, RecordType

log = structlog.get_logger(__name__)

# A broker that restarts is back within seconds; a person is told when it is not.
GRACE_S = {"mqtt/broker": 30.0}
# What is no danger today: a daily mail would only be filtered away, and a restart is no reason to tell it again.
REMIND_AT_LEAST_S = {"reviewed": 30 * 86400.0, "test_due": 30 * 86400.0}
QUIETLY_OVER = frozenset({"test_due"})  # whoever mends it knows
CLEARED_FOR_S = 3600.0  # "it works again" is tried this long and then dropped


@dataclass(slots=True)
class Faults:
    """Turns troubles into records. `take` and `due` give drafts that the caller records at once.

    `told` is when somebody was last told of each fault before this start.
    """

    configuration: Configuration
    ledger: Ledger
    told: dict[str, datetime] = field(default_factory=dict)
    _pending: dict[str, tuple[Trouble, Moment]] = field(default_factory=dict)

    def take(self, trouble: Trouble, now: Moment) -> Iterator[Draft]:
        """Take a trouble's begin or end."""
        name = f"{trouble.kind}/{trouble.subject}"
        if trouble.well:
            yield from self._well(name, now)
        elif self._open(name):
            yield from self._changed(self.ledger.faults[name], trouble, now)
        elif name not in self._pending:
            self._pending[name] = (trouble, now)
            yield from self.due(now)

    def due(self, now: Moment) -> Iterator[Draft]:
        """Give what is due by now: faults whose grace has passed, and reminders."""
        for name, (trouble, since) in list(self._pending.items()):
            if now.since(since) >= GRACE_S.get(name, 0.0):
                del self._pending[name]
                yield self._begin(name, trouble, now)
        for fault in list(self.ledger.faults.values()):
            if self._remind_in_s(fault, now) <= 0:
                yield self._draft(fault, MessageKind.FAULT, now, notify=self._who(fault), reminder=True)
            elif fault.cleared and self._done_with(fault, now):
                self.ledger.forget(fault.id)

    def next_in_s(self, now: Moment) -> float:
        """Give the seconds until `due` has something (infinite: nothing as things stand)."""
        graces = [GRACE_S.get(name, 0.0) - now.since(since) for name, (_, since) in self._pending.items()]
        reminders = [self._remind_in_s(fault, now) for fault in self.ledger.faults.values()]
        return max(0.0, min([*graces, *reminders], default=NEVER_S))

    def _open(self, name: str) -> bool:
        fault = self.ledger.faults.get(name)
        return fault is not None and not fault.cleared

    def _changed(self, fault: Fault, trouble: Trouble, now: Moment) -> Iterator[Draft]:
        """Note that what is told monthly is not what it was: the next reminder says so."""
        if trouble.kind in REMIND_AT_LEAST_S and trouble.detail != fault.detail:
            yield self._draft(replace(fault, detail=trouble.detail), MessageKind.FAULT, now, notify=())

    def _begin(self, name: str, trouble: Trouble, now: Moment) -> Draft:
        level = log.critical if trouble.kind == NOBODY_TOLD else log.error
        level("fault", fault=name, detail=trouble.detail, site=trouble.site, device=trouble.device)
        fault = Fault(
            name, trouble.site, trouble.device, now, kind=trouble.kind, subject=trouble.subject, detail=trouble.detail
        )
        notify = () if self._told_lately(fault, now) else self._who(fault)
        return self._draft(fault, MessageKind.FAULT, now, notify=notify)

    def _who(self, fault: Fault) -> tuple[str, ...]:
        """Name who is told of a fault: of tests that are due, those who lead them."""
        leaders = self.configuration.test.coordinators if fault.kind == "test_due" else ()
        return leaders or self.configuration.faults.notify

    def _well(self, name: str, now: Moment) -> Iterator[Draft]:
        self._pending.pop(name, None)
        fault = self.ledger.faults.get(name)
        if fault is not None and not fault.cleared:
            log.info("fault cleared", fault=name)
            notify = () if fault.kind in QUIETLY_OVER else self._who(fault)
            yield self._draft(fault, MessageKind.FAULT_CLEARED, now, notify=notify)

    def _draft(
        self, fault: Fault, message: MessageKind, now: Moment, *, notify: tuple[str, ...], reminder: bool = False
    ) -> Draft:
        cleared = message is MessageKind.FAULT_CLEARED
        if fault.kind == NOBODY_TOLD and not cleared:
            message = MessageKind.NO_ONE_TOLD  # its words begin with that, and say to ring 112
        if fault.kind == "test_due":
            message = MessageKind.TEST_DUE
        data = {
            "fault": fault.id,
            "kind": fault.kind,
            "subject": fault.subject,
            "detail": fault.detail,
            "message": message.value,
            "notice": len(fault.notices) + 1,
            "notify": list(notify),
        }
        if reminder:
            data["reminder"] = True
        kind = RecordType.FAULT_CLEARED if cleared else RecordType.FAULT
        return Draft(kind, now, fault.site, fault.device, data=data)

    def _remind_in_s(self, fault: Fault, now: Moment) -> float:
        if fault.cleared:
            return NEVER_S
        at_least_s = REMIND_AT_LEAST_S.get(fault.kind, 0.0)
        if fault.notices:
            return max(self.configuration.faults.remind_s, at_least_s) - now.since(fault.notices[-1].at)
        return at_least_s - self._told_ago_s(fault, now) if self._told_lately(fault, now) else NEVER_S

    def _told_lately(self, fault: Fault, now: Moment) -> bool:
        """Tell whether somebody was told before this start, and need not be again."""
        return self._told_ago_s(fault, now) < REMIND_AT_LEAST_S.get(fault.kind, 0.0)

    def _told_ago_s(self, fault: Fault, now: Moment) -> float:
        told = self.told.get(fault.id)
        return NEVER_S if told is None else max(0.0, (now.utc - told).total_seconds())

    def _done_with(self, fault: Fault, now: Moment) -> bool:
        return not untold(fault, self.configuration) or now.since(fault.notices[-1].at) > CLEARED_FOR_S
