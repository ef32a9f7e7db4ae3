"""What watches without being needed for an alarm: this machine itself, its targets, other machines, and who watches it.

Makes them anew for each configuration; none of them decides. Any thread may call the makers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alarmbro.delivery.probing import poll_s, probe
from alarmbro.inputs.watching.watcher import Watcher, is_wanted
from alarmbro.judgement.telling.routing import recipients_here
from alarmbro.machine.beacon import Beacon
from alarmbro.machine.pulse import Pulse
from alarmbro.machine.surveyor import Surveyor
from alarmbro.metrics.page import Page
from alarmbro.metrics.server import MetricsServer
from alarmbro.model.activation import Listener, Trouble
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import Result
from alarmbro.model.errors import MachineError
from alarmbro.model.moment import Clock
from alarmbro.model.route import Target
from alarmbro.shell.showing.mirror import Mirror
from alarmbro.shell.supervising.supervision import Supervision
from alarmbro.shell.watching.prober import Prober

# What a target is tried with where its address has placeholders.
SAMPLES = {
    "site.id": "site", "site.name": "Site", "device.id": "device", "device.name": "Device", "device.zone": "1",
    "alarm.id": "site-1", "alarm.kind": "alarm",
}  # fmt: skip


@dataclass(slots=True)
class Watchers:
    """Makes the watchers of a configuration. `trusted` tells whether wall time can be believed."""

    configuration: Configuration
    state: Path
    clock: Clock
    trouble: Callable[[Trouble], None]
    supervision: Supervision
    mirror: Mirror
    pulse: Pulse
    page: Page
    trusted: Callable[[], bool]

    def makers(self) -> list[Callable[[], Listener]]:
        """Give how each that is wanted is made; it is to be started then."""
        makers: list[tuple[Callable[[], Listener], bool]] = [
            (self._surveyor, True),
            (self._prober, self.configuration.targets_every_s > 0),
            (self._watcher, is_wanted(self.configuration)),
            (self._beacon, self.configuration.watch_me is not None),
            (self._metrics, self.configuration.metrics is not None),
        ]
        return [make for make, wanted in makers if wanted]

    def _surveyor(self) -> Surveyor:
        certificates = self.configuration.certificates
        return Surveyor(self.state, self.trusted, self.clock, self.trouble, self.supervision.kept, certificates)

    def _prober(self) -> Prober:
        return Prober(targets_here(self.configuration), _probe, self._every_s, self.clock, self.trouble)

    def _every_s(self, target: Target) -> float:
        return poll_s(target, SAMPLES) or self.configuration.targets_every_s

    def _watcher(self) -> Watcher:
        watcher = Watcher(self.configuration, self.clock, self.trouble)
        self.mirror.shows = watcher if self.configuration.home_assistant is not None else None
        return watcher

    def _beacon(self) -> Beacon:
        if self.configuration.watch_me is None:  # unreachable: says so to the type checker
            raise MachineError("no watcher is configured")
        return Beacon(self.configuration.watch_me, self.pulse.well, self.clock, self.trouble)

    def _metrics(self) -> MetricsServer:
        if self.configuration.metrics is None:  # unreachable: says so to the type checker
            raise MachineError("no address for metrics is configured")
        return MetricsServer(self.configuration.metrics, self.page.look, self.clock, self.trouble)


def _probe(target: Target) -> Result:
    return probe(target, SAMPLES)


def targets_of(configuration: Configuration) -> list[Target]:
    """Give every target of the file."""
    return [target for each in configuration.recipients.values() for target in (*each.targets, *each.fallback)]


def targets_here(configuration: Configuration) -> list[Target]:
    """Give the targets that this machine may have to tell something."""
    here = recipients_here(configuration)
    return [target for target in targets_of(configuration) if target.recipient in here]
