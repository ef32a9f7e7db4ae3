"""Levels, holds, keys, lights and lists of duties in the file: what the daemon makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from config_files import HERE, SECRETS, SMALLEST, loaded, refused, with_urls

from alarmbro.config import load
from alarmbro.model.alarm import Closing
from alarmbro.model.configuration import Configuration
from alarmbro.model.level import Level
from alarmbro.model.route import Aftercare, Duty
from alarmbro.model.site import AcknowledgeKey, GpioInput, Hold

TWO = SMALLEST + "  gaard: {name: Gården, route: alt, devices: {knap: {name: Knap, gpio: 27}}}\n"


@pytest.fixture(scope="module")
def everything() -> Configuration:
    """Give the configuration that uses every key."""
    return load(HERE / "good" / "everything.yaml", environ=SECRETS).configuration


def test_a_route_keeps_its_reminder_and_its_list_of_duties(everything: Configuration) -> None:
    """Two routes share one list; a text alone is a duty, too; who and source may be left out."""
    duties = (
        Duty("Lad ikke den ramte være alene", "kollega", "Når episoden er overstået"),
        Duty("Kontakt krisepsykolog: 70 10 20 12"),
        Duty("Udfyld en skadesanmeldelse"),
    )
    route, pendant = everything.routes["bibliotek"], everything.routes["pendant"]
    assert (route.reminder_s, pendant.reminder_s) == (1200.0, 600.0)
    assert route.aftercare == Aftercare(1800.0, ("leder", "bistand"), duties)
    assert pendant.aftercare == Aftercare(900.0, ("leder",), duties)


@pytest.mark.parametrize(
    ("device", "level", "route"),
    [
        ("hirtshals/lokale-1", Level.ASSAULT, "bibliotek"),  # the site's
        ("hirtshals/lokale-2", Level.HELP, "kollega"),  # the site's for that level
        ("hirtshals/lokale-3", Level.HELP, "pendant"),  # its own
        ("vraa/lommy-1", Level.ASSAULT, "pendant"),  # its own
    ],
)
def test_a_device_takes_its_own_route_else_that_of_its_level_else_the_sites(
    everything: Configuration, device: str, level: Level, route: str
) -> None:
    """The nearest word wins."""
    found = everything.device(*device.split("/"))
    assert found is not None
    assert (found.level, found.route) == (level, route)


@pytest.mark.parametrize(
    ("device", "hold"),
    [
        ("lokale-1", None),
        ("lokale-2", Hold(2.0, Level.ASSAULT, "bibliotek")),  # the site's
        ("lokale-3", Hold(10.0, Level.MEDICAL, "bibliotek")),  # its own, and not its device's
        ("lokale-4", Hold(1.0, Level.MEDICAL, "foerstehjaelp")),  # the site's for that level
    ],
)
def test_a_hold_has_a_level_and_a_route_of_its_own(everything: Configuration, device: str, hold: Hold | None) -> None:
    """Its device's route is for the press."""
    assert everything.sites["hirtshals"].devices[device].hold == hold


def test_a_site_has_its_acknowledge_key_and_its_light(everything: Configuration) -> None:
    """With contact, name and what it closes as; a device may have a light of its own."""
    site = everything.sites["hirtshals"]
    key = GpioInput(23, hold_s=0.1)
    assert site.acknowledge == AcknowledgeKey(key, "Nøglen ved vagten", 5.0, Closing.FALSE_ALARM)
    assert (site.led, site.devices["lokale-2"].led, site.devices["lokale-1"].led) == (24, 25, None)


@pytest.mark.parametrize(("language", "name"), [("da", "kvitteringsnøglen"), ("en", "the acknowledge key")])
def test_an_acknowledge_key_without_a_name_is_called_what_it_is(tmp_path: Path, language: str, name: str) -> None:
    """In the language of the messages; turned only it never closes, held it closes a real alarm."""
    text = f"language: {language}\n" + SMALLEST.replace("route: alt,", "route: alt, acknowledge: {gpio: 22},")
    assert loaded(tmp_path, text).configuration.sites["hus"].acknowledge == AcknowledgeKey(GpioInput(22), name)
    text = text.replace("{gpio: 22}", "{gpio: 22, close: {hold: 3s}}")
    key = loaded(tmp_path, text).configuration.sites["hus"].acknowledge
    assert key == AcknowledgeKey(GpioInput(22), name, 3.0, Closing.REAL)


@pytest.mark.parametrize("outcome", list(Closing))
def test_a_key_closes_with_any_outcome(tmp_path: Path, outcome: Closing) -> None:
    """The words of the file are those of the command line."""
    key = f"acknowledge: {{gpio: 22, close: {{hold: 3s, outcome: {outcome}}}}},"
    text = SMALLEST.replace("route: alt,", f"route: alt, {key}")
    found = loaded(tmp_path, text).configuration.sites["hus"].acknowledge
    assert found is not None
    assert found.outcome is outcome


@pytest.mark.parametrize("more", ["reminder: 1s", "reminder: 24h", "aftercare: {list: a, after: 0s, notify: [vagt]}"])
def test_a_reminder_and_a_list_may_come_soon_or_late(tmp_path: Path, more: str) -> None:
    """From a second to a day; the list at once, too."""
    lists = "aftercare: {a: [Ring]}\n" if "list" in more else ""
    text = lists + SMALLEST.replace("[{notify: [vagt]}]", f"[{{notify: [vagt]}}], {more}")
    assert loaded(tmp_path, text).warnings == ()


@pytest.mark.parametrize("key", ["acknowledge: {gpio: 17}", "feedback: {led: 17}"])
def test_the_key_or_light_of_another_machine_may_use_a_buttons_pin(tmp_path: Path, key: str) -> None:
    """On one machine they may not."""
    text = TWO.replace("name: Gården", f"name: Gården, {key}")
    assert loaded(tmp_path, text, serve="hus").configuration.serve == ("hus",)
    (found,) = refused(tmp_path, text)
    assert found.text.startswith("pin 17 is named by hus/knap and by the ")


@pytest.mark.parametrize("wrong", ["levels: help", "acknowledge: 22", "feedback: {leed: 22}"])
def test_a_site_with_one_part_wrong_is_checked_for_the_rest(tmp_path: Path, wrong: str) -> None:
    """Every error at once: the pins of its devices, too."""
    text = TWO.replace("name: Gården", f"name: Gården, {wrong}").replace("gpio: 27", "gpio: 17")
    assert "pin 17 is named by hus/knap and by gaard/knap" in str(refused(tmp_path, text))


@pytest.mark.parametrize("used", ["level: help", "hold: {for: 2s, level: help}"])
def test_a_route_that_only_a_level_names_is_used(tmp_path: Path, used: str) -> None:
    """By a press or by a hold."""
    text = SMALLEST.replace("routes:\n", "routes:\n  kollega: {steps: [{notify: [vagt]}]}\n")
    text = text.replace("route: alt,", "route: alt, levels: {help: {route: kollega}},")
    assert "nobody uses" not in str(loaded(tmp_path, text.replace("gpio: 17", f"gpio: 17, {used}")).warnings)


def test_a_route_that_only_a_hold_names_is_used(tmp_path: Path) -> None:
    """There is no word about it."""
    text = SMALLEST.replace("routes:\n", "routes:\n  kollega: {steps: [{notify: [vagt]}]}\n")
    held = "gpio: 17, level: help, hold: {for: 2s, level: medical, route: kollega}"
    assert loaded(tmp_path, text.replace("gpio: 17", held)).warnings == ()


def test_a_recipient_that_only_gets_the_list_is_used(tmp_path: Path) -> None:
    """There is no word about it."""
    text = SMALLEST.replace("recipients:\n", 'recipients:\n  leder: {name: Leder, urls: ["json://127.0.0.1/leder"]}\n')
    text = text.replace("[{notify: [vagt]}]", "[{notify: [vagt]}], aftercare: {list: a, notify: [leder]}")
    assert loaded(tmp_path, "aftercare: {a: [Ring]}\n" + text).warnings == ()


@pytest.mark.parametrize(
    ("levels", "used", "asked"),
    [
        ("help: {route: alt}", "level: help", True),
        ("assault: {route: alt}", "level: help", False),
        ("assault: {route: alt}", "level: help, hold: {for: 2s, level: assault}", True),
    ],
)
def test_a_zone_is_asked_for_on_every_route_of_a_device(tmp_path: Path, levels: str, used: str, asked: bool) -> None:
    """That of its level, and that of its hold."""
    text = with_urls("json://127.0.0.1/?zone={device.zone}")
    text = text.replace("recipients:\n", 'recipients:\n  anden: {name: Anden, urls: ["json://127.0.0.1/anden"]}\n')
    text = text.replace("routes:\n", "routes:\n  uden: {steps: [{notify: [anden]}]}\n")
    text = text.replace("gpio: 17", f"gpio: 17, {used}").replace("route: alt,", f"route: uden, levels: {{{levels}}},")
    assert ("has no zone" in str(loaded(tmp_path, text).warnings)) is asked
