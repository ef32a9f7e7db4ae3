"""Another configuration without a restart: what stays misses nothing, what is wrong changes nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from pathlib import Path

import pytest
from broker import Mosquitto
from conftest import Scene
from running import until

from alarmbro.model.errors import AlarmbroError
from alarmbro.model.record import Record

LOKALE = "hirtshals/lokale-1"


def change(scene: Scene, old: str, new: str) -> None:
    text = scene.daemon.config.read_text(encoding="utf-8")
    assert old in text
    scene.daemon.config.write_text(text.replace(old, new, 1), encoding="utf-8")


def ready(scene: Scene) -> None:
    scene.broker.start()
    scene.daemon.start()
    until(lambda: all(scene.daemon.ask("status")["mqtt"].values()))


def in_force(scene: Scene) -> list[Record]:
    return scene.daemon.records("config")


def publish(scene: Scene, topic: str, qos: int = 1) -> None:
    command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(scene.broker.port), "-q", str(qos), "-t", topic, "-m", ""]
    subprocess.run(command, check=True, timeout=20)


def test_a_new_button_and_a_new_pendant_call_people_from_then_on(scene: Scene) -> None:
    """Nothing was restarted, and it is on record who wanted it."""
    ready(scene)
    change(
        scene,
        "      lokale-2:",
        "      lokale-3: {name: Lokale 3, zone: 3, gpio: 24}\n      lommy-9: {name: Lommy 9, zone: 9, mqtt: true}\n"
        "      lokale-2:",
    )
    said = scene.daemon.cli("reload", "--by", "Teknikeren").stdout
    record = in_force(scene)[-1]
    assert record.draft.data["digest"][:12] in said
    assert record.draft.personal == {"by": "Teknikeren"}
    scene.daemon.cli("pin", "hirtshals/lokale-3")
    publish(scene, "alarmbro/hirtshals/lommy-9/press")
    scene.daemon.wait_for("told", 6)
    raised = scene.daemon.records("raised")
    assert {each.draft.device for each in raised} == {"lokale-3", "lommy-9"}
    assert len(scene.daemon.records("started")) == 1


def test_a_file_with_an_error_changes_nothing_and_is_a_fault_until_it_is_mended(scene: Scene) -> None:
    """By the command and by the signal; a machine that started by it would not start at all."""
    ready(scene)
    good = scene.daemon.config.read_text(encoding="utf-8")
    scene.daemon.config.write_text(
        good.replace("notify: [redningsringen,", "notify: [redningsrigen,"), encoding="utf-8"
    )
    refused = scene.daemon.cli("reload", check=False)
    assert refused.returncode == 2
    assert "redningsringen" in refused.stderr
    fault = scene.daemon.wait_for("fault", 1)[0].draft.data
    assert fault["fault"] == "configuration/file"
    assert scene.daemon.process is not None
    scene.daemon.process.send_signal(signal.SIGHUP)
    until(lambda: any(line["event"] == "the configuration in force stays" for line in scene.daemon.log_lines()))
    scene.daemon.cli("pin", LOKALE)
    told = scene.daemon.wait_for("told", 3, alarm="hirtshals-1")
    assert {each.draft.recipient for each in told} >= {"redningsringen", "serviceteam", "leder"}
    assert len(in_force(scene)) == 1
    scene.daemon.config.write_text(good, encoding="utf-8")
    scene.daemon.process.send_signal(signal.SIGHUP)
    scene.daemon.wait_for("fault_cleared", 1)
    assert in_force(scene)[-1].draft.personal == {"by": "SIGHUP"}


def test_an_open_alarm_keeps_its_route_and_is_told_to_a_new_address(scene: Scene) -> None:
    """People on the way are not called off, and who could not be reached by the old address is by the new one."""
    scene.http.hang()
    ready(scene)
    scene.daemon.cli("pin", LOKALE)
    until(lambda: len(scene.http.received()) >= 2)
    change(scene, "    route: hirtshals", "    route: bibliotek")
    scene.daemon.cli("reload")
    scene.http.ok()
    told = scene.daemon.wait_for("told", 3, alarm="hirtshals-1")
    assert "redningsringen" in {each.draft.recipient for each in told}
    scene.daemon.cli("pin", "hirtshals/lokale-2")
    scene.daemon.wait_for("told", 3, alarm="hirtshals-2")
    assert {each.draft.data["route"] for each in scene.daemon.records("raised")} == {"hirtshals", "bibliotek"}


def test_no_press_is_lost_while_configurations_change(scene: Scene) -> None:
    """Wired buttons, and pendants whose messages no broker keeps, pressed all the while."""
    ready(scene)
    pressing, pressed = threading.Event(), {"pin": 0, "mqtt": 0}

    def press_pendants() -> None:
        while not pressing.is_set():
            publish(scene, "alarmbro/vraa/lommy-1/press", qos=0)
            pressed["mqtt"] += 1
            pressing.wait(0.05)

    def press_buttons() -> None:
        while not pressing.is_set():
            scene.daemon.ask("pin", device=LOKALE, for_s=0.06)
            pressed["pin"] += 1
            pressing.wait(0.1)

    threads = [threading.Thread(target=press_pendants), threading.Thread(target=press_buttons)]
    for thread in threads:
        thread.start()
    try:
        for number in range(5):
            new = f"      lokale-{number + 3}: {{name: Ny {number}, zone: {number + 31}, gpio: {20 + number}}}\n"
            change(scene, "      lokale-2:", f"{new}      lokale-2:")
            scene.daemon.cli("reload")
    finally:
        pressing.set()
        for thread in threads:
            thread.join()
    presses = sum(pressed.values())
    assert presses >= 10
    until(lambda: len(scene.daemon.records("activation")) >= presses)
    assert len(scene.daemon.records("activation")) == presses


def test_what_is_taken_out_falls_silent_and_its_faults_are_over(scene: Scene) -> None:
    """A pendant that is no more would be missing for ever."""
    ready(scene)
    publish(scene, "alarmbro/vraa/lommy-1/heartbeat")
    subprocess.run(
        ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(scene.broker.port), "-q", "1",
         "-t", "alarmbro/vraa/lommy-1/heartbeat", "-m", json.dumps({"battery": 4})],
        check=True, timeout=20,
    )  # fmt: skip
    scene.daemon.wait_for("fault", 1, device="lommy-1", site="vraa")
    text = scene.daemon.config.read_text(encoding="utf-8")
    begin = text.index("  vraa:\n")
    scene.daemon.config.write_text(
        text[:begin] + text[begin:].replace("      lommy-1:", "      lommy-7:", 1), encoding="utf-8"
    )
    scene.daemon.cli("reload")
    scene.daemon.wait_for("fault_cleared", 1, device="lommy-1", site="vraa")
    publish(scene, "alarmbro/vraa/lommy-1/press")
    rejected = scene.daemon.wait_for("rejected", 1)[0].draft.data
    assert rejected["reason"] == "unknown_device"
    publish(scene, "alarmbro/vraa/lommy-7/press")
    scene.daemon.wait_for("raised", 1, device="lommy-7")


def test_what_needs_a_restart_says_so_and_changes_nothing(scene: Scene) -> None:
    """Another chip cannot be taken while the buttons are on this one."""
    ready(scene)
    change(scene, "factory: mock", "factory: lgpio")
    with pytest.raises(AlarmbroError, match="restart"):
        scene.daemon.ask("reload")
    assert len(in_force(scene)) == 1
    scene.daemon.cli("pin", LOKALE)
    scene.daemon.wait_for("raised", 1)


def test_another_broker_is_listened_to_in_place_of_the_first(scene: Scene, tmp_path: Path) -> None:
    """And the first is left in order: whoever looks there reads that the site is gone."""
    ready(scene)
    (tmp_path / "second").mkdir()
    second = Mosquitto(tmp_path / "second")
    second.start()
    try:
        change(scene, f"127.0.0.1:{scene.broker.port}", f"127.0.0.1:{second.port}")
        scene.daemon.cli("reload")
        until(lambda: all(scene.daemon.ask("status")["mqtt"].values()))
        command = ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(scene.broker.port), "-t", "alarmbro/vraa/status", "-C"]
        left = subprocess.run([*command, "1"], check=True, timeout=20, capture_output=True, text=True)
        assert json.loads(left.stdout) == {"online": False}
        scene.broker.port, first = second.port, scene.broker.port
        publish(scene, "alarmbro/vraa/lommy-1/press")
        scene.broker.port = first
        scene.daemon.wait_for("raised", 1, device="lommy-1")
    finally:
        second.stop()
