"""The broker of config/mosquitto/, for real: every right that it gives, and every one that it does not."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from arrivals import Arrivals
from clocks import JumpingClock
from documents import blocks
from guarded import EXAMPLE, PASSWORD, TLS_HOST, USERS, WITNESS, Guarded, Visitor, certificates
from mqtt_bench import BOTH, WAIT_S, Bench, FakeDoor, wait_until
from places import municipality

from alarmbro.config import load
from alarmbro.doctor.trying.broker import try_broker
from alarmbro.inputs.watching.watcher import Watcher
from alarmbro.model.activation import Trouble
from alarmbro.model.configuration import HomeAssistant, MqttBroker
from alarmbro.model.errors import MachineError
from alarmbro.model.secret import Secret

MACHINES = ("hirtshals", "vraa", "sindal")
LOMMY = "vraa/lommy-1"
OF_DEVICES = ("press", "heartbeat", "feedback", "state", "event")
DISCOVERY = "homeassistant/device/alarmbro_vraa/config"
DEVICES = (LOMMY, "vraa/lommy-2", "sindal/lommy-1")
# Every topic that alarmbro knows, for two sites and three devices; and some that it does not.
KNOWN = (
    *(f"alarmbro/{device}/{tail}" for device in DEVICES for tail in OF_DEVICES),
    *(f"alarmbro/{site}/{tail}" for site in ("vraa", "sindal") for tail in ("status", "command", f"alarm/{site}-1")),
    "homeassistant/status", DISCOVERY,
)  # fmt: skip
OTHERS = (
    "alarmbro/press", "press", "alarmbro/vraa/lommy-1/press/more", "alarmbro/vraa/lommy-1/x/press", "zigbee2mqtt/a",
    "alarmbro/vraa/lommy-1/status", "alarmbro/vraa/lommy-1/command", "alarmbro/vraa/lommy-1/alarm/1",
    "homeassistant/binary_sensor/x/config",
)  # fmt: skip


def of_pendant(device: str) -> tuple[set[str], set[str]]:
    """Give what a pendant may say, and what it may hear."""
    return {f"alarmbro/{device}/press", f"alarmbro/{device}/heartbeat"}, {f"alarmbro/{device}/feedback"}


def of_machine(site: str) -> tuple[set[str], set[str]]:
    """Give what alarmbro itself may say, and hear."""
    devices = [device for device in DEVICES if device.startswith(f"{site}/")]
    says = {f"alarmbro/{device}/{tail}" for device in devices for tail in ("feedback", "state", "event")}
    hears = {f"alarmbro/{device}/{tail}" for device in devices for tail in ("press", "heartbeat", "feedback")}
    statuses = {"alarmbro/vraa/status", "alarmbro/sindal/status"}
    if devices:
        says |= {f"alarmbro/{site}/status", f"alarmbro/{site}/alarm/{site}-1"}
        hears |= {f"alarmbro/{site}/command"}
    return says | {DISCOVERY}, hears | statuses | {"homeassistant/status", DISCOVERY}


RIGHTS: Mapping[str, tuple[set[str], set[str]]] = {
    **{device: of_pendant(device) for device in DEVICES},
    **{site: of_machine(site) for site in MACHINES},
    "homeassistant": (
        {"homeassistant/status"},
        {
            "alarmbro/vraa/status", "alarmbro/sindal/status", "homeassistant/status", DISCOVERY,
            "homeassistant/binary_sensor/x/config",
            *(f"alarmbro/{device}/{tail}" for device in DEVICES for tail in ("state", "event")),
        },
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the certificates as the technician does."""
    folder = tmp_path_factory.mktemp("authority")
    certificates(folder, "broker", TLS_HOST, "127.0.0.1")
    certificates(folder, "machine", *MACHINES)
    return folder


@pytest.fixture
def broker(tmp_path: Path, authority: Path) -> Iterator[Guarded]:
    made = Guarded(tmp_path, authority)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory, authority: Path) -> Iterator[Guarded]:
    """Give a broker for tests that leave nothing behind in it."""
    made = Guarded(tmp_path_factory.mktemp("lasting"), authority)
    made.start()
    yield made
    made.stop()


def coming_in(broker: Guarded, user: str, client_id: str = "") -> Visitor:
    """Come in by the door that the user has: a machine by its certificate, others by a password over TLS."""
    if user in MACHINES:
        return Visitor(broker.machines, None, context=broker.context(user), client_id=client_id)
    return Visitor(broker.tls, user, context=broker.context(), client_id=client_id)


def test_every_user_of_these_tests_has_its_rights_written_down() -> None:
    """None is forgotten."""
    assert set(USERS) == set(RIGHTS)


@pytest.mark.parametrize("user", RIGHTS)
def test_a_user_can_say_what_is_its_own_and_nothing_else(lasting: Guarded, user: str) -> None:
    """Every known topic is tried; a witness sees what has really passed."""
    says, _ = RIGHTS[user]
    with Visitor(lasting.local, WITNESS) as witness, coming_in(lasting, user) as visitor:
        witness.listen("#")
        taken = {topic for topic in (*KNOWN, *OTHERS) if visitor.say(topic, f"by {user}")}
        assert witness.say("end")
        wait_until(lambda: ("end", b"x") in witness.heard.all(), "the witness's own last word")
        passed = {topic for topic, payload in witness.heard.all() if payload == f"by {user}".encode()}
    assert taken == says
    assert passed == says


@pytest.mark.parametrize("user", RIGHTS)
def test_a_user_hears_what_is_its_own_and_nothing_else(lasting: Guarded, user: str) -> None:
    """It asks for everything, is granted everything, and is sent only what it may read."""
    _, hears = RIGHTS[user]
    with Visitor(lasting.local, WITNESS) as witness, coming_in(lasting, user) as visitor:
        visitor.listen("#", "+/+/+/press", "$SYS/#", *(topic for topic in KNOWN))
        for topic in (*KNOWN, *OTHERS):
            assert witness.say(topic)
        last = min(hears)
        assert witness.say(last, "end")
        wait_until(lambda: (last, b"end") in visitor.heard.all(), "the last word, behind all others")
    assert {topic for topic, _ in visitor.heard.all()} == hears


def test_nobody_comes_in_without_a_password(lasting: Guarded) -> None:
    """Without a name, with a wrong password, with a name that is not known, or as a machine by a password's door."""
    tls = lasting.context()
    for user, password in ((None, ""), (LOMMY, "wrong"), ("stranger", PASSWORD), ("vraa/+", PASSWORD)):
        with Visitor(lasting.tls, user, password=password, context=tls) as visitor:
            assert not visitor.inside
        with Visitor(lasting.local, user, password=password) as visitor:
            assert not visitor.inside


def test_no_machine_comes_in_without_a_certificate_of_the_authority(lasting: Guarded, tmp_path: Path) -> None:
    """Not by a right password, and not with a certificate of the same name that somebody else made."""
    with Visitor(lasting.machines, "vraa", context=lasting.context()) as visitor:
        assert not visitor.inside
    certificates(tmp_path, "machine", "vraa")
    context = lasting.context()
    context.load_cert_chain(tmp_path / "vraa.pem", tmp_path / "vraa.key")
    with Visitor(lasting.machines, None, context=context) as visitor:
        assert not visitor.inside


@pytest.mark.parametrize("user", [LOMMY, "homeassistant"])
def test_a_stolen_log_in_cannot_throw_the_machine_out(broker: Guarded, user: str) -> None:
    """A broker lets the newest client of a name in and throws the older one out; here the name is the user's."""
    bench = Bench(broker)
    with (
        bench.listening(username="vraa", password=Secret(PASSWORD)) as listener,
        coming_in(broker, user, client_id="alarmbro-vraa") as thief,
        Visitor(broker.local, WITNESS) as witness,
    ):
        assert thief.inside
        assert witness.say("alarmbro/vraa/lommy-1/press")
        bench.door.activations.wait_for(1, 10)
        assert listener.connected
    assert all(each.well for each in bench.door.troubles.all())


def test_presses_wait_for_a_machine_that_is_away_over_a_restart_of_the_broker(broker: Guarded) -> None:
    """More of them than mosquitto keeps by itself, which is 1,000."""
    bench = Bench(broker)
    away: dict[str, Any] = {"username": "vraa", "password": Secret(PASSWORD)}
    with bench.listening(**away):
        pass
    with coming_in(broker, LOMMY) as lommy:
        assert all(lommy.say("alarmbro/vraa/lommy-1/press", f'{{"id": "{number}"}}') for number in range(1050))
    broker.stop()
    broker.start()
    with coming_in(broker, LOMMY) as lommy:
        assert lommy.say("alarmbro/vraa/lommy-1/press", '{"id": "behind"}')
    with bench.listening(**away):
        heard = bench.door.activations.wait_for(1051, 30)
    assert [each.press_id for each in heard] == [*map(str, range(1050)), "behind"]


def test_a_message_that_is_too_large_is_not_taken(lasting: Guarded) -> None:
    """The limit is far above what any button says; the sender is told."""
    with coming_in(lasting, LOMMY) as lommy:
        assert lommy.say("alarmbro/vraa/lommy-1/press", b"x" * 262_000)
        assert not lommy.say("alarmbro/vraa/lommy-1/press", b"x" * 262_144)


def as_machine(broker: Guarded, name: str) -> dict[str, Any]:
    """Give the settings of a machine that comes in by its certificate."""
    cert, key = (broker.authority / f"{name}.{end}" for end in ("pem", "key"))
    ca_file = broker.authority / "ca.pem"
    return {"host": TLS_HOST, "port": broker.machines, "tls": True, "ca_file": ca_file, "cert": cert, "key": key}


@pytest.mark.parametrize("protocol", BOTH)
def test_a_machine_hears_its_buttons_by_its_certificate(broker: Guarded, protocol: str) -> None:
    """From the pendant's door to the machine's, and the light of the pendant back; no fault is told."""
    bench = Bench(broker, protocol)
    with bench.listening(**as_machine(broker, "vraa")) as listener, coming_in(broker, LOMMY) as lommy:
        lommy.listen("alarmbro/vraa/lommy-1/feedback")
        assert lommy.say("alarmbro/vraa/lommy-1/press", '{"battery": 80}')
        (press,) = bench.door.activations.wait_for(1, WAIT_S)
        assert (press.device, press.battery) == ("lommy-1", 80)
        listener.announce("lommy-1/feedback", "received")
        listener.announce_status({"online": True})
        assert lommy.heard.wait_for(1, WAIT_S) == [("alarmbro/vraa/lommy-1/feedback", b"received")]
        with coming_in(broker, "homeassistant") as home:
            home.listen("alarmbro/+/status")
            assert home.heard.wait_for(1, WAIT_S) == [("alarmbro/vraa/status", b'{"online": true}')]
    assert all(each.well for each in bench.door.troubles.all())


def test_another_machine_s_certificate_hears_nothing_of_a_site(broker: Guarded) -> None:
    """The broker lets it in and grants what it asks for; no press comes through."""
    bench = Bench(broker)
    thief = FakeDoor()
    with (
        bench.listening(thief, **as_machine(broker, "sindal")),
        coming_in(broker, LOMMY) as lommy,
    ):
        assert lommy.say("alarmbro/vraa/lommy-1/press")
    assert thief.activations.all() == []


def test_without_its_certificate_a_machine_is_refused_and_says_so(lasting: Guarded) -> None:
    """This broker refuses by hanging up; the technician reads at what."""
    bench = Bench(lasting)
    listener = bench.listener(**{**as_machine(lasting, "vraa"), "cert": None, "key": None})
    listener.start()
    try:
        assert "failed to" in bench.door.wait_trouble("broker", well=False).detail
    finally:
        listener.stop()


def test_a_machine_shows_its_sites_to_home_assistant_by_its_certificate(broker: Guarded) -> None:
    """The second connection comes in by the same one."""
    mqtt = MqttBroker(**{"username": None, "password": None, **as_machine(broker, "vraa")})
    configuration = municipality(mqtt=mqtt, serve=("vraa",), home_assistant=HomeAssistant())
    troubles: Arrivals[Trouble] = Arrivals()
    watcher = Watcher(configuration, JumpingClock(), troubles.add)
    watcher.start()
    try:
        with coming_in(broker, "homeassistant") as home:
            home.listen("homeassistant/#")
            assert {topic for topic, _ in home.heard.wait_for(2, WAIT_S)} >= {DISCOVERY}
    finally:
        watcher.stop()
    assert all(each.well for each in troubles.all())


@pytest.mark.parametrize(("machine", "right"), [("vraa", True), ("sindal", False)])
def test_the_doctor_sees_whether_a_machine_has_its_rights(lasting: Guarded, machine: str, right: bool) -> None:
    """This broker grants every subscription: only what it takes and sends tells."""
    mqtt = MqttBroker(**{"username": None, "password": None, **as_machine(lasting, machine)})
    tried = try_broker(municipality(mqtt=mqtt, serve=("vraa",)), mqtt)
    assert (tried.line, tried.denied) == (None, None)
    assert tried.sites["vraa"].echoed is right
    assert (tried.sites["vraa"].written is not False) is right
    assert all(code < 128 for code in tried.sites["vraa"].granted.values())


def test_the_configurations_of_the_paper_beside_it_are_right(lasting: Guarded, tmp_path: Path) -> None:
    """As they stand there, with the files in their place."""
    for name in ("cert", "key", "ca_file"):
        source = Path(str(as_machine(lasting, "vraa")[name]))
        place = tmp_path / {"cert": "machine.pem", "key": "machine.key", "ca_file": "ca.pem"}[name]
        place.write_bytes(source.read_bytes())
        place.chmod(0o600)
    smallest = (Path(__file__).parents[1] / "config" / "good" / "smallest.yaml").read_text(encoding="utf-8")
    found = blocks((EXAMPLE / "README.md").read_text(encoding="utf-8"), "yaml")
    for _, text in found:
        (tmp_path / "alarmbro.yaml").write_text(text + smallest, encoding="utf-8")
        loaded = load(tmp_path / "alarmbro.yaml", environ={"ALARMBRO_SECRET_MQTT_PASSWORD": PASSWORD})
        assert loaded.warnings == ()
    assert len(found) == 2


@pytest.mark.parametrize("broken", ["cert", "key", "locked"])
def test_a_certificate_that_cannot_be_used_is_named_and_nobody_is_asked_for_a_passphrase(
    lasting: Guarded, tmp_path: Path, broken: str
) -> None:
    """A daemon that waits at a prompt has no buttons."""
    settings = as_machine(lasting, "vraa")
    if broken == "locked":
        settings["key"] = tmp_path / "locked.key"
        command = ["openssl", "pkey", "-aes256", "-passout", "pass:word", "-in", str(lasting.authority / "vraa.key")]
        subprocess.run([*command, "-out", str(settings["key"])], check=True, capture_output=True)
    else:
        settings[broken] = tmp_path / "none.pem"
    with pytest.raises(MachineError, match=r"mqtt\.cert and mqtt\.key"):
        Bench(lasting).listener(**settings)
