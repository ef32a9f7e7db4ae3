"""What a message of a device means: a press, a sign of life, or nothing that can be read.

Promises: in doubt it is a press. On alarmbro's own press topic every message is one, whatever its payload; a part of it
that cannot be read is left out. Elsewhere a message is a press when the device's conditions hold, and never when they
do not. Must never raise, whatever the payload. Pure; called in the MQTT loop's thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alarmbro.judgement.mapping import values
from alarmbro.judgement.mapping.decoders import decoded
from alarmbro.judgement.mapping.meaning import Beat, Health, Malformed, Meaning, Nothing, Press, TopicKind
from alarmbro.judgement.mapping.paths import ABSENT, Bindings, Held, Payload, at, met, read, read_json, stands
from alarmbro.model.site import Availability, Device, MqttInput, Ways

LARGEST = 64 * 1024  # bytes; a position message of a tracker is about 1 kB
EXCERPT = 200  # characters of a payload that the journal keeps


def interpret(device: Device, kind: TopicKind, payload: bytes, availability: Availability | None = None) -> Meaning:
    """Judge one message of `device`; `availability` is whose topic it came on, for that kind. Never raises."""
    if kind is TopicKind.MAPPED:
        return _mapped(device.mqtt, payload)
    if kind is TopicKind.AVAILABILITY:
        return _available(availability, payload)
    said = read_json(payload) if len(payload) <= LARGEST else ABSENT
    parts = said if isinstance(said, Mapping) else {}
    health = Health(values.percent(parts.get("battery")))
    if kind is TopicKind.HEARTBEAT:
        return Beat(health)
    note = "" if len(payload) <= LARGEST else "too_large"
    return Press(values.press_id(parts.get("id")), values.time(parts.get("at")), health, note=note)


def excerpt(payload: bytes) -> str:
    """Give the start of a payload as printable text, for the journal."""
    text = payload[: 4 * EXCERPT].decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)[:EXCERPT]


def _available(availability: Availability | None, payload: bytes) -> Meaning:
    if availability is None or len(payload) > LARGEST:
        return Nothing()
    there = _there(availability, read(payload))
    return Nothing() if there is None else Beat(available=there, teller=availability.teller)


def _there(availability: Availability, payload: Payload) -> bool | None:
    """Say whether the device is there. What says both says nothing."""
    online = met(payload, (), availability.online) is not None
    offline = met(payload, (), availability.offline) is not None
    return online if online != offline else None


def _mapped(mapping: MqttInput | None, raw: bytes) -> Meaning:
    if mapping is None:
        return Nothing()
    if len(raw) > LARGEST:
        return Malformed("too_large")
    payload = payload_of(mapping, raw)
    if payload.said is ABSENT and _needs_json(mapping):
        return Malformed("not_json")
    if mapping.about and met(payload, (), mapping.about) is None:
        return Nothing()
    event, state = (met(payload, mapping.about, ways) for ways in (mapping.press, mapping.begins))
    active = None if not mapping.begins else True if state else False if _said(payload, mapping.begins) else None
    held = event or state
    if held is not None:
        return _press(mapping, payload, held, active=active, state=event is None)
    return _beat(mapping, payload, active)


def payload_of(mapping: MqttInput, raw: bytes) -> Payload:
    """Read a payload, and the device's own bytes in it."""
    payload = read(raw)
    if mapping.decode is None:
        return payload
    said = decoded(mapping.decode.decoder, at(payload.said, mapping.decode.path, {}))
    return payload.with_part("decoded", said)


def _needs_json(mapping: MqttInput) -> bool:
    """Tell whether a payload that is no JSON can be judged: where all that is asked of it is asked of it whole."""
    ways = (*mapping.about, *mapping.press, *mapping.begins)
    return not any(not condition.path for way in ways for condition in way)


def _press(mapping: MqttInput, payload: Payload, held: Held, *, active: bool | None, state: bool) -> Press:
    said, bound = payload.said, held.bound
    return Press(
        values.press_id(*(at(said, path, bound) for path in mapping.id_paths)),
        values.time_of_device(at(said, mapping.at_path, bound)),
        _health(mapping, said, bound),
        values.position(said, mapping.position, bound),
        state=state,
        active=active,
        said=tuple(_worth(payload, condition.path, bound) for condition in held.way),
    )


def _worth(payload: Payload, path: str, bound: Bindings) -> Any:
    """Give a value to compare later presses with; an unfolded one is as good as its text."""
    value = at(payload.said, path, bound) if path else payload.text
    return value if isinstance(value, str | int | float | bool) else repr(type(value))


def _beat(mapping: MqttInput, payload: Payload, active: bool | None) -> Beat | Nothing:
    health = _health(mapping, payload.said, {})
    shared = (each for each in mapping.availability if not each.topic)
    for each in shared:
        there = _there(each, payload)
        if there is not None:
            return Beat(health, active, available=there, teller=each.teller)
    if mapping.alive and met(payload, mapping.about, mapping.alive) is None:
        return Nothing()
    test = met(payload, mapping.about, mapping.test_press) is not None
    return Beat(health, active, test=test, doubtful=not test and _doubtful(mapping, payload, health))


def _doubtful(mapping: MqttInput, payload: Payload, health: Health) -> bool:
    """Tell whether this may be a press without its word: the battery is low, and no word stands where one would."""
    below = mapping.doubtful_below
    if below is None or not isinstance(payload.said, Mapping) or _said(payload, mapping.press):
        return False
    return health.battery_low is True or (health.battery is not None and health.battery < below)


def _said(payload: Payload, ways: Ways) -> bool:
    """Tell whether the payload says anything where the ways look."""
    paths = {condition.path for way in ways for condition in way}
    return any(stands(at(payload.said, path, {}) if path else payload.text) for path in paths)


def _health(mapping: MqttInput, said: Any, bound: Bindings) -> Health:
    return Health(
        values.battery(said, mapping.battery, bound),
        values.yes_or_no(at(said, mapping.battery_low_path, bound)),
        values.link(at(said, mapping.link_path, bound)),
        values.yes_or_no(at(said, mapping.tamper_path, bound)),
    )
