"""The words of the file for sites and their buttons. Any thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from alarmbro.config import readers
from alarmbro.config.readers import Reads, within

Id = Annotated[
    str,
    Reads(readers.identifier, {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$", "maxLength": readers.LONGEST_ID}),
]
Name = Annotated[str, Reads(readers.name, {"type": "string", "minLength": 1, "maxLength": readers.LONGEST_NAME})]
FreeText = Annotated[str, Reads(readers.free_text, {"type": "string", "maxLength": readers.LONGEST_TEXT})]
Topic = Annotated[str, Reads(readers.topic, {"type": "string", "minLength": 1, "maxLength": readers.LONGEST_TOPIC})]
PayloadPath = Annotated[str, Reads(readers.path_in_payload)]
Comparable = Annotated[str | int | float | bool, Reads(readers.scalar, {"type": ["string", "number", "boolean"]})]


class Words(BaseModel):
    """A mapping of the file: only the keys that are named, each of exactly the type that is named."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Pin = Annotated[int, Field(ge=2, le=27)]
LevelName = Literal["help", "medical", "assault"]


def listed(written: Any) -> Any:
    """Give a single value as a list of it."""
    return written if isinstance(written, list) else [written]


class GpioWords(Words):
    """A contact between a BCM pin and ground."""

    pin: int = Field(ge=2, le=27, description="The BCM number of the pin, 2 to 27 (0 and 1 belong to the HAT's EEPROM)")
    contact: Literal["normally_open", "normally_closed"] = Field(
        default="normally_open", description="How the contact rests; normally_closed also shows a cut cable"
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


class ConditionWords(Words):
    """One demand on a payload."""

    path: PayloadPath = Field(description="Where in the payload, as in event.attributes.alarm; * is any item of a list")
    equals: Annotated[
        list[Comparable], BeforeValidator(listed, json_schema_input_type=Comparable | list[Comparable])
    ] = Field(min_length=1, description="The value that it must have, or a list of which it must have one")


class PathWords(Words):
    """Where in a payload something stands."""

    path: PayloadPath = Field(description="Where in the payload, as in position.attributes.batteryLevel")


Conditions = Annotated[
    list[ConditionWords],
    BeforeValidator(listed, json_schema_input_type=ConditionWords | list[ConditionWords]),
]
Topics = Annotated[list[Topic], BeforeValidator(listed, json_schema_input_type=Topic | list[Topic])]


class PresetWords(Words):
    """A device whose make is known."""

    preset: str = Field(description="The make, one of alarmbro's presets: traccar, zigbee2mqtt")
    id: Annotated[str, Reads(readers.tracker)] = Field(description="The device's id there; put digits in quotes")
    topic: Topics | None = Field(default=None, min_length=1, description="Other topics than the preset's")
    press: Conditions | None = Field(default=None, min_length=1, description="What is a press, instead of the preset's")
    battery: PathWords | None = Field(default=None, description="Where the battery's percentage stands")
    at: PathWords | None = Field(default=None, description="Where the ISO 8601 time of the press stands")


class WrittenOutWords(Words):
    """A device described in full."""

    topic: Topics = Field(min_length=1, description="The topic, or a list of topics, that the device publishes to")
    press: Conditions = Field(
        min_length=1, description="What makes a payload a press: {path, equals}, or a list of such"
    )
    battery: PathWords | None = Field(default=None, description="Where the battery's percentage stands")
    id: PathWords | None = Field(default=None, description="Where the publisher's id of the press stands")
    at: PathWords | None = Field(default=None, description="Where the ISO 8601 time of the press stands")


def which_mqtt(written: Any) -> str:
    """Tell the forms of `mqtt` apart. The tags are no keys of a file."""
    if not isinstance(written, Mapping):
        return "<own>"
    return "<written>" if "preset" not in written and {"topic", "press"} & set(written) else "<preset>"


MqttWords = Annotated[
    Annotated[bool, Reads(readers.own_topics, {"const": True}), Tag("<own>")]
    | Annotated[PresetWords, Tag("<preset>")]
    | Annotated[WrittenOutWords, Tag("<written>")],
    Discriminator(which_mqtt),
]


class SuperviseWords(Words):
    """When a silent device, or its battery, is a fault."""

    heartbeat: Annotated[float, within("1s", "90d")] | None = Field(
        default=None, description="A fault when nothing was heard from the device for so long"
    )
    battery_below: int | None = Field(
        default=None, ge=1, le=100, description="A fault when the battery has fewer percent"
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


class DeviceWords(Words):
    """One button or pendant."""

    name: Name = Field(description="What people call it, as it stands in messages")
    zone: int | None = Field(default=None, ge=0, le=9999, description="Its zone in the alarm centre's plan")
    level: LevelName = Field(
        default="assault", description="What a press asks for: help (a colleague, please), medical, or assault"
    )
    route: str | None = Field(default=None, description="Another route than the site's for that level")
    gpio: WiredWords | None = Field(
        default=None, description="The pin that it is wired to: its BCM number, or {pin, contact, debounce, hold}"
    )
    hold: HoldWords | None = Field(
        default=None, description="A second level for a wired button: {for, level}, when it is held"
    )
    mqtt: MqttWords | None = Field(
        default=None, description="true for alarmbro's own topics, {preset, id} for a known make, or topic and press"
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
