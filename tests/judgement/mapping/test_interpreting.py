"""What messages mean."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.judgement.mapping.interpreting import EXCERPT, LARGEST, excerpt, interpret
from alarmbro.judgement.mapping.meaning import Beat, Health, Malformed, Meaning, Nothing, Press, TopicKind
from alarmbro.model.position import Position
from alarmbro.model.site import Availability, Condition, Device, Encoded, Gauge, MqttInput, PositionPaths, Unit

OWN = Device("vraa", "knap-3", "Egen knap", "bibliotek", mqtt=MqttInput(own=True))


def mapped(*press: Condition, **more: Any) -> Device:
    return Device(
        "vraa", "knap-2", "Trykknap", "bibliotek", mqtt=MqttInput(topics=("z/udlaan",), press=(press,), **more)
    )


ZIGBEE = mapped(Condition("action", ("emergency", "single")), battery=(Gauge("battery"),))
TRACCAR = mapped(
    Condition("event.type", ("alarm",)),
    Condition("event.attributes.alarm", ("sos",)),
    about=((Condition("device.uniqueId", ("860000000000001",)),),),
    battery=(Gauge("position.attributes.batteryLevel"),),
    id_paths=("event.id",),
    at_path="event.eventTime",
)
BATCH = mapped(Condition("events.*.kind", ("sos",)), Condition("events.*.unit", (7,)), id_paths=("events.*.id",))


def said(value: object) -> bytes:
    return json.dumps(value).encode()


def judged(device: Device, value: object) -> Meaning:
    return interpret(device, TopicKind.MAPPED, said(value))


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
    assert meaning == Press("17", datetime(2026, 11, 23, 9, 12, 4, tzinfo=UTC), Health(80))


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
    assert interpret(OWN, TopicKind.HEARTBEAT, payload) == Beat(Health(battery))


def test_a_mapped_value_is_a_press_and_others_are_signs_of_life() -> None:
    """A Zigbee button reports its action when pressed and its battery now and then."""
    assert judged(ZIGBEE, {"action": "single", "battery": 55}) == Press(health=Health(55), said=("single",))
    assert judged(ZIGBEE, {"action": "", "battery": 54}) == Beat(Health(54))


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
    assert interpret(TRACCAR, TopicKind.MAPPED, said(event)) == Press("17", at, Health(71), said=("alarm", "sos"))
    assert interpret(TRACCAR, TopicKind.MAPPED, said({**event, "event": {"type": "deviceMoving"}})) == Beat(Health(71))
    assert interpret(TRACCAR, TopicKind.MAPPED, said({**event, "device": {"uniqueId": "other"}})) == Nothing()


def test_conditions_on_a_list_hold_on_the_same_element() -> None:
    """One element's kind and another's unit make no press; the id is the pressed element's."""
    apart = [{"kind": "sos", "unit": 6, "id": 1}, {"kind": "move", "unit": 7, "id": 2}]
    assert interpret(BATCH, TopicKind.MAPPED, said({"events": apart})) == Beat()
    together = [*apart, {"kind": "sos", "unit": 7, "id": 3}]
    assert interpret(BATCH, TopicKind.MAPPED, said({"events": together})) == Press("3", said=("sos", 7))


def test_numbers_index_lists() -> None:
    """`0` is a list's first element, and past the end is nothing."""
    device = mapped(Condition("1.a", (True,)))
    assert interpret(device, TopicKind.MAPPED, said([0, {"a": True}])) == Press(said=(True,))
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
    meaning = interpret(mapped(Condition("", (wanted,))), TopicKind.MAPPED, payload)
    assert meaning == Press(said=(payload.decode().strip(),))


def test_what_cannot_be_judged_is_malformed() -> None:
    """A path needs JSON, and a mapped payload has a limit."""
    assert interpret(ZIGBEE, TopicKind.MAPPED, b"ON") == Malformed("not_json")
    assert interpret(ZIGBEE, TopicKind.MAPPED, b" " * (LARGEST + 1)) == Malformed("too_large")


@pytest.mark.parametrize("value", ["", None])
@pytest.mark.parametrize("path", ["action", ""])
def test_nothing_is_never_a_press(value: object, path: str) -> None:
    """Makes send an empty action after a press, and whoever clears a retained message sends an empty one."""
    device = mapped(Condition(path), Condition(path, ("", "single")))
    assert isinstance(judged(device, {"action": value} if path else value), Beat | Malformed)
    assert isinstance(interpret(mapped(Condition(path, ("",))), TopicKind.MAPPED, b""), Beat | Malformed)


def test_one_way_is_enough_and_a_present_value_is_any() -> None:
    """Several generations of a decoder have several words for a press."""
    ways = ((Condition("press", ("short",)),), (Condition("button.status"),))
    device = Device("vraa", "knap-2", "Trykknap", "bibliotek", mqtt=MqttInput(topics=("t",), press=ways))
    assert judged(device, {"press": "short"}) == Press(said=("short",))
    assert judged(device, {"button": {"status": 0}}) == Press(said=(0,))
    assert judged(device, {"button": {"status": None}, "press": "none"}) == Beat()


STATE = Device(
    "vraa", "knap-4", "Knap", "bibliotek",
    mqtt=MqttInput(
        topics=("t",), press=((Condition("action", ("single",)),),), begins=((Condition("sos", (True,)),),)
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ({"sos": True}, Press(state=True, active=True, said=(True,))),
        ({"sos": False}, Beat(active=False)),
        ({"sos": None}, Beat()),
        ({}, Beat()),
        ({"sos": True, "action": "single"}, Press(active=True, said=("single",))),
        ({"sos": False, "action": "single"}, Press(active=False, said=("single",))),
    ],
)
def test_a_state_is_marked_as_one(value: object, meaning: Meaning) -> None:
    """Whether it is new is for whoever remembers; what is not said is not known."""
    assert judged(STATE, value) == meaning


def test_the_devices_own_trial_is_no_press_unless_it_is_one_too() -> None:
    """In doubt it is real."""
    device = mapped(Condition("action", ("sos",)), test_press=((Condition("test", (True,)),),))
    assert judged(device, {"test": True}) == Beat(test=True)
    assert isinstance(judged(device, {"test": True, "action": "sos"}), Press)


@pytest.mark.parametrize(
    ("value", "doubtful"),
    [
        ({"battery": 12, "linkquality": 60}, True),
        ({"battery": 80, "battery_low": True}, True),
        ({"battery": 30}, False),
        ({"battery_low": True, "action": "off"}, False),
        ({"battery": 12, "action": ""}, True),
        ({"linkquality": 60}, False),
        ([12], False),
    ],
)
def test_a_message_without_its_word_is_doubtful_where_the_model_is_known_for_it(value: object, doubtful: bool) -> None:
    """Only with a low battery, and only where nothing stands where the word would."""
    lossy = mapped(
        Condition("action", ("single",)), battery=(Gauge("battery"),), battery_low_path="battery_low", doubtful_below=30
    )
    meaning = judged(lossy, value)
    assert isinstance(meaning, Beat)
    assert meaning.doubtful is doubtful
    sound = mapped(Condition("action", ("single",)), battery=(Gauge("battery"),), battery_low_path="battery_low")
    meaning = judged(sound, value)
    assert isinstance(meaning, Beat)
    assert not meaning.doubtful


def test_all_of_a_devices_health_is_read() -> None:
    """Battery in volts, its own word for a low one, radio and case."""
    device = mapped(
        Condition("action", ("single",)), battery=(Gauge("v", Unit.VOLT, 2.0, 3.0), Gauge("percent")),
        battery_low_path="low", link_path="rssi", tamper_path="open",
    )  # fmt: skip
    assert judged(device, {"v": 2.5, "low": False, "rssi": -71.4, "open": True}) == Beat(Health(50, False, -71, True))
    assert judged(device, {"percent": 40, "low": "no", "rssi": True}) == Beat(Health(40))
    assert judged(device, {"v": 9, "percent": 41}) == Beat(Health(41)), "millivolts or a mains supply: not known"


def test_the_place_of_a_press_is_read() -> None:
    """With its time and radius where they are given."""
    paths = PositionPaths("p.lat", "p.lon", "p.at", "p.acc")
    device = mapped(Condition("sos", (True,)), position=paths)
    place = {"lat": 57.46, "lon": 9.98, "at": 1795424524, "acc": 0.0}
    meaning = judged(device, {"sos": True, "p": place})
    assert isinstance(meaning, Press)
    assert meaning.position == Position(57.46, 9.98, datetime(2026, 11, 23, 9, 2, 4, tzinfo=UTC))
    for wrong in ({**place, "lat": 0, "lon": 0.0}, {**place, "lat": 91}, {**place, "lon": None}, None):
        meaning = judged(device, {"sos": True, "p": wrong})
        assert isinstance(meaning, Press)
        assert meaning.position is None


def test_the_parts_of_an_id_make_one_and_half_of_one_makes_none() -> None:
    """A number that begins anew with a new database must not make a new press look like an old one."""
    device = mapped(Condition("sos", (True,)), id_paths=("id", "at"))
    assert judged(device, {"sos": True, "id": 17, "at": "t"}) == Press("17/t", said=(True,))
    assert judged(device, {"sos": True, "id": 17}) == Press(said=(True,))


def test_the_devices_own_bytes_are_read_before_the_conditions() -> None:
    """Without bytes that can be read there is only what the server says."""
    device = mapped(
        Condition("decoded.button", ("short",)), decode=Encoded("data", "milesight-ws101"),
        battery=(Gauge("decoded.battery"),),
    )  # fmt: skip
    assert judged(device, {"data": "AXUQ/y4B"}) == Press(health=Health(16), said=("short",))
    for text in ("?", "", None, "/y4", "A" * 5000):
        assert judged(device, {"data": text, "decoded": {"button": "short"}}) == Beat()


THERE = Availability(
    "z/availability",
    online=((Condition("state", ("online",)),), (Condition("", ("online",)),)),
    offline=((Condition("state", ("offline",)),), (Condition("", ("offline",)),)),
    teller="z/availability",
)


@pytest.mark.parametrize(
    ("payload", "there"),
    [
        (b'{"state": "online"}', True), (b'{"state":"offline"}', False), (b"online", True), (b"offline", False),
        (b"", None), (b"{", None), (b'{"state": "asleep"}', None), (b" " * (LARGEST + 1), None),
    ],
)  # fmt: skip
def test_others_say_whether_a_device_is_there(payload: bytes, there: bool | None) -> None:
    """In both forms that zigbee2mqtt has; what is not understood says nothing."""
    meaning = interpret(ZIGBEE, TopicKind.AVAILABILITY, payload, THERE)
    assert meaning == (Nothing() if there is None else Beat(available=there, teller="z/availability"))


def test_a_device_that_tells_in_its_own_messages_whether_it_is_there_is_not_alive_by_that() -> None:
    """A tracker's *offline* comes from its server, on the topic of its presses."""
    told = Availability("", ((Condition("type", ("on",)),),), ((Condition("type", ("off",)),),), "events 1")
    device = mapped(Condition("type", ("alarm",)), about=((Condition("id", ("1",)),),), availability=(told,))
    assert judged(device, {"id": "1", "type": "off"}) == Beat(available=False, teller="events 1")
    assert judged(device, {"id": "1", "type": "moving"}) == Beat()
    assert judged(device, {"id": "2", "type": "off"}) == Nothing()


def test_only_what_proves_that_a_device_lives_is_a_sign_of_life() -> None:
    """A server that has not heard from a pendant says so on the pendant's own topic."""
    device = mapped(Condition("type", ("alarm",)), alive=((Condition("position"),),))
    assert judged(device, {"type": "unknown"}) == Nothing()
    assert judged(device, {"type": "moving", "position": {"x": 1}}) == Beat()
    assert isinstance(judged(device, {"type": "alarm"}), Press)


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
