"""The discoveries by which sites and devices appear in Home Assistant by themselves. Pure.

Promises: names and unique ids never change while ids in the file do not; nothing that can be pressed or switched from
there; no personal data, only what the file calls sites and devices.
Source: Home Assistant's MQTT integration, device discovery, 2024.11 and later (`components/mqtt/schemas.py`): `device`,
`origin.name`, `components` and each component's `platform` are required; a component of nothing but its platform is
one to be removed; what stands beside them (`state_topic`, `availability`) holds for each component that has no own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alarmbro.judgement.home_assistant.states import EVENTS
from alarmbro.judgement.home_assistant.topics import Topics
from alarmbro.judgement.home_assistant.words import WORDS
from alarmbro.model.configuration import Configuration
from alarmbro.model.site import Device, Site

Document = dict[str, Any]

ONLINE = "{{ 'online' if value_json.online else 'offline' }}"
REASONS = "{{ {'health': value_json.health, 'reasons': value_json.reasons} | tojson }}"
OF_BATTERIES = {"battery": "sensor", "battery_low": "binary_sensor"}


def discoveries(configuration: Configuration, topics: Topics, version: str) -> dict[str, Document]:
    """Give the document for each discovery topic, of the sites that this machine serves; sites before their devices."""
    found: dict[str, Document] = {}
    words = WORDS[configuration.language]
    for site in (configuration.sites[name] for name in configuration.serve):
        found[topics.config(site.id)] = _document(topics, site, words, version)
        for device in site.devices.values():
            found[topics.config(site.id, device.id)] = _document(topics, site, words, version, device)
    return found


def _document(
    topics: Topics, site: Site, words: Mapping[str, str], version: str, device: Device | None = None
) -> Document:
    name = topics.name(site.id, device.id if device else "")
    components = _of_device(topics, device) if device else _of_site()
    for key, component in components.items():
        if len(component) > 1:  # one of nothing but its platform is to be removed
            component["name"] = words[key]
            component["unique_id"] = f"{name}_{key}"
    about: Document = {"identifiers": [name], "manufacturer": "alarmbro", "sw_version": version}
    if device:
        about |= {"name": f"{site.name}: {device.name}", "model": words["model.device"]}
        about |= {"suggested_area": site.name, "via_device": topics.name(site.id)}
    else:
        about |= {"name": f"alarmbro {site.name}", "model": words["model.site"]}
    return {
        "device": about,
        "origin": {"name": "alarmbro", "sw_version": version},
        "components": components,
        "state_topic": topics.state(site.id, device.id) if device else topics.status(site.id),
        "availability": [{"topic": topics.status(site.id), "value_template": ONLINE}],
        "qos": 1,
    }


def _of_site() -> dict[str, Document]:
    """Give what a site has; all of it stands in its `status`."""
    return {
        "alarm": _binary("open_alarms", "safety"),
        "problem": _binary("faults", "problem"),
        "testing": _binary("test_rounds", "running"),
        # Its own availability would make it unavailable the moment that it has something to say.
        "connected": _binary("online", "connectivity", diagnostic=True) | {"availability": []},
    }


def _of_device(topics: Topics, device: Device) -> dict[str, Document]:
    state = topics.state(device.site, device.id)
    found = {
        "press": {
            "platform": "event",
            "device_class": "button",
            "state_topic": topics.event(device.site, device.id),
            "event_types": list(EVENTS),
        },
        "alarm": _binary("alarm", "safety"),
        "problem": _binary("problem", "problem")
        | {"json_attributes_topic": state, "json_attributes_template": REASONS},
        "connected": _binary("connected", "connectivity", diagnostic=True),
        "under_test": _binary("under_test", "running", diagnostic=True),
        "test_due": _binary("test_due", "problem", diagnostic=True),
        "last_test": _diagnostic(
            {"platform": "sensor", "device_class": "timestamp", "value_template": "{{ value_json.last_test }}"}
        ),
    }
    return found | (_batteries() if device.mqtt else {key: {"platform": each} for key, each in OF_BATTERIES.items()})


def _batteries() -> dict[str, Document]:
    percent = {"platform": "sensor", "device_class": "battery", "unit_of_measurement": "%"}
    level = percent | {"state_class": "measurement", "value_template": "{{ value_json.battery }}"}
    return {"battery": _diagnostic(level), "battery_low": _binary("battery_low", "battery", diagnostic=True)}


def _binary(key: str, device_class: str, *, diagnostic: bool = False) -> Document:
    """Give a sensor that is on when what stands under `key` is true or not empty; unknown where nothing does."""
    said = f"value_json.{key}"
    template = f"{{{{ 'None' if {said} is not defined or {said} is none else 'ON' if {said} else 'OFF' }}}}"
    found = {"platform": "binary_sensor", "device_class": device_class, "value_template": template}
    return _diagnostic(found) if diagnostic else found


def _diagnostic(component: Document) -> Document:
    return component | {"entity_category": "diagnostic"}
