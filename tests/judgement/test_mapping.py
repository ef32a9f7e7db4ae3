"""What messages mean."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.judgement.mapping import (
    EXCERPT,
    LARGEST,
    Beat,
    Malformed,
    Nothing,
    Press,
    TopicKind,
    excerpt,
    interpret,
)
from alarmbro.model.site import Condition, Device, MqttInput

OWN = Device("vraa", "knap-3", "Egen knap", "bibliotek", mqtt=MqttInput(own=True))


def mapped(*press: Condition, **more: Any) -> Device:
    return Device("vraa", "knap-2", "Trykknap", "bibliotek", mqtt=MqttInput(topics=("z/udlaan",), press=press, **more))


ZIGBEE = mapped(Condition("action", ("emergency", "single")), battery_path="battery")
TRACCAR = mapped(
    Condition("event.type", ("alarm",)),
    Condition("event.attributes.alarm", ("sos",)),
    about=(Condition("device.uniqueId", ("860000000000001",)),),
    battery_path="position.attributes.batteryLevel",
    id_path="event.id",
    at_path="event.eventTime",
)
BATCH = mapped(Condition("events.*.kind", ("sos",)), Condition("events.*.unit", (7,)), id_path="events.*.id")


def said(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"ON",
        b"\xff\xfe",
        b"[1, 2]",
        b'{"at": 5, "battery": "full", "id": {}}',
        b"[" * 50_000,
        b"1" * 9000,
        b"null",
    ],
)
def test_whatever_comes_on_the_own_press_topic_is_a_press(payload: bytes) -> None:
    """In doubt it is real: a payload that cannot be read costs its parts, never the press."""
    assert interpret(OWN, TopicKind.PRESS, payload) == Press()


def test_an_own_press_says_its_id_time_and_battery() -> None:
    """All three parts are read, and unknown keys do no harm."""
    meaning = interpret(
        OWN, TopicKind.PRESS, said({"id": 17, "at": "2026-11-23T10:12:04+01:00", "battery": 80.4, "x": 1})
    )
    assert meaning == Press("17", datetime(2026, 11, 23, 9, 12, 4, tzinfo=UTC), 80)


def test_one_bad_part_costs_only_itself() -> None:
    """A time without a zone is left out; the id stays."""
    assert interpret(OWN, TopicKind.PRESS, said({"id": "a", "at": "2026-11-23T10:12:04"})) == Press("a")


@pytest.mark.parametrize("press_id", ["", "x" * 201, True, [1], "\ud800", 10**400, None])
def test_an_id_that_cannot_be_kept_is_none(press_id: object) -> None:
    """Two different presses must never look like one because their ids were cut or mended."""
    assert interpret(OWN, TopicKind.PRESS, said({"id": press_id})) == Press()


def test_an_oversized_own_press_is_still_a_press_and_says_so() -> None:
    """A payload of more than 64 KiB is not read, and the press counts."""
    assert interpret(OWN, TopicKind.PRESS, b" " * (LARGEST + 1)) == Press(note="too_large")


@pytest.mark.parametrize(("payload", "battery"), [(b"", None), (b'{"battery": 12}', 12), (b'{"battery": 101}', None)])
def test_a_heartbeat_may_carry_the_battery(payload: bytes, battery: int | None) -> None:
    """The battery is a percentage or nothing."""
    assert interpret(OWN, TopicKind.HEARTBEAT, payload) == Beat(battery)


def test_a_mapped_value_is_a_press_and_others_are_signs_of_life() -> None:
    """A Zigbee button reports its action when pressed and its battery now and then."""
    assert interpret(ZIGBEE, TopicKind.MAPPED, said({"action": "single", "battery": 55})) == Press(battery=55)
    assert interpret(ZIGBEE, TopicKind.MAPPED, said({"action": "", "battery": 54})) == Beat(54)


def test_a_tracker_of_a_shared_topic_hears_only_its_own() -> None:
    """Another tracker's message is neither its press nor its sign of life."""
    event: dict[str, Any] = {
        "event": {
            "id": 17,
            "type": "alarm",
            "attributes": {"alarm": "sos"},
            "eventTime": "2026-11-23T09:12:04.000+00:00",
        },
        "position": {"attributes": {"batteryLevel": 71}},
        "device": {"uniqueId": "860000000000001"},
    }
    at = datetime(2026, 11, 23, 9, 12, 4, tzinfo=UTC)
    assert interpret(TRACCAR, TopicKind.MAPPED, said(event)) == Press("17", at, 71)
    assert interpret(TRACCAR, TopicKind.MAPPED, said({**event, "event": {"type": "deviceMoving"}})) == Beat(71)
    assert interpret(TRACCAR, TopicKind.MAPPED, said({**event, "device": {"uniqueId": "other"}})) == Nothing()


def test_conditions_on_a_list_hold_on_the_same_element() -> None:
    """One element's kind and another's unit make no press; the id is the pressed element's."""
    apart = [{"kind": "sos", "unit": 6, "id": 1}, {"kind": "move", "unit": 7, "id": 2}]
    assert interpret(BATCH, TopicKind.MAPPED, said({"events": apart})) == Beat()
    together = [*apart, {"kind": "sos", "unit": 7, "id": 3}]
    assert interpret(BATCH, TopicKind.MAPPED, said({"events": together})) == Press("3")


def test_numbers_index_lists() -> None:
    """`0` is a list's first element, and past the end is nothing."""
    device = mapped(Condition("1.a", (True,)))
    assert interpret(device, TopicKind.MAPPED, said([0, {"a": True}])) == Press()
    assert interpret(device, TopicKind.MAPPED, said([0])) == Beat()


@pytest.mark.parametrize(
    ("value", "wanted", "press"),
    [(1, True, False), (True, 1, False), (1, "1", False), ("1", 1, False), (1.0, 1, True), (False, False, True)],
)
def test_values_compare_as_written(value: object, wanted: str | float | bool, press: bool) -> None:
    """Text with text, numbers with numbers, true with true."""
    meaning = interpret(mapped(Condition("a", (wanted,))), TopicKind.MAPPED, said({"a": value}))
    assert isinstance(meaning, Press) is press


@pytest.mark.parametrize(
    ("payload", "wanted"), [(b"ON", "ON"), (b" ON\n", "ON"), (b"1", 1), (b"1", "1"), (b'"x"', "x")]
)
def test_a_plain_payload_is_matched_whole(payload: bytes, wanted: str | int) -> None:
    """An empty path is the payload itself, as text and as JSON."""
    assert interpret(mapped(Condition("", (wanted,))), TopicKind.MAPPED, payload) == Press()


def test_what_cannot_be_judged_is_malformed() -> None:
    """A path needs JSON, and a mapped payload has a limit."""
    assert interpret(ZIGBEE, TopicKind.MAPPED, b"ON") == Malformed("not_json")
    assert interpret(ZIGBEE, TopicKind.MAPPED, b" " * (LARGEST + 1)) == Malformed("too_large")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["events", "kind", "id", "at", "battery", "a"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200), st.sampled_from(list(TopicKind)))
def test_nothing_that_is_sent_raises(payload: bytes, kind: TopicKind) -> None:
    """Whatever comes, there is an answer; on the own press topic it is always a press."""
    for device in (OWN, ZIGBEE, TRACCAR, BATCH):
        meaning = interpret(device, kind, payload)
        assert isinstance(meaning, Press) or kind is not TopicKind.PRESS


@given(st.binary(max_size=2000))
def test_an_excerpt_is_short_and_printable(payload: bytes) -> None:
    """The journal's excerpt cannot carry control characters into a terminal."""
    text = excerpt(payload)
    assert len(text) <= EXCERPT
    assert all(sign.isprintable() or sign == "\ufffd" for sign in text)
