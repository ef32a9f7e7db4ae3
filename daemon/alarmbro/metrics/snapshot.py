"""How things stand at one moment: what the deciding thread hands out, and nothing of it changes any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from alarmbro.model.moment import Moment


@dataclass(frozen=True, slots=True)
class DeviceStands:
    """One device. Seconds since it was heard and since it last passed a test, and its battery; None: not known."""

    site: str
    device: str
    health: str
    heard_ago_s: float | None = None
    battery_percent: int | None = None
    tested_ago_s: float | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is shown beside what is counted.

    `alarms` are the open ones by site and state, `faults` the open ones by kind, `pending` the recipients that are
    still to be told, by what it is about. `targets` are the labels of all targets of the sites that are served.
    """

    at: Moment
    sites: tuple[str, ...]
    targets: tuple[str, ...] = ()
    devices: tuple[DeviceStands, ...] = ()
    alarms: Mapping[tuple[str, str], int] = field(default_factory=dict)
    faults: Mapping[str, int] = field(default_factory=dict)
    pending: Mapping[str, int] = field(default_factory=dict)
    under_test: Mapping[str, int] = field(default_factory=dict)
    brokers: Mapping[str, bool] = field(default_factory=dict)
    listeners: Mapping[str, bool] = field(default_factory=dict)
    records: int = 0
    digest: str = ""
