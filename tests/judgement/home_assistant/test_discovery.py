"""What Home Assistant is sent is what it takes, for ever under the same names, and nothing of it is a press."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jsonschema import Draft202012Validator
from paho.mqtt.client import topic_matches_sub
from places import municipality

from alarmbro.judgement.home_assistant.discovery import Document, discoveries
from alarmbro.judgement.home_assistant.states import EVENTS, state_of
from alarmbro.judgement.home_assistant.topics import Topics, abandoned
from alarmbro.model.configuration import Configuration, HomeAssistant, Language
from alarmbro.model.site import Device, GpioInput

GOLDEN = Path(__file__).parent / "discovery.json"
TOPICS = Topics("alarmbro", "homeassistant")
TEXT = {"type": "string", "minLength": 1}
# Home Assistant 2024.11 and later: components/mqtt/schemas.py, and the schemas of the three platforms.
AVAILABILITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["topic"],
        "properties": {"topic": TEXT, "value_template": TEXT, "payload_available": TEXT, "payload_not_available": TEXT},
        "additionalProperties": False,
    },
}
ENTITY = {
    "name": TEXT,
    "unique_id": TEXT,
    "state_topic": TEXT,
    "value_template": TEXT,
    "entity_category": {"enum": ["config", "diagnostic"]},
    "availability": AVAILABILITY,
    "json_attributes_topic": TEXT,
    "json_attributes_template": TEXT,
}
PLATFORMS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "binary_sensor": (
        {"device_class": {"enum": ["safety", "problem", "connectivity", "running", "battery"]}},
        ["value_template"],
    ),
    "sensor": (
        {
            "device_class": {"enum": ["timestamp", "battery"]},
            "unit_of_measurement": {"const": "%"},
            "state_class": {"const": "measurement"},
        },
        ["value_template"],
    ),
    "event": (
        {
            "device_class": {"enum": ["button", "doorbell", "motion"]},
            "event_types": {"type": "array", "minItems": 1, "items": TEXT},
        },
        ["event_types", "state_topic"],
    ),
}
REMOVED = {
    "type": "object",
    "properties": {"platform": {"enum": [*PLATFORMS]}},
    "required": ["platform"],
    "additionalProperties": False,
}
COMPONENT = {
    "oneOf": [
        REMOVED,
        *(
            {
                "type": "object",
                "properties": {"platform": {"const": name}, **ENTITY, **more},
                "required": ["platform", "name", "unique_id", *needed],
                "additionalProperties": False,
            }
            for name, (more, needed) in PLATFORMS.items()
        ),
    ]
}
DISCOVERY = {
    "type": "object",
    "required": ["device", "origin", "components"],
    "additionalProperties": False,
    "properties": {
        "device": {
            "type": "object",
            "required": ["identifiers", "name"],
            "additionalProperties": False,
            "properties": {
                "identifiers": {"type": "array", "minItems": 1, "items": TEXT},
                **dict.fromkeys(("name", "manufacturer", "model", "sw_version", "suggested_area", "via_device"), TEXT),
            },
        },
        "origin": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {"name": TEXT, "sw_version": TEXT, "support_url": TEXT},
        },
        "components": {"type": "object", "propertyNames": {"pattern": "^[a-z_]+$"}, "additionalProperties": COMPONENT},
        "state_topic": TEXT,
        "availability": AVAILABILITY,
        "qos": {"enum": [0, 1, 2]},
    },
}
WELL: dict[str, Any] = {
    "site": "vraa", "device": "lommy-1", "name": "Lommy 1", "health": "green", "reasons": [], "alarm": None,
    "battery": 80, "last_press": None, "under_test": False, "tested": "2026-11-23T09:12:04.512Z",
}  # fmt: skip


def documents(configuration: Configuration | None = None) -> dict[str, Document]:
    return discoveries(configuration or municipality(), TOPICS, "1.2.3")


def rendered(template: str, value: Any) -> str:
    """Render as Home Assistant renders a payload that is JSON."""
    return ImmutableSandboxedEnvironment().from_string(template).render(value_json=value)


def entities(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the components that are more than a removal, with what they inherit."""
    for key, component in document["components"].items():
        if len(component) > 1:
            shared = {name: document[name] for name in ("state_topic", "availability")}
            yield key, shared | component


def shown(document: Document, value: Mapping[str, Any]) -> dict[str, str]:
    """Give what people would see of a state."""
    return {
        key: rendered(component["value_template"], value)
        for key, component in entities(document)
        if "value_template" in component
    }


def device_document() -> Document:
    return documents()["homeassistant/device/alarmbro_vraa_lommy-1/config"]


def site_document() -> Document:
    return documents()["homeassistant/device/alarmbro_vraa/config"]


def test_the_discoveries_are_those_that_were_agreed() -> None:
    """A change of a name or an id makes a second entity in every Home Assistant: it must be seen in a review."""
    assert documents() == json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", Language)
def test_each_discovery_is_what_home_assistant_takes(language: Language) -> None:
    """Its own schema refuses a whole device for one wrong key."""
    found = documents(municipality(language=language))
    assert list(found) == [
        "homeassistant/device/alarmbro_hirtshals/config",
        "homeassistant/device/alarmbro_hirtshals_lokale-1/config",
        "homeassistant/device/alarmbro_hirtshals_lokale-2/config",
        "homeassistant/device/alarmbro_vraa/config",
        "homeassistant/device/alarmbro_vraa_lommy-1/config",
    ]
    validator = Draft202012Validator(DISCOVERY)
    for document in found.values():
        assert [error.message for error in validator.iter_errors(document)] == []


def test_every_unique_id_is_one_entitys_alone() -> None:
    """Home Assistant drops the second."""
    ids = [component["unique_id"] for document in documents().values() for _, component in entities(document)]
    assert len(ids) == len(set(ids)) == 2 * 4 + 2 * 7 + 9


def test_names_are_in_the_configured_language() -> None:
    """The coordinator's dashboards are Danish."""

    def names(language: Language) -> set[str]:
        found = documents(municipality(language=language)).values()
        return {component["name"] for document in found for _, component in entities(document)}

    assert {"Tryk", "Lavt batteri", "Sidste test"} <= names(Language.DANISH)
    assert {"Press", "Low battery", "Last test"} <= names(Language.ENGLISH)


def test_a_new_name_in_the_file_changes_no_id() -> None:
    """Automations hang on ids."""
    before = documents()
    base = municipality()
    site = base.sites["vraa"]
    lommy = replace(site.devices["lommy-1"], name="Lommy, vagten")
    after = documents(replace(base, sites={**base.sites, "vraa": replace(site, devices={"lommy-1": lommy})}))
    assert after.keys() == before.keys()
    for topic, document in after.items():
        assert document["device"]["identifiers"] == before[topic]["device"]["identifiers"]
        ids = {key: component["unique_id"] for key, component in entities(document)}
        assert ids == {key: component["unique_id"] for key, component in entities(before[topic])}


def test_nothing_there_can_be_pressed_and_nothing_published_is_a_press() -> None:
    """Home Assistant reads; no topic of its view is one that alarmbro takes presses, signs of life or commands from."""
    assert "command" not in json.dumps(documents())
    for topic in (TOPICS.state("vraa", "lommy-1"), TOPICS.event("vraa", "lommy-1"), TOPICS.config("vraa", "lommy-1")):
        for listened in ("alarmbro/vraa/+/press", "alarmbro/vraa/+/heartbeat", "alarmbro/vraa/command"):
            assert not topic_matches_sub(listened, topic)


def test_a_site_is_away_when_its_last_will_says_so() -> None:
    """Then everything of it is unavailable, but for the sensor that says just that."""
    available = site_document()["availability"][0]
    assert available["topic"] == "alarmbro/vraa/status"
    assert rendered(available["value_template"], {"online": True}) == "online"
    assert rendered(available["value_template"], {"online": False}) == "offline"
    own = dict(entities(site_document()))
    assert own["connected"]["availability"] == []
    assert own["alarm"]["availability"] == [available]


def test_a_site_shows_alarms_faults_and_tests_from_its_status() -> None:
    """Lists that are empty are off; what an offline site does not say is unknown, never "no alarm"."""
    quiet = {"online": True, "open_alarms": 0, "faults": [], "test_rounds": []}
    assert shown(site_document(), quiet) == {"alarm": "OFF", "problem": "OFF", "testing": "OFF", "connected": "ON"}
    busy = {"online": True, "open_alarms": 2, "faults": [{"fault": "x"}], "test_rounds": [{}]}
    assert set(shown(site_document(), busy).values()) == {"ON"}
    gone = shown(site_document(), {"online": False})
    assert gone == {"alarm": "None", "problem": "None", "testing": "None", "connected": "OFF"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {}),
        ({"alarm": "vraa-7"}, {"alarm": "ON"}),
        ({"under_test": True}, {"under_test": "ON"}),
        ({"health": "yellow", "reasons": ["test_due"]}, {"test_due": "ON"}),
        ({"health": "yellow", "reasons": ["never_tested"], "tested": None}, {"test_due": "ON", "last_test": "None"}),
        ({"health": "red", "reasons": ["silent/vraa/lommy-1"]}, {"problem": "ON", "connected": "OFF"}),
        ({"health": "red", "reasons": ["mqtt/broker"]}, {"problem": "ON", "connected": "OFF"}),
        ({"health": "yellow", "reasons": ["never_heard"]}, {"problem": "ON", "connected": "None"}),
        ({"battery": None}, {"battery": "None", "battery_low": "None"}),
        (
            {"health": "yellow", "reasons": ["battery/vraa/lommy-1"], "battery": 12},
            {"problem": "ON", "battery": "12", "battery_low": "ON"},
        ),
        (
            {"health": "yellow", "reasons": ["battery/vraa/lommy-1"], "battery": None},
            {"problem": "ON", "battery": "None", "battery_low": "ON"},
        ),
    ],
)
def test_a_device_shows_what_is_known_of_it(change: dict[str, Any], expected: dict[str, str]) -> None:
    """Templates and states fit together; what nobody knows is unknown, not well."""
    usual = {
        "alarm": "OFF", "problem": "OFF", "connected": "ON", "under_test": "OFF", "test_due": "OFF",
        "last_test": "2026-11-23T09:12:04.512Z", "battery": "80", "battery_low": "OFF",
    }  # fmt: skip
    assert shown(device_document(), state_of(WELL | change)) == usual | expected


def test_the_reasons_of_a_fault_go_along() -> None:
    """Whoever sees the red light wants to know why."""
    template = device_document()["components"]["problem"]["json_attributes_template"]
    state = state_of(WELL | {"health": "red", "reasons": ["silent/vraa/lommy-1"]})
    assert json.loads(rendered(template, state)) == {"health": "red", "reasons": ["silent/vraa/lommy-1"]}


def test_a_wired_button_has_no_battery_and_a_former_one_goes() -> None:
    """A component that is named by its platform alone is taken out by Home Assistant."""
    wired = documents()["homeassistant/device/alarmbro_hirtshals_lokale-1/config"]["components"]
    assert wired["battery"] == {"platform": "sensor"}
    assert wired["battery_low"] == {"platform": "binary_sensor"}


def test_presses_are_events_of_known_types() -> None:
    """Home Assistant refuses a type that was not announced."""
    press = device_document()["components"]["press"]
    assert press["event_types"] == list(EVENTS) == ["press", "test", "acknowledged", "closed"]
    assert press["state_topic"] == "alarmbro/vraa/lommy-1/event"


def test_names_on_the_broker_can_be_taken_apart_again() -> None:
    """So that what an earlier configuration left there is found."""
    assert TOPICS.object_of("homeassistant/device/alarmbro_vraa/config") == ("vraa", "")
    assert TOPICS.object_of("homeassistant/device/alarmbro_vraa_lommy-1/config") == ("vraa", "lommy-1")
    for foreign in ("alarmbro", "alarmbro_a_b_c", "zigbee2mqtt_knap", "alarmbro-x_vraa", ""):
        assert TOPICS.object_of(f"homeassistant/device/{foreign}/config") is None
    assert TOPICS.object_of("homeassistant/device/alarmbro_vraa") is None
    assert TOPICS.object_of("alarmbro_vraa") is None


def test_two_installations_on_one_broker_do_not_meet() -> None:
    """Another prefix makes other names, always the same."""
    other = Topics("kommune/alarm", "homeassistant")
    assert other.name("vraa") == Topics("kommune/alarm", "ha").name("vraa") != TOPICS.name("vraa")
    assert TOPICS.object_of(other.config("vraa")) is None
    assert other.object_of(other.config("vraa", "lommy-1")) == ("vraa", "lommy-1")
    assert other.site_of("kommune/alarm/vraa/status") == "vraa"
    assert other.site_of("alarmbro/vraa/status") is None


@pytest.mark.parametrize(
    ("site", "device", "online", "expected"),
    [
        ("vraa", "lommy-1", True, False),
        ("vraa", "lommy-9", True, True),
        ("vraa", "", True, False),
        ("hirtshals", "lokale-9", False, False),
        ("hirtshals", "", None, False),
        ("sindal", "", None, False),
        ("sindal", "lokale-1", True, False),
        ("sindal", "lokale-1", False, True),
    ],
)
def test_only_what_nobody_has_any_more_is_taken_back(
    site: str, device: str, online: bool | None, expected: bool
) -> None:
    """Never another machine's, though our file be older; nor a site's that is alive with a file of its own."""
    configuration = municipality(serve=("vraa",), home_assistant=HomeAssistant())
    assert abandoned(site, device, configuration, online=online) is expected


def test_all_of_our_own_is_taken_back_where_it_is_no_longer_wanted() -> None:
    """`home_assistant: false`."""
    configuration = municipality(serve=("vraa",), home_assistant=HomeAssistant(wanted=False))
    assert abandoned("vraa", "lommy-1", configuration, online=True)
    assert abandoned("vraa", "", configuration, online=True)
    assert not abandoned("hirtshals", "", configuration, online=False)


def test_a_wired_button_is_connected_until_its_pin_cannot_be_read() -> None:
    """What nobody hears of itself is known by its wire."""
    assert Device("hirtshals", "lokale-1", "Lokale 1", "bibliotek", gpio=GpioInput(17)).mqtt is None
    view = WELL | {"battery": None, "reasons": ["gpio/hirtshals/lokale-1"], "health": "red"}
    assert state_of(view)["connected"] is False
    assert state_of(WELL | {"battery": None})["connected"] is True
