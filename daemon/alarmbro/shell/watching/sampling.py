"""Hands out how things stand, as numbers, to those who ask for them from other threads.

Promises: what is handed out never changes any more. It is made only where somebody has asked, between full turns, when
no first message of an alarm is on its way; and never so often that it takes more than a hundredth of the time.
Must never: raise into the loop, or wait.
Threads: `ask` and `latest` in any, `turned` in the deciding thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import structlog

from alarmbro.judgement.supervising.health import health_of
from alarmbro.judgement.telling.owing import untold
from alarmbro.metrics.snapshot import DeviceStands, Snapshot
from alarmbro.model.alarm import Matter
from alarmbro.model.moment import UNKNOWN_S, Clock, Moment
from alarmbro.model.site import Device
from alarmbro.shell.desk.inbox import Errand
from alarmbro.shell.showing.situation import Situation
from alarmbro.shell.watching.watchers import targets_here

log = structlog.get_logger(__name__)

SOONEST_S = 1.0
SHARE = 100  # … or so many times what the last one took


@dataclass(slots=True)
class Sampler:
    """Makes snapshots.

    `wake` ends the deciding thread's rest, as all does that it is given. `listeners` tells who of those that listen
    lives.
    """

    situation: Situation
    clock: Clock
    wake: Callable[[Errand], None]
    listeners: Callable[[], Mapping[str, bool]]
    _latest: Snapshot | None = None
    _asked: bool = False
    _next_s: float = field(default=float("-inf"))

    def ask(self) -> None:
        """Have a snapshot made soon."""
        self._asked = True
        self.wake(Errand(_nothing))

    def latest(self) -> Snapshot | None:
        """Give the last snapshot; None before the first."""
        return self._latest

    def turned(self) -> None:
        """Make a snapshot where one was asked for: a full turn was completed."""
        if not self._asked:
            return
        now = self.clock.now()
        if now.monotonic_s < self._next_s:
            return
        self._asked = False
        try:
            self._latest = self._made(now)
        except Exception:  # no alarm needs it; told in the log, and asked for again
            log.exception("how things stand could not be told in numbers")
        ended_s = self.clock.now().monotonic_s
        self._next_s = ended_s + max(SOONEST_S, SHARE * (ended_s - now.monotonic_s))

    def _made(self, now: Moment) -> Snapshot:
        configuration, ledger = self.situation.configuration, self.situation.ledger
        seq, _ = self.situation.head()
        return Snapshot(
            now,
            configuration.serve,
            targets=tuple(target.label for target in targets_here(configuration)),
            devices=tuple(self._device(device, now) for device in configuration.served_devices()),
            alarms=Counter((alarm.site, alarm.state.value) for alarm in ledger.alarms.values()),
            faults=Counter(fault.kind for fault in ledger.faults.values() if not fault.cleared),
            pending=self._pending(),
            under_test={site: len(ledger.testing.under_test(site)) for site in configuration.serve},
            brokers=dict(self.situation.connected()),
            listeners=dict(self.listeners()),
            records=seq,
            digest=configuration.digest,
        )

    def _pending(self) -> dict[str, int]:
        pending = {"alarm": 0, "fault": 0, "test": 0}
        for about, matter in self._matters():
            pending[about] += len(untold(matter, self.situation.configuration))
        return pending

    def _matters(self) -> Iterator[tuple[str, Matter]]:
        ledger = self.situation.ledger
        for matter in (*ledger.alarms.values(), *ledger.ended.values()):
            yield "alarm", matter
        for fault in ledger.faults.values():
            yield "fault", fault
        for round_ in ledger.testing.rounds.values():
            yield "test", round_
            for alarm in ledger.testing.awaited(round_):
                yield "test", alarm

    def _device(self, device: Device, now: Moment) -> DeviceStands:
        known, testing = self.situation.known.get(device.path), self.situation.ledger.testing
        tested = testing.tested.get(device.path)
        health = health_of(
            device,
            known,
            self.situation.ledger.faults.values(),
            tested=tested is not None,
            due=device.id in self.situation.due(device.site),
        )
        silence_s = known.silence_s(now) if known is not None and known.last_heard() is not None else UNKNOWN_S
        return DeviceStands(
            device.site,
            device.id,
            health.colour.value,
            None if silence_s == UNKNOWN_S else silence_s,
            known.battery if known else None,
            None if tested is None else max(0.0, (now.utc - tested).total_seconds()),
        )


def _nothing() -> None:
    """Do nothing: what is done is done with the next full turn."""
