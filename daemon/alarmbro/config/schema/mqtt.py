"""The words of the file for what a device publishes by MQTT. Presets use the same. Any thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from alarmbro.config.schema.words import Words, listed
from alarmbro.config.values import readers, readers_payload
from alarmbro.config.values.readers import Reads, within

Topic = Annotated[str, Reads(readers.topic, {"type": "string", "minLength": 1, "maxLength": readers.LONGEST_TOPIC})]
PayloadPath = Annotated[str, Reads(readers_payload.path_in_payload)]
Comparable = Annotated[
    str | int | float | bool, Reads(readers_payload.scalar, {"type": ["string", "number", "boolean"]})
]
Values = Annotated[list[Comparable], BeforeValidator(listed, json_schema_input_type=Comparable | list[Comparable])]
Paths = Annotated[list[PayloadPath], BeforeValidator(listed, json_schema_input_type=PayloadPath | list[PayloadPath])]
Topics = Annotated[list[Topic], BeforeValidator(listed, json_schema_input_type=Topic | list[Topic])]
DecoderName = Literal["browan-tbpb100", "milesight-ws101"]
MOST_WAYS = 64
WHERE = "Where in the payload, as in event.attributes.alarm; * is any item of a list"


class ConditionWords(Words):
    """One demand on a payload."""

    path: PayloadPath = Field(description=WHERE)
    equals: Values = Field(min_length=1, description="The value that it must have, or a list of which it must have one")
    state: bool = Field(
        default=False, description="true: this stays so while the button is pressed; only its beginning is a press"
    )


class PresentWords(Words):
    """A demand that something stands there, whatever it is."""

    path: PayloadPath = Field(description=WHERE)
    present: Annotated[bool, Reads(readers_payload.present, {"const": True})] = Field(
        description="true: any value will do, but for null and an empty text"
    )


class AnyWords(Words):
    """Several ways to meet a demand."""

    any: list[Conditions] = Field(min_length=1, description="A list of conditions, or of lists of them; one is enough")


def which_condition(written: Any) -> str:
    """Tell the forms of a condition apart. The tags are no keys of a file."""
    keys = set(written) if isinstance(written, Mapping) else set()
    return "<any>" if "any" in keys else "<present>" if "present" in keys else "<one>"


EachCondition = Annotated[
    Annotated[ConditionWords, Tag("<one>")]
    | Annotated[PresentWords, Tag("<present>")]
    | Annotated[AnyWords, Tag("<any>")],
    Discriminator(which_condition),
]


def ways(words: Sequence[ConditionWords | PresentWords | AnyWords]) -> int:
    """Count the ways in which conditions can be met."""
    return prod(sum(map(ways, each.any)) if isinstance(each, AnyWords) else 1 for each in words)


def few(words: Any) -> Any:
    """Refuse conditions that can be met in more ways than a press has time for."""
    if ways(words) > MOST_WAYS:
        text = f"these conditions can be met in {ways(words)} ways; write fewer, at most {MOST_WAYS}"
        raise PydanticCustomError("wrong", "{text}", {"text": text})
    return words


Conditions = Annotated[
    list[EachCondition],
    BeforeValidator(listed, json_schema_input_type=EachCondition | list[EachCondition]),
    AfterValidator(few),
]
AnyWords.model_rebuild()


class PathWords(Words):
    """Where in a payload something stands."""

    path: PayloadPath = Field(description="Where in the payload, as in position.attributes.batteryLevel")


class BatteryWords(Words):
    """Where in a payload the battery stands, and in what unit."""

    path: PayloadPath = Field(description="Where in the payload, as in position.attributes.batteryLevel")
    unit: Literal["%", "V", "mV"] = Field(default="%", description="What the device counts in: % (left out), V or mV")
    empty: float | None = Field(default=None, ge=0, description="What an empty battery has, in V or mV")
    full: float | None = Field(default=None, gt=0, description="What a full battery has, in V or mV")

    @model_validator(mode="after")
    def _has_ends(self) -> BatteryWords:
        ends = (self.empty, self.full)
        if self.unit != "%" and (None in ends or (self.empty or 0.0) >= (self.full or 0.0)):
            text = f"nobody knows what a battery in {self.unit} has left; write empty: and full: in {self.unit}, too"
            raise PydanticCustomError("wrong", "{text}", {"text": text})
        if self.unit == "%" and ends != (None, None):
            text = "per cent need no empty: and full:; take them out, or write unit: V or unit: mV"
            raise PydanticCustomError("wrong", "{text}", {"text": text})
        return self


class PositionWords(Words):
    """Where in a payload the place stands: degrees, ISO 8601 or seconds since 1970, metres."""

    latitude: PayloadPath = Field(description="Where the latitude stands, in degrees")
    longitude: PayloadPath = Field(description="Where the longitude stands, in degrees")
    at: PayloadPath | None = Field(default=None, description="Where it stands when the place was found")
    accuracy: PayloadPath | None = Field(default=None, description="Where the radius stands, in metres")


class DecodeWords(Words):
    """The device's own bytes, which a LoRaWAN server hands on."""

    path: PayloadPath = Field(description="Where the bytes stand, as base64; what they say stands below decoded")
    as_: DecoderName = Field(alias="as", description="Whose bytes they are: browan-tbpb100 or milesight-ws101")


class AvailabilityWords(Words):
    """A topic that says whether the device is there."""

    topic: Topic | None = Field(
        default=None, description="The topic of the last will, or of the gateway; left out, the device's own messages"
    )
    path: Paths = Field(default=[""], description="Where in the payload it stands; left out, the payload itself")
    online: Values = Field(min_length=1, description="What is said when the device is there")
    offline: Values = Field(min_length=1, description="What is said when it is not")


Batteries = Annotated[
    list[BatteryWords], BeforeValidator(listed, json_schema_input_type=BatteryWords | list[BatteryWords])
]
Availabilities = Annotated[
    list[AvailabilityWords],
    BeforeValidator(listed, json_schema_input_type=AvailabilityWords | list[AvailabilityWords]),
]
PathList = Annotated[list[PathWords], BeforeValidator(listed, json_schema_input_type=PathWords | list[PathWords])]
Doubles = Annotated[float, within("100ms", "5s")]


class ReadingWords(Words):
    """What else may be read from a device's messages."""

    test_press: Conditions | None = Field(
        default=None, min_length=1, description="What the device's own trial button says: kept, never an alarm"
    )
    alive: Conditions | None = Field(
        default=None, min_length=1, description="Which messages prove that the device lives; left out, all of its own"
    )
    battery: Batteries | None = Field(
        default=None, description="Where the battery stands: {path}, or {path, unit, empty, full}"
    )
    battery_low: PathWords | None = Field(default=None, description="Where it stands, true or false, that it is low")
    link: PathWords | None = Field(default=None, description="Where the radio link's quality stands")
    tamper: PathWords | None = Field(default=None, description="Where it stands, true or false, that the case is open")
    position: PositionWords | None = Field(
        default=None, description="Where the place stands: {latitude, longitude, at}"
    )
    at: PathWords | None = Field(
        default=None, description="Where the time of the press stands, ISO 8601 or Unix seconds"
    )
    decode: DecodeWords | None = Field(default=None, description="Where the device's own bytes stand: {path, as}")
    availability: Availabilities | None = Field(
        default=None, description="Who says whether it is there: {topic, path, online, offline}; [] for nobody"
    )
    doubles: Doubles | None = Field(
        default=None, description="The device sends one press twice; a second within so long is the same press"
    )


class PresetWords(ReadingWords):
    """A device whose make is known."""

    preset: str = Field(
        description="The make, one of alarmbro's presets: chirpstack-browan-tbpb100, chirpstack-milesight-ws101, "
        "esphome, homeassistant, lommy, owntracks, shelly, shelly-blu, shelly-gen1, tasmota, traccar, "
        "tts-browan-tbpb100, tts-milesight-ws101, zigbee2mqtt; `alarmbro presets` tells of each"
    )
    id: Annotated[str, Reads(readers.tracker)] = Field(description="The device's id there; put digits in quotes")
    channel: Annotated[str, Reads(readers_payload.channel, {"type": ["string", "integer"]})] | None = Field(
        default=None, description="Which button or input of it, where it has several; left out, the first"
    )
    model: str | None = Field(default=None, max_length=60, description="The model, so that `check` knows its faults")
    topic: Topics | None = Field(default=None, min_length=1, description="Other topics than the preset's")
    press: Conditions | None = Field(default=None, min_length=1, description="What is a press, instead of the preset's")


class WrittenOutWords(ReadingWords):
    """A device described in full."""

    topic: Topics = Field(min_length=1, description="The topic, or a list of topics, that the device publishes to")
    press: Conditions = Field(
        min_length=1, description="What makes a payload a press: {path, equals}, or a list of such"
    )
    where: Conditions | None = Field(
        default=None, min_length=1, description="What makes a payload this device's, where a topic carries several"
    )
    id: PathList | None = Field(
        default=None, min_length=1, description="Where the publisher's id of the press stands, or the parts of it"
    )


def which_mqtt(written: Any) -> str:
    """Tell the forms of `mqtt` apart. The tags are no keys of a file."""
    if not isinstance(written, Mapping):
        return "<own>"
    return "<written>" if "preset" not in written and {"topic", "press"} & set(written) else "<preset>"


MqttWords = Annotated[
    Annotated[bool, Reads(readers_payload.own_topics, {"const": True}), Tag("<own>")]
    | Annotated[PresetWords, Tag("<preset>")]
    | Annotated[WrittenOutWords, Tag("<written>")],
    Discriminator(which_mqtt),
]
