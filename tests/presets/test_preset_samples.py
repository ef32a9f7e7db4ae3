"""What each make's documented messages come to, and that nothing else is a press."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from devices import Wired
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alarmbro.config.presets.catalogue import names
from alarmbro.config.syntax.yaml_positions import parse, plain

SAMPLES = Path(__file__).with_name("samples")


def read(name: str) -> dict[str, Any]:
    root, problems = parse((SAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))
    assert root is not None
    assert not problems
    document: dict[str, Any] = plain(root, lambda secret, _place: secret)
    return document


STORIES = [(name, story) for name in names() for story in read(name)["stories"]]


@pytest.mark.parametrize(("name", "story"), STORIES, ids=[f"{name}: {story['name']}" for name, story in STORIES])
def test_a_makes_messages_come_to_what_they_mean(name: str, story: dict[str, Any]) -> None:
    """Every message of the story, in its order, and all that it must lead to."""
    device = Wired(preset=name, **story["device"])
    for number, message in enumerate(story["messages"], start=1):
        device.clock.forward(message.get("after", 0.01))
        means, said = device.hears(message["payload"].encode(), message.get("topic"), kept=message.get("kept", False))
        assert sorted(means) == sorted(message["means"]), (number, message["payload"])
        for part, value in message.get("says", {}).items():
            assert said.get(part) == value, (number, part)


@pytest.mark.parametrize("name", names())
def test_every_make_has_samples_with_their_source(name: str) -> None:
    """At least one press, and one message that is none."""
    sample = read(name)
    assert sample["source"]
    means = [message["means"] for story in sample["stories"] for message in story["messages"]]
    assert any("press" in each for each in means)
    assert any("press" not in each for each in means)


def test_a_press_comes_before_all_else_that_its_message_says() -> None:
    """Nothing of how a device is may hold an alarm back."""
    means, _ = Wired(preset="zigbee2mqtt", id="x").hears(b'{"action":"single","battery":5}')
    assert means == ["press", "alive"]


def strings(value: Any) -> set[Any]:
    """Give every key and value of a document."""
    if isinstance(value, dict):
        return set(value).union(*map(strings, value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*map(strings, value))
    return {value}


def documents() -> dict[str, list[Any]]:
    """Give the JSON documents of each preset's samples."""
    found: dict[str, list[Any]] = {}
    for name, story in STORIES:
        for message in story["messages"]:
            try:
                found.setdefault(name, []).append(json.loads(message["payload"]))
            except ValueError:
                found.setdefault(name, []).append(message["payload"])
    return found


DOCUMENTS = documents()
WORDS = sorted({word for each in DOCUMENTS.values() for word in strings(each) if isinstance(word, str)})
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)
MAKES = [Wired(preset=name, **read(name)["stories"][0]["device"]) for name in names()]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.tuples(ANYTHING.map(lambda said: json.dumps(said).encode()) | st.binary(max_size=80), st.booleans()))
)
def test_no_message_of_any_make_in_any_state_raises(messages: list[tuple[bytes, bool]]) -> None:
    """On each of its topics, live and kept; what is kept is never a press."""
    for make in MAKES:
        for payload, kept in messages:
            for topic in make.topics:
                means, _ = make.hears(payload, topic.replace("+", "any"), kept=kept)
                assert not kept or "press" not in means


def without(document: Any, pressing: list[Any]) -> Any:
    """Give a document in which no value is one of those that make a press, and no bytes are the device's own."""
    if isinstance(document, dict):
        own = ("data", "frm_payload")
        return {key: without(value, pressing) for key, value in document.items() if key not in own}
    if isinstance(document, list):
        return [without(value, pressing) for value in document]
    same = (isinstance(document, bool) is isinstance(each, bool) and document == each for each in pressing)
    return "another" if any(same) else document


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_message_without_what_makes_a_press_is_never_one(data: st.DataObject) -> None:
    """The makes' own messages and anything like them, with the pressing values taken out."""
    number = data.draw(st.integers(0, len(MAKES) - 1))
    reading = MAKES[number].device.mqtt
    assert reading is not None
    pressing = [value for way in (*reading.press, *reading.begins) for value in way[-1].equals]
    document = without(data.draw(st.sampled_from(DOCUMENTS[names()[number]]) | ANYTHING), pressing)
    means, _ = MAKES[number].hears(json.dumps(document).encode())
    assert "press" not in means


def test_bytes_that_hold_no_press_are_none() -> None:
    """Whatever a LoRaWAN button sends besides."""
    make = Wired(preset="chirpstack-browan-tbpb100", id="24e124535b316056")
    for first in range(0, 256, 2):
        payload = {
            "deviceInfo": {"devEui": "24e124535b316056"},
            "fPort": 147,
            "data": b64encode(bytes([first, 11])).decode(),
        }
        means, _ = make.hears(json.dumps(payload).encode())
        assert means == ["alive"]
