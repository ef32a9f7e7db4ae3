"""Faults with a life of their own: raised, told to those who mend them, reminded, cleared.

Promises: saying the same trouble again changes nothing; one that passes within its grace is never told. A fault is
never an alarm: it goes to `faults: notify`, and nowhere else.
What was told before a restart is not told again: it is open from the start, and over where it is not found again.
Runs in the deciding thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from alarmbro.judgement.record.ledger import Ledger
from alarmbro.judgement.telling.owing import NEVER_S, untold
from alarmbro.model.activation import Trouble
from alarmbro.model.alarm import NOBODY_TOLD, Fault
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind
from alarmbro.model.moment import Moment
from alarmbro.model.record import Draft, RecordType

log = structlog.get_logger(__name__)

# By name or kind. A broker, device or gateway that restarts is back within seconds, and a clock is set some minutes
# after a boot; a person is told when that is not so.
GRACE_S = {"mqtt/broker": 30.0, "offline": 120.0, "gateway": 60.0, "clock": 600.0}
# What comes and goes is told as coming three times within an hour; then it is one fault until it has been well for
# long enough to believe it.
FLAPS, FLAPS_WITHIN_S, CALM_S = 3, 3600.0, 600.0
# What is no danger today: a daily mail would only be filtered away, and a restart is no reason to tell it again.
REMIND_AT_LEAST_S = {"reviewed": 30 * 86400.0, "test_due": 30 * 86400.0}
# Those that show in how things are, and so are found again soon after a start. Others (a target that refused an alarm)
# show only when something happens: they are told anew.
CARRIED = frozenset({
    "mqtt", "gpio", "stuck", "cable", "flapping", "chatter", "silent", "battery", "offline", "gateway", "link",
    "tamper", "probe", "disk", "temperature", "memory", "power", "clock", "site", "watch_me", "feedback",
    "certificate",
})  # fmt: skip
FOUND_AGAIN_WITHIN_S = 1200.0  # the slowest of them, a target that hangs, takes two rounds of trying: see `prober`
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
    _begun: dict[str, deque[Moment]] = field(default_factory=dict)
    _calm: dict[str, Moment] = field(default_factory=dict)
    _carried: dict[str, Moment] = field(default_factory=dict)

    def carry(self, past: Iterable[Draft], now: Moment) -> None:
        """Take up the faults that were open and told before this start; nobody is told of them again for now."""
        for draft in past:
            name, told = draft.data["fault"], list(draft.data["notify"])
            if draft.data["kind"] in CARRIED and not self.ledger.replay([_silently(draft)], ()):
                self._carried[name] = now
                self.told.setdefault(name, draft.at.utc)
                log.info("fault carried over", fault=name, told=told)

    def concerns(self, trouble: Trouble) -> bool:
        """Tell whether a trouble changes anything: that what was well still is does not, and each press says so."""
        name = f"{trouble.kind}/{trouble.subject}"
        return not trouble.well or name in self.ledger.faults or name in self._pending or name in self._carried

    def take(self, trouble: Trouble, now: Moment) -> Iterator[Draft]:
        """Take a trouble's begin or end."""
        name = f"{trouble.kind}/{trouble.subject}"
        if trouble.well:
            yield from self._perhaps_well(name, now)
            return
        self._calm.pop(name, None)
        self._carried.pop(name, None)
        if self._open(name):
            yield from self._changed(self.ledger.faults[name], trouble, now)
        elif name not in self._pending:
            self._pending[name] = (trouble, now)
            yield from self.due(now)

    def due(self, now: Moment) -> Iterator[Draft]:
        """Give what is due by now: faults whose grace has passed, and reminders."""
        for name, (trouble, since) in list(self._pending.items()):
            if now.since(since) >= grace_s(name):
                del self._pending[name]
                yield self._begin(name, trouble, now)
        for name, since in list(self._calm.items()):
            if now.since(since) >= CALM_S:
                del self._calm[name]
                yield from self._well(name, now)
        for name, since in list(self._carried.items()):
            if now.since(since) >= FOUND_AGAIN_WITHIN_S:
                del self._carried[name]
                yield from self._well(name, now)
        for fault in list(self.ledger.faults.values()):
            if self._remind_in_s(fault, now) <= 0:
                yield self._draft(fault, MessageKind.FAULT, now, notify=self._who(fault), reminder=True)
            elif fault.cleared and self._done_with(fault, now):
                self.ledger.forget(fault.id)

    def next_in_s(self, now: Moment) -> float:
        """Give the seconds until `due` has something (infinite: nothing as things stand)."""
        graces = [grace_s(name) - now.since(since) for name, (_, since) in self._pending.items()]
        graces += [FOUND_AGAIN_WITHIN_S - now.since(since) for since in self._carried.values()]
        graces += [CALM_S - now.since(since) for since in self._calm.values()]
        reminders = [self._remind_in_s(fault, now) for fault in self.ledger.faults.values()]
        return max(0.0, min([*graces, *reminders], default=NEVER_S))

    def _perhaps_well(self, name: str, now: Moment) -> Iterator[Draft]:
        """Take that something is well: at once, but for what has come and gone too often to be believed."""
        self._carried.pop(name, None)
        if not self._open(name) or not self._flaps(name, now):
            yield from self._well(name, now)
        else:
            self._calm.setdefault(name, now)

    def _flaps(self, name: str, now: Moment) -> bool:
        begun = self._begun.get(name, deque[Moment]())
        return len(begun) == FLAPS and now.since(begun[0]) < FLAPS_WITHIN_S

    def _open(self, name: str) -> bool:
        fault = self.ledger.faults.get(name)
        return fault is not None and not fault.cleared

    def _changed(self, fault: Fault, trouble: Trouble, now: Moment) -> Iterator[Draft]:
        """Note that what is told monthly is not what it was: the next reminder says so."""
        if trouble.kind in REMIND_AT_LEAST_S and trouble.detail != fault.detail:
            yield self._draft(replace(fault, detail=trouble.detail), MessageKind.FAULT, now, notify=())

    def _begin(self, name: str, trouble: Trouble, now: Moment) -> Draft:
        self._begun.setdefault(name, deque(maxlen=FLAPS)).append(now)
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
        every_s = max(self.configuration.faults.remind_s, at_least_s)
        if fault.notices:
            return every_s - now.since(fault.notices[-1].at)
        if fault.kind in CARRIED:
            return max(0.0, every_s - self._told_ago_s(fault, now)) if fault.id in self.told else NEVER_S
        return at_least_s - self._told_ago_s(fault, now) if self._told_lately(fault, now) else NEVER_S

    def _told_lately(self, fault: Fault, now: Moment) -> bool:
        """Tell whether somebody was told before this start, and need not be again."""
        return self._told_ago_s(fault, now) < REMIND_AT_LEAST_S.get(fault.kind, 0.0)

    def _told_ago_s(self, fault: Fault, now: Moment) -> float:
        told = self.told.get(fault.id)
        return NEVER_S if told is None else max(0.0, (now.utc - told).total_seconds())

    def _done_with(self, fault: Fault, now: Moment) -> bool:
        return not untold(fault, self.configuration) or now.since(fault.notices[-1].at) > CLEARED_FOR_S


def _silently(draft: Draft) -> Draft:
    return replace(draft, data={**draft.data, "notify": []})


def grace_s(name: str) -> float:
    """Give how long a trouble may last before it is a fault."""
    return GRACE_S.get(name, GRACE_S.get(name.partition("/")[0], 0.0))
