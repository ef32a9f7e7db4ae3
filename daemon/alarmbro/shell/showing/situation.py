"""How things stand, for `alarmbro status`, the site's MQTT status and systemd: views of the ledger, as plain data.

Runs in the deciding thread; changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alarmbro import __version__
from alarmbro.judgement.record.ledger import Ledger
from alarmbro.judgement.supervising.health import health_of
from alarmbro.judgement.supervising.known import Known
from alarmbro.model.alarm import Alarm, Fault
from alarmbro.model.configuration import Configuration, Language
from alarmbro.model.moment import Moment, iso
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.site import Device
from alarmbro.model.testing import Round, Tried
from alarmbro.shell.showing.announcer import view_of

READY = {
    Language.DANISH: ("klar: {devices} knapper", "åbne alarmer: {alarms}", "fejl: {faults}", "UNDER TEST: {tests}"),
    Language.ENGLISH: ("ready: {devices} buttons", "open alarms: {alarms}", "faults: {faults}", "UNDER TEST: {tests}"),
}
SHOWN = 50  # open alarms in a site's retained status, the latest: brokers and screens have limits


@dataclass(slots=True)
class Situation:
    """What is known of devices and of all that is open. `due` names the devices of a site that are to be tested."""

    configuration: Configuration
    ledger: Ledger
    journal: Path
    head: Callable[[], tuple[int, str]]
    connected: Callable[[], Mapping[str, bool]]
    started: Moment
    known: Mapping[str, Known] = field(default_factory=dict)
    due: Callable[[str], frozenset[str]] = field(default=lambda _site: frozenset())
    _pressed: dict[str, Moment] = field(default_factory=dict)

    def record(self, draft: Draft) -> None:
        """Note a press."""
        if draft.type in (RecordType.RAISED, RecordType.JOINED, RecordType.TEST_PRESSED):
            self._pressed[f"{draft.site}/{draft.device}"] = draft.at

    def whole(self) -> dict[str, Any]:
        """Show everything: what `status --json` prints."""
        seq, digest = self.head()
        return {
            "version": __version__,
            "started": iso(self.started.utc),
            "sites": list(self.configuration.serve),
            "devices": [self._device(device) for device in self.configuration.served_devices()],
            "alarms": [self._alarm(alarm) for alarm in self.ledger.alarms.values()],
            "faults": [_fault(fault) for fault in self._faults()],
            "test_rounds": self._rounds(),
            "mqtt": dict(self.connected()),
            "journal": {"path": str(self.journal), "records": seq, "head": digest},
        }

    def of_site(self, site: str) -> dict[str, Any]:
        """Show one site: what its retained `status` topic says."""
        place = self.configuration.sites[site]
        alarms = [alarm for alarm in self.ledger.alarms.values() if alarm.site == site]
        return {
            "online": True,
            "version": __version__,
            "devices": [device.id for device in place.devices.values()],
            "health": {device.id: self._device(device)["health"] for device in place.devices.values()},
            "open_alarms": len(alarms),
            "alarms": [view_of(alarm, self.ledger, self.configuration) for alarm in alarms[-SHOWN:]],
            "test_rounds": [each for each in self._rounds() if each["site"] == site],
            "faults": [_fault(fault) for fault in self._faults() if fault.site in ("", site)],
            "journal": dict(zip(("records", "head"), self.head(), strict=True)),
        }

    def words(self) -> str:
        """Say it in a line, for systemd's STATUS."""
        numbers = {
            "devices": len(self.configuration.served_devices()),
            "alarms": len(self.ledger.alarms),
            "faults": len(self._faults()),
            "tests": sum(len(each["under_test"]) for each in self._rounds()),
        }
        first, *others = READY[self.configuration.language]
        shown = [text for text, number in zip(others, ("alarms", "faults", "tests"), strict=True) if numbers[number]]
        return ", ".join([first, *shown]).format(**numbers)

    def _rounds(self) -> list[dict[str, Any]]:
        return [view_of_round(each, self.ledger) for each in self.ledger.testing.all_running()]

    def _alarm(self, alarm: Alarm) -> dict[str, Any]:
        return view_of(alarm, self.ledger, self.configuration)

    def _faults(self) -> list[Fault]:
        return [fault for fault in self.ledger.faults.values() if not fault.cleared]

    def _device(self, device: Device) -> dict[str, Any]:
        pressed, known = self._pressed.get(device.path), self.known.get(device.path)
        heard = known.last_heard() if known else None
        tested = self.ledger.testing.tested.get(device.path)
        health = health_of(
            device,
            known,
            self.ledger.faults.values(),
            tested=tested is not None,
            due=device.id in self.due(device.site),
        )
        alarm: Alarm | None = self.ledger.alarm_of(device.site, device.id)
        return {
            "site": device.site,
            "device": device.id,
            "name": device.name,
            "inputs": _inputs(device),
            "route": device.route,
            "alarm": alarm.id if alarm else None,
            "last_press": iso(pressed.utc) if pressed else None,
            "health": health.colour.value,
            "reasons": list(health.reasons),
            "last_heard": iso(heard) if heard else None,
            "battery": known.battery if known else None,
            "link": known.link if known else None,
            "under_test": device.id in self.ledger.testing.under_test(device.site),
            "tested": iso(tested) if tested else None,
        }


def _inputs(device: Device) -> list[str]:
    given = (("gpio", device.gpio), ("mqtt", device.mqtt), ("http", device.http_token))
    return [name for name, way in given if way is not None]


def view_of_round(round_: Round, ledger: Ledger) -> dict[str, Any]:
    """Show a test round to a machine: codes and times, no words. `under_test` are the devices whose press is a test."""
    return {
        "round": round_.id,
        "site": round_.site,
        "by": round_.by,
        "started": iso(round_.since.utc),
        "until": iso(round_.until),
        "confirm": round_.confirm,
        "ended": round_.ended.value if round_.ended else None,
        "paused": any(alarm.site == round_.site for alarm in ledger.alarms.values()),
        "under_test": ledger.testing.under_test(round_.site),
        "devices": [_tried(tried, ledger) for tried in round_.devices.values()],
        "passed": len(round_.devices) - len(round_.missing()),
        "missing": round_.missing(),
    }


def _tried(tried: Tried, ledger: Ledger) -> dict[str, Any]:
    alarm = ledger.testing.alarm(tried.alarm)
    return {
        "device": tried.device,
        "state": tried.standing.value,
        "reason": tried.reason.value if tried.reason else None,
        "alarm": tried.alarm or None,
        "reached": dict(alarm.reached) if alarm else {},
        "confirmed": dict(alarm.confirmed) if alarm else {},
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "fault": fault.id,
        "kind": fault.kind,
        "subject": fault.subject,
        "detail": fault.detail,
        "since": iso(fault.since.utc),
        "told": sorted({recipient for _, recipient in fault.told}),
    }
