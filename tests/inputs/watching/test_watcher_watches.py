"""Silent neighbours are told, through a real mosquitto; and the second connection is nobody's harm."""

# ruff: noqa: F811 - a test names the fixture that it is given

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from running import until
from watching_bench import LOMMY, OFFLINE, ONLINE, VRAA, Scene
from watching_scenes import five, make, scene  # noqa: F401 - fixtures, named again by each test

from alarmbro.inputs.watching.client import client_id
from alarmbro.inputs.watching.watcher import REFUSED_S, Watcher, is_wanted
from alarmbro.judgement.supervising.neighbours import NEVER_S, OFFLINE_S
from alarmbro.model.activation import Trouble
from alarmbro.model.configuration import HomeAssistant
from alarmbro.model.errors import MachineError
from alarmbro.model.secret import Secret

MakeScene = Callable[..., Scene]


def test_a_neighbour_whose_last_will_speaks_is_told_and_told_well_again(scene: Scene) -> None:
    """After its three minutes; our own site is not watched."""
    with scene.reading() as hirtshals, scene.watching():
        hirtshals.send("alarmbro/hirtshals/status", ONLINE, retain=True)
        hirtshals.send("alarmbro/vraa/status", OFFLINE, retain=True)
        scene.told("site", "hirtshals", well=True)
        hirtshals.send("alarmbro/hirtshals/status", OFFLINE, retain=True)
        hirtshals.send("alarmbro/sindal/status", OFFLINE)
        until(lambda: hirtshals.number("alarmbro/sindal/status") > 0, say=lambda: "the broker has handed it on")
        scene.told("watching", "client-id", well=True)
        assert scene.silent("site")
        until(lambda: passing(scene, 60), say=lambda: "the fault")
        assert scene.told("site", "hirtshals", well=False).detail == "it is offline"
        hirtshals.send("alarmbro/hirtshals/status", ONLINE, retain=True)
        scene.told("site", "hirtshals", well=True)
        assert {each.subject for each in scene.troubles.all() if each.kind == "site"} == {"hirtshals"}


def passing(scene: Scene, seconds: float) -> bool:
    """Let time pass, and tell whether a site has been told as silent."""
    scene.clock.forward(seconds)
    return not scene.silent("site")


def test_a_neighbour_that_is_kept_offline_at_our_start_is_told(scene: Scene) -> None:
    """The broker gives us what it kept."""
    with scene.reading() as hirtshals:
        hirtshals.send("alarmbro/hirtshals/status", OFFLINE, retain=True)
    with scene.watching():
        scene.told("watching", "subscription", well=True)
        until(lambda: passing(scene, OFFLINE_S / 10), say=lambda: "the fault")
        assert scene.told("site", "hirtshals", well=False).site == "hirtshals"


def test_a_neighbour_that_nobody_ever_heard_is_told_after_an_hour(five: Scene) -> None:
    """Not before."""
    with five.watching():
        five.told("watching", "subscription", well=True)
        five.clock.forward(NEVER_S - 60)
        five.told("watching", "publishing", well=True)
        assert five.silent("site")
        five.clock.forward(60)
        assert five.told("site", "hirtshals", well=False).detail == "nothing was ever heard from it"


@pytest.mark.parametrize("payload", [b"\xff\xfe", b"[" * 50_000, b"{}", b""])
def test_an_odd_message_ends_nothing(five: Scene, payload: bytes) -> None:
    """Whoever publishes it: the next one is heard."""
    with five.reading() as hand, five.watching() as watcher:
        five.told("watching", "subscription", well=True)
        for topic in ("alarmbro/hirtshals/status", "homeassistant/status", LOMMY, LOMMY.replace("lommy-1", "x")):
            hand.send(topic, payload, retain=True)
        hand.send("alarmbro/hirtshals/status", ONLINE)
        five.told("site", "hirtshals", well=True)
        assert watcher.alive()


def test_it_is_wanted_only_where_there_is_something_to_watch_or_to_show(five: Scene) -> None:
    """A machine that has the whole file to itself needs no second connection."""
    alone = five.configuration(serve=("hirtshals", "vraa"), home_assistant=None)
    assert not is_wanted(alone)
    assert is_wanted(replace(alone, home_assistant=HomeAssistant()))
    assert is_wanted(replace(alone, home_assistant=HomeAssistant(wanted=False)))
    assert is_wanted(replace(alone, serve=("vraa",)))
    assert not is_wanted(replace(alone, serve=("vraa",), watch_sites=False))
    assert not is_wanted(five.configuration(mqtt=None))


def test_two_machines_have_two_names_and_a_machine_always_the_same(five: Scene) -> None:
    """Else they would throw each other out; and none is a name that a site's presses come by."""
    one, other = five.configuration(), five.configuration(serve=("hirtshals",))
    assert client_id(one) == client_id(five.configuration()) != client_id(other)
    assert client_id(five.configuration(serve=("vraa", "hirtshals"))) != client_id(one)
    assert client_id(one).startswith("alarmbro-watch-vraa-")


def test_it_leaves_no_session_behind(scene: Scene) -> None:
    """What it missed while away is of no use to it; and no last will is sent."""
    with scene.reading() as reader, scene.watching() as watcher:
        reader.wait_for(VRAA)
        watcher.stop()
        assert not watcher.alive()
        before = len(reader.heard.all())
        reader.send("alarmbro/hirtshals/status", ONLINE)
        with scene.watching():
            scene.told("watching", "subscription", well=True)
            assert not [each for each in scene.troubles.all() if each.kind == "site"]
        assert not [each for each in reader.heard.all()[before:] if each[0].endswith("/vraa/status")]


def test_a_broker_that_is_away_at_the_start_is_waited_for(five: Scene) -> None:
    """Of that the sites' own connections tell."""
    five.mosquitto.stop()
    with five.watching() as watcher:
        five.mosquitto.start()
        five.told("watching", "publishing", well=True)
        assert watcher.alive()
    assert five.silent("watching")


def test_a_broker_that_refuses_for_good_is_told(make: MakeScene) -> None:
    """After ten minutes: nobody watches then; and the password is nowhere."""
    scene = make("5", ("allow_anonymous false",))
    broker = scene.configuration().mqtt
    assert broker is not None
    wrong = replace(broker, username="alarmbro", password=Secret("kanarie-4711"))
    watcher = Watcher(scene.configuration(mqtt=wrong), scene.clock, scene.troubles.add)
    watcher.unlinked("refused: Not authorized", contested=False)
    assert scene.troubles.all() == []
    watcher.start()
    try:
        scene.clock.forward(REFUSED_S)
        told = scene.told("watching", "login", well=False)
    finally:
        watcher.stop()
    assert "ot authorized" in told.detail
    assert "kanarie" not in repr(told) + repr(vars(watcher))


def test_a_broker_that_lets_us_publish_nothing_is_told(make: MakeScene, tmp_path: Path) -> None:
    """Access rules for a site often forget Home Assistant's topics."""
    rules = tmp_path / "acl"
    rules.write_text("topic readwrite alarmbro/#\ntopic read homeassistant/#\n", encoding="utf-8")
    rules.chmod(0o700)
    scene = make("5", (f"acl_file {rules}",))
    with scene.watching():
        assert "ot authorized" in scene.told("watching", "publishing", well=False).detail


def test_another_client_with_our_name_is_told(five: Scene) -> None:
    """Two machines that serve the same sites."""
    with five.watching() as watcher:
        until(lambda: watcher.connected, say=lambda: "the connection")
        with five.watching():
            five.told("watching", "client-id", well=False)


def test_certificates_that_cannot_be_read_are_named(five: Scene, tmp_path: Path) -> None:
    """When it is started; the daemon goes on without it."""
    broker = five.configuration().mqtt
    assert broker is not None
    configuration = five.configuration(mqtt=replace(broker, tls=True, ca_file=tmp_path / "no.pem"))
    watcher = Watcher(configuration, five.clock, five.troubles.add)
    with pytest.raises(MachineError, match="ca_file"):
        watcher.start()
    watcher.stop()


def test_without_a_broker_nothing_can_be_watched(five: Scene) -> None:
    """Says so, should anybody try."""
    with pytest.raises(MachineError, match="no broker"):
        Watcher(five.configuration(mqtt=None), five.clock, print)


def test_a_door_that_fails_ends_nothing(five: Scene) -> None:
    """The connection stays up where faults cannot be told."""

    def broken(_trouble: Trouble) -> None:
        raise RuntimeError("the door is broken")

    watcher = Watcher(five.configuration(), five.clock, broken)
    watcher.start()
    try:
        with five.reading() as reader:
            reader.wait_for(LOMMY)
            assert watcher.alive()
    finally:
        watcher.stop()
        watcher.stop()
