"""Which troubles follow from what is known of a device. Pure.

Each kind of trouble is said both ways, begun and over, so that who asks need not remember. None of them is ever an
alarm: they go to those who mend.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from alarmbro.judgement.supervising.known import Known
from alarmbro.model.activation import Trouble
from alarmbro.model.moment import UNKNOWN_S, Moment
from alarmbro.model.site import Device

BATTERY_BELOW = 20  # per cent, for every device that tells its battery: what makers warn at, and enough for some weeks
FULL = 100
LISTENED_S = 60.0
BATTERY_RISE = 5  # per cent above it before it is well again: cold nights move a battery by some per cent
SILENT, BATTERY, OFFLINE, LINK, TAMPER, GATEWAY = "silent", "battery", "offline", "link", "tamper", "gateway"


def of_device(device: Device, known: Known, now: Moment, shared: frozenset[str] = frozenset()) -> Iterator[Trouble]:
    """Say how a device stands.

    `shared` are tellers that speak for several devices: their absence is told once, by `of_gateways`.
    """
    limit_s = silent_after_s(device)
    silence_s = known.silence_s(now)
    silent = limit_s is not None and _left_s(known, limit_s, now) <= 0
    yield _trouble(SILENT, device, bad=silent, detail=_hours(silence_s) if silent else "")
    yield from _battery(device, known)
    absent = [teller for teller in known.absent() if teller not in shared]
    yield _trouble(OFFLINE, device, bad=bool(absent), detail=", ".join(absent))
    weak = device.supervise.link_below is not None and known.link is not None
    weak = weak and (known.link or 0) < (device.supervise.link_below or 0)
    yield _trouble(LINK, device, bad=weak, detail=str(known.link) if weak else "")
    yield _trouble(TAMPER, device, bad=known.tamper is True)


def silent_after_s(device: Device) -> float | None:
    """Give after how many seconds without a word a device counts as silent: its own, else its make's; None: never."""
    own = device.supervise.heartbeat_s
    return own if own is not None else device.mqtt.heartbeat_s if device.mqtt else None


def silent_in_s(device: Device, known: Known, now: Moment) -> float:
    """Give the seconds until a device would count as silent (infinite: it is not supervised so, or counts already)."""
    limit_s = silent_after_s(device)
    if limit_s is None:
        return UNKNOWN_S
    left_s = _left_s(known, limit_s, now)
    return left_s if left_s > 0 else UNKNOWN_S


def _left_s(known: Known, limit_s: float, now: Moment) -> float:
    """Give the seconds until it counts as silent; whoever has just begun to listen lets it speak first.

    What was said while alarmbro was off waits at the broker, and a restart takes devices and gateways their time.
    """
    left_s = limit_s - known.silence_s(now)
    if known.heard is not None:
        return left_s
    return max(left_s, min(limit_s, LISTENED_S) - now.since(known.since))


def shared_tellers(known: Mapping[str, Known]) -> dict[str, frozenset[str]]:
    """Give those who speak for more than one device, with the names of the devices."""
    devices: dict[str, set[str]] = {}
    for name, each in known.items():
        for teller in each.available:
            devices.setdefault(teller, set()).add(name)
    return {teller: frozenset(names) for teller, names in devices.items() if len(names) > 1}


def of_gateways(known: Mapping[str, Known], shared: Mapping[str, frozenset[str]]) -> Iterator[Trouble]:
    """Say of each teller for several devices whether it is there: one fault, however many buttons hang on it."""
    for teller, names in shared.items():
        gone = any(known[name].available[teller] is False for name in names)
        site = {name.partition("/")[0] for name in names}
        detail = ", ".join(sorted(names)) if gone else ""
        yield Trouble(GATEWAY, teller, well=not gone, detail=detail, site=min(site) if len(site) == 1 else "")


def _battery(device: Device, known: Known) -> Iterator[Trouble]:
    """Say how the battery stands; nothing between the two marks, so that what was said last holds."""
    below = device.supervise.battery_below or BATTERY_BELOW
    if known.battery_low is True:
        yield _trouble(BATTERY, device, bad=True, detail="" if known.battery is None else f"{known.battery} %")
    elif known.battery is None or known.battery >= below + BATTERY_RISE or known.battery == FULL:
        yield _trouble(BATTERY, device, bad=False)
    elif known.battery < below:
        yield _trouble(BATTERY, device, bad=True, detail=f"{known.battery} %")


def _trouble(kind: str, device: Device, *, bad: bool, detail: str = "") -> Trouble:
    return Trouble(kind, device.path, well=not bad, detail=detail, site=device.site, device=device.id)


def _hours(seconds: float) -> str:
    if seconds == UNKNOWN_S:
        return "?"
    return f"{seconds / 3600:.0f} h" if seconds >= 2 * 3600 else f"{seconds / 60:.0f} min"
