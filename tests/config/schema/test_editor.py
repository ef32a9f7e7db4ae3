"""The JSON Schema that editors use agrees with the loader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from config_files import GOOD, HERE
from jsonschema import Draft202012Validator

from alarmbro.config import json_schema
from alarmbro.config.schema.editor import properties_at
from alarmbro.config.syntax.yaml_positions import parse, plain

SCHEMA = json_schema()
# Faults that an editor can see without knowing what other parts of the file say.
SEEN_BY_EDITORS = [
    "battery-above-a-hundred",
    "broker-address",
    "clock-instead-of-duration",
    "duration-in-words",
    "fallback-not-a-list",
    "fraction-of-a-duration",
    "id-with-capitals-and-blanks",
    "list-instead-of-keys",
    "list-of-duties",
    "long-id",
    "long-name",
    "missing-keys",
    "missing-sections",
    "misspelt-keys-of-an-answer",
    "mqtt-yes",
    "no-unit",
    "norway",
    "number-as-address",
    "number-as-name",
    "number-as-password",
    "number-as-tracker",
    "octal-pin",
    "press-left-out",
    "recipient-without-address",
    "reserved-pin",
    "route-that-tells-nobody",
    "shortened-answers",
    "text-instead-of-list",
    "unknown-key",
    "unknown-key-far-from-any",
    "unknown-level",
    "unknown-top-key",
    "watcher-that-cannot-be",
    "wrong-choice",
    "wrong-language",
    "yes-for-true",
]


def document(path: Path) -> Any:
    """Give a file as an editor sees it, a secret as a text."""
    root, _ = parse(path.read_text(encoding="utf-8"))
    assert root is not None
    return plain(root, lambda name, _place: name)


def faults(path: Path) -> list[str]:
    """Give what the schema has against a file."""
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document(path))]


def test_it_is_a_json_schema() -> None:
    """Of the draft that it names."""
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


@pytest.mark.parametrize("path", [*GOOD, HERE.parents[1] / "config" / "hjoerring.yaml"], ids=lambda path: path.stem)
def test_a_good_file_is_good_in_the_editor(path: Path) -> None:
    """No red line under what the loader takes."""
    assert faults(path) == []


@pytest.mark.parametrize("name", SEEN_BY_EDITORS)
def test_a_broken_file_is_red_in_the_editor(name: str) -> None:
    """Types, bounds, choices, unknown and missing keys are seen while writing."""
    assert faults(HERE / "broken" / f"{name}.yaml")


def properties(node: Any) -> Iterator[tuple[str, Any]]:
    """Give every property of a schema with its name."""
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from properties(value)
    if isinstance(node, dict) and isinstance(node.get("properties"), dict):
        yield from node["properties"].items()


def test_every_key_has_a_title_and_a_description() -> None:
    """Editors show them; the descriptions are the reference that a coordinator has."""
    found = list(properties(SCHEMA))
    assert len(found) > 60
    for name, schema in found:
        assert len(schema.get("description", "")) > 10, name


def test_it_speaks_of_the_file_and_not_of_python() -> None:
    """No null where a key is left out, no class names, defaults as they are written; and !secret is explained."""
    text = str(SCHEMA)
    assert "'null'" not in text
    assert "None" not in text
    assert "Words'" not in text
    assert "!secret" in SCHEMA["description"]
    assert "!secret" in properties_at(("recipients", "x"))["urls"]["description"]
    assert properties_at(("faults",))["remind"]["default"] == "24h"


def test_the_keys_at_a_path_are_those_of_all_its_forms() -> None:
    """What an unknown key is compared with."""
    wired = {"pin", "opposite", "contact", "debounce", "hold"}
    assert set(properties_at(("sites", "a", "devices", "b", "gpio"))) == wired
    assert {"preset", "topic", "press"} <= set(properties_at(("sites", "a", "devices", "b", "mqtt")))
    assert set(properties_at(("routes", "a", "steps", 0))) == {"after", "unless", "notify"}
    assert set(properties_at(("aftercare", "a", 0))) == {"what", "who", "source"}
    assert set(properties_at(("sites", "a", "levels", "help"))) == {"route"}
    assert set(properties_at(("sites", "a", "devices", "b", "hold"))) == {"for", "level", "route"}
