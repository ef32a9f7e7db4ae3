"""A flood of what is no press neither fills the journal nor keeps a press from coming."""

from __future__ import annotations

from pathlib import Path

from broker import Mosquitto
from clocks import JumpingClock
from mqtt_bench import PRESS, REFUSED, WAIT_S, Bench, FakeDoor, wait_until

from alarmbro.inputs.mqtt_rejects import MINUTE_S, MORE, MOST, TOPIC, SparingDoor
from alarmbro.model.activation import Activation, Rejected, Source, Trouble


def reject(clock: JumpingClock, topic: str = "alarmbro/vraa/x/press") -> Rejected:
    return Rejected(clock.now(), Source.MQTT, "unknown_device", "vraa", "x", topic, "payload")


def test_what_is_beyond_the_limit_is_counted_and_confirmed() -> None:
    """The broker must not wait; the journal gets the number, once the minute is over."""
    clock, door, confirmed = JumpingClock(), FakeDoor(), []
    sparing = SparingDoor(door, "vraa")
    for number in range(MOST + 40):
        sparing.rejected(reject(clock), confirmed=lambda number=number: confirmed.append(number))  # type: ignore[misc]  # the lambda's default
    wait_until(lambda: len(confirmed) == MOST + 40, "every confirmation")
    assert len(door.rejects.all()) == MOST
    sparing.minute(clock.forward(MINUTE_S / 2))
    assert len(door.rejects.all()) == MOST
    sparing.minute(clock.forward(MINUTE_S / 2))
    (last,) = door.rejects.all()[MOST:]
    assert (last.reason, last.site, last.excerpt) == (MORE, "vraa", "40 more within a minute")
    sparing.minute(clock.forward(10 * MINUTE_S))
    sparing.rejected(reject(clock))
    assert len(door.rejects.all()) == MOST + 2


def test_the_next_reject_says_how_many_there_were_where_nothing_else_does() -> None:
    """A minute ends with whatever comes first."""
    clock, door = JumpingClock(), FakeDoor()
    sparing = SparingDoor(door, "vraa")
    for _ in range(MOST + 1):
        sparing.rejected(reject(clock))
    clock.forward(MINUTE_S)
    sparing.rejected(reject(clock))
    assert [each.reason for each in door.rejects.all()[MOST:]] == [MORE, "unknown_device"]


def test_a_topic_is_kept_in_part() -> None:
    """It may have 65,535 letters, at will of who publishes."""
    clock, door = JumpingClock(), FakeDoor()
    SparingDoor(door, "vraa").rejected(reject(clock, "a" * 65_535))
    (kept,) = door.rejects.all()
    assert kept.topic == "a" * TOPIC


def test_presses_and_faults_go_through_whatever_the_flood() -> None:
    """Every one of them."""
    clock, door = JumpingClock(), FakeDoor()
    sparing = SparingDoor(door, "vraa")
    for number in range(2 * MOST):
        sparing.rejected(reject(clock))
        sparing.activation(Activation(str(number), "vraa", "lommy-1", clock.now(), Source.MQTT))
        sparing.trouble(Trouble("mqtt", str(number)))
    assert len(door.activations.all()) == len(door.troubles.all()) == 2 * MOST


def test_a_flood_by_a_real_broker_leaves_presses_their_way(tmp_path: Path) -> None:
    """Thousands of messages of devices that there are not, with topics as long as they may be, and then a press."""
    broker = Mosquitto(tmp_path, settings=("max_queued_messages 1000000",))  # else it drops what is beyond 1,000
    broker.start()
    try:
        bench = Bench(broker)
        with bench.listening(), bench.publisher() as publisher:
            for number in range(2000):
                publisher.send(f"alarmbro/vraa/{'x' * 10_000}{number}/press", b"{", wait=False)
            publisher.send(PRESS, b"")
            bench.door.activations.wait_for(1, WAIT_S)
        assert len(bench.door.rejects.all()) == MOST
        assert sum(len(each.topic) + len(each.device) for each in bench.door.rejects.all()) <= 2 * TOPIC * MOST
    finally:
        broker.kill()


def test_a_flood_of_refused_commands_is_counted_like_any_other(tmp_path: Path) -> None:
    """Whoever may publish commands can no more fill the disk than a stranger; all are confirmed, none comes again."""
    broker = Mosquitto(tmp_path)
    broker.start()
    try:
        bench = Bench(broker)
        with bench.listening(), bench.publisher() as publisher:
            for _ in range(2 * MOST):
                publisher.send("alarmbro/vraa/command", REFUSED)
            bench.commands.wait_for(2 * MOST, WAIT_S)
        kept = bench.door.rejects.all()
        assert [(each.reason, each.topic, each.excerpt) for each in kept] == MOST * [("command", "command", "no")]
        with bench.listening():
            bench.publish((PRESS, b""))
            bench.door.activations.wait_for(1, WAIT_S)
        assert len(bench.commands.all()) == 2 * MOST
    finally:
        broker.kill()
