"""The buildings with their buttons: how each is pressed, and what it shows. Durations are seconds in `_s`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from alarmbro.model.alarm import Closing
from alarmbro.model.level import Level


class Contact(StrEnum):
    """How a button's contact rests (EN 50131: a normally closed loop shows a cut cable)."""

    NORMALLY_OPEN = "normally_open"
    NORMALLY_CLOSED = "normally_closed"


@dataclass(frozen=True, slots=True)
class GpioInput:
    """A contact to ground on a BCM pin, with the Pi's own pull-up."""

    pin: int
    contact: Contact = Contact.NORMALLY_OPEN
    debounce_s: float = 0.020
    hold_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Condition:
    """One demand on a payload: the value at `path` equals one of `equals`.

    `path` is dotted (`event.attributes.alarm`; a number indexes a list; `*` is any element of a list; empty is the
    payload itself). Values compare as written: text with text, numbers with numbers, `true` with true.
    """

    path: str
    equals: tuple[str | int | float | bool, ...]


@dataclass(frozen=True, slots=True)
class MqttInput:
    """Topics of a device and what their payloads mean.

    `own` devices use alarmbro's own topics below `PREFIX/SITE/DEVICE/` and the rest is empty. For others: `topics`
    are subscribed to; a payload is a press when all conditions of `press` hold; the paths name the battery
    percentage, the publisher's id of the press and its ISO 8601 time where there are such. `about` are the conditions
    that make a message this device's own where a topic carries several devices: both a press and a sign of life.
    """

    own: bool = False
    topics: tuple[str, ...] = ()
    press: tuple[Condition, ...] = ()
    battery_path: str | None = None
    id_path: str | None = None
    at_path: str | None = None
    about: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Supervision:
    """When silence of a device, or its battery, is a fault. None: not supervised."""

    heartbeat_s: float | None = None
    battery_below: int | None = None


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
    """One button or pendant in a site. `level` and `route` are those of a press; `led` is a pin with a light."""

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
