"""From a press to its first message: the shortest way that keeps the rules.

While the disk takes a press, its first message is made, words and request, in the thread that will send it; it waits
at a gate, which whoever learns first that the press is on disk opens (the journal's thread, as a rule). The other
messages of the first step follow, and all else comes after them (`shell.deciding.pacing`).

Promises: nothing leaves before its press is on disk, or `JOURNAL_PATIENCE_S` after it came, whatever the journal does.
A message that was made ready leaves once. Only a press that nothing else is awaited with is made ready: no other
decision can come between it and its own, which it therefore foresees exactly.
Must never: wait.
Runs in the deciding thread, but for `Pressed.go`, which anybody may call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import structlog

from alarmbro.judgement.pressing.deciding import decide
from alarmbro.judgement.record.ledger import Ledger, alarm_from
from alarmbro.judgement.telling.owing import NEVER_S
from alarmbro.model.activation import Trouble
from alarmbro.model.alarm import Matter
from alarmbro.model.configuration import Configuration
from alarmbro.model.moment import Clock, Moment
from alarmbro.model.record import Draft, RecordType
from alarmbro.shell.deciding.pacing import Pacing
from alarmbro.shell.desk.inbox import Pressed, Written
from alarmbro.shell.desk.job import Job
from alarmbro.shell.desk.recorder import Recorder
from alarmbro.shell.telling.deliveries import Deliveries

log = structlog.get_logger(__name__)
Thing = TypeVar("Thing")

JOURNAL_PATIENCE_S = 0.5  # a stalled disk holds an alarm back no longer than this
AHEAD_AFTER_S = 0.0003  # what the journal's thread needs before its disk does the work


@dataclass(frozen=True, slots=True)
class Fresh:
    """A decision whose messages are on their way, and what else it brings is still to be done."""

    press: Pressed
    draft: Draft
    alarm: Matter


@dataclass(slots=True)
class Presses:
    """Presses that wait for the disk, and alarms whose first messages are leaving."""

    configuration: Configuration
    recorder: Recorder
    deliveries: Deliveries
    pacing: Pacing
    clock: Clock
    trouble: Callable[[Trouble], None]
    guarded: Callable[[str, Callable[[], object]], None]
    repeated: Callable[[str], None]
    _awaited: dict[str, Pressed] = field(default_factory=dict)
    _stalled: set[str] = field(default_factory=set)
    _fresh: list[Fresh] = field(default_factory=list)
    _behind: list[Matter] = field(default_factory=list)
    _gone: list[Pressed] = field(default_factory=list)
    _ready: list[Pressed] = field(default_factory=list)
    _alone: Pressed | None = None
    _alone_s: float = 0.0

    @property
    def _ledger(self) -> Ledger:
        return self.recorder.ledger

    def pressed(self, press: Pressed) -> None:
        """Begin to wait for the journal."""
        if press.decided:
            return  # the journal was quicker than we
        self._alone = None if self._awaited else press
        self._alone_s = self.clock.now().monotonic_s
        self._awaited[press.activation.key] = press
        self.pacing.urgent(self._alone_s)

    def written(self, event: Written) -> None:
        """Decide about a press that is on disk; a repeat of one that was there already is none."""
        press, key = event.press, event.press.activation.key
        self._awaited.pop(key, None)
        if press.decided:
            self._stalled.discard(key)
            if not self._stalled:
                self.trouble(Trouble("journal", "stall", well=True))
        elif event.repeat:
            press.decided = True
            _call_off(press)
            self.repeated(key)
        elif press.foreseen:
            self._gone.append(press)  # its first message leaves this moment: nothing else must be in the way
            self.pacing.urgent(self.clock.now().monotonic_s)
        else:
            self._decide(press)

    def make_ready(self, now: Moment) -> float:
        """Make the first message of a press that waits alone; give the seconds until that is to be done.

        The journal's thread has its own work to do before the disk has: until then we are only in its way.
        """
        press = self._alone
        if press is None or press.on_disk or press.decided:
            self._alone = None
            return NEVER_S
        in_s = self._alone_s + AHEAD_AFTER_S - now.monotonic_s
        if in_s > 0:
            return in_s
        self._alone = None
        self._decide_gone()  # what is foreseen follows from all that is decided
        self.guarded(f"press {press.activation.key}", partial(self._make_ready, press))
        return NEVER_S

    def lose_patience(self, now: Moment) -> None:
        """Go on without the journal where it has stalled."""
        for key, press in list(self._awaited.items()):
            if press.on_disk:
                return  # we are about to hear of it: those behind it are not decided before it
            if now.since(press.activation.received) >= JOURNAL_PATIENCE_S:
                del self._awaited[key]
                self._stalled.add(key)
                self._decide(press)
                self.trouble(Trouble("journal", "stall", detail=f"no answer within {JOURNAL_PATIENCE_S} s"))

    def patience_s(self, now: Moment) -> float:
        """Give the seconds until a press has waited long enough for the journal."""
        waited = [now.since(each.activation.received) for each in self._awaited.values() if not each.on_disk]
        return max(0.0, JOURNAL_PATIENCE_S - max(waited)) if waited else NEVER_S

    def follow(self, now: Moment) -> None:
        """Let the other deliveries of new alarms follow their first."""
        self._decide_gone()
        for alarm in taken(self._behind):
            self.guarded(alarm.id, partial(self.deliveries.start, alarm, now))

    def busy(self) -> bool:
        """Tell whether a first message is being made, or others are to follow one."""
        waits = self._alone is not None or any(press.foreseen for press in self._awaited.values())
        return waits or bool(self._behind or self._gone)

    def awaits(self, job: Job) -> bool:
        """Tell whether a job has left that belongs to a press of which we do not know yet that it is on disk."""
        return any(press.job is job and not press.decided for press in self._ready)

    def fresh(self) -> list[Fresh]:
        """Give, once, what has been decided."""
        return taken(self._fresh)

    def _make_ready(self, press: Pressed) -> None:
        """Foresee the decision, and make its first message."""
        now = self.clock.now()
        draft = decide(self._ledger, self.configuration, press.activation, now)
        if draft.type is not RecordType.RAISED:
            return
        job = self.deliveries.first(alarm_from(draft, press.activation.received), now)
        if job is not None:
            press.foreseen, press.job, press.gate = draft, job, job.gate
            self._ready = [*(each for each in self._ready if not each.decided), press]
            if press.on_disk:  # it came to be while we were at it: the journal's thread may have seen no gate
                press.go()

    def _decide_gone(self) -> None:
        for press in taken(self._gone):
            self.guarded(f"press {press.activation.key}", partial(self._decide_now, press))

    def _decide(self, press: Pressed) -> None:
        self._decide_gone()
        self._decide_now(press)

    def _decide_now(self, press: Pressed) -> None:
        now = self.clock.now()
        press.decided = True
        self._ledger.apply(press.draft)
        foreseen = press.foreseen if press.foreseen and self._holds(press.foreseen) else None
        draft = foreseen or decide(self._ledger, self.configuration, press.activation, now)
        self.recorder.record(draft)
        alarm = self._ledger.matter(draft.alarm)
        if alarm is None:  # unreachable: the record has just made it; says so to the type checker
            raise LookupError(draft.alarm)
        # The first message leaves before this is written down; a further step only after: the record keeps its order.
        if foreseen and press.job is not None:
            press.go()
            self.deliveries.under_way(press.job)
        else:
            _call_off(press)
            self.guarded(alarm.id, partial(self.deliveries.start, alarm, now, at_most=1))
        self._fresh.append(Fresh(press, draft, alarm))
        self._behind.append(alarm)
        self.pacing.urgent(now.monotonic_s)

    def _holds(self, draft: Draft) -> bool:
        """Tell whether what was foreseen is still what would be decided. Made ready alone, it always should be."""
        number = self._ledger.numbers.get(draft.site, self._ledger.before_first) + 1
        holds = self._ledger.alarm_of(draft.site, draft.device) is None and draft.data["number"] == number
        if not holds:
            log.error("a decision was foreseen wrongly and is made anew", alarm=draft.alarm)
        return holds


def _call_off(press: Pressed) -> None:
    """Keep what was made ready from leaving; should it have left, nobody counts as told by it."""
    if press.gate is not None:
        press.gate.call_off()
    if press.job is not None:
        press.job.void = True


def taken(things: list[Thing]) -> list[Thing]:
    """Empty a list; give what was in it."""
    found = things[:]
    things.clear()
    return found
