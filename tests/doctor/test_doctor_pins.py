"""Pins are tried as the daemon reads them, and never while a daemon may hold them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from places import municipality, recipient

from alarmbro.doctor.findings import Found, State
from alarmbro.doctor.judging.alive import Alive, Sign
from alarmbro.doctor.judging.pins import (
    Device,
    Folder,
    Trial,
    Tried,
    Wire,
    judge_chip,
    judge_folder,
    judge_held,
    judge_trial,
)
from alarmbro.doctor.trying import pins as claiming
from alarmbro.doctor.trying.pins import chips, try_pins, wires_of, work_folder
from alarmbro.doctor.trying.premises import Premises
from alarmbro.doctor.trying.users import User
from alarmbro.doctor.wiring import Wiring
from alarmbro.inputs.pins import DEV
from alarmbro.model.configuration import Configuration, Gpio, PinFactory
from alarmbro.model.site import AcknowledgeKey, Contact, GpioInput

HERE = Path(__file__).parent
BENCH = HERE.parent / "inputs" / "gpio"  # where lgpio_bench.py is
REST, CLOSED, TAKEN, LIGHT = 17, 27, 22, 24
DESK = Wire("hirtshals/lokale-1", REST, closed=False, button=True)


def says(founds: list[Found]) -> list[tuple[str, str]]:
    return [(found.subject, found.says) for found in founds]


def wired() -> Configuration:
    """Give a municipality with every kind of pin at Hirtshals."""
    base = municipality()
    site = base.sites["hirtshals"]
    first, second = site.devices["lokale-1"], site.devices["lokale-2"]
    devices = {
        "lokale-1": replace(first, gpio=GpioInput(REST, opposite=TAKEN), led=LIGHT),
        "lokale-2": replace(second, gpio=GpioInput(CLOSED, Contact.NORMALLY_CLOSED)),
    }
    key = AcknowledgeKey(GpioInput(5), "Nøgle")
    sites = {**base.sites, "hirtshals": replace(site, devices=devices, acknowledge=key, led=23)}
    recipients = {**base.recipients, "teknik": recipient("teknik", "relay://18?pulse=3s")}
    return replace(base, sites=sites, recipients=recipients, serve=("hirtshals",))


def test_every_pin_of_this_machine_is_looked_at() -> None:
    """Buttons, both pins of a changeover, a key, lights and relays; nothing of other sites."""
    assert set(wires_of(wired())) == {
        DESK,
        Wire("hirtshals/lokale-1", TAKEN, closed=True, button=True),
        Wire("hirtshals/lokale-2", CLOSED, closed=True, button=True),
        Wire("hirtshals/acknowledge", 5, closed=False),
        Wire("hirtshals/lokale-1", LIGHT, closed=None),
        Wire("hirtshals", 23, closed=None),
        Wire("teknik/1 (relay)", 18, closed=None),
    }
    assert wires_of(replace(municipality(), serve=("vraa",))) == ()


def test_pins_are_read_and_given_back_and_outputs_never_switched(tmp_path: Path) -> None:
    """On lgpio's own module and thread: at rest, closed, held by the kernel, not on the board, and a light."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), str(BENCH)])}
    environ.pop("LG_WD", None)
    done = subprocess.run(
        [sys.executable, str(HERE / "pins_bench.py"), str(tmp_path)], capture_output=True, text=True, check=True,
        timeout=60, env=environ, cwd=tmp_path,
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    pins = {each["pin"]: each for each in found["pins"]}
    assert (found["error"], found["outputs"]) == ("", [])
    assert "gpiochip0" in found["board"]
    assert (pins[REST]["closed"], pins[CLOSED]["closed"]) == (False, True)
    assert (pins[TAKEN]["held"], pins[TAKEN]["holder"]) == (True, "w1-gpio")
    assert "no GPIO pin 99" in pins[99]["error"]
    assert pins[LIGHT] == {"pin": LIGHT, "held": False, "holder": ""}


def test_how_pins_were_found_is_told() -> None:
    """At rest is well; as pressed is doubtful, as somebody may be pressing; taken or unreadable is a fault."""
    wires = [
        DESK,
        Wire("hirtshals/lokale-2", CLOSED, closed=True),
        Wire("vraa/a", TAKEN, closed=False),
        Wire("vraa/b", 99, closed=False),
        Wire("vraa/c", 6, closed=False),
        Wire("vraa/led", LIGHT, closed=None),
    ]
    tried = (
        Tried(REST, closed=False), Tried(CLOSED, closed=True), Tried(TAKEN, held=True, holder="w1-gpio"),
        Tried(99, error="no such pin"), Tried(6, closed=True), Tried(LIGHT),
    )  # fmt: skip
    found = list(judge_trial(Trial("Pi 5", "", tried), wires))
    assert [each.says for each in found] == [
        "gpio.lgpio_works", "gpio.rests", "gpio.rests", "gpio.taken", "gpio.fails", "gpio.pressed", "gpio.free",
    ]  # fmt: skip
    assert found[3].values["holder"] == "w1-gpio"
    assert [each.state for each in found[3:6]] == [State.FAILED, State.FAILED, State.WARNING]


def test_a_machine_without_a_chip_is_told(tmp_path: Path) -> None:
    """By the process itself, too, in the daemon's own words."""
    assert says(list(judge_chip([], [DESK], "pi", "alarmbro"))) == [("chip", "gpio.no_chip")]
    assert [each.state for each in judge_chip([], None, "pi", "alarmbro")] == [State.WARNING]
    assert says(list(judge_chip([], (), "pi", "alarmbro"))) == [("chip", "gpio.none_wired")]
    if not list(DEV.glob("gpiochip*")):
        assert "no GPIO chip" in try_pins(Gpio(), [DESK]).error


def test_lgpio_that_is_missing_or_empty_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The empty package 0.0.0.2, which installers pick where PyPI has no wheel; and none at all."""
    stub = tmp_path / "lgpio.py"
    stub.write_text("", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    trial = try_pins(Gpio(), [])
    assert "is empty" in trial.error
    assert says(list(judge_trial(trial, [DESK]))) == [("lgpio", "gpio.lgpio_fails")]
    stub.write_text("raise ModuleNotFoundError(name='lgpio')", encoding="utf-8")
    assert "lgpio is missing" in try_pins(Gpio(), []).error


def test_a_process_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A driver that does not answer must not hold the doctor up; its end is told as its own error."""
    (tmp_path / "lgpio.py").write_text("import time\ntime.sleep(60)", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    begun_s = time.monotonic()
    with pytest.raises(TimeoutError):
        try_pins(Gpio(), [], limit_s=1.5)
    assert time.monotonic() - begun_s < 10


def test_a_process_that_dies_is_told_without_what_it_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the kind of its last error: a traceback is nothing for a technician."""
    (tmp_path / "lgpio.py").write_text("import os\nos.abort()", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert try_pins(Gpio(), []).error.startswith("exit -6")


def test_the_doctors_pipe_is_not_in_the_daemons_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At its start lgpio unlinks the pipe that it finds in its folder: that of a daemon that runs."""
    pipe = tmp_path / ".lgd-nfy0"
    os.mkfifo(pipe)
    monkeypatch.setenv("LG_WD", str(tmp_path))
    before = pipe.stat().st_ino
    try_pins(Gpio(), [])
    assert pipe.stat().st_ino == before


def answering(reasons: list[str], inputs: list[str]) -> Alive:
    device = {"site": "hirtshals", "device": "lokale-1", "reasons": reasons, "inputs": inputs}
    return Alive(Sign.ANSWERS, {"devices": [device]})


@pytest.mark.parametrize(
    ("alive", "code", "state"),
    [
        (answering([], ["gpio"]), "gpio.held", State.OK),
        (answering(["never_tested"], ["gpio"]), "gpio.held", State.OK),
        (answering(["gpio/hirtshals/lokale-1"], ["gpio"]), "gpio.unread", State.FAILED),
        (answering(["gpio/chip"], ["gpio"]), "gpio.unread", State.FAILED),
        (answering(["stuck/hirtshals/lokale-1"], ["gpio"]), "gpio.pressed", State.WARNING),
        (answering([], ["mqtt"]), "gpio.newer", State.WARNING),
        (Alive(Sign.ANSWERS, {"devices": []}), "gpio.newer", State.WARNING),
        (Alive(Sign.SILENT), "gpio.untold", State.WARNING),
        (Alive(Sign.BARRED), "gpio.untold", State.WARNING),
    ],
)
def test_a_daemon_that_runs_is_asked_instead(alive: Alive, code: str, state: State) -> None:
    """It holds the pins; what it cannot read, it says."""
    (found,) = judge_held([DESK], alive)
    assert (found.says, found.state) == (code, state)


def test_no_pin_is_tried_while_a_daemon_runs(tmp_path: Path) -> None:
    """Whatever else can be said of chip and folder is said; of mock pins only that they are no real ones."""
    premises = Premises(tmp_path / "x.yaml", tmp_path, tmp_path, {})

    def codes(known: Configuration | None, alive: Alive) -> set[str]:
        wiring = Wiring(known, alive, premises, "pi")
        return {found.says for each in wiring.examinations() for found in each.run()}

    answers = Alive(Sign.ANSWERS, {"devices": []})
    assert codes(replace(wired(), gpio=Gpio(PinFactory.MOCK)), answers) == {"gpio.mock"}
    assert codes(replace(municipality(), serve=("vraa",)), answers) == {"gpio.none_wired"}
    assert {"gpio.newer", "gpio.held", "gpio.folder"} <= codes(wired(), answers)
    assert {"gpio.untold", "gpio.folder"} <= codes(wired(), Alive(Sign.BARRED))


def test_who_may_open_the_chip_is_told_for_the_services_user(tmp_path: Path) -> None:
    """The group gpio is what is forgotten most."""
    chip = tmp_path / "gpiochip0"
    chip.touch()
    chip.chmod(0o660)
    gid = chip.stat().st_gid
    (device,) = chips(User("alarmbro", 4711, 4711, frozenset({4711})), tmp_path)
    assert device.service is False
    (found,) = judge_chip([device], [DESK], "pi", "alarmbro")
    assert (found.says, found.values["service"]) == ("gpio.service_barred", "alarmbro")
    (device,) = chips(User("alarmbro", 4711, 4711, frozenset({4711, gid})), tmp_path)
    assert [each.says for each in judge_chip([device], [DESK], "pi", "alarmbro")] == ["gpio.open"]
    mine = Device(str(chip), "gpio", mine=False, service=None)
    assert [each.says for each in judge_chip([mine], [DESK], "pi", "pi")] == ["gpio.barred"]


def test_lgpios_folder_is_looked_at(tmp_path: Path) -> None:
    """It is the unit's run folder, which is there while the unit runs; a folder of one's own must be there."""
    run = tmp_path / "run"
    assert judge_folder(work_folder(None, run, None)).says == "gpio.folder_later"
    assert judge_folder(work_folder(str(tmp_path / "other"), run, None)).says == "gpio.folder_missing"
    run.mkdir(0o755)
    assert judge_folder(work_folder(None, run, None)).says == "gpio.folder"
    stranger = User("alarmbro", 4711, 4711, frozenset({4711}))
    found = judge_folder(work_folder(None, run, stranger))
    assert (found.says, found.state) == ("gpio.folder_closed", State.FAILED)
    assert judge_folder(Folder("/x", there=False, writable=False)).state is State.FAILED


def test_the_process_is_our_own_module() -> None:
    """A renamed module would only show on a Pi."""
    assert __import__(claiming.TRIAL, fromlist=["main"]).main
