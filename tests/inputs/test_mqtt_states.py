"""What devices say of how things stand, through a real mosquitto: states, availability, health."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from broker import Mosquitto
from mqtt_bench import BOTH, OWN, PRESS, WAIT_S, Bench, FakeDoor, wait_until

from alarmbro.model.activation import Heartbeat
from alarmbro.model.site import Availability, Condition, Device, Gauge, MqttInput, PositionPaths

GATEWAY = Availability(
    "z/bridge/state", ((Condition("state", ("online",)),),), ((Condition("state", ("offline",)),),), "z/bridge/state"
)
CONTACT = Device(
    "vraa", "knap-4", "Knap", "bibliotek",
    mqtt=MqttInput(topics=("esp/knap/state",), begins=((Condition("", ("ON",)),),), availability=(GATEWAY,)),
)  # fmt: skip
BUTTON = Device(
    "vraa", "knap-5", "Knap", "bibliotek",
    mqtt=MqttInput(
        topics=("z/knap",), press=((Condition("action", ("single",)),),), battery=(Gauge("battery"),),
        position=PositionPaths("lat", "lon"), availability=(GATEWAY,), doubles_s=2.0, doubtful_below=30,
    ),
)  # fmt: skip


@pytest.fixture(params=BOTH)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    mosquitto = Mosquitto(tmp_path, persistence=True, settings=())
    mosquitto.start()
    yield Bench(mosquitto, request.param, (OWN, CONTACT, BUTTON))
    mosquitto.kill()


def reasons(door: FakeDoor) -> list[str]:
    return [one.reason for one in door.rejects.all()]


def beats_of(door: FakeDoor, device: str) -> list[Heartbeat]:
    return [one for one in door.beats.all() if one.device == device]


def test_a_contact_that_says_on_again_and_again_is_pressed_once(bench: Bench) -> None:
    """Its repeats are signs of life; when it has been let go, the next ON is a press."""
    with bench.listening():
        bench.publish(*[("esp/knap/state", word) for word in (b"OFF", b"ON", b"ON", b"OFF", b"ON")])
        bench.door.activations.wait_for(2, WAIT_S)
        bench.door.beats.wait_for(5, WAIT_S)
    assert [one.device for one in bench.door.activations.all()] == ["knap-4", "knap-4"]
    assert reasons(bench.door) == []


def test_a_kept_on_is_a_fault_at_each_start_and_never_an_alarm(bench: Bench) -> None:
    """Somebody may have pressed while nobody listened; the fault ends when it is let go."""
    bench.publish(("esp/knap/state", b"ON"), retain=True)
    for _ in range(2):
        door = FakeDoor()
        with bench.listening(door):
            assert door.wait_trouble("vraa/knap-4", well=False).kind == "active"
            bench.publish(("esp/knap/state", b"ON"), (PRESS, b""))
            assert [one.device for one in door.activations.wait_for(1, WAIT_S)] == ["lommy-1"]
        assert {one.live for one in beats_of(door, "knap-4")} == {False, True}
        assert reasons(door) == []
    with bench.listening():
        bench.publish(("esp/knap/state", b"OFF"), ("esp/knap/state", b"ON"))
        bench.door.wait_trouble("vraa/knap-4", well=True)
        bench.door.activations.wait_for(1, WAIT_S)


def test_a_gateway_says_of_all_its_devices_whether_they_are_there(bench: Bench) -> None:
    """What the broker has kept counts, is no sign of life, and is no reject; a later word is heard live."""
    bench.publish(("z/bridge/state", b'{"state": "offline"}'), retain=True)
    with bench.listening():
        bench.door.beats.wait_for(2, WAIT_S)
        kept = {(one.device, one.available, one.teller, one.live) for one in bench.door.beats.all()}
        bench.publish(("z/bridge/state", b'{"state": "online"}'), retain=True)
        bench.door.beats.wait_for(4, WAIT_S)
    teller = GATEWAY.teller
    assert kept == {("knap-4", False, teller, False), ("knap-5", False, teller, False)}
    assert {(one.available, one.live) for one in bench.door.beats.all()[2:]} == {(True, True)}
    assert reasons(bench.door) == []


def test_a_press_tells_its_place_and_how_the_device_is(bench: Bench) -> None:
    """The press goes first."""
    with bench.listening():
        bench.publish(("z/knap", b'{"action": "single", "battery": 60, "lat": 57.4, "lon": 9.9}'))
        press = bench.door.activations.wait_for(1, WAIT_S)[0]
        beat = bench.door.beats.wait_for(1, WAIT_S)[0]
    assert press.position is not None
    assert (press.battery, press.position.latitude, beat.battery, beat.available) == (60, 57.4, 60, None)


def test_a_press_that_its_make_sends_twice_is_one_and_both_are_kept(bench: Bench) -> None:
    """The second is rejected with its reason, and confirmed to the broker."""
    with bench.listening():
        bench.publish(("z/knap", b'{"action": "single"}'), ("z/knap", b'{"action": "single"}'))
        bench.door.rejects.wait_for(1, WAIT_S)
    assert reasons(bench.door) == ["duplicate"]
    assert len(bench.door.activations.all()) == 1


def test_a_message_that_may_be_a_lost_press_is_kept_and_told(bench: Bench) -> None:
    """Its battery is low and its word is missing: no alarm, and a fault until it can speak again."""
    with bench.listening():
        bench.publish(("z/knap", b'{"battery": 10}'))
        assert bench.door.wait_trouble("vraa/knap-5", well=False).kind == "swallowed"
        bench.publish(("z/knap", b'{"battery": 95}'))
        bench.door.wait_trouble("vraa/knap-5", well=True)
    assert reasons(bench.door) == ["maybe_press"]
    assert not bench.door.activations.all()


def test_a_beginning_that_could_not_be_handed_on_is_a_press_when_it_comes_again(bench: Bench) -> None:
    """What was read is remembered only when the door has it."""
    with bench.listening():
        bench.publish(("esp/knap/state", b"OFF"))
        bench.door.beats.wait_for(1, WAIT_S)
        bench.door.failures = 1
        bench.publish(("esp/knap/state", b"ON"))
        bench.door.wait_trouble("handler", well=False)
        bench.door.activations.wait_for(1, WAIT_S)
        wait_until(lambda: len(beats_of(bench.door, "knap-4")) >= 2, "its sign of life")
