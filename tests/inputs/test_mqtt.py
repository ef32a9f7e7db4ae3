"""Presses by MQTT, through a real mosquitto."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from broker import Mosquitto
from mqtt_bench import BOTH, PRESS, WAIT_S, Bench, FakeDoor, wait_until
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from alarmbro.inputs import mqtt_link as link
from alarmbro.inputs.mqtt_backoff import LONGEST_S, STEADY_S, Backoff
from alarmbro.model.errors import MachineError
from alarmbro.model.secret import Secret

MakeBroker = Callable[..., Mosquitto]


@pytest.fixture
def brokers(tmp_path: Path) -> Iterator[MakeBroker]:
    made: list[Mosquitto] = []

    def make(*, persistence: bool = True, settings: tuple[str, ...] = ()) -> Mosquitto:
        made.append(Mosquitto(tmp_path, persistence=persistence, settings=settings))
        return made[-1]

    yield make
    for mosquitto in made:
        mosquitto.kill()


@pytest.fixture(params=BOTH)
def bench(request: pytest.FixtureRequest, brokers: MakeBroker) -> Bench:
    mosquitto = brokers()
    mosquitto.start()
    return Bench(mosquitto, request.param)


@pytest.fixture
def five(brokers: MakeBroker) -> Bench:
    mosquitto = brokers()
    mosquitto.start()
    return Bench(mosquitto)


def press(number: int) -> tuple[str, bytes]:
    return PRESS, json.dumps({"id": number}).encode()


def ids(door: FakeDoor) -> list[str | None]:
    return [activation.press_id for activation in door.activations.all()]


def settled(bench: Bench) -> None:
    """See that nothing is left at the broker: a listener with a new door gets only what is pressed from now on."""
    door = FakeDoor()
    with bench.listening(door):
        bench.publish((PRESS, b'{"id": "last"}'))
        door.activations.wait_for(1, WAIT_S)
    assert ids(door) == ["last"]
    assert not door.rejects.all()


def test_presses_made_while_we_are_away_arrive_once_each(bench: Bench) -> None:
    """The broker keeps the session, so ten presses wait and none comes twice."""
    with bench.listening():
        pass
    bench.publish(*map(press, range(10)))
    with bench.listening():
        bench.door.activations.wait_for(10, WAIT_S)
    assert ids(bench.door) == [str(number) for number in range(10)]
    settled(bench)


def test_a_broker_that_comes_late_is_found(brokers: MakeBroker) -> None:
    """Starting does not need the broker; its absence is told, and so is its coming."""
    mosquitto = brokers()
    bench = Bench(mosquitto)
    listener = bench.listener()
    listener.start()
    try:
        assert "refused" in bench.door.wait_trouble("broker", well=False).detail.lower()
        assert listener.alive()
        assert not listener.connected
        mosquitto.start()
        bench.door.wait_trouble("subscription", well=True)
        bench.publish(press(1))
        bench.door.activations.wait_for(1, WAIT_S)
    finally:
        listener.stop()


def test_a_broker_that_is_killed_and_comes_back_is_found_again(bench: Bench) -> None:
    """The loss is told, the thread lives, and presses come again."""
    with bench.listening() as listener:
        bench.mosquitto.kill()
        bench.door.wait_trouble("broker", well=False)
        assert listener.alive()
        bench.mosquitto.start()
        bench.door.wait_trouble("broker", well=True)
        bench.publish(press(1))
        bench.door.activations.wait_for(1, WAIT_S)


def test_a_retained_press_is_never_an_alarm(bench: Bench) -> None:
    """However often we start, what the broker has kept raises nothing; MQTT 3.1.1 sends it, and it is rejected."""
    bench.publish((PRESS, b"x"), retain=True)
    for _ in range(3):
        with bench.listening():
            bench.publish(("alarmbro/vraa/lommy-1/heartbeat", b""))
            bench.door.beats.wait_for(1, WAIT_S)
    assert not bench.door.activations.all()
    assert {(one.reason, one.device) for one in bench.door.rejects.all()} <= {("retained", "lommy-1")}
    assert len(bench.door.rejects.all()) == (0 if bench.protocol == "5" else 3)


def test_a_live_press_with_the_retain_flag_counts(bench: Bench) -> None:
    """Somebody pressed just now; that the device's flag is wrong must not cost the alarm."""
    with bench.listening():
        bench.publish((PRESS, b"x"), retain=True)
        bench.door.activations.wait_for(1, WAIT_S)


def test_a_heap_of_poison_does_not_stand_in_the_way(bench: Bench) -> None:
    """More unreadable messages than the broker sends unconfirmed, and then a press."""
    poison = [
        ("alarmbro/vraa/nobody/press", b"x"),
        ("zigbee2mqtt/udlaan", b"\xff{"),
        ("alarmbro/vraa/nobody/press", b""),
    ]
    with bench.listening():
        bench.publish(*(poison * 10), press(1))
        bench.door.activations.wait_for(1, WAIT_S)
    assert {one.reason for one in bench.door.rejects.all()} == {"unknown_device", "not_json"}
    assert len(bench.door.rejects.all()) == 30
    settled(bench)


def test_a_failing_handler_costs_time_but_no_press(bench: Bench) -> None:
    """The message stays with the broker, the thread lives, others come through, and it is asked for again."""
    with bench.listening() as listener:
        bench.door.failures = 1
        bench.publish(press(1), press(2))
        bench.door.activations.wait_for(1, WAIT_S)
        assert bench.door.wait_trouble("handler", well=False).detail == "RuntimeError"
        bench.door.activations.wait_for(2, WAIT_S)
        bench.door.wait_trouble("handler", well=True)
        assert listener.alive()
    assert sorted(map(str, ids(bench.door))) == ["1", "2"]
    settled(bench)


def test_what_the_journal_did_not_keep_comes_again_after_a_restart(bench: Bench) -> None:
    """No confirmation before the disk has it: a process that dies in between gets the press again."""
    bench.door.keeping.clear()
    with bench.listening():
        bench.publish(press(1))
        bench.door.activations.wait_for(1, WAIT_S)
    successor = FakeDoor()
    with bench.listening(successor):
        successor.activations.wait_for(1, WAIT_S)
    settled(bench)


def test_a_message_sent_again_while_in_hand_is_one_press(bench: Bench) -> None:
    """The connection breaks before the journal is done: the repeat is known, and confirmed once the first is kept."""
    with bench.listening() as listener:
        bench.door.keeping.clear()
        bench.publish((PRESS, b""))
        bench.door.activations.wait_for(1, WAIT_S)
        before = len(bench.door.troubles.all())
        listener._link.reconnect_in(0.0)
        wait_until(lambda: len(bench.door.troubles.all()) >= before and listener._link.generation == 2, "a new link")
        bench.publish(("alarmbro/vraa/command", b"after"))
        bench.commands.wait_for(1, WAIT_S)
        bench.door.keeping.set()
        wait_until(lambda: not listener._receipts._open, "the confirmation")
    assert len(bench.door.activations.all()) == 1
    settled(bench)


def test_a_stalled_journal_does_not_close_the_way_in(five: Bench) -> None:
    """More presses than the broker sends unconfirmed still come while the journal keeps none of them."""
    five.door.keeping.clear()
    with five.listening():
        five.publish(*map(press, range(30)))
        five.door.activations.wait_for(30, 4 * WAIT_S)


def test_mapped_topics_and_signs_of_life(bench: Bench) -> None:
    """A button of another maker: its press is a press, its battery report a sign of life."""
    with bench.listening():
        bench.publish(("zigbee2mqtt/udlaan", b'{"action": "single", "battery": 60}'))
        assert bench.door.activations.wait_for(1, WAIT_S)[0].battery == 60
        bench.publish(("zigbee2mqtt/udlaan", b'{"battery": 59}'))
        beats = bench.door.beats.wait_for(2, WAIT_S)
    assert [(beat.device, beat.battery) for beat in beats] == [("knap-2", 60), ("knap-2", 59)]


def test_a_command_goes_to_whoever_takes_commands(bench: Bench) -> None:
    """A retained one does not: it would be done again at every start."""
    with bench.listening():
        bench.publish(("alarmbro/vraa/command", b'{"do": "ack"}'))
        assert bench.commands.wait_for(1, WAIT_S) == [("vraa", b'{"do": "ack"}')]
        bench.publish(("alarmbro/vraa/command", b"{}"), retain=True)
        bench.commands.wait_for(2, WAIT_S)
    with bench.listening():
        bench.publish(press(1))
        bench.door.activations.wait_for(1, WAIT_S)
    assert len(bench.commands.all()) == 2


def test_the_status_tells_of_coming_and_going(bench: Bench) -> None:
    """Online with the last status at each connection, offline at an orderly end; feedback is not kept."""
    with bench.publisher() as watcher:
        watcher.listen("alarmbro/vraa/#")
        with bench.listening() as listener:
            listener.announce_status({"online": True, "open": 1})
            listener.announce("lommy-1/feedback", "told")
            watcher.heard.wait_for(2, WAIT_S)
        heard = watcher.heard.wait_for(3, WAIT_S)
    assert heard[:2] == [
        ("alarmbro/vraa/status", b'{"online": true, "open": 1}', False),
        ("alarmbro/vraa/lommy-1/feedback", b"told", False),
    ]
    assert json.loads(heard[2][1]) == {"online": False}
    with bench.publisher() as late:
        late.listen("alarmbro/vraa/status")
        assert late.heard.wait_for(1, WAIT_S) == [("alarmbro/vraa/status", b'{"online": false}', True)]


DYING = """
import sys, threading
from mqtt_bench import Bench
from types import SimpleNamespace
bench = Bench(SimpleNamespace(port=int(sys.argv[1])), sys.argv[2])
with bench.listening() as listener:
    listener.announce_status({"online": True})
    threading.Event().wait(60)
"""


def test_the_last_will_speaks_when_the_process_dies(bench: Bench) -> None:
    """Killed as a power cut would, the site shows as offline by the broker's hand."""
    with bench.publisher() as watcher:
        watcher.listen("alarmbro/vraa/status")
        paths = f"import sys; sys.path[:0] = {sys.path!r}\n"
        process = subprocess.Popen([sys.executable, "-c", paths + DYING, str(bench.mosquitto.port), bench.protocol])
        try:
            watcher.heard.wait_for(1, WAIT_S)
        finally:
            process.kill()
            process.wait(WAIT_S)
        heard = [json.loads(payload) for _, payload, _ in watcher.heard.wait_for(2, WAIT_S)]
    assert heard == [{"online": True}, {"online": False}]


def test_two_with_one_client_id_do_not_fight_hot(five: Bench) -> None:
    """The one that is thrown out says so, and waits long before it throws the other out."""
    rival = FakeDoor()
    with five.listening() as first, five.listening(rival):
        assert "alarmbro-vraa" in five.door.wait_trouble("client-id", well=False).detail
        generation = first._link.generation
        threading.Event().wait(3.0)  # the time itself is what is tested: a hot loop would connect several times
        assert first._link.generation == generation
        assert first.alive()


def test_a_fight_shows_without_a_reason_from_the_broker_too() -> None:
    """MQTT 3.1.1 gives no reason: three short connections in a row raise the suspicion, a steady one ends it."""
    backoff = Backoff()
    now_s = 0.0
    for _ in range(3):
        backoff.connected(now_s)
        now_s += 1.0
        delay_s = backoff.lost(now_s)
    assert backoff.contested
    assert delay_s == LONGEST_S
    backoff.connected(now_s)
    backoff.steady(now_s + STEADY_S)
    assert not backoff.contested
    assert backoff.lost(now_s + STEADY_S) == 1.0


def test_a_broker_that_names_the_takeover_is_believed_at_once() -> None:
    """MQTT 5 brokers may say why they threw us out."""
    backoff = Backoff()
    backoff.connected(0.0)
    assert backoff.lost(1.0, taken_over=True) == LONGEST_S
    assert backoff.contested


def test_failed_attempts_wait_longer_and_longer_and_are_no_fight() -> None:
    """1, 2, 4, 8, 15, 15 seconds."""
    backoff = Backoff()
    assert [backoff.lost(float(number)) for number in range(6)] == [1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
    assert not backoff.contested


def test_a_refused_login_is_told_without_the_password(brokers: MakeBroker) -> None:
    """The reason is the broker's; the password is nobody's."""
    for protocol in BOTH:
        mosquitto = brokers(settings=("allow_anonymous false",))
        mosquitto.start()
        bench = Bench(mosquitto, protocol)
        listener = bench.listener(username="alarmbro", password=Secret("hunter2"))
        listener.start()
        try:
            trouble = bench.door.wait_trouble("broker", well=False)
        finally:
            listener.stop()
        assert "authori" in trouble.detail.lower()
        assert "hunter2" not in repr(trouble)


def test_refused_subscriptions_are_a_fault(five: Bench) -> None:
    """A broker that lets us in but refuses the topics would otherwise look well and carry no press."""
    granted, refused = ReasonCode(PacketTypes.SUBACK, "Granted QoS 1"), ReasonCode(PacketTypes.SUBACK, "Not authorized")
    listener = five.listener()
    listener._asked[7] = listener._topics.filters
    listener._subscribed(7, [granted, refused, granted, granted])
    trouble = five.door.wait_trouble("subscription", well=False)
    assert trouble.detail.endswith(": alarmbro/vraa/+/heartbeat")


def test_a_host_name_that_is_none_does_not_end_the_thread(five: Bench) -> None:
    """The name's encoding fails with an error that paho does not expect."""
    listener = five.listener(host="." + "a" * 70 + ".example")
    listener.start()
    try:
        five.door.wait_trouble("broker", well=False)
        assert listener.alive()
    finally:
        listener.stop()


def test_a_certificate_file_that_is_missing_is_told_at_once(five: Bench, tmp_path: Path) -> None:
    """The error names the file and what to do."""
    with pytest.raises(MachineError, match=r"ca_file"):
        five.listener(tls=True, ca_file=tmp_path / "none.pem")


def test_a_dead_loop_shows(five: Bench) -> None:
    """Nothing but a moving thread counts as alive: not the socket, which stays open."""

    class Death(BaseException):
        """What ends a thread past every handler."""

    def die() -> None:
        raise Death

    with five.listening() as listener:
        ended = threading.Event()
        hook, threading.excepthook = threading.excepthook, lambda _args: ended.set()
        try:
            listener._link.post(die)
            assert ended.wait(WAIT_S)
            wait_until(lambda: not listener.alive(), "the death to show")
        finally:
            threading.excepthook = hook


def test_no_packet_waits_for_the_acknowledgement_of_another(five: Bench) -> None:
    """A press is not held back by an answer to some news of ours, nor a light by the light before (Nagle's rule)."""
    found: Queue[tuple[int, int]] = Queue()

    def look() -> None:
        connection: Any = listener._client.socket()
        link._acknowledge(connection)
        options = [
            connection.getsockopt(socket.IPPROTO_TCP, each) for each in (socket.TCP_NODELAY, socket.TCP_QUICKACK)
        ]
        found.put((options[0], options[1]))

    with five.listening() as listener:
        listener._link.post(look)
        assert found.get(timeout=WAIT_S) == (1, 1)


def test_stopping_twice_and_without_a_start_is_no_error(five: Bench) -> None:
    """A daemon that fails half way through its start stops what it has."""
    listener = five.listener()
    listener.stop()
    listener.stop()
    assert not listener.alive()


@pytest.mark.parametrize("protocol", BOTH)
def test_a_load_from_three_sides_arrives_whole(brokers: MakeBroker, protocol: str) -> None:
    """2,000 presses in, confirmed from the journal's thread, while a third thread publishes: none lost or mixed up."""
    mosquitto = brokers(settings=("max_queued_messages 0",))  # else it drops what is more than 1,000 behind
    mosquitto.start()
    bench, number = Bench(mosquitto, protocol), 2000
    with bench.publisher() as watcher, bench.publisher() as device, bench.listening() as listener:
        watcher.listen("alarmbro/vraa/alarm/+")

        def announce() -> None:
            for one in range(500):
                listener.announce(f"alarm/{one}", f"{one}" * 50)

        third = threading.Thread(target=announce)
        third.start()
        for one in range(number):
            device.send(*press(one), wait=False)
        third.join(WAIT_S)
        bench.door.activations.wait_for(number, 4 * WAIT_S)
        heard = watcher.heard.wait_for(500, 4 * WAIT_S)
        wait_until(lambda: not listener._receipts._open, "all confirmations")
    assert ids(bench.door) == [str(one) for one in range(number)]
    assert {(topic, payload) for topic, payload, _ in heard} == {
        (f"alarmbro/vraa/alarm/{one}", (f"{one}" * 50).encode()) for one in range(500)
    }
    settled(bench)


def test_announcing_without_a_broker_neither_blocks_nor_grows(brokers: MakeBroker) -> None:
    """What is too much is dropped."""
    bench = Bench(brokers())
    listener = bench.listener()
    for one in range(1500):
        listener.announce("alarm/1", str(one))
    assert len(listener._outbox._waiting) == 1000
    listener.stop()


TLS_HOST = "localhost"


def test_tls_takes_only_the_broker_of_its_certificate(brokers: MakeBroker, tmp_path: Path) -> None:
    """With the municipality's own certificate file the broker is believed; with the system's it is not."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = (
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={TLS_HOST} -addext subjectAltName=DNS:{TLS_HOST}"
    )
    subprocess.run([*make.split(), "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    mosquitto = brokers(settings=(f"certfile {certificate}", f"keyfile {key}"))
    mosquitto.start()
    bench = Bench(mosquitto)
    with bench.listening(host=TLS_HOST, tls=True, ca_file=certificate) as listener:
        assert listener.connected
    stranger = FakeDoor()
    doubtful = bench.listener(stranger, host=TLS_HOST, tls=True)
    doubtful.start()
    try:
        assert "CERTIFICATE" in stranger.wait_trouble("broker", well=False).detail.upper()
    finally:
        doubtful.stop()


def test_presses_survive_a_restart_of_the_broker(bench: Bench) -> None:
    """What the broker has saved comes, though it went away in between."""
    with bench.listening():
        pass
    bench.publish(press(1))
    bench.mosquitto.stop()
    bench.mosquitto.start()
    with bench.listening():
        bench.door.activations.wait_for(1, WAIT_S)
