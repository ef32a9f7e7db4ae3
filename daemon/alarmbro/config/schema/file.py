"""The words of the file: which keys there are, of which type, with which bounds; and its JSON Schema for editors.

What one part says about another (does the route exist?) is `config.checking`'s. Any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from alarmbro.config.schema.devices import DeviceWords, SiteWords
from alarmbro.config.schema.routes import DutyList, RouteWords
from alarmbro.config.schema.watching import HomeAssistant, MetricsWords, WatchMeWords
from alarmbro.config.schema.words import Id, Name, Words
from alarmbro.config.values import readers, readers_web
from alarmbro.config.values.readers import BrokerAddress, Reads, within
from alarmbro.model.secret import Secret

_SECRET = {"type": "string", "minLength": 1}
Address = Annotated[Secret, Reads(readers.secret, _SECRET)]
Some = TypeVar("Some", bound=Words)


class MqttBrokerWords(Words):
    """The MQTT broker."""

    url: Annotated[BrokerAddress, Reads(readers.broker, {"type": "string", "pattern": "^mqtts?://"})] = Field(
        description="mqtts://USER@HOST:PORT, or mqtt:// where the broker is on this machine; no password"
    )
    password: Annotated[Secret, Reads(readers.secret, _SECRET)] | None = Field(
        default=None, description="The user's password: !secret NAME"
    )
    ca_file: str | None = Field(
        default=None, min_length=1, description="The authority of the broker's certificate, relative to this file"
    )
    cert: str | None = Field(
        default=None, min_length=1, description="The certificate (PEM) by which the broker knows this machine; with key"
    )
    key: str | None = Field(
        default=None, min_length=1, description="The certificate's key (PEM), which only alarmbro's user may read"
    )
    prefix: Annotated[str, Reads(readers.prefix)] = Field(
        default="alarmbro", description="The start of alarmbro's own topics"
    )
    protocol: Annotated[str, Reads(readers.protocol, {"enum": [5, "5", "3.1.1"]})] = Field(
        default="5", description="The version of MQTT: 5, or 3.1.1"
    )


class PinsWords(Words):
    """Where the pins come from."""

    factory: Literal["lgpio", "mock"] = Field(default="lgpio", description="lgpio, or mock for trying without pins")
    chip: int | None = Field(
        default=None, ge=0, le=15, description="The GPIO chip; left out, the one that gpiozero picks"
    )


class WebWords(Words):
    """The web page."""

    public_url: Annotated[str, Reads(readers.public_url)] | None = Field(
        default=None, description="How people reach the page, as in https://alarm.example; links in messages begin so"
    )
    listen: Annotated[str, Reads(readers.listen)] = Field(
        default="127.0.0.1:8480", description="Where the page listens, HOST:PORT"
    )
    hosts: list[Annotated[str, Reads(readers_web.host)]] = Field(
        default=[], description="Further names that people reach it by, beside that of public_url"
    )
    certificate: str | None = Field(
        default=None, min_length=1, description="Its certificate with the chain (PEM), relative to this file; with key"
    )
    key: str | None = Field(
        default=None, min_length=1, description="The key of the certificate (PEM), relative to this file"
    )
    proxies: list[Annotated[str, Reads(readers_web.address)]] = Field(
        default=[], description="Addresses of the reverse proxies before it, whose X-Forwarded-For is believed"
    )
    user_header: Annotated[str, Reads(readers_web.header)] | None = Field(
        default=None, description="The header by which such a proxy says who is logged in, as in X-Remote-User"
    )


class RecipientWords(Words):
    """A person, team or alarm centre that can be told."""

    name: Name = Field(description="What people call it")
    urls: list[Address] = Field(
        min_length=1,
        description="Apprise addresses, all used at once; one that gets through is `told`. Use !secret NAME for each",
    )
    fallback: list[Address] = Field(default=[], description="Addresses used when nothing in `urls` got through in time")
    fallback_after: Annotated[float, within("0s", "1h")] = Field(
        default="30s", validate_default=True, description="How long `urls` have before `fallback` is used"
    )
    acknowledges: bool = Field(default=False, description="true: may say `on my way`, and gets the link to do so")
    in_test: Literal["send", "withhold"] = Field(
        default="send", description="What a test sends: a message marked as a test (send), or nothing (withhold)"
    )
    alarm_centre: bool = Field(
        default=False,
        description="true: an alarm centre, which acts on what it gets. Tests go there only while it is `on test`; "
        "a recipient with a sia:// address is one",
    )
    reviewed: Annotated[date, Reads(readers.day, {"type": "string", "format": "date"})] | None = Field(
        default=None, description="The day when somebody last made sure that the addresses are right, as in 2026-01-10"
    )


class FaultsWords(Words):
    """Who hears when something of alarmbro's is broken."""

    notify: list[str] = Field(min_length=1, description="Who is told of faults, some of `recipients`")
    remind: Annotated[float, within("1s", "30d")] = Field(
        default="24h", validate_default=True, description="How often again while the fault lasts"
    )


class TestWords(Words):
    """The yearly test."""

    __test__ = False  # not one of pytest's

    every: Annotated[float, within("1s", "60mo")] = Field(
        default="12mo", validate_default=True, description="How often each device must be tested"
    )
    coordinators: list[str] = Field(default=[], description="Who leads the test, some of `recipients`")


class RetentionWords(Words):
    """How long personal data are kept."""

    personal: Annotated[float, within("1s", "120mo")] = Field(
        default="24mo", validate_default=True, description="How long names, notes and positions stay in the journal"
    )


class SuperviseTargetsWords(Words):
    """What is tried without an alarm."""

    targets: Annotated[float, within("0s", "7d")] = Field(
        default="15m",
        validate_default=True,
        description="How often each address is tried without disturbing anybody (connect, log in); 0s: never",
    )


class FileWords(Words):
    """The configuration of alarmbro: sites, buttons, who is told and when."""

    language: Literal["da", "en"] = Field(default="da", description="The language of messages and pages")
    timezone: str = Field(default="Europe/Copenhagen", description="The time zone of times in messages")
    serve: list[str] | None = Field(
        default=None, min_length=1, description="The sites that this machine answers for; left out, all"
    )
    mqtt: MqttBrokerWords | None = Field(default=None, description="The MQTT broker; left out, no MQTT")
    gpio: PinsWords = Field(default=PinsWords(), description="Where the pins come from; left out, lgpio")
    web: WebWords = Field(default=WebWords(), description="The web page")
    recipients: dict[Id, RecipientWords] = Field(min_length=1, description="Who can be told, each under an id")
    routes: dict[Id, RouteWords] = Field(min_length=1, description="Who is told and when, each under an id")
    aftercare: dict[Id, DutyList] = Field(
        default={}, description="Lists of what is to be done after a real alarm, each under an id; routes name them"
    )
    faults: FaultsWords | None = Field(default=None, description="Who hears when something is broken")
    test: TestWords = Field(default=TestWords(), description="The yearly test")
    retention: RetentionWords = Field(default=RetentionWords(), description="How long personal data are kept")
    supervise: SuperviseTargetsWords = Field(
        default=SuperviseTargetsWords(), description="What is tried without an alarm: {targets: 15m}"
    )
    home_assistant: HomeAssistant | None = Field(
        default=None,
        description="true: Home Assistant finds sites and buttons by MQTT; {discovery: PREFIX} where it has another "
        "prefix; false takes them out again; left out, nothing is published",
    )
    watch_sites: bool = Field(
        default=True, description="Tells when another site's machine is silent (by MQTT); false: it does not"
    )
    watch_me: WatchMeWords | None = Field(
        default=None, description="A watcher outside that gets signs of life: {url: !secret NAME, every: 60s}"
    )
    metrics: MetricsWords | None = Field(
        default=None,
        description="Numbers for Prometheus on a port: {listen: 127.0.0.1:9480}, path /metrics; left out, none",
    )
    sites: dict[Id, SiteWords] = Field(min_length=1, description="The buildings with their buttons, each under an id")
    messages: dict[Literal["da", "en"], dict[str, Annotated[str, Reads(readers.template)]]] = Field(
        default={}, description="Texts that replace built-in ones: language, then the text's name"
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """Those parts of a file that are sound, each by itself, so that the rest can be checked against them."""

    recipients: Mapping[str, RecipientWords]
    routes: Mapping[str, RouteWords]
    sites: Mapping[str, SiteWords]  # without the devices that are not sound
    mqtt: MqttBrokerWords | None
    faults: FaultsWords | None
    test: TestWords | None


def parts_of(data: Mapping[str, Any]) -> Parts:
    """Give the sound parts. What is wrong with the others is told by the check of the whole file."""
    sites = {key: _site(value) for key, value in _mapping(data.get("sites")).items()}
    return Parts(
        _sound(RecipientWords, data.get("recipients")),
        _sound(RouteWords, data.get("routes")),
        {key: site for key, site in sites.items() if site},
        _part(MqttBrokerWords, data.get("mqtt")),
        _part(FaultsWords, data.get("faults")),
        _part(TestWords, data.get("test", {})),
    )


def _site(value: Any) -> SiteWords | None:
    """Give a site with its sound devices, and without those of its other parts that are not sound."""
    devices = _sound(DeviceWords, _mapping(value).get("devices"))
    whole = {**_mapping(value), "devices": {}}
    wrong = {key for key in ("levels", "acknowledge", "feedback") if key in whole and not _alone(key, whole[key])}
    alone = _part(SiteWords, {key: part for key, part in whole.items() if key not in wrong})
    return alone.model_copy(update={"devices": devices}) if alone else None


def _alone(key: str, value: Any) -> bool:
    return _part(SiteWords, {"name": key, "route": key, "devices": {}, key: value}) is not None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _sound(kind: type[Some], value: Any) -> dict[str, Some]:
    parts = {key: _part(kind, part) for key, part in _mapping(value).items()}
    return {key: part for key, part in parts.items() if part is not None}


def _part(kind: type[Some], value: Any) -> Some | None:
    try:
        return kind.model_validate(value)
    except ValidationError:  # told by the check of the whole file, with its place
        return None
