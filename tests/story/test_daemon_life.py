"""Starting, ending and enduring: the daemon as a process among broken things."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conftest import CONFIG, Scene
from running import Daemon, until


def test_sigterm_ends_it_within_five_seconds_although_every_target_hangs(scene: Scene) -> None:
    """A restart is never held up by a far end; what was not told is told after it."""
    scene.http.hang()
    scene.daemon.start()
    scene.daemon.ask("press", device="hirtshals/lokale-1")
    until(lambda: len(scene.http.received()) >= 2)
    assert scene.daemon.stop(signal.SIGTERM, within_s=5.0) == 0
    assert scene.daemon.records()[-1].draft.type.value == "stopped"
    scene.http.ok()
    scene.daemon.start()
    told = scene.daemon.wait_for("told", 3, alarm="hirtshals-1")
    assert {record.draft.recipient for record in told} == {"redningsringen", "serviceteam", "leder"}


def test_a_kill_between_the_press_and_the_people_loses_nothing(scene: Scene) -> None:
    """Power goes while every target hangs: after the start all are told, with the same number."""
    scene.http.hang()
    scene.daemon.start()
    scene.daemon.ask("press", device="hjoerring/reception")
    until(lambda: len(scene.http.received()) >= 2)
    scene.daemon.kill()
    scene.http.ok()
    scene.daemon.start()
    told = scene.daemon.wait_for("told", 3, alarm="hjoerring-1")
    assert {record.draft.recipient for record in told} == {"serviceteam", "politi", "leder"}
    assert len(scene.daemon.records("raised")) == 1
    assert scene.daemon.cli("journal", "verify").returncode == 0


def test_an_alarm_goes_out_although_nobody_reads_the_log(scene: Scene) -> None:
    """Both streams are pipes whose far ends are gone: no line can be written, every person is told."""
    command = [sys.executable, "-m", "alarmbro", "run", "--log-format", "json", *scene.daemon.arguments]
    reading, writing = os.pipe()
    scene.daemon.process = subprocess.Popen(command, stdout=writing, stderr=writing, cwd="/", env=scene.daemon.environ)
    os.close(writing)
    os.close(reading)
    until(scene.daemon.answers)
    scene.daemon.ask("press", device="hirtshals/lokale-1")
    scene.daemon.wait_for("told", 3)
    assert scene.daemon.stop() == 0


def test_a_log_that_nobody_empties_holds_nothing_up(scene: Scene) -> None:
    """A full pipe blocks whoever writes to it: that is one thread that nothing waits for."""
    command = [sys.executable, "-m", "alarmbro", "run", "--log-format", "json", *scene.daemon.arguments]
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    try:
        while True:
            os.write(writing, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(writing, True)
    scene.daemon.process = subprocess.Popen(command, stdout=writing, stderr=writing, cwd="/", env=scene.daemon.environ)
    os.close(writing)
    until(scene.daemon.answers)
    scene.daemon.ask("press", device="hirtshals/lokale-1")
    scene.daemon.wait_for("told", 3)
    scene.daemon.process.terminate()
    scene.daemon.process.wait(5)
    os.close(reading)


def test_the_first_alarm_loads_nothing(scene: Scene) -> None:
    """Everything that a press needs is there before READY: an import on an SD card takes seconds."""
    script = f"""
import os, sys, threading, json
from pathlib import Path
from alarmbro.config import load
from alarmbro.control.client import ask
from alarmbro.daemon import Daemon, Folders
run = Path({str(scene.daemon.run_dir)!r})
again = lambda: load(Path({str(scene.daemon.config)!r}), environ=os.environ)
daemon = Daemon(again().configuration, Folders(Path({str(scene.daemon.state)!r}), run), again)
def story():
    while True:
        try:
            ask(run, {{"do": "status"}})
            break
        except Exception:
            threading.Event().wait(0.05)
    before = set(sys.modules)
    answer = ask(run, {{"do": "press", "device": "hirtshals/lokale-1"}})
    while not all(len(a["told"]) == 3 for a in ask(run, {{"do": "status"}})["alarms"]):
        threading.Event().wait(0.05)
    print("loaded", json.dumps(sorted(set(sys.modules) - before)), flush=True)
    os.kill(os.getpid(), 15)
threading.Thread(target=story, daemon=True).start()
sys.exit(daemon.run())
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=scene.daemon.environ,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = next(line for line in done.stdout.splitlines() if line.startswith("loaded "))
    assert json.loads(loaded.removeprefix("loaded ")) == []


@pytest.mark.skipif(any(Path("/dev").glob("gpiochip*")), reason="this machine has a GPIO chip")
def test_without_a_gpio_chip_it_says_in_one_line_what_to_do(scene: Scene) -> None:
    """Where wired buttons are all there is, the pins of the configuration are an error that names the way out."""
    text = scene.daemon.config.read_text(encoding="utf-8").replace("factory: mock", "factory: lgpio")
    scene.daemon.config.write_text(text, encoding="utf-8")
    scene.daemon.environ["ALARMBRO_SERVE"] = "hirtshals"
    done = scene.daemon.cli("run", check=False)
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if line.startswith("alarmbro:")]
    assert len(lines) == 1
    has_lgpio = importlib.util.find_spec("lgpio") is not None  # PyPI has none for Python 3.13
    assert ("no GPIO chip" if has_lgpio else "module lgpio is missing") in lines[0]
    assert "factory: mock" in lines[0]


@pytest.mark.skipif(any(Path("/dev").glob("gpiochip*")), reason="this machine has a GPIO chip")
def test_without_a_gpio_chip_pendants_work_and_the_fault_is_told(scene: Scene) -> None:
    """The machine of a building with both: dead buttons are no reason to be deaf to the others."""
    text = scene.daemon.config.read_text(encoding="utf-8").replace("factory: mock", "factory: lgpio")
    scene.daemon.config.write_text(text, encoding="utf-8")
    scene.broker.start()
    scene.daemon.start()
    faults = until(lambda: scene.daemon.ask("status")["faults"], say=scene.daemon.log_text)
    assert "gpio/chip" in str(faults)
    command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(scene.broker.port), "-q", "1"]
    until(lambda: all(scene.daemon.ask("status")["mqtt"].values()), say=scene.daemon.log_text)
    subprocess.run([*command, "-t", "alarmbro/vraa/lommy-1/press", "-n"], check=True, timeout=10)
    scene.daemon.wait_for("told", 1, site="vraa")
    assert scene.daemon.stop() == 0


def test_a_second_daemon_on_the_same_folder_is_refused(scene: Scene) -> None:
    """Two writers would corrupt the journal: the second ends at once, the first goes on."""
    scene.daemon.start()
    done = scene.daemon.cli("run", check=False)
    assert done.returncode == 1
    assert "another alarmbro daemon" in done.stderr
    assert scene.daemon.answers()


def test_without_any_place_for_a_journal_alarms_go_out_all_the_same(scene: Scene, tmp_path: Path) -> None:
    """No state folder can be made: everybody is told within a second, and so is the fault."""
    (tmp_path / "file").touch()
    scene.daemon.state = tmp_path / "file" / "state"
    scene.daemon.start()
    answer = scene.daemon.ask("press", device="hirtshals/lokale-1")
    until(lambda: {"redningsringen", "serviceteam"} <= {each.path.strip("/") for each in scene.http.received()})
    status = scene.daemon.ask("status")
    assert [alarm["alarm"] for alarm in status["alarms"]] == [answer["alarm"]]
    assert "journal/write" in {fault["fault"] for fault in status["faults"]}


def test_a_configuration_with_an_error_is_refused_whole(scene: Scene) -> None:
    """It does not start with half of it; every error is shown with its place."""
    text = scene.daemon.config.read_text(encoding="utf-8").replace("route: raadhus", "route: raadhuset")
    scene.daemon.config.write_text(text, encoding="utf-8")
    done = scene.daemon.cli("run", check=False)
    assert done.returncode == 2
    assert "raadhus" in done.stderr
    assert str(scene.daemon.config) in done.stderr


def test_systemd_hears_ready_only_when_the_buttons_are_armed(scene: Scene, tmp_path: Path) -> None:
    """READY, then the watchdog by turns, a STATUS in Danish, and STOPPING at the end."""
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.settimeout(20)
        scene.daemon.environ |= {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "2000000"}
        scene.daemon.environ.pop("WATCHDOG_PID", None)
        scene.daemon.start(ready=False)
        said: list[str] = []
        while not any("READY=1" in each for each in said):
            said.append(manager.recv(4096).decode("utf-8"))
        until(scene.daemon.answers)
        scene.daemon.ask("press", device="hirtshals/lokale-1")
        while sum("WATCHDOG=1" in each for each in said) < 3 or not any("åbne alarmer: 1" in each for each in said):
            said.append(manager.recv(4096).decode("utf-8"))
        threading.Thread(target=scene.daemon.stop, daemon=True).start()
        while not any("STOPPING=1" in each for each in said):
            said.append(manager.recv(4096).decode("utf-8"))
    assert any("klar: 10 knapper" in each for each in said)


def test_the_demo_configuration_runs(tmp_path: Path, scene: Scene) -> None:
    """What `make demo` starts is the same daemon on a configuration that is checked like any other."""
    scene.broker.start()
    text = (CONFIG / "demo.yaml").read_text(encoding="utf-8")
    text = text.replace("@BROKER_PORT@", str(scene.broker.port)).replace("@RECEIVER_PORT@", str(scene.http.port))
    folder = tmp_path / "demo"
    folder.mkdir()
    daemon = Daemon(folder, text)
    daemon.start()
    try:
        daemon.cli("pin", "hjoerring/skranke-1")
        told = daemon.wait_for("told", 3)
        assert {record.draft.recipient for record in told} == {"serviceteam", "politi", "leder"}
    finally:
        daemon.end()
