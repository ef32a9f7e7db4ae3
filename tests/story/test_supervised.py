"""A device unplugged, a flat battery, a password changed: those who mend hear of it, and again when it is well."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from broker import Mosquitto
from conftest import Scene
from running import until


def publish(scene: Scene, topic: str, payload: object, *more: str) -> None:
    text = payload if isinstance(payload, str) else json.dumps(payload)
    command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(scene.broker.port), "-q", "1", "-t", topic, "-m", text]
    subprocess.run([*command, *more], check=True, timeout=20)


def supervised(scene: Scene, old: str, new: str) -> None:
    """Change the shipped configuration."""
    text = scene.daemon.config.read_text(encoding="utf-8")
    assert old in text
    scene.daemon.config.write_text(text.replace(old, new), encoding="utf-8")


def device(scene: Scene, path: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each for each in scene.daemon.ask("status")["devices"] if f"{each['site']}/{each['device']}" == path
    )
    return found


def ready(scene: Scene) -> None:
    scene.broker.start()
    scene.daemon.start()
    until(lambda: all(scene.daemon.ask("status")["mqtt"].values()))


def test_a_pendant_that_falls_silent_is_told_and_told_again_when_it_speaks(scene: Scene) -> None:
    """By mail to the technicians; nobody else is disturbed, and the button is red until then."""
    supervised(scene, "heartbeat: 24h", "heartbeat: 3s")
    ready(scene)
    publish(scene, "alarmbro/vraa/lommy-1/heartbeat", {"battery": 80})
    until(lambda: device(scene, "vraa/lommy-1")["battery"] == 80)
    assert device(scene, "vraa/lommy-1")["health"] == "green"
    silent = scene.daemon.wait_for("fault", 1, device="lommy-1", site="vraa")[0].draft.data
    assert (silent["fault"], silent["notify"]) == ("silent/vraa/lommy-1", ["teknik"])
    assert device(scene, "vraa/lommy-1")["health"] == "red"
    publish(scene, "alarmbro/vraa/lommy-1/heartbeat", "")
    scene.daemon.wait_for("fault_cleared", 1, device="lommy-1", site="vraa")
    mails = scene.smtp.wait_for(3)
    assert any("Knappen vraa/lommy-1 har ikke meldt sig." in mail.text for mail in mails)
    assert scene.daemon.records("raised") == []
    assert scene.http.received() == []


def test_a_low_battery_is_told_once_and_outlives_a_restart(scene: Scene) -> None:
    """The restart neither tells it anew nor forgets it; a new battery ends it."""
    ready(scene)
    publish(scene, "alarmbro/vraa/lommy-1/heartbeat", {"battery": 12})
    scene.daemon.wait_for("fault", 1)
    scene.daemon.wait_for("told", 1)
    assert device(scene, "vraa/lommy-1")["reasons"][0] == "battery/vraa/lommy-1"
    scene.daemon.stop()
    scene.daemon.start()
    until(lambda: all(scene.daemon.ask("status")["mqtt"].values()))
    shown = device(scene, "vraa/lommy-1")
    assert (shown["health"], shown["battery"]) == ("yellow", 12)
    publish(scene, "alarmbro/vraa/lommy-1/heartbeat", {"battery": 100})
    cleared = scene.daemon.wait_for("fault_cleared", 1)
    assert cleared[0].draft.data["fault"] == "battery/vraa/lommy-1"
    assert len(scene.daemon.records("fault")) == 1


def test_what_status_says_is_what_a_person_needs(scene: Scene) -> None:
    """The colour, the reason and what to do, in Danish."""
    ready(scene)
    publish(scene, "alarmbro/sindal/lommy-1/heartbeat", {"battery": 3})
    scene.daemon.wait_for("fault", 1)
    said = scene.daemon.cli("status").stdout
    assert "Lavt batteri i sindal/lommy-1. Skift eller oplad batteriet i dag" in said
    assert "GUL" in said


def test_a_password_that_was_changed_is_told_before_an_alarm_needs_it_and_again_when_it_is_right(
    scene: Scene, tmp_path: Path
) -> None:
    """The police's relay listens at a broker of its own; nothing is ever published there while nobody presses."""
    passwords = tmp_path / "passwords"

    def password(said: str) -> None:
        command = ["mosquitto_passwd", "-b", "-c", str(passwords), "alarm", said]
        subprocess.run(command, check=True, timeout=20, capture_output=True)

    password("ret")
    police = Mosquitto(tmp_path / "police", settings=("allow_anonymous false", f"password_file {passwords}"))
    police.start()
    try:
        scene.daemon.environ["ALARMBRO_SECRET_POLITI"] = f"mqtt://alarm:ret@127.0.0.1:{police.port}/alarm"
        supervised(scene, "\nfaults:", "\nsupervise: {targets: 1s}\nfaults:")
        ready(scene)
        password("forkert")
        police.signal(signal.SIGHUP)
        told = scene.daemon.wait_for("fault", 1)[0].draft.data
        assert told["fault"].startswith("probe/politi/")
        password("ret")
        police.signal(signal.SIGHUP)
        scene.daemon.wait_for("fault_cleared", 1)
        mails = scene.smtp.wait_for(2)
        assert all("politi" in mail.text for mail in mails)
        assert "PUBLISH" not in police.log()
    finally:
        police.stop()


def test_a_cut_cable_is_told_at_once_and_the_button_still_calls(scene: Scene, tmp_path: Path) -> None:
    """The wire of the contact that is closed at rest; over when it is mended and the button has been pressed."""
    supervised(scene, "zone: 11, gpio: 17", "zone: 11, gpio: {pin: 17, opposite: 22}")
    cut, program = tmp_path / "cut", Path(__file__).with_name("cable_cut.py")
    scene.broker.start()
    scene.daemon.start(command=[sys.executable, str(program), "22", str(cut), "run"])
    cut.touch()
    told = scene.daemon.wait_for("fault", 1, device="lokale-1", site="hirtshals")[0].draft.data
    assert (told["fault"], told["notify"]) == ("cable/hirtshals/lokale-1", ["teknik"])
    assert device(scene, "hirtshals/lokale-1")["health"] == "red"
    scene.smtp.wait_for(1)
    scene.daemon.cli("pin", "hirtshals/lokale-1")
    scene.daemon.wait_for("raised", 1, device="lokale-1")
    cut.unlink()
    scene.daemon.cli("pin", "hirtshals/lokale-1")
    scene.daemon.wait_for("fault_cleared", 1, device="lokale-1", site="hirtshals")
