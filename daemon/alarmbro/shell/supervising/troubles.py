"""Troubles that begin and end: those that others tell, those that time brings, and faults of our own.

Promises: never an alarm's business; what is wrong goes to those who mend it.
Runs in the deciding thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from alarmbro.judgement.record.ledger import Ledger
from alarmbro.judgement.supervising.obsolete import obsolete
from alarmbro.judgement.telling.owing import NEVER_S
from alarmbro.model.activation import Activation, Heartbeat, Trouble
from alarmbro.model.alarm import Fault
from alarmbro.model.configuration import Configuration
from alarmbro.model.moment import Clock, Moment
from alarmbro.model.record import Draft
from alarmbro.shell.desk.recorder import Recorder
from alarmbro.shell.supervising.faults import Faults
from alarmbro.shell.supervising.lookout import Lookout

log = structlog.get_logger(__name__)

BUG_OVER_S = 60.0


@dataclass(slots=True)
class Troubles:
    """Takes troubles and records what follows. `tend` has the fault's messages sent."""

    faults: Faults
    lookout: Lookout
    ledger: Ledger
    recorder: Recorder
    clock: Clock
    tend: Callable[[Fault], None]
    _bug_s: float = NEVER_S

    def adopt(self, configuration: Configuration) -> None:
        """Look by another configuration from now on; a fault of what it no longer has is over."""
        self.lookout.adopt(configuration)
        for fault in obsolete(list(self.ledger.faults.values()), configuration):
            self.take(Trouble(fault.kind, fault.subject, well=True))

    def take(self, trouble: Trouble) -> None:
        """Take the begin or end of a fault."""
        if self.faults.concerns(trouble):
            self._record(self.faults.take(trouble, self.clock.now()))

    def heard(self, said: Heartbeat) -> None:
        """Take what a device says of itself."""
        self._take_all(self.lookout.heard(said))

    def pressed(self, activation: Activation) -> None:
        """Take that a device was pressed, after all that the press itself brings."""
        self._take_all(self.lookout.pressed(activation, self.clock.now().monotonic_s))

    def due(self, now: Moment) -> None:
        """Take what time has brought or ended."""
        self._take_all(self.lookout.due(now))
        self._record(list(self.faults.due(now)))
        if now.monotonic_s - self._bug_s > BUG_OVER_S:
            self._bug_s = NEVER_S
            self.take(Trouble("listener", "turn", well=True))

    def own(self, where: str, error: Exception) -> None:
        """Tell a bug of ours; a minute without another and it is over."""
        log.critical("the turn met a fault of its own", where=where, exc_info=error)
        self._bug_s = self.clock.now().monotonic_s
        self.take(Trouble("listener", "turn", detail=f"{where}: {type(error).__name__}"))

    def next_in_s(self, now: Moment) -> float:
        """Give the seconds until `due` may have something (infinite: nothing as things stand)."""
        return min(self.faults.next_in_s(now), self.lookout.next_in_s(now))

    def _take_all(self, troubles: Iterable[Trouble]) -> None:
        for trouble in troubles:
            self.take(trouble)

    def _record(self, drafts: Iterable[Draft]) -> None:
        for draft in drafts:
            self.recorder.record(draft)
            fault = self.ledger.faults.get(draft.data["fault"])
            if fault is not None:
                self.tend(fault)
