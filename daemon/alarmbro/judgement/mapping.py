"""What a message of a device means: a press, a sign of life, or nothing that can be read.

Promises: in doubt it is a press. On alarmbro's own press topic every message is one, whatever its payload; a part of it
that cannot be read is left out. Elsewhere a message is a press when the device's conditions hold. Must never raise,
whatever the payload. Pure; called in the MQTT loop's thread.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from alarmbro.model.moment import from_iso
from alarmbro.model.site import Condition, Device

LARGEST = 64 * 1024  # bytes; a position message of a tracker is about 1 kB
LONGEST_ID = 200  # characters; a UUID has 36
EXCERPT = 200  # characters of a payload that the journal keeps
ANY = "*"


class TopicKind(StrEnum):
    """Which of a device's topics a message came on."""

    PRESS = "press"  # PREFIX/SITE/DEVICE/press
    HEARTBEAT = "heartbeat"  # PREFIX/SITE/DEVICE/heartbeat
    MAPPED = "mapped"  # a topic that the configuration names


@dataclass(frozen=True, slots=True)
class Press:
    """The device was pressed. `note` is a code for what was left out of the message (`too_large`), or empty."""

    press_id: str | None = None
    pressed_at: datetime | None = None
    battery: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Beat:
    """The device lives; nobody pressed it."""

    battery: int | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """The message is about another device of the same topic."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """The message cannot be judged: `reason` is `not_json` or `too_large`."""

    reason: str


Meaning = Press | Beat | Nothing | Malformed
Bindings = dict[tuple[str, ...], int]  # the path up to a `*` → the list element that it stands for


class _Absent:
    """Stands for no value; JSON has no such thing, while it has null."""


ABSENT = _Absent()


def interpret(device: Device, kind: TopicKind, payload: bytes) -> Meaning:
    """Judge one message of `device`. Never raises."""
    if kind is TopicKind.MAPPED:
        return _mapped(device, payload)
    said = _read_json(payload) if len(payload) <= LARGEST else ABSENT
    parts = said if isinstance(said, Mapping) else {}
    if kind is TopicKind.HEARTBEAT:
        return Beat(_percent(parts.get("battery")))
    note = "" if len(payload) <= LARGEST else "too_large"
    return Press(_press_id(parts.get("id")), _time(parts.get("at")), _percent(parts.get("battery")), note)


def excerpt(payload: bytes) -> str:
    """Give the start of a payload as printable text, for the journal."""
    text = payload[: 4 * EXCERPT].decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)[:EXCERPT]


def _mapped(device: Device, payload: bytes) -> Meaning:
    mapping = device.mqtt
    if mapping is None:
        return Nothing()
    if len(payload) > LARGEST:
        return Malformed("too_large")
    said = _read_json(payload)
    conditions = (*mapping.about, *mapping.press)
    if said is ABSENT and any(condition.path for condition in conditions):
        return Malformed("not_json")
    text = payload.decode("utf-8", "replace").strip()
    if _bind(said, text, mapping.about) is None:
        return Nothing()
    bound = _bind(said, text, conditions)
    battery = _percent(_at(said, mapping.battery_path, bound or {}))
    if bound is None:
        return Beat(battery)
    return Press(_press_id(_at(said, mapping.id_path, bound)), _time(_at(said, mapping.at_path, bound)), battery)


def _read_json(payload: bytes) -> Any:
    """Give what the payload says, or ABSENT where it is not JSON."""
    try:
        return json.loads(payload.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # RecursionError: thousands of nested brackets, a payload made to hurt
        return ABSENT


@dataclass(frozen=True, slots=True)
class _Demand:
    """A condition on its way down: the rest of its path, and what must stand there."""

    rest: tuple[str, ...]
    equals: tuple[str | int | float | bool, ...]


def _bind(said: Any, text: str, conditions: Iterable[Condition]) -> Bindings | None:
    """Say for which list elements all the conditions hold, or None.

    A condition without a path looks at the payload as text too: `1` is the number 1 and the text "1".
    """
    demands = []
    for condition in conditions:
        if condition.path:
            demands.append(_Demand(tuple(condition.path.split(".")), condition.equals))
        elif not (_equal_any(said, condition.equals) or _equal_any(text, condition.equals)):
            return None
    return _hold(said, demands, ())


def _hold(value: Any, demands: list[_Demand], way: tuple[str, ...]) -> Bindings | None:
    """Bind every demand below `value`, which stands at `way`.

    Demands that begin alike go down together, so those that share a `*` hold on the same element. Each element is
    visited once, so the work grows with the payload and no faster.
    """
    bound: Bindings = {}
    groups: dict[str, list[_Demand]] = {}
    for demand in demands:
        if not demand.rest:
            if not _equal_any(value, demand.equals):
                return None
        else:
            groups.setdefault(demand.rest[0], []).append(_Demand(demand.rest[1:], demand.equals))
    for part, group in groups.items():
        found = _hold_any(value, group, way) if part == ANY else _hold(_child(value, part), group, (*way, part))
        if found is None:
            return None
        bound |= found
    return bound


def _hold_any(value: Any, demands: list[_Demand], way: tuple[str, ...]) -> Bindings | None:
    for index, element in enumerate(value if isinstance(value, list) else ()):
        found = _hold(element, demands, (*way, ANY))
        if found is not None:
            return {way: index, **found}
    return None


def _at(said: Any, path: str | None, bound: Bindings) -> Any:
    """Give the value at `path`, in the element where the press was found; else in the first element that has it."""
    if path is None:
        return ABSENT
    return _follow(said, tuple(path.split(".")) if path else (), (), bound)


def _follow(value: Any, rest: tuple[str, ...], way: tuple[str, ...], bound: Bindings) -> Any:
    if not rest or value is ABSENT:
        return value
    part, further = rest[0], rest[1:]
    if part != ANY:
        return _follow(_child(value, part), further, (*way, part), bound)
    elements = value if isinstance(value, list) else []
    if way in bound:
        elements = elements[bound[way] : bound[way] + 1]
    found = (_follow(element, further, (*way, ANY), bound) for element in elements)
    return next((one for one in found if one is not ABSENT), ABSENT)


def _child(value: Any, part: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(part, ABSENT)
    if isinstance(value, list) and part.isascii() and part.isdigit() and len(part) < 6:  # noqa: PLR2004  # 64 KiB hold no more
        index = int(part)
        return value[index] if index < len(value) else ABSENT
    return ABSENT


def _equal_any(value: Any, wanted: Iterable[str | int | float | bool]) -> bool:
    return any(_equal(value, one) for one in wanted)


def _equal(value: Any, wanted: str | float | bool) -> bool:
    """Compare as written: Python alone would take true for 1."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return bool(value == wanted)


def _percent(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value <= 100 or math.isnan(value):  # noqa: PLR2004  # per cent
        return None
    return round(value)


def _press_id(value: Any) -> str | None:
    """Give the publisher's id as text. One too long to keep is none: two different presses must not look the same."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = value if isinstance(value, str) else json.dumps(value) if _short(value) else ""
    whole = text.encode("utf-8", "replace") == text.encode("utf-8", "surrogatepass")
    return text if whole and 0 < len(text) <= LONGEST_ID else None


def _short(number: float) -> bool:
    """Tell whether a number may be written out: Python refuses integers of more than 4300 digits."""
    return number.bit_length() < 4 * LONGEST_ID if isinstance(number, int) else math.isfinite(number)


def _time(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return from_iso(value)
    except (ValueError, OverflowError):  # no time, or one outside the calendar: the press counts without it
        return None
