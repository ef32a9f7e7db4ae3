"""From the checked words of the file to the model. Nothing can be wrong here any more. Any thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from alarmbro.config.checking.addresses import scheme_of
from alarmbro.config.checking.certificates import digest_of
from alarmbro.config.checking.watching import home_assistant_of, metrics_of, watch_me_of
from alarmbro.config.presets.inputs import input_of
from alarmbro.config.schema.devices import (
    AcknowledgeWords,
    DeviceWords,
    GpioWords,
    HoldWords,
    SiteWords,
    route_for,
)
from alarmbro.config.schema.file import (
    FaultsWords,
    FileWords,
    MqttBrokerWords,
    RecipientWords,
    WebWords,
)
from alarmbro.config.schema.routes import AftercareWords, DutyWords, RouteWords, StepWords
from alarmbro.model.alarm import Closing
from alarmbro.model.configuration import (
    Configuration,
    FaultPolicy,
    Gpio,
    Language,
    MqttBroker,
    PinFactory,
    Retention,
    TestPolicy,
    Web,
)
from alarmbro.model.level import Level
from alarmbro.model.route import Aftercare, Duty, InTest, Recipient, Repeat, Route, Step, Target
from alarmbro.model.secret import Secret
from alarmbro.model.site import AcknowledgeKey, Contact, Device, GpioInput, Hold, Site, Supervision

KEY_NAMES = {Language.DANISH: "kvitteringsnøglen", Language.ENGLISH: "the acknowledge key"}


def build(words: FileWords, serve: tuple[str, ...], folder: Path, digest: str) -> Configuration:
    """Give the configuration. `folder` is where the file lies: other files' names are relative to it."""
    language = Language(words.language)
    duties = {key: tuple(map(_duty, each)) for key, each in words.aftercare.items()}
    return Configuration(
        recipients={key: _recipient(key, each) for key, each in words.recipients.items()},
        routes={key: _route(key, each, duties) for key, each in words.routes.items()},
        sites={key: _site(key, each, KEY_NAMES[language]) for key, each in words.sites.items()},
        serve=serve,
        language=language,
        timezone=words.timezone,
        mqtt=_broker(words.mqtt, folder) if words.mqtt else None,
        gpio=Gpio(PinFactory(words.gpio.factory), words.gpio.chip),
        web=_web(words.web, folder),
        faults=_faults(words.faults) if words.faults else FaultPolicy(),
        test=TestPolicy(words.test.every, tuple(words.test.coordinators)),
        retention=Retention(words.retention.personal),
        targets_every_s=words.supervise.targets,
        home_assistant=home_assistant_of(words.home_assistant),
        watch_sites=words.watch_sites,
        watch_me=watch_me_of(words.watch_me, serve),
        metrics=metrics_of(words.metrics),
        messages={Language(key): dict(texts) for key, texts in words.messages.items()},
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
        alarm_centre=words.alarm_centre or any(target.scheme == "sia" for target in targets),
    )


def _target(recipient: str, number: int, url: Secret) -> Target:
    return Target(recipient, number, scheme_of(url.reveal()), url)


def _route(key: str, words: RouteWords, duties: Mapping[str, tuple[Duty, ...]]) -> Route:
    repeat = Repeat(words.repeat.every, words.repeat.until == "closed") if words.repeat else None
    care = _aftercare(words.aftercare, duties) if words.aftercare else None
    return Route(key, tuple(map(_step, words.steps)), repeat, words.instruction, words.reminder, care)


def _aftercare(words: AftercareWords, duties: Mapping[str, tuple[Duty, ...]]) -> Aftercare:
    return Aftercare(words.after, tuple(words.notify), duties[words.name])


def _duty(words: DutyWords) -> Duty:
    return Duty(words.what, words.who or "", words.source or "")


def _step(words: StepWords) -> Step:
    return Step(tuple(words.notify), words.after, words.unless == "acknowledged")


def _site(key: str, words: SiteWords, key_name: str) -> Site:
    return Site(
        id=key,
        name=words.name,
        route=words.route,
        devices={device: _device(key, words, device, each) for device, each in words.devices.items()},
        address=words.address,
        acknowledge=_key(words.acknowledge, key_name) if words.acknowledge else None,
        led=words.feedback.led if words.feedback else None,
    )


def _key(words: AcknowledgeWords, usual: str) -> AcknowledgeKey:
    key = AcknowledgeKey(_pin(words.gpio), words.name or usual)
    return replace(key, close_hold_s=words.close.hold, outcome=Closing(words.close.outcome)) if words.close else key


def _device(site: str, place: SiteWords, key: str, words: DeviceWords) -> Device:
    return Device(
        site=site,
        id=key,
        name=words.name,
        route=route_for(place, words.level, words.route),
        zone=words.zone,
        gpio=_pin(words.gpio) if words.gpio else None,
        mqtt=None if words.mqtt is None else input_of(words.mqtt),
        supervise=Supervision(words.supervise.heartbeat, words.supervise.battery_below, words.supervise.link_below),
        level=Level(words.level),
        hold=_hold(place, words.hold) if words.hold else None,
        led=words.feedback.led if words.feedback else None,
        http_token=words.http.token if words.http else None,
    )


def _hold(place: SiteWords, words: HoldWords) -> Hold:
    return Hold(words.for_, Level(words.level), route_for(place, words.level, words.route))


def _pin(words: GpioWords) -> GpioInput:
    return GpioInput(words.pin, Contact(words.contact), words.debounce, words.hold, words.opposite)


def _broker(words: MqttBrokerWords, folder: Path) -> MqttBroker:
    files = [(folder / name).resolve() if name else None for name in (words.ca_file, words.cert, words.key)]
    ca_file, cert, key = files
    return MqttBroker(
        host=words.url.host,
        port=words.url.port,
        tls=words.url.tls,
        username=words.url.username,
        password=words.password,
        ca_file=ca_file,
        prefix=words.prefix,
        protocol=words.protocol,
        cert=cert,
        key=key,
        digest=digest_of(files),
    )


def _web(words: WebWords, folder: Path) -> Web:
    certificate, key = ((folder / name).resolve() if name else None for name in (words.certificate, words.key))
    return Web(
        words.public_url, words.listen, tuple(words.hosts), certificate, key, tuple(words.proxies),
        words.user_header or "",
    )  # fmt: skip


def _faults(words: FaultsWords) -> FaultPolicy:
    return FaultPolicy(tuple(words.notify), words.remind)
