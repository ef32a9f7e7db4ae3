"""Home Assistant sees the sites, through a real mosquitto: what is served, as it is, and nothing else."""

# ruff: noqa: F811 - a test names the fixture that it is given

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from running import until
from watching_bench import EVENT, LOMMY, OFFLINE, ONLINE, STATE, VRAA, Reader, Scene
from watching_scenes import five, make, scene  # noqa: F401 - fixtures, named again by each test

from alarmbro.inputs.watching.watcher import Watcher
from alarmbro.model.configuration import HomeAssistant


def test_what_is_served_appears_and_stays(scene: Scene) -> None:
    """Discovery is retained: a Home Assistant that comes later finds it. What others serve is theirs to show."""
    with scene.watching():
        scene.told("watching", "publishing", well=True)
    with scene.reading() as reader:
        document = json.loads(reader.wait_for(LOMMY))
        reader.wait_for(VRAA)
        assert document["device"]["name"] == "Vrå Bibliotek: Lommy 1"
        assert not [topic for topic in reader.standing() if "hirtshals" in topic]
        assert all(kept for _, _, kept in reader.heard.all())


def test_a_device_shows_its_state_and_the_newest_one_stays(scene: Scene) -> None:
    """Also when it was shown before the broker was there."""
    watcher = Watcher(scene.configuration(), scene.clock, scene.troubles.add)
    watcher.show("vraa", "lommy-1", {"health": "red"})
    watcher.show("vraa", "lommy-1", {"health": "green", "reasons": ["ærø"]})
    watcher.start()
    try:
        scene.told("watching", "publishing", well=True)
        with scene.reading() as reader:
            assert json.loads(reader.wait_for(STATE)) == {"health": "green", "reasons": ["ærø"]}
    finally:
        watcher.stop()


def test_a_press_is_called_out_once_and_not_kept(scene: Scene) -> None:
    """Nobody who comes later takes it for a press of now."""
    with scene.reading() as reader, scene.watching() as watcher:
        scene.told("watching", "publishing", well=True)
        watcher.call("vraa", "lommy-1", {"event_type": "press", "alarm": "vraa-1"})
        assert json.loads(reader.wait_for(EVENT)) == {"event_type": "press", "alarm": "vraa-1"}
        assert reader.number(EVENT) == 1
    with scene.reading() as later:
        later.wait_for(VRAA)
        assert later.number(EVENT) == 0


def test_what_happened_while_the_broker_was_away_is_not_called_out_afterwards(five: Scene) -> None:
    """A light that goes on ten minutes after the press sends people to the wrong place."""
    with five.watching() as watcher:
        five.told("watching", "publishing", well=True)
        five.mosquitto.stop()
        until(lambda: not watcher.connected, say=lambda: "the lost connection")
        watcher.call("vraa", "lommy-1", {"event_type": "press"})
        five.mosquitto.start()
        with five.reading() as reader:
            until(lambda: watcher.connected, say=lambda: "the new connection")
            watcher.call("vraa", "lommy-1", {"event_type": "closed"})
            until(lambda: self_called(watcher, reader), say=lambda: "the next event")
            assert {json.loads(each[1])["event_type"] for each in reader.heard.all() if each[0] == EVENT} == {"closed"}


def self_called(watcher: Watcher, reader: Reader) -> bool:
    """Call out until somebody hears it: between being let in and being heard lies a moment."""
    watcher.call("vraa", "lommy-1", {"event_type": "closed"})
    return reader.number(EVENT) > 0


def test_everything_is_published_again_to_a_broker_that_has_forgotten(five: Scene, tmp_path: Path) -> None:
    """Not every broker keeps what is retained over its restart."""
    with five.watching():
        five.told("watching", "publishing", well=True)
        five.mosquitto.kill()
        for kept in tmp_path.glob("mosquitto-*/mosquitto.db"):
            kept.unlink()
        five.mosquitto.start()
        with five.reading() as reader:
            reader.wait_for(LOMMY)


def test_everything_is_published_again_when_home_assistant_is_born(scene: Scene) -> None:
    """It asks for that with `online` on its status topic."""
    with scene.watching() as watcher, scene.reading() as reader:
        watcher.show("vraa", "lommy-1", {"health": "green"})
        for topic in (LOMMY, VRAA, STATE):
            reader.wait_for(topic)
        scene.told("watching", "publishing", well=True)
        before = {topic: reader.number(topic) for topic in (LOMMY, VRAA, STATE)}
        reader.send("homeassistant/status", b"online")
        until(lambda: all(reader.number(topic) > number for topic, number in before.items()), say=lambda: "all again")


def test_a_device_that_is_no_longer_in_the_file_is_taken_back(scene: Scene) -> None:
    """Its state too. Whatever belongs to others stays."""
    lost, lost_state = LOMMY.replace("lommy-1", "lommy-9"), STATE.replace("lommy-1", "lommy-9")
    others = [
        "homeassistant/device/zigbee2mqtt_knap/config",
        "homeassistant/device/alarmbro_hirtshals_lokale-9/config",
        "homeassistant/device/alarmbro-12345678_vraa_lommy-9/config",
        "homeassistant/device/alarmbro_sindal_knap/config",
    ]
    with scene.reading() as reader:
        for topic in (lost, lost_state, *others):
            reader.send(topic, b'{"x": 1}', retain=True)
        with scene.watching():
            reader.wait_gone(lost, lost_state)
            reader.wait_for(LOMMY)
            assert set(others) <= reader.standing().keys()


@pytest.mark.parametrize("status_first", [True, False])
def test_a_site_that_nobody_has_any_more_is_taken_back(five: Scene, *, status_first: bool) -> None:
    """It is in no file of this machine's, and says itself that it is gone. One that is alive is another file's."""
    gone, alive = LOMMY.replace("vraa", "sindal"), LOMMY.replace("vraa", "tornby")
    with five.reading() as reader:
        reader.send("alarmbro/tornby/status", ONLINE, retain=True)
        if status_first:
            reader.send("alarmbro/sindal/status", OFFLINE, retain=True)
        for topic in (gone, alive):
            reader.send(topic, b"{}", retain=True)
        with five.watching():
            if not status_first:
                five.told("watching", "publishing", well=True)
                assert gone in reader.standing()
                reader.send("alarmbro/sindal/status", OFFLINE, retain=True)
            reader.wait_gone(gone)
            assert alive in reader.standing()


def test_what_another_takes_away_is_put_back_but_not_in_a_quarrel(five: Scene) -> None:
    """A machine with an older file may not know this site; once a minute is enough to say that it is there."""
    with five.watching(), five.reading() as reader:
        reader.wait_for(LOMMY)
        reader.send(LOMMY, b"", retain=True)
        until(lambda: reader.number(LOMMY) >= 3 and LOMMY in reader.standing(), say=lambda: "put back")
        reader.send(LOMMY, b"", retain=True)
        reader.send(VRAA, b"", retain=True)
        until(lambda: VRAA in reader.standing(), say=lambda: "the other one put back")
        assert LOMMY not in reader.standing()
        five.clock.forward(61)
        reader.send(LOMMY, b"", retain=True)
        reader.wait_for(LOMMY)


def test_false_takes_back_what_was_published_and_shows_nothing(five: Scene) -> None:
    """Whoever tries it and does not want it gets rid of it by the same key."""
    with five.watching() as watcher:
        watcher.show("vraa", "lommy-1", {"health": "green"})
        five.told("watching", "publishing", well=True)
    with five.reading() as reader:
        reader.wait_for(STATE)
        with five.watching(five.configuration(home_assistant=HomeAssistant(wanted=False))) as watcher:
            watcher.show("vraa", "lommy-1", {"health": "red"})
            reader.wait_gone(LOMMY, VRAA, STATE)
        assert reader.standing() == {}


def test_left_out_nothing_is_published(five: Scene) -> None:
    """Neighbours are still watched."""
    with five.reading() as reader:
        with five.watching(five.configuration(home_assistant=None)) as watcher:
            watcher.show("vraa", "lommy-1", {"health": "green"})
            watcher.call("vraa", "lommy-1", {"event_type": "press"})
            five.told("watching", "subscription", well=True)
            reader.send("alarmbro/hirtshals/status", ONLINE)
            five.told("site", "hirtshals", well=True)
        assert {topic for topic, _, _ in reader.heard.all()} == {"alarmbro/hirtshals/status"}


def test_another_discovery_prefix_is_used_throughout(five: Scene) -> None:
    """For discovery and for the birth message."""
    with five.watching(five.configuration(home_assistant=HomeAssistant("ha/huset"))), five.reading() as reader:
        topic = LOMMY.replace("homeassistant", "ha/huset")
        reader.wait_for(topic)
        five.told("watching", "publishing", well=True)
        number = reader.number(topic)
        reader.send("ha/huset/status", b"online")
        until(lambda: reader.number(topic) > number, say=lambda: "published again")


def test_a_large_site_is_shown_whole(five: Scene) -> None:
    """More than the broker takes at once."""
    base = five.configuration()
    lommy = base.sites["vraa"].devices["lommy-1"]
    devices = {f"knap-{number}": replace(lommy, id=f"knap-{number}") for number in range(150)}
    sites = {**base.sites, "vraa": replace(base.sites["vraa"], devices=devices)}
    with five.watching(replace(base, sites=sites)):
        five.told("watching", "publishing", well=True)
    with five.reading("homeassistant/#") as reader:
        until(lambda: len(reader.standing()) == 151, say=lambda: "all of it")
