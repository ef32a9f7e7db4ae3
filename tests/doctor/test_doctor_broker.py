"""The broker is tried as the daemon uses it, under another name, and is left as it was."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from arrivals import HOST, free_port
from broker import Mosquitto
from guarded import Guarded, Visitor, certificates
from loopback_tls import certificate
from places import municipality
from running import until

from alarmbro.doctor.findings import State
from alarmbro.doctor.judging.alive import Alive, Sign
from alarmbro.doctor.judging.broker import BrokerTried, SiteTried, judge
from alarmbro.doctor.trying.broker import try_broker
from alarmbro.model.configuration import MqttBroker
from alarmbro.model.secret import Secret

DYNAMIC = Path("/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so")
AWAY = Alive(Sign.AWAY)
NOW = datetime.now(UTC)
WRONG = "kanarie-4711"


def reached(port: int, **settings: Any) -> MqttBroker:
    """Give how the broker on a port is reached."""
    given = {"tls": False, "username": "alarm", "password": Secret("right"), "ca_file": None, **settings}
    return MqttBroker(HOST, port, **given)


def visited(broker: MqttBroker, *sites: str) -> BrokerTried:
    """Try a broker for these sites."""
    return try_broker(replace(municipality(), mqtt=broker, serve=sites or ("vraa",)), broker)


def codes(tried: BrokerTried, alive: Alive = AWAY) -> list[tuple[str, State]]:
    """Give what is said of it."""
    return [(each.says, each.state) for each in judge(tried, alive, NOW)]


def passwords(folder: Path) -> str:
    """Make a file with the password of `alarm`, and give the line that names it."""
    file = folder / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(file), "alarm", "right"], check=True, timeout=10)
    file.chmod(0o644)
    return f"password_file {file}"


@contextmanager
def mosquitto(folder: Path, *settings: str) -> Iterator[Mosquitto]:
    """Run a broker that lets `alarm` in, and logs everything."""
    lines = ("allow_anonymous false", passwords(folder), "log_type all", *settings)
    broker = Mosquitto(folder, settings=lines)
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()


def access(folder: Path, *topics: str) -> str:
    """Make a file of access rules, and give the line that names it."""
    file = folder / "acl"
    file.write_text("\n".join(["user alarm", *topics, ""]), encoding="utf-8")
    return f"acl_file {file}"


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_a_broker_that_allows_everything_is_well(protocol: str, tmp_path: Path) -> None:
    """For each site of this machine; and nothing of ours is left there."""
    with mosquitto(tmp_path) as broker:
        tried = visited(reached(broker.port, protocol=protocol), "hirtshals", "vraa")
        assert codes(tried) == [
            ("broker.in", State.OK), ("broker.heard", State.OK), ("broker.name_free", State.OK),
            ("broker.heard", State.OK), ("broker.name_free", State.OK),
        ]  # fmt: skip
        assert set(tried.sites["vraa"].granted) == {
            f"alarmbro/vraa/{tail}" for tail in ("+/press", "+/heartbeat", "command")
        }
        left_no_session(broker)


def left_no_session(broker: Mosquitto) -> None:
    """Wait until the broker has saved, and look for our name in what it keeps."""
    broker.stop()
    saved = next(Path(broker._folder).glob("mosquitto.db")).read_bytes()
    assert b"alarmbro-doctor-" not in saved
    assert b"_doctor" not in saved


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_a_wrong_password_is_told_without_the_password(protocol: str, tmp_path: Path) -> None:
    """Whose user it is, and what the broker said."""
    with mosquitto(tmp_path) as broker:
        tried = visited(reached(broker.port, protocol=protocol, password=Secret(WRONG)))
    assert codes(tried) == [("broker.denied", State.FAILED)]
    assert WRONG not in repr(tried)


def test_a_broker_that_is_not_there_is_told_by_the_reason() -> None:
    """Nothing listens; or the name does not resolve."""
    tried = visited(reached(free_port()))
    assert tried.line is not None
    assert tried.line.reason == "refused"
    assert codes(tried) == [("broker.line", State.FAILED)]
    lost = replace(reached(1883), host="broker.invalid")
    tried = visited(lost)
    assert tried.line is not None
    assert tried.line.reason == "dns"


def test_rights_that_mosquitto_grants_and_does_not_give_are_seen(tmp_path: Path) -> None:
    """Its answer to a subscription is always yes where it has an acl_file."""
    rules = access(tmp_path, "topic readwrite alarmbro/hirtshals/#")
    with mosquitto(tmp_path, rules) as broker:
        tried = visited(reached(broker.port), "hirtshals", "vraa")
        assert all(code == 1 for code in tried.sites["vraa"].granted.values())
        assert codes(tried)[1:] == [
            ("broker.heard", State.OK), ("broker.name_free", State.OK),
            ("broker.closed", State.FAILED), ("broker.name_free", State.OK),
        ]  # fmt: skip
        older = visited(reached(broker.port, protocol="3.1.1"), "vraa")
        assert codes(older)[1] == ("broker.unheard", State.WARNING)


def test_rights_that_the_broker_refuses_are_named(tmp_path: Path) -> None:
    """By a plugin that says so in its answer."""
    if not DYNAMIC.exists():
        pytest.skip("mosquitto's dynamic security is not installed")
    file = tmp_path / "security.json"
    control = ["mosquitto_ctrl", "dynsec", "init", str(file), "admin", "right"]
    subprocess.run(control, check=True, timeout=20, capture_output=True)
    rights = json.loads(file.read_text(encoding="utf-8"))
    rights["defaultACLAccess"]["subscribe"] = False
    allowed = {"acltype": "subscribePattern", "topic": "alarmbro/vraa/+/heartbeat", "priority": 0, "allow": True}
    rights["roles"].append({"rolename": "part", "acls": [allowed]})
    rights["clients"][0]["roles"].append({"rolename": "part"})
    rights["clients"][0]["roles"] = [{"rolename": "part"}]
    file.write_text(json.dumps(rights), encoding="utf-8")
    settings = ("allow_anonymous false", f"plugin {DYNAMIC}", f"plugin_opt_config_file {file}")
    broker = Mosquitto(tmp_path, settings=settings)
    broker.start()
    try:
        for protocol in ("5", "3.1.1"):
            tried = visited(reached(broker.port, username="admin", protocol=protocol), "vraa")
            found = {each.says: each for each in judge(tried, AWAY, NOW)}
            refused = found["broker.unsubscribed"]
            assert refused.state is State.FAILED
            assert refused.values["topics"] == "alarmbro/vraa/+/press, alarmbro/vraa/command"
    finally:
        broker.kill()


def test_the_broker_that_we_ship_is_well_for_the_sites_own_user(tmp_path: Path) -> None:
    """Its rules give a site no more than it needs, and the doctor is content with that."""
    certificates(tmp_path / "pki", "broker", "localhost")
    broker = Guarded(tmp_path, tmp_path / "pki")
    broker.start()
    try:
        own = reached(broker.local, username="vraa", password=Secret("example-password"))
        assert codes(visited(own, "vraa"))[1] == ("broker.heard", State.OK)
        assert codes(visited(own, "hirtshals"))[1] == ("broker.closed", State.FAILED)
    finally:
        broker.kill()


def test_another_machine_by_our_name_is_seen_without_using_the_name(tmp_path: Path) -> None:
    """By the status that it keeps at the broker; where the daemon is our own it is ours."""
    with mosquitto(tmp_path) as broker:
        with Visitor(broker.port, "alarm", password="right", client_id="alarmbro-vraa", keep=True) as other:
            assert other.say("alarmbro/vraa/status", '{"online": true}', retain=True)
            tried = visited(reached(broker.port))
            assert codes(tried)[-1] == ("broker.name_taken", State.WARNING)
            assert codes(tried, Alive(Sign.ANSWERS, {"mqtt": {"vraa": True}}))[-1] == ("broker.name_ours", State.OK)
            assert codes(tried, Alive(Sign.SILENT))[-1] == ("broker.heard", State.OK)
            assert other.inside
        assert broker.log().count("as alarmbro-vraa") == 1


@pytest.mark.parametrize("payload", ["", "online", "[1]", '{"online": false}', "[" * 100_000])
def test_a_status_that_is_none_says_nothing_of_another_machine(payload: str, tmp_path: Path) -> None:
    """Whatever stands there."""
    with mosquitto(tmp_path) as broker, Visitor(broker.port, "alarm", password="right") as other:
        assert other.say("alarmbro/vraa/status", payload, retain=True)
        assert codes(visited(reached(broker.port)))[-1] == ("broker.name_free", State.OK)


def test_a_broker_that_calls_everybody_by_the_user_costs_no_press(tmp_path: Path) -> None:
    """Our name is then the daemon's: what waits for it must still be there when the daemon comes back."""
    with mosquitto(tmp_path, "use_username_as_clientid true") as broker:
        with Visitor(broker.port, "alarm", password="right", keep=True) as daemon:
            daemon.listen("alarmbro/vraa/+/press")
        publish = ["mosquitto_pub", "-h", HOST, "-p", str(broker.port), "-u", "other", "-P", "right", "-q", "1"]
        subprocess.run(
            ["mosquitto_passwd", "-b", str(tmp_path / "passwords"), "other", "right"], check=True, timeout=10
        )
        broker.signal(1)
        topic = ["-t", "alarmbro/vraa/knap/press", "-m", "tryk"]
        until(lambda: subprocess.run([*publish, *topic], check=False, timeout=10, capture_output=True).returncode == 0)
        tried = visited(reached(broker.port))
        assert codes(tried) == [("broker.one_name", State.FAILED)]
        with Visitor(broker.port, "alarm", password="right", keep=True) as daemon:
            assert ("alarmbro/vraa/knap/press", b"tryk") in daemon.heard.wait_for(1, 10)


@pytest.mark.parametrize(("days", "state"), [(5, State.WARNING), (60, State.OK)])
def test_the_brokers_certificate_is_told_before_it_ends(days: int, state: State, tmp_path: Path) -> None:
    """And one that we do not trust is no way in."""
    folder = tmp_path / "pki"
    certificate(folder, days)
    port = free_port()
    shown = (f"listener {port} {HOST}", f"certfile {folder}/cert.pem", f"keyfile {folder}/key.pem")
    with mosquitto(tmp_path, *shown) as broker:
        until(lambda: codes(visited(reached(port, tls=True, ca_file=folder / "cert.pem")))[0][1] is state)
        stranger = visited(reached(port, tls=True))
        assert stranger.line is not None
        assert stranger.line.reason == "tls"
        unfit = visited(reached(port, tls=True, ca_file=folder / "key.pem"))
        assert unfit.line is not None
        assert unfit.line.reason == "unusable"
        assert broker.log()


def test_a_certificate_that_is_over_is_a_fault() -> None:
    """OpenSSL refuses it, too; where nobody checks, only its date tells."""
    tried = BrokerTried("b:8883", ends=NOW - timedelta(days=1))
    assert codes(tried)[0] == ("certificate.over", State.FAILED)


def test_a_broker_that_says_nothing_is_told() -> None:
    """To the log-in, or to the subscriptions."""
    silent = BrokerTried("b:1883", sites={"vraa": SiteTried()})
    assert codes(silent)[1] == ("broker.no_answer", State.FAILED)


def test_a_broker_that_hangs_ends_by_itself(tmp_path: Path) -> None:
    """Stopped in the middle, as by a machine that swaps: it takes the connection, and never answers."""
    with mosquitto(tmp_path) as broker:
        broker.signal(19)
        tried = visited(reached(broker.port))
        broker.signal(18)
    assert tried.line is not None
    assert tried.line.reason == "timeout"
