"""What the coordinator's file says, checked and complete: sites, devices, recipients, routes.

`alarmbro.config` is the only maker of these. Every name that one part uses of another exists (cross-references are
checked there), so readers index without guarding. Durations are seconds in fields named `_s`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

MONTH_S = 365.25 / 12 * 86400  # `mo` in a duration: the mean month


class Language(StrEnum):
    """Languages that people can be addressed in."""

    DANISH = "da"
    ENGLISH = "en"


class Secret:
    """A text that must not be shown. Prints as `***`; `reveal()` is called only where it is used."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the text itself. The caller never logs, journals or shows it."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self._text

    def __hash__(self) -> int:
        return hash(self._text)


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
class Device:
    """One button or pendant in a site."""

    site: str
    id: str
    name: str
    route: str
    zone: int | None = None
    gpio: GpioInput | None = None
    mqtt: MqttInput | None = None
    supervise: Supervision = Supervision()

    @property
    def path(self) -> str:
        """Give `SITE/DEVICE`, the name that people type."""
        return f"{self.site}/{self.id}"


@dataclass(frozen=True, slots=True)
class Site:
    """A building with its devices."""

    id: str
    name: str
    route: str
    devices: Mapping[str, Device]
    address: str = ""


class InTest(StrEnum):
    """What a recipient gets when a press is a test."""

    SEND = "send"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class Target:
    """One Apprise URL of a recipient, possibly with `{device.zone}`-like placeholders.

    `number` counts from 1 over `urls` and then `fallback`; with `scheme` it names the target where people read.
    """

    recipient: str
    number: int
    scheme: str
    url: Secret

    @property
    def label(self) -> str:
        """Name the target without its secret: `serviceteam/2 (ntfy)`."""
        return f"{self.recipient}/{self.number} ({self.scheme})"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person, team or alarm centre. One of `targets` that gets through makes it told."""

    id: str
    name: str
    targets: tuple[Target, ...]
    fallback: tuple[Target, ...] = ()
    fallback_after_s: float = 30.0
    acknowledges: bool = False
    in_test: InTest = InTest.SEND
    reviewed: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Who is told `after_s` seconds after the press, unless the alarm is already in the state `unless`."""

    notify: tuple[str, ...]
    after_s: float = 0.0
    unless_acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """The last step is told again every `every_s` until somebody acknowledges (or, so asked, until it is closed)."""

    every_s: float
    until_closed: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """The steps of an alarm, in order of time, and the instruction that goes into its message."""

    id: str
    steps: tuple[Step, ...]
    repeat: Repeat | None = None
    instruction: str = ""


@dataclass(frozen=True, slots=True)
class MqttBroker:
    """How to reach the broker."""

    host: str
    port: int
    tls: bool
    username: str | None
    password: Secret | None
    ca_file: Path | None
    prefix: str = "alarmbro"
    protocol: str = "5"


class PinFactory(StrEnum):
    """Where GPIO pins come from."""

    LGPIO = "lgpio"
    MOCK = "mock"


@dataclass(frozen=True, slots=True)
class Gpio:
    """The pin factory and, where the file names one, the chip."""

    factory: PinFactory = PinFactory.LGPIO
    chip: int | None = None


@dataclass(frozen=True, slots=True)
class Web:
    """Where the page listens and how people outside reach it."""

    public_url: str | None = None
    listen: str = "127.0.0.1:8480"


@dataclass(frozen=True, slots=True)
class FaultPolicy:
    """Who hears of faults, and how often again while they last."""

    notify: tuple[str, ...] = ()
    remind_s: float = 86400.0


@dataclass(frozen=True, slots=True)
class TestPolicy:
    """How often each device must be tested, and who leads the test."""

    every_s: float = 12 * MONTH_S
    coordinators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retention:
    """How long names, notes and positions are kept."""

    personal_s: float = 24 * MONTH_S


@dataclass(frozen=True, slots=True)
class Configuration:
    """The whole file. `sites` holds all; `serve` names those that this machine answers for.

    `messages` are overrides: language → text name → template. `digest` is the SHA-256 of the file's bytes, hex.
    """

    recipients: Mapping[str, Recipient]
    routes: Mapping[str, Route]
    sites: Mapping[str, Site]
    serve: tuple[str, ...]
    language: Language = Language.DANISH
    timezone: str = "Europe/Copenhagen"
    mqtt: MqttBroker | None = None
    gpio: Gpio = Gpio()
    web: Web = Web()
    faults: FaultPolicy = FaultPolicy()
    test: TestPolicy = TestPolicy()
    retention: Retention = Retention()
    messages: Mapping[Language, Mapping[str, str]] = field(default_factory=dict)
    digest: str = ""

    def device(self, site: str, device: str) -> Device | None:
        """Give a device of any site in the file, or None."""
        place = self.sites.get(site)
        return place.devices.get(device) if place else None

    def served_devices(self) -> tuple[Device, ...]:
        """Give every device that this machine answers for, in the file's order."""
        return tuple(device for site in self.serve for device in self.sites[site].devices.values())
