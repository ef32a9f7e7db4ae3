"""Known makes of devices: data files that say which message is a press."""

from __future__ import annotations

from pathlib import Path

import pytest
from config_files import SMALLEST, loaded

from alarmbro.config.presets import names, preset
from alarmbro.model.site import Condition, MqttInput

BROKER = "mqtt: {url: mqtts://broker.example}\n"


def made(folder: Path, mqtt: str) -> MqttInput:
    """Give what a device's `mqtt:` comes to."""
    configuration = loaded(folder, BROKER + SMALLEST.replace("gpio: 17", f"mqtt: {mqtt}")).configuration
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
    from alarmbro.config.editor import properties_at  # noqa: PLC0415 (only this test needs it)

    about = properties_at(("sites", "x", "devices", "y", "mqtt"))["preset"]["description"]
    assert all(name in about for name in names())


def test_a_button_on_zigbee2mqtt_is_known_by_its_friendly_name(tmp_path: Path) -> None:
    """Every way of pressing a panic button is a press."""
    found = made(tmp_path, "{preset: zigbee2mqtt, id: Knap 1}")
    assert found.topics == ("zigbee2mqtt/Knap 1",)
    assert (found.about, found.battery_path) == ((), "battery")
    (condition,) = found.press
    assert condition.path == "action"
    assert {"emergency", "sos", "panic", "single"} <= set(condition.equals)


def test_a_tracker_on_traccar_is_told_from_the_others_of_its_topic(tmp_path: Path) -> None:
    """By its unique id, also where the device says itself what a press is."""
    own = (Condition("device.uniqueId", ("860",)),)
    found = made(tmp_path, '{preset: traccar, id: "860"}')
    assert found == MqttInput(
        topics=("events",),
        press=(Condition("event.type", ("alarm",)), Condition("event.attributes.alarm", ("sos",))),
        battery_path="position.attributes.batteryLevel",
        id_path="event.id",
        at_path="event.eventTime",
        about=own,
    )
    found = made(tmp_path, '{preset: traccar, id: "860", press: {path: event.type, equals: alarm}}')
    assert (found.about, found.press) == (own, (Condition("event.type", ("alarm",)),))


def test_the_devices_own_words_win_over_the_presets(tmp_path: Path) -> None:
    """Topic, press, battery and time."""
    words = "topic: z/a, press: {path: sos, equals: true}, battery: {path: b}, at: {path: t}"
    assert made(tmp_path, f"{{preset: zigbee2mqtt, id: a, {words}}}") == MqttInput(
        topics=("z/a",), press=(Condition("sos", (True,)),), battery_path="b", at_path="t"
    )
