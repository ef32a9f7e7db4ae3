"""What the coordinator's file says, checked and complete: sites, devices, recipients, routes.

`alarmbro.config` is the only maker of these. Every name that one part uses of another exists (cross-references are
checked there), so readers index without guarding. Durations are seconds in fields named `_s`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from alarmbro.model.route import Recipient, Route
from alarmbro.model.secret import Secret
from alarmbro.model.site import Device, Site

MONTH_S = 365.25 / 12 * 86400  # `mo` in a duration: the mean month


class Language(StrEnum):
    """Languages that people can be addressed in."""

    DANISH = "da"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class MqttBroker:
    """How to reach the broker, and by which certificate it knows us.

    `digest` is of what stands in its files: with a renewed certificate it is another broker, to be connected to anew.
    """

    host: str
    port: int
    tls: bool
    username: str | None
    password: Secret | None
    ca_file: Path | None
    prefix: str = "alarmbro"
    protocol: str = "5"
    cert: Path | None = None
    key: Path | None = None
    digest: str = ""


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
    """Where the page listens and how people outside reach it.

    `hosts` are further names that it answers to. With a `certificate` and its `key` it speaks TLS itself. What
    `proxies` (addresses) say of where a request comes from is believed, and of who asks in the header `user_header`.
    """

    public_url: str | None = None
    listen: str = "127.0.0.1:8480"
    hosts: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    proxies: tuple[str, ...] = ()
    user_header: str = ""


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
class HomeAssistant:
    """Home Assistant's discovery prefix at the broker. Not `wanted`: what stands there of ours is taken back."""

    discovery: str = "homeassistant"
    wanted: bool = True


class WatcherKind(StrEnum):
    """Who takes signs of life: what they are asked by differs."""

    HEALTHCHECKS = "healthchecks"
    UPTIME_KUMA = "uptime-kuma"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class WatchMe:
    """A watcher outside. Each of `urls` gets a sign of life every `every_s` seconds while this machine is well."""

    urls: tuple[Secret, ...]
    kind: WatcherKind = WatcherKind.PLAIN
    every_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Metrics:
    """Where Prometheus may read numbers."""

    host: str = "127.0.0.1"
    port: int = 9480

    @property
    def address(self) -> str:
        """Give HOST:PORT, the form of the file."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Configuration:
    """The whole file. `sites` holds all; `serve` names those that this machine answers for.

    `targets_every_s` is how often each target is tried without an alarm; 0: never. `messages` are overrides: language →
    text name → template. `digest` is the SHA-256 of the file's bytes, hex. `home_assistant`, `watch_me` and `metrics`
    are None where they are left out. `watch_sites`: this machine tells when one of the sites that it does not serve is
    silent.
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
    targets_every_s: float = 900.0
    home_assistant: HomeAssistant | None = None
    watch_sites: bool = True
    watch_me: WatchMe | None = None
    metrics: Metrics | None = None
    messages: Mapping[Language, Mapping[str, str]] = field(default_factory=dict)
    digest: str = ""

    @property
    def certificates(self) -> dict[str, Path]:
        """Give each certificate's file by where it stands in the file."""
        broker = self.mqtt
        named = {"mqtt.ca_file": broker.ca_file, "mqtt.cert": broker.cert} if broker else {}
        return {name: file for name, file in (named | {"web.certificate": self.web.certificate}).items() if file}

    def device(self, site: str, device: str) -> Device | None:
        """Give a device of any site in the file, or None."""
        place = self.sites.get(site)
        return place.devices.get(device) if place else None

    def served_devices(self) -> tuple[Device, ...]:
        """Give every device that this machine answers for, in the file's order."""
        return tuple(device for site in self.serve for device in self.sites[site].devices.values())
