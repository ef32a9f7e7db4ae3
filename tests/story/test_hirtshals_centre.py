"""Hirtshals: from the button under the desk to the centre's own receiver, by SIA DC-09, and what is done without it."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager

from conftest import Scene
from dc09_receiver import Scripted, ack, duh, scripted
from pysiaalarm import CommunicationsProtocol, SIAAccount, SIAClient, SIAEvent
from running import until

LIMIT_S = 15.0
HOST = "127.0.0.1"
KEY = "0123456789ABCDEF"


@contextmanager
def centre(port: int = 0) -> Iterator[tuple[int, queue.SimpleQueue[SIAEvent]]]:
    """Run a receiver that we did not write; it knows account 0012 and its key."""
    heard: queue.SimpleQueue[SIAEvent] = queue.SimpleQueue()
    client = SIAClient(HOST, port, [SIAAccount("0012", KEY)], heard.put, CommunicationsProtocol.TCP)
    client.start()
    try:
        yield client.sia_server.server_address[1], heard
    finally:
        client.stop()


def aim(scene: Scene, port: int, more: str = "") -> None:
    """Point the shipped configuration's address of the alarm centre at a receiver here."""
    address = f"sia://0012@{HOST}:{port}/?zone={{device.zone}}{more}"
    scene.daemon.environ["ALARMBRO_SECRET_REDNINGSRINGEN"] = address


def shorten_the_fallback(scene: Scene) -> None:
    """Let the fallback come after a second."""
    text = scene.daemon.config.read_text(encoding="utf-8")
    scene.daemon.config.write_text(text.replace("fallback_after: 30s", "fallback_after: 1s"), encoding="utf-8")


def test_a_press_in_hirtshals_reaches_the_centre_and_its_end_is_a_restoral(scene: Scene) -> None:
    """Encrypted, by the room's own zone; nothing cancels, whoever closes it and as what."""
    with centre() as (port, heard):
        aim(scene, port, f"&key={KEY}")
        scene.daemon.start()
        scene.daemon.cli("pin", "hirtshals/lokale-2")
        pressed = heard.get(timeout=LIMIT_S)
        assert (pressed.code, pressed.account, pressed.encrypted) == ("PA", "0012", True)
        assert "Nri1/PA12]" in str(pressed)
        told = scene.daemon.wait_for("told", 3, alarm="hirtshals-1")
        assert {record.draft.recipient for record in told} == {"redningsringen", "serviceteam", "leder"}
        scene.daemon.cli("ack", "hirtshals-1", "--by", "leder")
        scene.daemon.cli("close", "hirtshals-1", "--outcome", "false_alarm", "--by", "leder")
        assert heard.get(timeout=LIMIT_S).code == "PR"
        assert heard.empty()


def test_a_centre_that_does_not_answer_gets_its_sms_and_the_alarm_when_it_is_back(scene: Scene) -> None:
    """The fallback after its time, and the code all the same once a receiver listens again."""
    with scripted(lambda _frame: None) as silent:
        port = silent.port
        aim(scene, port)
        shorten_the_fallback(scene)
        scene.daemon.start()
        scene.daemon.cli("pin", "hirtshals/lokale-1")
        until(lambda: any(each.path == "/redningsringen-sms" for each in scene.http.received()), LIMIT_S)
    with centre(port) as (_, heard):
        again: SIAEvent = heard.get(timeout=60)
        assert again.code == "PA"


def test_a_centre_that_does_not_understand_is_a_fault_and_gets_its_sms_at_once(scene: Scene) -> None:
    """A repeat mends nothing; thirty seconds of waiting neither."""
    with scripted(duh) as puzzled:
        aim(scene, puzzled.port)
        scene.daemon.start()
        scene.daemon.cli("pin", "hirtshals/lokale-1")
        until(lambda: any(each.path == "/redningsringen-sms" for each in scene.http.received()), LIMIT_S)
        faults = scene.daemon.wait_for("fault", 1)
        assert faults[0].draft.data["fault"] == "target/redningsringen/1 (sia)"
        assert events_said(puzzled) == 1


def events_said(heard: Scripted) -> int:
    """Count the alarms that a receiver heard, without the signs of life."""
    return sum(b'"NULL"' not in frame for frame in heard.frames)


def test_a_test_reaches_the_centre_while_it_has_us_on_test_and_not_else(scene: Scene) -> None:
    """The real code is what is to be proved."""
    with scripted() as heard:
        aim(scene, heard.port)
        scene.daemon.start()
        scene.daemon.cli("test", "start", "hirtshals", "--by", "koordinator")
        scene.daemon.cli("pin", "hirtshals/lokale-1")
        scene.daemon.wait_for("test_passed", 1)
        assert events_said(heard) == 0
        scene.daemon.cli("test", "on-test", "redningsringen", "--who", "Vagthavende", "--for", "2h")
        scene.daemon.cli("pin", "hirtshals/lokale-2")
        scene.daemon.wait_for("test_passed", 2)
        assert events_said(heard) == 1
        assert b"Nri1/PA12" in heard.frames[-1]


def test_a_lost_line_to_the_centre_is_known_without_any_alarm(scene: Scene) -> None:
    """By the null messages, and over when they are answered again. The answers' limits make it some 40 seconds."""
    with scripted(lambda _frame: None) as line:
        aim(scene, line.port, "&poll=10s")
        scene.daemon.start()
        faults = scene.daemon.wait_for("fault", 1, 60)
        assert faults[0].draft.data["fault"] == "probe/redningsringen/1 (sia)"
        line.script[:] = [ack]
        scene.daemon.wait_for("fault_cleared", 1, 60)
        assert events_said(line) == 0
