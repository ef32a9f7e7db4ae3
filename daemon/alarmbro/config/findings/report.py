"""What is wrong, collected with its place, in words for a coordinator or technician.

Turns pydantic's errors into findings. Must never repeat a value that may be a secret: only short words are shown, and
nothing that looks like an address. Any thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

from alarmbro.config.findings.names import nearest
from alarmbro.config.schema.editor import properties_at
from alarmbro.config.syntax.yaml_positions import Mapping as Keys
from alarmbro.config.syntax.yaml_positions import Node, Place, Problem, Scalar, Sequence, find, printable, shown
from alarmbro.model.errors import Finding

KEY = "[key]"  # pydantic's mark that it is the key that is wrong
SECRET_KEYS = ("urls", "fallback", "password")  # what stands there is never shown
FORMS = {  # what people shorten
    "gpio": "the number of the pin, as in 17, or {pin: 17, contact: normally_closed}",
    "steps": "{notify: [RECIPIENT]}",
    "repeat": "{every: 2m, until: acknowledged}",
    "press": "{path: action, equals: single}",
    "battery": "{path: battery}",
    "availability": "{topic: TOPIC, online: online, offline: offline}",
    "position": "{latitude: lat, longitude: lon}",
    "decode": "{path: data, as: milesight-ws101}",
    "id": "{path: id}",
    "at": "{path: time}",
    "supervise": "{heartbeat: 24h, battery_below: 20}",
    "aftercare": "{list: LIST, after: 15m, notify: [RECIPIENT]}",
    "levels": "{help: {route: ROUTE}}",
    "acknowledge": "{gpio: PIN}",
    "close": "{hold: 5s}",
    "feedback": "{led: PIN}",
    "hold": "{for: 2s, level: assault}",
    "home_assistant": "true, or {discovery: homeassistant}",
    "metrics": "{listen: 127.0.0.1:9480}",
}
NOBODY = {
    "notify": "nobody is named here, so this can never tell anyone; name at least one recipient",
    "steps": "there is no step, so this route can never tell anyone; write at least one step with notify",
    "urls": "there is no address, so this recipient can never be told; write at least one",
}


class Report:
    """Everything that is wrong or doubtful in one file.

    The checks come in stages, from letters to meaning. At a place where an earlier stage found an error, what a later
    one finds is its consequence, and is left out.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[Finding] = []
        self._wrong: set[Place] = set()
        self._settled: frozenset[Place] = frozenset()

    def next_stage(self) -> None:
        """Begin the next stage."""
        self._settled = frozenset(self._wrong)

    def error(self, place: Place, text: str) -> None:
        """Add an error."""
        if place not in self._settled:
            self._found.append(Finding(self._file, place.line, place.column, printable(text)))
            self._wrong.add(place)

    def error_elsewhere(self, file: str, place: Place, text: str) -> None:
        """Add an error in another file."""
        self._found.append(Finding(file, place.line, place.column, printable(text)))

    def warning(self, place: Place, text: str) -> None:
        """Add a warning."""
        self._found.append(Finding(self._file, place.line, place.column, printable(text), warning=True))

    def problems(self, problems: list[Problem]) -> None:
        """Add what the YAML reader found."""
        for problem in problems:
            self.error(problem.place, problem.text)

    def schema(self, root: Node, details: list[ErrorDetails]) -> None:
        """Add what the schema found."""
        for detail in details:
            self.error(*finding_of(root, detail))

    @property
    def wrong(self) -> bool:
        """Tell whether there is any error."""
        return any(not finding.warning for finding in self._found)

    def findings(self) -> tuple[Finding, ...]:
        """Give each finding once, the errors first, in the order of the file."""
        order = sorted(
            set(self._found), key=lambda each: (each.warning, each.file != self._file, each.line, each.column)
        )
        return tuple(order)

    def warnings(self) -> tuple[Finding, ...]:
        """Give the warnings."""
        return tuple(finding for finding in self.findings() if finding.warning)


def finding_of(root: Node, detail: ErrorDetails) -> tuple[Place, str]:
    """Give the place and the words of one of pydantic's errors."""
    path = detail["loc"]
    kind = detail["type"]
    if kind == "missing":
        at, _, _ = find(root, path[:-1])
        return at, _missing(path)
    at, node, _ = find(root, path)
    if kind == "extra_forbidden":
        return at, _unknown(path)
    if KEY in path:
        words = _text(detail) if kind == "wrong" else _choice(str(path[-2]), detail)
        return at, words
    return node.place, _value(path, node, kind, detail)


def _missing(path: tuple[int | str, ...]) -> str:
    key = str(path[-1])
    about = properties_at(path[:-1]).get(key, {}).get("description", "")
    return f'the key "{key}" is missing; write {key}: ... ({about})'


def _unknown(path: tuple[int | str, ...]) -> str:
    key = str(path[-1])
    return f"unknown key {shown(key)}; {nearest(key, properties_at(path[:-1]))}"


def _text(detail: ErrorDetails) -> str:
    return str(detail.get("ctx", {}).get("text", ""))


def _value(path: tuple[int | str, ...], node: Node, kind: str, detail: ErrorDetails) -> str:
    if kind == "wrong":
        return _text(detail)
    holds_secrets = _last_word(path) in SECRET_KEYS
    if isinstance(node, Scalar) and node.secret and not holds_secrets:
        return "this is no address or password and cannot be a secret; write it out"
    if kind == "literal_error":
        return _choice(node.written if isinstance(node, Scalar) else "", detail)
    if kind == "string_type" and holds_secrets:
        return "this must be a text; put it in quotes, or write !secret NAME"
    return _size(path, kind, detail.get("ctx", {})) or _wrong_type(path, kind, node)


def _size(path: tuple[int | str, ...], kind: str, context: Mapping[str, Any]) -> str | None:
    if kind in {"greater_than_equal", "less_than_equal"}:
        return _bound(path, context)
    if kind in {"too_short", "string_too_short"}:
        return NOBODY.get(_last_word(path), "this is empty; write at least one, or leave the key out")
    return None


def _last_word(path: tuple[int | str, ...]) -> str:
    return next((part for part in reversed(path) if isinstance(part, str) and not part.startswith("<")), "")


def _choice(written: str, detail: ErrorDetails) -> str:
    choices = re.findall(r"'([^']*)'", str(detail.get("ctx", {}).get("expected", "")))
    hint = nearest(written, choices)
    wanted = f"; {hint}" if hint.startswith("did") else ""
    return f"{shown(written) if written else 'this'} is not possible here; write {' or '.join(choices)}{wanted}"


def _bound(path: tuple[int | str, ...], context: Mapping[str, Any]) -> str:
    if path[-1] in {"pin", "opposite", "led"}:
        text = f"there is no such pin for a {'light' if path[-1] == 'led' else 'button'}"
        return f"{text}; write a BCM number from 2 to 27 (0 and 1 belong to the HAT's EEPROM)"
    if "ge" in context:
        return f"this number is too small; write {context['ge']} or more"
    return f"this number is too large; write {context['le']} or less"


def _wrong_type(path: tuple[int | str, ...], kind: str, node: Node) -> str:
    if kind == "string_type":
        return _no_text(node)
    if kind in {"list_type", "tuple_type"}:
        return _no_list(node)
    if kind.startswith("int_"):
        return "this must be a whole number, without quotes, unit or leading zero; write it as in 17"
    if kind.startswith("bool_"):
        return "this must be true or false; write it so, in small letters and without quotes"
    if kind.startswith(("model_", "dict_", "mapping_")):
        return f"this must have keys of its own; write {_form(path)}"
    return "this value cannot be used here; write what the JSON Schema of `alarmbro schema` names"


def _form(path: tuple[int | str, ...]) -> str:
    if path[2:3] == ("levels",) and len(path) == 4:  # noqa: PLR2004 (sites, SITE, levels, LEVEL)
        return "{route: ROUTE}"
    word = _last_word(path) if len(path) > 1 else ""
    return FORMS.get(word, "key: value, indented, in the lines below, or in { }")


def _no_text(node: Node) -> str:
    if isinstance(node, Scalar) and not node.secret and node.written:
        return f'this is read as a number or as true or false, but must be a text; put it in quotes: "{node.written}"'
    return "this must be a single text, not a list or keys; write it in one line, in quotes where it holds : or #"


def _no_list(node: Node) -> str:
    if isinstance(node, Scalar):
        plain = not node.secret and re.fullmatch(r"[a-z0-9-]{1,40}", node.written)
        return f"this must be a list; write it in brackets: [{node.written if plain else '...'}]"
    return "this must be a list; write - before each item, or [ ] around them"


def nulls(root: Node) -> list[Problem]:
    """Give a problem for each key or item without a value: whether it was forgotten, nobody knows."""
    if isinstance(root, Keys):
        found = [(at, key, node) for key, (at, node) in root.entries.items()]
        problems = [Problem(node.place, _nothing(key)) for _, key, node in found if _is_null(node)]
        return problems + [problem for _, _, node in found for problem in nulls(node)]
    if isinstance(root, Sequence):
        empty = "this item of the list is empty; write its value, or take the item out"
        problems = [Problem(item.place, empty) for item in root.items if _is_null(item)]
        return problems + [problem for item in root.items for problem in nulls(item)]
    return []


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _nothing(key: str) -> str:
    return f"nothing stands after {shown(key)}; write its value, or leave the key out"
