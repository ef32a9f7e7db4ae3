"""From the checked words of the file to the model. Nothing can be wrong here any more. Any thread."""

from __future__ import annotations

from pathlib import Path

from alarmbro.config import presets
from alarmbro.config.addresses import scheme_of
from alarmbro.config.schema import (
    FaultsWords,
    FileWords,
    MqttBrokerWords,
    RecipientWords,
    RouteWords,
    StepWords,
)
from alarmbro.config.schema_devices import DeviceWords, GpioWords, SiteWords
from alarmbro.model.configuration import (
    Configuration,
    Contact,
    Device,
    FaultPolicy,
    Gpio,
    GpioInput,
    InTest,
    Language,
    MqttBroker,
    PinFactory,
    Recipient,
    Repeat,
    Retention,
    Route,
    Secret,
    Site,
    Step,
    Supervision,
    Target,
    TestPolicy,
    Web,
)


def build(words: FileWords, serve: tuple[str, ...], folder: Path, digest: str) -> Configuration:
    """Give the configuration. `folder` is where the file lies: other files' names are relative to it."""
    return Configuration(
        recipients={key: _recipient(key, each) for key, each in words.recipients.items()},
        routes={key: _route(key, each) for key, each in words.routes.items()},
        sites={key: _site(key, each) for key, each in words.sites.items()},
        serve=serve,
        language=Language(words.language),
        timezone=words.timezone,
        mqtt=_broker(words.mqtt, folder) if words.mqtt else None,
        gpio=Gpio(PinFactory(words.gpio.factory), words.gpio.chip),
        web=Web(words.web.public_url, words.web.listen),
        faults=_faults(words.faults) if words.faults else FaultPolicy(),
        test=TestPolicy(words.test.every, tuple(words.test.coordinators)),
        retention=Retention(words.retention.personal),
        messages={Language(language): dict(texts) for language, texts in words.messages.items()},
        digest=digest,
    )


def _recipient(key: str, words: RecipientWords) -> Recipient:
    targets = tuple(_target(key, number, url) for number, url in enumerate([*words.urls, *words.fallback], start=1))
    return Recipient(
        id=key,
        name=words.name,
        targets=targets[: len(words.urls)],
        fallback=targets[len(words.urls) :],
        fallback_after_s=words.fallback_after,
        acknowledges=words.acknowledges,
        in_test=InTest(words.in_test),
        reviewed=words.reviewed,
    )


def _target(recipient: str, number: int, url: Secret) -> Target:
    return Target(recipient, number, scheme_of(url.reveal()), url)


def _route(key: str, words: RouteWords) -> Route:
    repeat = Repeat(words.repeat.every, words.repeat.until == "closed") if words.repeat else None
    return Route(key, tuple(map(_step, words.steps)), repeat, words.instruction)


def _step(words: StepWords) -> Step:
    return Step(tuple(words.notify), words.after, words.unless == "acknowledged")


def _site(key: str, words: SiteWords) -> Site:
    devices = {device: _device(key, words.route, device, each) for device, each in words.devices.items()}
    return Site(key, words.name, words.route, devices, words.address)


def _device(site: str, route: str, key: str, words: DeviceWords) -> Device:
    return Device(
        site=site,
        id=key,
        name=words.name,
        route=words.route or route,
        zone=words.zone,
        gpio=_pin(words.gpio) if words.gpio else None,
        mqtt=None if words.mqtt is None else presets.input_of(words.mqtt),
        supervise=Supervision(words.supervise.heartbeat, words.supervise.battery_below),
    )


def _pin(words: GpioWords) -> GpioInput:
    return GpioInput(words.pin, Contact(words.contact), words.debounce, words.hold)


def _broker(words: MqttBrokerWords, folder: Path) -> MqttBroker:
    return MqttBroker(
        host=words.url.host,
        port=words.url.port,
        tls=words.url.tls,
        username=words.url.username,
        password=words.password,
        ca_file=(folder / words.ca_file).resolve() if words.ca_file else None,
        prefix=words.prefix,
        protocol=words.protocol,
    )


def _faults(words: FaultsWords) -> FaultPolicy:
    return FaultPolicy(tuple(words.notify), words.remind)
