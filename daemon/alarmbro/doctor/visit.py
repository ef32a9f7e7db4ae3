"""One visit: what is asked first, because the rest depends on it, and then every examination that can be made.

Promises: nothing is pressed, sent or changed, and a daemon that runs is only asked; a configuration that cannot be used
costs only the examinations that need it. No secret is in any finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from alarmbro import __version__
from alarmbro.clock import synchronised
from alarmbro.doctor.examining import Examination, examine
from alarmbro.doctor.findings import Found, well
from alarmbro.doctor.judging import alive, broker, configuration, machine, rights, service, storage, targets, versions
from alarmbro.doctor.judging.alive import Alive
from alarmbro.doctor.judging.configuration import Read
from alarmbro.doctor.judging.service import UNIT
from alarmbro.doctor.trying import alive as asking
from alarmbro.doctor.trying import broker as visiting
from alarmbro.doctor.trying import configuration as reading
from alarmbro.doctor.trying import machine as measuring
from alarmbro.doctor.trying import rights as looking
from alarmbro.doctor.trying import service as systemd
from alarmbro.doctor.trying import storage as disks
from alarmbro.doctor.trying import targets as probing
from alarmbro.doctor.trying import versions as installed
from alarmbro.doctor.trying.premises import Premises
from alarmbro.doctor.trying.users import me
from alarmbro.doctor.wiring import Wiring
from alarmbro.model.configuration import Configuration, Language
from alarmbro.model.route import Target
from alarmbro.shell.watching.watchers import targets_here

RELAY = "relay"  # tried with the other pins; what tries a target would claim it, and a relay may switch by that
SITE_S, BROKER_S = 8.0, 20.0  # the broker for each site, and before


class Visit:
    """What was asked first, and what can be examined by it. Making one takes as long as a dead daemon's silence."""

    def __init__(self, premises: Premises) -> None:
        self.premises, self.user = premises, me()
        self.read: Read = reading.read(premises.config, premises.environ)
        active = premises.unit is not None and premises.unit.active
        self.alive: Alive = asking.look(premises.run, premises.state, active=active)

    @property
    def language(self) -> Language:
        """Give the language of the file, else of the daemon, else Danish."""
        if self.read.configuration is not None:
            return self.read.configuration.language
        said = self.alive.status.get("language")
        return Language(said) if said in list(Language) else Language.DANISH

    def findings(self) -> Iterator[Found]:
        """Examine everything; findings come as soon as those before them are there."""
        yield from configuration.judge(self.read, self.user)
        yield from alive.judge(self.alive, __version__, str(self.premises.run), self.user)
        yield from examine(list(self.examinations()))

    def examinations(self) -> Iterator[Examination]:
        """Give everything that can be tried here."""
        yield from Wiring(self.read.configuration, self.alive, self.premises, self.user).examinations()
        if self.read.whole is not None:
            yield from self._far_ends(self.read.whole)
        yield from self._machine()
        yield from self._installation()

    def _far_ends(self, known: Configuration) -> Iterator[Examination]:
        if known.mqtt is not None:
            limit_s = BROKER_S + SITE_S * len(known.serve)
            yield Examination(broker.CHECK, known.mqtt.host, partial(self._broker, known), limit_s)
        yield Examination(targets.CHECK, "proxy", lambda: targets.judge_proxies(probing.proxies()))
        for target in targets_here(known):
            if target.scheme != RELAY:
                yield Examination(targets.CHECK, target.label, partial(_target, target), probing.LIMIT_S)

    def _broker(self, known: Configuration) -> Iterator[Found]:
        if known.mqtt is not None:  # always: says so to the type checker
            yield from broker.judge(visiting.try_broker(known, known.mqtt), self.alive, _now())

    def _machine(self) -> Iterator[Examination]:
        state, known = self.premises.state, self.read.configuration
        yield Examination("clock", "", lambda: [machine.judge_clock(synchronised=synchronised())])
        if known is not None:
            yield Examination(
                "timezone", known.timezone, lambda: [machine.judge_zone(measuring.clocks(known.timezone))]
            )
        yield Examination("memory", "", lambda: [machine.judge_memory(measuring.vitals(state))])
        yield Examination("temperature", "", lambda: [machine.judge_heat(measuring.vitals(state))])
        yield Examination("power", "", lambda: machine.judge_power(measuring.power_flags()))
        yield Examination(storage.CHECK, str(state), partial(_disk, state))
        yield Examination(storage.WEAR, "", lambda: map(storage.judge_card, disks.cards()))

    def _installation(self) -> Iterator[Examination]:
        premises, known = self.premises, self.read.configuration
        wired = known is not None and any(device.gpio for device in known.served_devices())
        yield Examination(versions.CHECK, "", lambda: versions.judge(installed.parts(pins=wired)))
        yield Examination("journal", "", lambda: versions.judge_journal(installed.journal(premises.state)))
        yield Examination(service.CHECK, UNIT, self._service, 2 * systemd.PATIENCE_S)
        yield Examination(rights.CHECK, "", self._rights)

    def _service(self) -> Iterator[Found]:
        unit = self.premises.unit
        yield from service.judge(self.premises.units)
        if self.premises.service is not None and self.premises.service.name == self.user:
            yield well(service.CHECK, self.user, "service.as", user=self.user)
        if unit is not None and unit.loaded:
            yield from service.judge_security(systemd.security(unit))

    def _rights(self) -> Iterator[Found]:
        premises = self.premises
        for place in looking.places(premises.config, premises.state, premises.run, premises.service):
            yield from rights.judge(place)


def _target(target: Target) -> Iterator[Found]:
    return targets.judge(probing.try_target(target), _now())


def _disk(state: Path) -> Iterator[Found]:
    yield from storage.judge_room(measuring.vitals(state), str(state))
    disk = disks.disk_of(state)
    if disk is not None:
        yield from storage.judge_disk(disk)


def _now() -> datetime:
    return datetime.now(UTC)
