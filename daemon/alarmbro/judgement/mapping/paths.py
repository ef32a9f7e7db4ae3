"""Demands on what a payload says, and the values that stands at its paths."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from alarmbro.model.site import Condition, Ways

ANY = "*"

Bindings = dict[tuple[str, ...], int]  # the path up to a `*` → the list element that it stands for


class _Absent:
    """Stands for no value; JSON has no such thing, while it has null."""


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload as JSON (ABSENT where it is none) and as text."""

    said: Any
    text: str

    def with_part(self, name: str, part: Any) -> Payload:
        """Give it with one more key, where it has keys."""
        return Payload({**self.said, name: part}, self.text) if isinstance(self.said, Mapping) else self


def read(payload: bytes) -> Payload:
    """Read a payload. Never raises."""
    return Payload(read_json(payload), payload.decode("utf-8", "replace").strip())


def read_json(payload: bytes) -> Any:
    """Give what the payload says, or ABSENT where it is not JSON."""
    try:
        return json.loads(payload.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # RecursionError: thousands of nested brackets, a payload made to hurt
        return ABSENT


@dataclass(frozen=True, slots=True)
class Held:
    """A way that is met: its conditions, and the list elements that it was found in."""

    way: tuple[Condition, ...]
    bound: Bindings


def met(payload: Payload, about: Ways, ways: Ways) -> Held | None:
    """Find the first of `ways` that the payload meets together with one of `about`, where there are such."""
    for whose in about or ((),):
        for way in ways:
            bound = bind(payload, (*whose, *way))
            if bound is not None:
                return Held(way, bound)
    return None


@dataclass(frozen=True, slots=True)
class _Demand:
    """A condition on its way down: the rest of its path, and what must stand there."""

    rest: tuple[str, ...]
    equals: tuple[str | int | float | bool, ...]


def bind(payload: Payload, conditions: Iterable[Condition]) -> Bindings | None:
    """Say for which list elements all the conditions hold, or None.

    A condition without a path looks at the payload as text too: `1` is the number 1 and the text "1".
    """
    demands = []
    for condition in conditions:
        if condition.path:
            demands.append(_Demand(tuple(condition.path.split(".")), condition.equals))
        elif not (_meets(payload.said, condition.equals) or _meets(payload.text, condition.equals)):
            return None
    return _hold(payload.said, demands, ())


def _hold(value: Any, demands: list[_Demand], way: tuple[str, ...]) -> Bindings | None:
    """Bind every demand below `value`, which stands at `way`.

    Demands that begin alike go down together, so those that share a `*` hold on the same element. Each element is
    visited once, so the work grows with the payload and no faster.
    """
    bound: Bindings = {}
    groups: dict[str, list[_Demand]] = {}
    for demand in demands:
        if not demand.rest:
            if not _meets(value, demand.equals):
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


def at(said: Any, path: str | None, bound: Bindings) -> Any:
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


def stands(value: Any) -> bool:
    """Tell whether a value says anything: null and the empty text, which some makes send after a press, do not."""
    return not (value is ABSENT or value is None or value == "")


def _meets(value: Any, wanted: tuple[str | int | float | bool, ...]) -> bool:
    return stands(value) and (not wanted or any(_equal(value, one) for one in wanted))


def _equal(value: Any, wanted: str | float | bool) -> bool:
    """Compare as written: Python alone would take true for 1."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return bool(value == wanted)
