"""From the words for a device's messages, its own or its preset's, to how they are read. Any thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import product
from typing import Any

from alarmbro.config.presets.catalogue import ModelWords, model_of, preset
from alarmbro.config.schema.mqtt import (
    AnyWords,
    AvailabilityWords,
    BatteryWords,
    ConditionWords,
    DecodeWords,
    PathWords,
    PositionWords,
    PresentWords,
    PresetWords,
    ReadingWords,
    WrittenOutWords,
)
from alarmbro.model.site import (
    Availability,
    Condition,
    Encoded,
    Gauge,
    MqttInput,
    PositionPaths,
    Unit,
    Ways,
)

EachWords = ConditionWords | PresentWords | AnyWords


def input_of(words: bool | PresetWords | WrittenOutWords) -> MqttInput:
    """Give a device's MQTT input from any of its three forms. The preset is one that there is."""
    if isinstance(words, PresetWords):
        return of_preset(words)
    return written_out(words) if isinstance(words, WrittenOutWords) else MqttInput(own=True)


def written_out(words: WrittenOutWords) -> MqttInput:
    """Give what a device that is described in full publishes."""
    made = MqttInput(
        topics=tuple(words.topic),
        press=_of(words.press, state=False),
        begins=_of(words.press, state=True),
        about=_ways(words.where or []),
        id_paths=tuple(each.path for each in words.id or ()),
    )
    return _with(made, words)


def of_preset(words: PresetWords) -> MqttInput:
    """Give what a device of a known make publishes; the device's own words win over its model's and the preset's."""
    known = preset(words.preset)
    pressed = words.press or known.press or []
    made = MqttInput(
        topics=tuple(words.topic or known.topic),
        press=_of(pressed, state=False),
        begins=_of(pressed, state=True),
        about=_ways(known.where or []),
        id_paths=tuple(each.path for each in known.id or ()),
        heartbeat_s=known.supervise.heartbeat if known.supervise else None,
    )
    made = _with(_of_model(_with(made, known), model_of(words.preset, words.model)), words)
    filled: MqttInput = _filled(made, {"{id}": words.id, "{channel}": words.channel or known.channel or ""})
    return filled


def presses(made: MqttInput) -> set[frozenset[Condition]]:
    """Give every set of conditions by which a message is a press."""
    return {frozenset((*whose, *way)) for whose in made.about or ((),) for way in (*made.press, *made.begins)}


def _with(made: MqttInput, words: ReadingWords) -> MqttInput:
    """Add what else is read; what is left out stays as it was."""
    said: dict[str, Any] = {
        "test_press": _ways(words.test_press) if words.test_press else None,
        "alive": _ways(words.alive) if words.alive else None,
        "battery": tuple(map(_gauge, words.battery)) if words.battery else None,
        "battery_low_path": _path(words.battery_low),
        "link_path": _path(words.link),
        "tamper_path": _path(words.tamper),
        "position": _position(words.position) if words.position else None,
        "at_path": _path(words.at),
        "decode": _encoded(words.decode) if words.decode else None,
        "availability": _availabilities(words.availability, made),
        "doubles_s": words.doubles,
    }
    return replace(made, **{name: value for name, value in said.items() if value is not None})


def _of_model(made: MqttInput, model: ModelWords | None) -> MqttInput:
    if model is None:
        return made
    said: dict[str, Any] = {"doubles_s": model.doubles, "doubtful_below": model.doubtful_below}
    return replace(made, **{name: value for name, value in said.items() if value is not None})


def _ways(words: Sequence[EachWords]) -> Ways:
    """Give every way to meet all of `words`."""
    return tuple(conditions for conditions, _ in _each_way(words)) if words else ()


def _of(words: Sequence[EachWords], *, state: bool) -> Ways:
    """Give the ways that are states, or those that are events: one condition that is a state makes it one."""
    return tuple(conditions for conditions, stays in _each_way(words) if stays is state) if words else ()


def _each_way(words: Sequence[EachWords]) -> list[tuple[tuple[Condition, ...], bool]]:
    choices = [
        [way for one in each.any for way in _each_way(one)] if isinstance(each, AnyWords) else [_condition(each)]
        for each in words
    ]
    return [
        (tuple(condition for conditions, _ in picked for condition in conditions), any(stays for _, stays in picked))
        for picked in product(*choices)
    ]


def _condition(words: ConditionWords | PresentWords) -> tuple[tuple[Condition, ...], bool]:
    if isinstance(words, PresentWords):
        return (Condition(words.path),), False
    return (Condition(words.path, tuple(words.equals)),), words.state


def _gauge(words: BatteryWords) -> Gauge:
    if words.empty is None or words.full is None:
        return Gauge(words.path)
    return Gauge(words.path, Unit(words.unit), words.empty, words.full)


def _position(words: PositionWords) -> PositionPaths:
    return PositionPaths(words.latitude, words.longitude, words.at, words.accuracy)


def _encoded(words: DecodeWords) -> Encoded:
    return Encoded(words.path, words.as_)


def _availabilities(words: list[AvailabilityWords] | None, made: MqttInput) -> tuple[Availability, ...] | None:
    if words is None:
        return None
    return tuple(
        Availability(
            "" if each.topic in made.topics else each.topic or "",
            tuple((Condition(path, tuple(each.online)),) for path in each.path),
            tuple((Condition(path, tuple(each.offline)),) for path in each.path),
            each.topic if each.topic and each.topic not in made.topics else _own_name(made),
        )
        for each in words
    )


def _own_name(made: MqttInput) -> str:
    """Name who tells of the device in its own messages: of several on one topic, each is a teller for itself."""
    whose = [str(value) for way in made.about[:1] for value in way[0].equals[:1]]
    return " ".join((made.topics[0], *whose))


def _path(words: PathWords | None) -> str | None:
    return words.path if words else None


def _filled(thing: Any, blanks: dict[str, str]) -> Any:
    """Give a thing with its blanks filled in, wherever a text of it has any."""
    if isinstance(thing, str) and not isinstance(thing, Unit):
        for blank, filling in blanks.items():
            thing = thing.replace(blank, filling)
        return thing
    if isinstance(thing, tuple):
        return tuple(_filled(each, blanks) for each in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        return replace(thing, **{each.name: _filled(getattr(thing, each.name), blanks) for each in fields(thing)})
    return thing
