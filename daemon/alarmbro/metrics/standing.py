"""How things stand, as numbers. Pure; any thread. No name, no text and no secret is in a label, but ids of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from alarmbro import __version__
from alarmbro.judgement.supervising.health import Colour
from alarmbro.judgement.words.danish_faults import FAULTS
from alarmbro.metrics.counting import MOST
from alarmbro.metrics.snapshot import DeviceStands, Snapshot
from alarmbro.metrics.text import Family, Value
from alarmbro.model.alarm import State
from alarmbro.model.moment import Moment

COLOURS = {Colour.GREEN: 0, Colour.YELLOW: 1, Colour.RED: 2}
OPEN = (State.RAISED, State.ACKNOWLEDGED)
KINDS = sorted({name.partition("/")[0] for name in FAULTS} - {"*"})
DIGEST = 12  # letters of the configuration's hash: enough to see that two machines have the same


def standing(now: Snapshot, at: Moment) -> Iterator[Family]:
    """Give what a snapshot says; `at` is the present, which may be later."""
    yield from _open_matters(now)
    yield from _devices(now.devices)
    yield _gauge("alarmbro_mqtt_connected", "1 while the broker has let us in.", _by("site", now.brokers))
    yield _gauge(
        "alarmbro_listener_up", "1 while what listens or watches lives and moves.", _by("listener", now.listeners)
    )
    yield Family("alarmbro_journal_records_total", "counter", "Records in the journal.", [Value(now.records)])
    yield _gauge(
        "alarmbro_snapshot_age_seconds",
        "How old these are: alarmbro_alarms_open, _faults_open, _deliveries_pending, _device_…, …_up.",
        [Value(at.since(now.at))],
    )
    info = {"version": __version__, "configuration": now.digest[:DIGEST]}
    yield _gauge("alarmbro_build_info", "Always 1; the version, and the configuration's hash.", [Value(1, info)])


def _open_matters(now: Snapshot) -> Iterator[Family]:
    alarms = {(site, state.value): 0 for site in now.sites for state in OPEN} | dict(now.alarms)
    yield _gauge(
        "alarmbro_alarms_open",
        "Open alarms: raised (nobody has said to be on the way) or acknowledged.",
        [Value(number, {"site": site, "state": state}) for (site, state), number in alarms.items()],
    )
    yield _gauge(
        "alarmbro_faults_open", "Open faults, by kind.", _by("kind", dict.fromkeys(KINDS, 0) | dict(now.faults))
    )
    yield _gauge(
        "alarmbro_deliveries_pending", "Recipients that are still to be told the latest.", _by("about", now.pending)
    )
    yield _gauge("alarmbro_devices_under_test", "Devices whose next press is a test.", _by("site", now.under_test))


def _devices(devices: Iterable[DeviceStands]) -> Iterator[Family]:
    shown = list(devices)[:MOST]
    yield _gauge(
        "alarmbro_device_health",
        "0 green, 1 yellow, 2 red.",
        [Value(COLOURS[Colour(each.health)], _labels(each)) for each in shown],
    )
    yield _gauge(
        "alarmbro_device_heard_age_seconds",
        "Seconds since the device was last heard, while we listened.",
        [Value(each.heard_ago_s, _labels(each)) for each in shown if each.heard_ago_s is not None],
    )
    yield _gauge(
        "alarmbro_device_battery_ratio",
        "The battery: 0 is empty, 1 is full.",
        [Value(each.battery_percent / 100, _labels(each)) for each in shown if each.battery_percent is not None],
    )
    yield _gauge(
        "alarmbro_device_test_age_seconds",
        "Seconds since the device last passed a test; none: it never has.",
        [Value(each.tested_ago_s, _labels(each)) for each in shown if each.tested_ago_s is not None],
    )


def _labels(device: DeviceStands) -> dict[str, str]:
    return {"site": device.site, "device": device.device}


def _by(label: str, numbers: Mapping[str, float]) -> list[Value]:
    return [Value(number, {label: key}) for key, number in list(numbers.items())[:MOST]]


def _gauge(name: str, meaning: str, values: list[Value]) -> Family:
    return Family(name, "gauge", meaning, values)
