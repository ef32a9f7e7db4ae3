"""Makes of devices whose topics and payloads are known. Each is a file in `presets/`, data only. Any thread."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from alarmbro.config.schema_devices import (
    Conditions,
    ConditionWords,
    PathWords,
    PresetWords,
    Topics,
    Words,
    WrittenOutWords,
)
from alarmbro.config.yaml_positions import Node, Place, parse, plain
from alarmbro.model.site import Condition, MqttInput

FOLDER = Path(__file__).with_name("presets")


class PresetFile(Words):
    """One make. `{id}` in topics and in `where` is the device's id.

    `where` says which messages are the device's own, where a topic carries several devices.
    """

    about: str = Field(min_length=1)
    topic: Topics = Field(min_length=1)
    where: Conditions = Field(default=[])
    press: Conditions = Field(min_length=1)
    battery: PathWords | None = None
    id: PathWords | None = None
    at: PathWords | None = None


def names() -> tuple[str, ...]:
    """Give the names of all presets."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def preset(name: str) -> PresetFile:
    """Give a preset by its name, one of `names()`. Raise ValueError for a faulty file: a fault of the release."""
    root, problems = parse((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    if root is None or problems:
        raise ValueError(f"the preset {name} is faulty: {problems}")
    return PresetFile.model_validate(plain(root, _no_secret))


def _no_secret(_name: str, place: Place) -> Node:
    raise ValueError(f"a preset holds a secret in line {place.line}")


def of_preset(words: PresetWords) -> MqttInput:
    """Give what a device of a known make publishes; the device's own words win over the preset's."""
    known = preset(words.preset)
    topics = words.topic or [topic.replace("{id}", words.id) for topic in known.topic]
    where = tuple(_with_id(condition, words.id) for condition in conditions(known.where))
    return MqttInput(
        topics=tuple(topics),
        press=conditions(words.press or known.press),
        battery_path=_path(words.battery or known.battery),
        id_path=_path(known.id),
        at_path=_path(words.at or known.at),
        about=where,
    )


def written_out(words: WrittenOutWords) -> MqttInput:
    """Give what a device that is described in full publishes."""
    return MqttInput(
        topics=tuple(words.topic),
        press=conditions(words.press),
        battery_path=_path(words.battery),
        id_path=_path(words.id),
        at_path=_path(words.at),
    )


def conditions(words: list[ConditionWords]) -> tuple[Condition, ...]:
    """Give the demands on a payload."""
    return tuple(Condition(each.path, tuple(each.equals)) for each in words)


def _with_id(condition: Condition, device: str) -> Condition:
    equals = (value.replace("{id}", device) if isinstance(value, str) else value for value in condition.equals)
    return Condition(condition.path, tuple(equals))


def _path(words: PathWords | None) -> str | None:
    return words.path if words else None


def input_of(words: bool | PresetWords | WrittenOutWords) -> MqttInput:
    """Give a device's MQTT input from any of its three forms."""
    if isinstance(words, PresetWords):
        return of_preset(words)
    return written_out(words) if isinstance(words, WrittenOutWords) else MqttInput(own=True)
