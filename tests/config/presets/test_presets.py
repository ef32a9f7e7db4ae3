"""Known makes of devices: data files that say which message is a press."""

from __future__ import annotations

from pathlib import Path

import pytest
from config_files import SMALLEST, loaded, refused

from alarmbro.config.presets.catalogue import model_of, models, names, preset
from alarmbro.model.site import Availability, Condition, Encoded, Gauge, MqttInput, PositionPaths, Unit

BROKER = "mqtt: {url: mqtts://broker.example}\n"


def made(folder: Path, mqtt: str, *, flow: bool = True) -> MqttInput:
    """Give what a device's `mqtt:` comes to."""
    block = f"devices:\n      knap:\n        name: Knap\n        mqtt: {mqtt}"
    text = SMALLEST.replace("gpio: 17", f"mqtt: {mqtt}")
    if not flow:
        text = SMALLEST.replace(
            "hus: {name: Huset, route: alt, devices: {knap: {name: Knap, gpio: 17}}}",
            "hus:\n    name: Huset\n    route: alt\n    " + block,
        )
    configuration = loaded(folder, BROKER + text).configuration
    found = configuration.sites["hus"].devices["knap"].mqtt
    assert found is not None
    return found


@pytest.mark.parametrize("name", names())
def test_each_preset_can_be_read_and_says_what_it_is_for(name: str) -> None:
    """One line, for people who choose."""
    about = preset(name).about
    assert 10 < len(about) < 100
    assert "\n" not in about


def test_the_schema_names_every_preset() -> None:
    """The description of `preset` is where an editor's user looks."""
    from alarmbro.config.schema.editor import properties_at  # noqa: PLC0415 (only this test needs it)

    about = properties_at(("sites", "x", "devices", "y", "mqtt"))["preset"]["description"]
    assert all(name in about for name in names())


def test_a_button_on_zigbee2mqtt_is_known_by_its_friendly_name(tmp_path: Path) -> None:
    """Every way of pressing a panic button is a press; a state is one by its beginning."""
    found = made(tmp_path, "{preset: zigbee2mqtt, id: Knap 1}")
    assert found.topics == ("zigbee2mqtt/Knap 1",)
    assert (found.about, found.battery, found.heartbeat_s) == ((), (Gauge("battery"),), 26 * 3600.0)
    ((condition,),) = found.press
    assert condition.path == "action"
    assert {"emergency", "sos", "panic", "single"} <= set(condition.equals)
    assert found.begins == ((Condition("sos", (True,)),),)
    assert [each.teller for each in found.availability] == [
        "zigbee2mqtt/Knap 1/availability", "zigbee2mqtt/bridge/state",
    ]  # fmt: skip


def test_a_tracker_on_traccar_is_told_from_the_others_of_its_topic(tmp_path: Path) -> None:
    """By its unique id, also where the device says itself what a press is; so is who says that it is there."""
    own = ((Condition("device.uniqueId", ("860",)),),)
    found = made(tmp_path, '{preset: traccar, id: "860"}')
    assert (found.topics, found.about) == (("events",), own)
    assert found.press == ((Condition("event.type", ("alarm",)), Condition("event.attributes.alarm", ("sos",))),)
    assert (found.id_paths, found.at_path) == (("event.id", "event.eventTime"), "event.eventTime")
    assert [(each.topic, each.teller) for each in found.availability] == [("", "events 860")]
    found = made(tmp_path, '{preset: traccar, id: "860", press: {path: event.type, equals: alarm}}')
    assert (found.about, found.press) == (own, ((Condition("event.type", ("alarm",)),),))


def test_the_devices_own_words_win_over_the_presets(tmp_path: Path) -> None:
    """Whatever it says; the rest stays the preset's."""
    words = "topic: z/a, press: {path: sos, equals: true}, battery: {path: b}, at: {path: t}, link: {path: q}"
    found = made(tmp_path, f"{{preset: zigbee2mqtt, id: a, {words}, availability: [], doubles: 1s}}")
    assert found == MqttInput(
        topics=("z/a",), press=((Condition("sos", (True,)),),), battery=(Gauge("b"),), at_path="t", link_path="q",
        battery_low_path="battery_low", tamper_path="tamper", doubles_s=1.0, heartbeat_s=26 * 3600.0,
    )  # fmt: skip


def test_a_written_out_device_may_use_every_word_of_a_preset(tmp_path: Path) -> None:
    """States, alternatives, units, places, bytes, and who says that it is there."""
    words = """
          topic: [a, b]
          where: {path: who, equals: me}
          press:
            any:
              - {path: sos, equals: true, state: true}
              - [{path: kind, equals: press}, {any: [{path: n, equals: [1, 2]}, {path: m, present: true}]}]
          test_press: {path: test, equals: true}
          alive: {path: who, present: true}
          battery: [{path: v, unit: mV, empty: 2000, full: 3000.5}, {path: p}]
          battery_low: {path: low}
          link: {path: rssi}
          tamper: {path: open}
          position: {latitude: lat, longitude: lon, at: tst, accuracy: acc}
          id: [{path: i}, {path: t}]
          at: {path: t}
          decode: {path: data, as: browan-tbpb100}
          availability: [{topic: lwt, online: Online, offline: [Offline, Gone]}, {path: who, online: on, offline: off}]
          doubles: 500ms
"""
    found = made(tmp_path, "\n" + words, flow=False)
    kind = Condition("kind", ("press",))
    on, off = Condition("who", ("on",)), Condition("who", ("off",))
    assert found == MqttInput(
        topics=("a", "b"),
        about=((Condition("who", ("me",)),),),
        press=((kind, Condition("n", (1, 2))), (kind, Condition("m"))),
        begins=((Condition("sos", (True,)),),),
        test_press=((Condition("test", (True,)),),),
        alive=((Condition("who"),),),
        battery=(Gauge("v", Unit.MILLIVOLT, 2000, 3000.5), Gauge("p")),
        battery_low_path="low",
        link_path="rssi",
        tamper_path="open",
        position=PositionPaths("lat", "lon", "tst", "acc"),
        id_paths=("i", "t"),
        at_path="t",
        decode=Encoded("data", "browan-tbpb100"),
        availability=(
            Availability("lwt", ((Condition("", ("Online",)),),), ((Condition("", ("Offline", "Gone")),),), "lwt"),
            Availability("", ((on,),), ((off,),), "a me"),
        ),
        doubles_s=0.5,
    )


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("{preset: zigbee2mqtt, id: a, model: ts0601_SOS}", "alarm by themselves"),
        ("{preset: owntracks, id: a/b}", "owntracks has no word for a press; write press:"),
        ("{preset: esphome, id: a}", "may have several buttons; write channel:"),
        ("{preset: esphome, id: a, channel: a/b}", "this is no button or input"),
        ("{preset: chirpstack-milesight-ws101, id: 24E124535B316056}", "is no id of chirpstack-milesight-ws101; write"),
        ("{topic: a, press: {path: action, equals: ''}}", "an empty text says nothing"),
        ("{topic: a, press: {path: action}}", 'the key "equals" is missing'),
        ("{topic: a, press: {path: a, present: false}}", "write present: true"),
        ("{topic: a, press: {any: []}}", "this is empty"),
        ("{topic: a, press: {any: [{path: a, equal: 1}]}}", 'unknown key "equal"; did you mean "equals"'),
        ("{topic: a, press: {path: a, equals: b}, battery: {path: c, unit: V}}", "write empty: and full: in V"),
        ("{topic: a, press: {path: a, equals: b}, battery: {path: c, full: 3.0}}", "per cent need no empty"),
        ("{topic: a, press: {path: a, equals: b}, battery: {path: c, unit: V, empty: 3, full: 2}}", "write empty:"),
        ("{topic: a, press: {path: a, equals: b}, decode: {path: d, as: milesight}}", "milesight-ws101"),
        ("{topic: a, press: {path: a, equals: b}, availability: a/lwt}", "write {topic: TOPIC, online: online"),
        ("{topic: a, press: {path: a, equals: b}, doubles: 20s}", "is not possible here"),
    ],
)
def test_wrong_words_are_told(tmp_path: Path, words: str, text: str) -> None:
    """What is wrong, and what would be right; a model that alarms by itself is refused with the reason."""
    found = refused(tmp_path, BROKER + SMALLEST.replace("gpio: 17", f"mqtt: {words}"))
    assert any(text in each.text for each in found if not each.warning), found


def test_conditions_that_can_be_met_in_too_many_ways_are_refused(tmp_path: Path) -> None:
    """Each way costs a press time; nesting makes many of few words."""
    ten = "{any: [" + ", ".join(f"{{path: a, equals: {number}}}" for number in range(10)) + "]}"
    for nested in (f"[{ten}, {ten}]", "{any: [" + ", ".join([ten] * 7) + "]}"):
        found = refused(tmp_path, BROKER + SMALLEST.replace("gpio: 17", f"mqtt: {{topic: a, press: {nested}}}"))
        assert any("at most 64" in each.text for each in found), found


@pytest.mark.parametrize(
    ("model", "below", "doubles_s"), [("HS1EB-E", 30, 0.0), ("snzb 01p", None, 2.0), ("x", None, 0.0)]
)
def test_what_is_known_of_a_model_is_used(tmp_path: Path, model: str, below: int | None, doubles_s: float) -> None:
    """Who loses presses and who doubles them, however the name is spaced."""
    found = made(tmp_path, f"{{preset: zigbee2mqtt, id: a, model: {model}}}")
    assert (found.doubtful_below, found.doubles_s) == (below, doubles_s)


def test_check_warns_of_a_model_that_loses_presses_and_once_of_what_a_make_does_not_promise(tmp_path: Path) -> None:
    """Beside the model; and at the first device of the make."""
    devices = (
        "knap: {name: A, mqtt: {preset: zigbee2mqtt, id: a, model: HS1EB}}, b: {name: B, mqtt: {preset: zigbee2mqtt, "
    )
    text = BROKER + SMALLEST.replace("knap: {name: Knap, gpio: 17}", devices + "id: b}}")
    warnings = [each.text for each in loaded(tmp_path, text).warnings]
    assert sum("presses are lost when the battery is low" in each for each in warnings) == 1
    assert sum("once and unconfirmed (QoS 0)" in each for each in warnings) == 1


def test_one_message_must_not_press_two_devices_by_any_of_its_ways(tmp_path: Path) -> None:
    """Nor by two inputs that are the same one."""
    devices = "knap: {name: A, mqtt: {preset: shelly, id: s}}, b: {name: B, mqtt: {preset: shelly, id: s, channel: CH}}"
    text = BROKER + SMALLEST.replace("knap: {name: Knap, gpio: 17}", devices)
    assert len(loaded(tmp_path, text.replace("CH", "1")).configuration.sites["hus"].devices) == 2
    assert any("the same message presses" in each.text for each in refused(tmp_path, text.replace("CH", "0")))


@pytest.mark.parametrize("name", names())
def test_no_note_is_empty_and_every_make_that_goes_unconfirmed_says_so(name: str) -> None:
    """People read them before they buy."""
    known = preset(name)
    assert all(len(note) > 20 and note.strip() == note for note in known.notes)
    assert known.press is not None or name == "owntracks"
    if name in {"zigbee2mqtt", "tasmota", "esphome", "shelly-gen1"} or name.startswith(("tts", "chirpstack")):
        assert "QoS 0" in (known.warn or "")


def test_every_model_belongs_to_a_preset_and_says_why() -> None:
    """A misspelt preset would never be looked up."""
    assert models()
    assert {each.preset for each in models()} <= set(names())
    assert all(each.why for each in models())
    assert model_of("zigbee2mqtt", "") is None
    assert model_of("zigbee2mqtt", None) is None
