"""Looks after the machine once a minute, and keeps what was heard of devices, in a thread of its own.

Promises: nothing of it can hold up an alarm; a disk that does not answer stops this thread alone. What it finds goes
to the door as faults.
Must never: raise out of its thread, or touch the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog

from alarmbro.judgement.expiring.certificates import trouble_of
from alarmbro.judgement.supervising.machine import of_machine
from alarmbro.machine import heard
from alarmbro.machine.certificates import ends_of
from alarmbro.machine.patrol import Patrol
from alarmbro.machine.vitals import measure
from alarmbro.model.activation import Trouble
from alarmbro.model.moment import Clock

log = structlog.get_logger(__name__)

EVERY_S = 60.0
KEPT_EVERY = 15  # looks: a file every quarter of an hour is nothing to an SD card, and a quarter nothing to a silence
HANGS_S = 300.0
CERTIFICATES_EVERY = 60  # looks: an hour after it was renewed it is well


class Surveyor:
    """One machine's look at itself. Implements `alarmbro.model.activation.Listener`; alarms do without it.

    `synchronised` asks after the clock, `certificates` are files by name.
    `kept` gives what is to be kept of the devices; any thread may call it.
    """

    name = "surveyor"

    def __init__(
        self,
        state: Path,
        synchronised: Callable[[], bool],
        clock: Clock,
        trouble: Callable[[Trouble], None],
        kept: Callable[[], Mapping[str, Any]],
        certificates: Mapping[str, Path],
    ) -> None:
        self._state, self._synchronised, self._clock = state, synchronised, clock
        self._trouble, self._kept, self._certificates = trouble, kept, certificates
        self._looks = 0
        self._patrol = Patrol(self.name, self._turn, clock, hangs_s=HANGS_S, last=self._keep)

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._patrol.start()

    def stop(self) -> None:
        """End, and keep what was heard, within a second where the disk answers. May be called twice."""
        self._patrol.stop()

    def alive(self) -> bool:
        """Tell whether the thread lives and moves."""
        return self._patrol.alive()

    def _turn(self) -> float:
        looks, self._looks = self._looks, self._looks + 1
        self._look(keep=looks % KEPT_EVERY == KEPT_EVERY - 1, read=looks % CERTIFICATES_EVERY == 0)
        return EVERY_S

    def _keep(self) -> None:
        heard.write(self._state, self._kept())

    def _look(self, *, keep: bool, read: bool) -> None:
        try:
            for trouble in of_machine(measure(self._state, self._synchronised)):
                self._trouble(trouble)
            if read and self._synchronised():  # by last year's clock every certificate is good
                for name, end in ends_of(self._certificates):
                    self._trouble(trouble_of(name, end, self._clock.now().utc))
            if keep:
                self._keep()
        except Exception:  # a fault of ours in what no alarm needs: told in the log, tried again in a minute
            log.exception("the machine could not be looked at")
