"""The files in `config/` say what the contingency plan says, and agree with each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from apprise import Apprise
from shipped import CONFIG, demonstration, loaded, read

from alarmbro.config.checking.addresses import SAMPLES
from alarmbro.judgement.addressing.placeholders import render
from alarmbro.judgement.words.wording import shortened
from alarmbro.model.configuration import Configuration


def firsts(file: dict[str, Any]) -> dict[str, list[str]]:
    """Give the first step's recipients by device."""
    return {
        f"{site}/{device}": file["routes"][said.get("route", place["route"])]["steps"][0]["notify"]
        for site, place in file["sites"].items()
        for device, said in place["devices"].items()
    }


def places(file: dict[str, Any]) -> dict[str, Any]:
    """Give what a person knows a site and its devices by, and the pin."""
    return {
        site: (
            place["name"],
            place["route"],
            {key: (one["name"], one["zone"], one.get("gpio")) for key, one in place["devices"].items()},
        )
        for site, place in file["sites"].items()
    }


def secrets(node: Any) -> set[str]:
    """Give every name after `!secret`."""
    if isinstance(node, dict):
        return set().union(*map(secrets, node.values()))
    if isinstance(node, list):
        return set().union(*map(secrets, node))
    return {node.removeprefix("secret ")} if isinstance(node, str) and node.startswith("secret ") else set()


def test_the_shipped_file_is_accepted_and_serves_every_site() -> None:
    """The loader finds no error and only what is known to be doubtful, and no alarm's SMS has to be shortened."""
    found = loaded(CONFIG / "hjoerring.yaml")
    doubts = ("a test sends nothing to any address of ", "this version does not watch devices yet")
    assert [str(each) for each in found.warnings if not each.text.startswith(doubts)] == []
    configuration = found.configuration
    assert configuration.serve == ("hjoerring", "hirtshals", "vraa", "sindal")
    assert len(configuration.served_devices()) == 10
    assert shortened(configuration) == []


def test_the_demonstration_is_accepted_once_it_has_its_ports(tmp_path: Path) -> None:
    """The two words for ports are all that is missing."""
    configuration = demonstration(tmp_path)
    assert configuration.mqtt is not None
    assert configuration.mqtt.port == 18830
    both = configuration.device("hjoerring", "skranke-1")
    assert both is not None
    assert both.gpio is not None
    assert both.mqtt is not None


def test_every_site_of_the_plan_is_there() -> None:
    """Four sites; in Hirtshals a fixed button in each of two rooms; in Vrå and Sindal a pendant."""
    sites = read("hjoerring.yaml")["sites"]
    assert list(sites) == ["hjoerring", "hirtshals", "vraa", "sindal"]
    assert list(sites["hirtshals"]["devices"]) == ["lokale-1", "lokale-2"]
    assert all(sites[site]["devices"]["lommy-1"]["mqtt"] is True for site in ("vraa", "sindal"))


def test_the_plans_recipients_are_told_at_once() -> None:
    """Service team and police from Hjørring, Vrå and Sindal; Redningsringen from Hirtshals."""
    for device, first in firsts(read("hjoerring.yaml")).items():
        wanted = {"redningsringen"} if device.startswith("hirtshals/") else {"serviceteam", "politi"}
        assert wanted <= set(first)


def test_the_instruction_of_the_town_hall_is_the_plans() -> None:
    """Back-office staff do not go into the citizens' area."""
    assert read("hjoerring.yaml")["routes"]["raadhus"]["instruction"] == "Backoffice går ikke ud i borgerområdet."


@pytest.mark.parametrize("name", ["hjoerring.yaml", "demo.yaml"])
def test_every_route_goes_through_the_plans_chain_of_managers(name: str) -> None:
    """In the plan's order, each only while nobody has acknowledged, and then everyone again and again."""
    for route in read(name)["routes"].values():
        told = [step["notify"] for step in route["steps"]]
        assert "leder" in told[0]
        assert told[1:5] == [["anden-leder"], ["anden-kontorchef"], ["direktoer"], ["anden-leder-kommunen"]]
        assert {"serviceteam", "leder", "anden-leder", "direktoer"} <= set(told[-1])
        assert all(step["unless"] == "acknowledged" for step in route["steps"][1:])
        assert route["repeat"]["until"] == "acknowledged"


def test_every_expectation_is_met_and_no_device_is_without() -> None:
    """The expectations name each device of the file once, with its first step."""
    expected = {line["device"]: line["first"] for line in read("expectations.yaml")}
    assert expected == firsts(read("hjoerring.yaml"))


def test_the_demonstration_has_the_same_sites_devices_and_first_steps() -> None:
    """What a coordinator tries in the demonstration is what is installed."""
    assert places(read("demo.yaml")) == places(read("hjoerring.yaml"))
    assert firsts(read("demo.yaml")) == firsts(read("hjoerring.yaml"))


def test_the_demonstration_reaches_nothing_outside_this_machine() -> None:
    """Mock pins, and every address is the loopback's with a port to be filled in."""
    file = read("demo.yaml")
    assert file["gpio"]["factory"] == "mock"
    assert secrets(file) == set()
    for recipient in file["recipients"].values():
        for url in recipient["urls"] + recipient.get("fallback", []):
            assert url.startswith("json://127.0.0.1:@RECEIVER_PORT@/")
    assert file["mqtt"]["url"] == "mqtt://127.0.0.1:@BROKER_PORT@"


def pins(configuration: Configuration) -> list[int]:
    """Give every pin of every button, key and light."""
    found = []
    for site in configuration.sites.values():
        found += [site.acknowledge.gpio.pin] if site.acknowledge else []
        found += [led for led in (site.led, *(device.led for device in site.devices.values())) if led is not None]
        found += [device.gpio.pin for device in site.devices.values() if device.gpio]
    return found


def test_no_two_wires_share_a_pin(tmp_path: Path) -> None:
    """One machine can serve the whole file, and the demonstration does."""
    shipped, shown = pins(loaded(CONFIG / "hjoerring.yaml").configuration), pins(demonstration(tmp_path))
    assert (len(set(shipped)), len(set(shown))) == (len(shipped), len(shown)) == (8, 10)
    assert not {*shipped, *shown} & {0, 1, 2, 3, 14, 15}  # EEPROM, I2C with pull-ups of its own, serial console


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise 2.2 imports it on 3.11
def test_every_secret_has_an_example_that_reaches_nobody() -> None:
    """The example file names exactly what the configuration asks for, each URL one that Apprise takes."""
    examples = read("secrets.example.yaml")
    assert set(examples) == secrets(read("hjoerring.yaml"))
    for name, text in examples.items():
        url = render(text, SAMPLES)
        assert name == "mqtt-password" or (".example" in text and Apprise.instantiate(url) is not None)


def test_the_plans_numbers_are_kept_as_they_are_written() -> None:
    """Telephone, EAN and case numbers, the next-of-kin list with both numbers that the plan gives it."""
    plan = read("plan.yaml")
    telephones = {one["name"]: one["telephone"] for one in plan["crisis_help"]["providers"]}
    assert telephones == {"Nordisk Krisekorps": "60 11 11 44", "Falck Healthcare": "70 10 20 12"}
    assert plan["crisis_help"]["ean"] == "5798003592121"
    assert plan["cases"]["documentation"]["number"] == "87.00.00-G00-1-10"
    assert plan["cases"]["next_of_kin"]["numbers"] == ["87.00.00-P07-1-17", "87.00.00-P01-1-17"]
