"""The JSON Schema of the file as people write it, which editors use to complete and explain. Any thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from alarmbro.config.schema.file import FileWords

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NOTE = (
    "Durations carry a unit: 500ms, 30s, 2m, 24h, 7d, 12mo. Addresses and passwords may be written `!secret NAME`: the "
    "text is then taken from systemd's credentials, the environment (ALARMBRO_SECRET_NAME) or secrets.yaml beside the "
    "file. Addresses may name {site.id}, {site.name}, {device.id}, {device.name}, {device.zone}, {alarm.id}, "
    "{alarm.kind}."
)


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12). A `!secret` is a string to it."""
    found = _tidy(FileWords.model_json_schema())
    head = {"$schema": DIALECT, "title": "alarmbro", "description": f"{FileWords.__doc__} {NOTE}"}
    return {**head, **{key: value for key, value in found.items() if key not in head}}


def _tidy(node: Any) -> Any:
    """Take out what pydantic says about Python and not about the file."""
    if isinstance(node, list):
        return [_tidy(part) for part in node]
    if not isinstance(node, dict):
        return node
    found = {key: _tidy(value) for key, value in node.items() if not _about_python(key, value)}
    for name in ("title", "$ref"):
        if isinstance(found.get(name), str):
            found[name] = found[name].removesuffix("Words")
    if "$defs" in found:
        found["$defs"] = {name.removesuffix("Words"): value for name, value in found["$defs"].items()}
    if "patternProperties" in found and "additionalProperties" not in found:
        found["additionalProperties"] = False
    return _without_null(found)


def _about_python(key: str, value: Any) -> bool:
    return key == "default" and (value is None or isinstance(value, dict))


def _without_null(node: dict[str, Any]) -> dict[str, Any]:
    """Leave out `or null`: a key without a value is refused."""
    choices = node.get("anyOf")
    if not isinstance(choices, list):
        return node
    kept = [choice for choice in choices if choice != {"type": "null"}]
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    return {**kept[0], **rest} if len(kept) == 1 else {**rest, "anyOf": kept}


@cache
def _schema() -> dict[str, Any]:
    return json_schema()


def properties_at(path: Sequence[str | int]) -> Mapping[str, Mapping[str, Any]]:
    """Give the keys that a mapping at a path may have, with the schema of each. Parts that name nothing are skipped."""
    nodes = _resolved(_schema())
    for part in path:
        below = [child for node in nodes for child in _children(node, part)]
        nodes = [found for child in below for found in _resolved(child)] or nodes
    found: dict[str, Mapping[str, Any]] = {}
    for node in nodes:
        found.update(node.get("properties", {}))
    return found


def _resolved(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give a schema and all that it refers to or offers as a choice."""
    found = [node]
    if "$ref" in node:
        found += _resolved(_schema()["$defs"][node["$ref"].rpartition("/")[2]])
    for choice in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        found += _resolved(choice)
    return found


def _children(node: Mapping[str, Any], part: str | int) -> list[Mapping[str, Any]]:
    if isinstance(part, int):
        return [node["items"]] if "items" in node else []
    if part in node.get("properties", {}):
        return [node["properties"][part]]
    others = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
    return [other for other in others if isinstance(other, dict)]
