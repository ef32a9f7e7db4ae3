"""The words of the file for sites and their buttons. Any thread."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from alarmbro.config.schema.mqtt import MqttWords
from alarmbro.config.schema.words import FreeText, Id, Name, Words
from alarmbro.config.values import readers_web
from alarmbro.config.values.readers import Reads, within
from alarmbro.model.secret import Secret

Pin = Annotated[int, Field(ge=2, le=27)]
LevelName = Literal["help", "medical", "assault"]


class GpioWords(Words):
    """A contact between a BCM pin and ground."""

    pin: int = Field(ge=2, le=27, description="The BCM number of the pin, 2 to 27 (0 and 1 belong to the HAT's EEPROM)")
    contact: Literal["normally_open", "normally_closed"] = Field(
        default="normally_open", description="How the contact rests; normally_closed also shows a cut cable"
    )
    opposite: int | None = Field(
        default=None,
        ge=2,
        le=27,
        description="The pin of a changeover contact that is closed at rest, with a wire of its own: shows a damaged "
        "cable; `pin` is then the one that closes when pressed",
    )
    debounce: Annotated[float, within("1ms", "5s")] = Field(
        default="20ms", validate_default=True, description="How long the contact must be steady to count"
    )
    hold: Annotated[float, within("0ms", "30s")] = Field(
        default="0ms", validate_default=True, description="How long the button must be held to be a press"
    )


def pin_alone(written: Any) -> Any:
    """Give `gpio: 17` as what it is short for."""
    return {"pin": written} if isinstance(written, int) and not isinstance(written, bool) else written


WiredWords = Annotated[GpioWords, BeforeValidator(pin_alone, json_schema_input_type=Pin | GpioWords)]


class SuperviseWords(Words):
    """When a silent device, or its battery, is a fault."""

    heartbeat: Annotated[float, within("1s", "90d")] | None = Field(
        default=None, description="A fault when nothing was heard from the device for so long"
    )
    battery_below: int | None = Field(
        default=None, ge=1, le=100, description="A fault when the battery has fewer percent; left out, 20"
    )
    link_below: int | None = Field(
        default=None,
        ge=-200,
        le=1000,
        description="A fault when the radio link is poorer, as the maker counts",
    )


class HoldWords(Words):
    """What a wired button asks for when it is held."""

    for_: Annotated[float, within("1s", "30s")] = Field(
        alias="for", description="How long it is held, longer than a press takes; the press itself is told before that"
    )
    level: LevelName = Field(description="What it then asks for: help, medical or assault")
    route: str | None = Field(default=None, description="Another route than the site's for that level")


class LightWords(Words):
    """A light for the one who pressed; it makes no sound."""

    led: int = Field(
        ge=2, le=27, description="The BCM number of the pin that the light is wired to, of its own on this machine"
    )


class HttpWords(Words):
    """A press over HTTP."""

    token: Annotated[Secret, Reads(readers_web.token, {"type": "string", "minLength": 1})] = Field(
        description="What the caller must know, 16 letters or more: !secret NAME. "
        "It presses with POST PAGE/press/SITE/DEVICE and the header Authorization: Bearer TOKEN"
    )


class DeviceWords(Words):
    """One button or pendant."""

    name: Name = Field(description="What people call it, as it stands in messages")
    zone: int | None = Field(default=None, ge=0, le=9999, description="Its zone in the alarm centre's plan")
    level: LevelName = Field(
        default="assault", description="What a press asks for: help (a colleague, please), medical, or assault"
    )
    route: str | None = Field(default=None, description="Another route than the site's for that level")
    gpio: WiredWords | None = Field(
        default=None,
        description="The pin that it is wired to: its BCM number, or {pin, opposite, contact, debounce, hold}",
    )
    hold: HoldWords | None = Field(
        default=None, description="A second level for a wired button: {for, level}, when it is held"
    )
    mqtt: MqttWords | None = Field(
        default=None, description="true for alarmbro's own topics, {preset, id} for a known make, or topic and press"
    )
    http: HttpWords | None = Field(
        default=None, description="{token: !secret NAME}: a service may press it over HTTP, through the page"
    )
    supervise: SuperviseWords = Field(
        default=SuperviseWords(), description="When its silence or its battery is a fault"
    )
    feedback: LightWords | None = Field(
        default=None, description="A light that shows whoever pressed how the alarm stands: {led: PIN}"
    )


class CloseWords(Words):
    """How the acknowledge key gives the all-clear."""

    hold: Annotated[float, within("1s", "30s")] = Field(description="How long it must be held, longer than for a turn")
    outcome: Literal["real", "false_alarm", "test"] = Field(
        default="real", description="How the alarms then have ended: real, false_alarm or test"
    )


class AcknowledgeWords(Words):
    """A key by which those who come say that they are there, for every open alarm of the site."""

    gpio: WiredWords = Field(description="The pin that it is wired to, of its own: no button may answer its own alarm")
    name: Name | None = Field(default=None, description="What people call it, as it stands in messages")
    close: CloseWords | None = Field(default=None, description="{hold: 5s}: held so long, it closes the alarms, too")


class LevelWords(Words):
    """What a site does about one level."""

    route: str = Field(description="The route of presses that ask for this, one of `routes`")


class SiteWords(Words):
    """A building."""

    name: Name = Field(description="What people call it, as it stands in messages")
    address: FreeText = Field(default="", description="Where it is; left out of messages when empty")
    route: str = Field(description="The route of its devices, one of `routes`")
    levels: dict[LevelName, LevelWords] = Field(
        default={}, description="Other routes for presses that ask for help, medical or assault: {help: {route}}"
    )
    acknowledge: AcknowledgeWords | None = Field(
        default=None, description="A key or button for those who come: {gpio: PIN}; left out, none"
    )
    feedback: LightWords | None = Field(
        default=None, description="A light for all of its devices that shows how the alarm stands: {led: PIN}"
    )
    devices: dict[Id, DeviceWords] = Field(description="Its buttons and pendants, each under its id")


def route_for(site: SiteWords, level: LevelName, own: str | None) -> str:
    """Give the route of a press: its own, else the site's for its level, else the site's."""
    return own or (site.levels[level].route if level in site.levels else site.route)
