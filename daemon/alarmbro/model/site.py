"""The buildings with their buttons: how each is pressed, and what it shows. Durations are seconds in `_s`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from alarmbro.model.alarm import Closing
from alarmbro.model.level import Level
from alarmbro.model.secret import Secret


class Contact(StrEnum):
    """How a button's contact rests (EN 50131: a normally closed loop shows a cut cable)."""

    NORMALLY_OPEN = "normally_open"
    NORMALLY_CLOSED = "normally_closed"


@dataclass(frozen=True, slots=True)
class GpioInput:
    """A contact to ground on a BCM pin, with the Pi's own pull-up.

    `opposite`: the pin of a changeover contact that is closed at rest; `pin` is then the one that closes when pressed.
    """

    pin: int
    contact: Contact = Contact.NORMALLY_OPEN
    debounce_s: float = 0.020
    hold_s: float = 0.0
    opposite: int | None = None

    @property
    def pins(self) -> tuple[int, ...]:
        """Give every pin that it is wired to."""
        return (self.pin,) if self.opposite is None else (self.pin, self.opposite)


@dataclass(frozen=True, slots=True)
class Condition:
    """One demand on a payload: the value at `path` equals one of `equals`; where that is empty, any value will do.

    `path` is dotted (`event.attributes.alarm`; a number indexes a list; `*` is any element of a list; empty is the
    payload itself). Values compare as written: text with text, numbers with numbers, `true` with true. An empty text,
    like null, is no value: it never meets a demand.
    """

    path: str
    equals: tuple[str | int | float | bool, ...] = ()


Ways = tuple[tuple[Condition, ...], ...]  # met when all conditions of any one of them hold


class Unit(StrEnum):
    """In what a device tells its battery."""

    PERCENT = "%"
    VOLT = "V"
    MILLIVOLT = "mV"


@dataclass(frozen=True, slots=True)
class Gauge:
    """Where a payload tells the battery. `empty` and `full` are what 0 and 100 per cent are, in its unit."""

    path: str
    unit: Unit = Unit.PERCENT
    empty: float = 0.0
    full: float = 100.0


@dataclass(frozen=True, slots=True)
class Availability:
    """A topic where the device, its gateway or a last will says whether it is there; empty: its own messages do.

    `teller` names who says so; several devices may have the same, as all buttons of one gateway do.
    """

    topic: str
    online: Ways
    offline: Ways
    teller: str


@dataclass(frozen=True, slots=True)
class PositionPaths:
    """Where a payload tells the place: WGS 84 degrees, when it was found, and the radius in metres."""

    latitude: str
    longitude: str
    at: str | None = None
    accuracy: str | None = None


@dataclass(frozen=True, slots=True)
class Encoded:
    """Where a payload holds the device's own bytes, as base64, and the name of what reads them.

    What they say stands below `decoded` for all other paths.
    """

    path: str
    decoder: str


@dataclass(frozen=True, slots=True)
class MqttInput:
    """Topics of a device and what their payloads mean.

    `own` devices use alarmbro's own topics below `PREFIX/SITE/DEVICE/` and the rest is empty. For others: `topics`
    are subscribed to; a payload is a press when it meets `press`. What meets `begins` is a state of being pressed,
    which messages repeat: only its beginning is a press. `test_press` is the device's own trial, never an alarm.
    `alive` is which messages prove that the device lives, where others speak of it too; empty: all.
    `about` is what makes a message this device's own where a topic carries several devices: both a press and a sign of
    life. `id_paths` together are the publisher's id of the press, `at_path` its time.

    `doubles_s`: the device is known to send one press twice within so many seconds. `doubtful_below`: it is known to
    lose what it was pressed for when its battery has fewer per cent, so that a message without it may be a press.
    `heartbeat_s`: after how many seconds of silence its make counts as silent.
    """

    own: bool = False
    topics: tuple[str, ...] = ()
    press: Ways = ()
    about: Ways = ()
    begins: Ways = ()
    test_press: Ways = ()
    alive: Ways = ()
    battery: tuple[Gauge, ...] = ()
    battery_low_path: str | None = None
    link_path: str | None = None
    tamper_path: str | None = None
    position: PositionPaths | None = None
    id_paths: tuple[str, ...] = ()
    at_path: str | None = None
    decode: Encoded | None = None
    availability: tuple[Availability, ...] = ()
    doubles_s: float = 0.0
    doubtful_below: int | None = None
    heartbeat_s: float | None = None


@dataclass(frozen=True, slots=True)
class Supervision:
    """When silence of a device, its battery or its radio link is a fault. None: as its make and alarmbro have it."""

    heartbeat_s: float | None = None
    battery_below: int | None = None
    link_below: int | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """What it means when a wired button is held for `for_s` seconds; its short press has been told by then."""

    for_s: float
    level: Level
    route: str


@dataclass(frozen=True, slots=True)
class AcknowledgeKey:
    """A key switch or button at the site by which responders say that they are here, for every open alarm of it.

    `close_hold_s`: held so long it closes them with `outcome`; None where it cannot.
    """

    gpio: GpioInput
    name: str
    close_hold_s: float | None = None
    outcome: Closing = Closing.REAL


@dataclass(frozen=True, slots=True)
class Device:
    """One button or pendant in a site. `level` and `route` are those of a press; `led` is a pin with a light.

    `http_token`: by it a service may press the device over HTTP.
    """

    site: str
    id: str
    name: str
    route: str
    zone: int | None = None
    gpio: GpioInput | None = None
    mqtt: MqttInput | None = None
    supervise: Supervision = Supervision()
    level: Level = Level.ASSAULT
    hold: Hold | None = None
    led: int | None = None
    http_token: Secret | None = None

    @property
    def path(self) -> str:
        """Give `SITE/DEVICE`, the name that people type."""
        return f"{self.site}/{self.id}"


@dataclass(frozen=True, slots=True)
class Site:
    """A building with its devices. `led` is a pin with a light for all of them."""

    id: str
    name: str
    route: str
    devices: Mapping[str, Device]
    address: str = ""
    acknowledge: AcknowledgeKey | None = None
    led: int | None = None
