"""`alarmbro doctor` as it is typed: with a daemon and without, with a broken file, by somebody without rights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Scene
from running import until

from alarmbro.delivery.session import PROXIES
from alarmbro.doctor.findings import State

NOBODY = 65534
CANARY = "kanarie-4711"
SMALL = """\
language: {language}
gpio: {{factory: lgpio}}
recipients:
  vagt: {{name: Vagten, urls: [!secret vagt]}}
routes:
  rute: {{steps: [{{notify: [vagt]}}]}}
faults: {{notify: [vagt]}}
sites:
  huset: {{name: Huset, route: rute, devices: {{knap: {{name: Knap, gpio: 17}}}}}}
"""


def environ(**more: str) -> dict[str, str]:
    """Give an environment without proxies, whatever this machine goes through."""
    return {name: value for name, value in os.environ.items() if name not in PROXIES} | more


def doctor(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run it on a folder's configuration."""
    command = [
        sys.executable, "-m", "alarmbro", "--config", str(folder / "alarmbro.yaml"), "--state", str(folder / "state"),
        "--run-dir", str(folder / "run"), "doctor", *words,
    ]  # fmt: skip
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=90, cwd="/", env=environ(**more)
    )


def small(folder: Path, language: str = "da") -> Path:
    """Write a configuration with one wired button and one recipient."""
    (folder / "alarmbro.yaml").write_text(SMALL.format(language=language), encoding="utf-8")
    (folder / "state").mkdir(mode=0o750)
    return folder


def by_check(done: subprocess.CompletedProcess[str]) -> dict[str, list[dict[str, Any]]]:
    """Give the rows of `--json` by check."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in json.loads(done.stdout):
        assert set(row) == {"check", "subject", "state", "text", "do"}
        assert row["state"] in list(State)
        rows.setdefault(row["check"], []).append(row)
    return rows


def test_a_running_daemon_is_asked_and_not_disturbed(scene: Scene) -> None:
    """Its connection, its journal and its recipients know nothing of the visit."""
    scene.broker.start()
    scene.daemon.environ = environ(**{k: v for k, v in scene.daemon.environ.items() if k.startswith("ALARMBRO")})
    scene.daemon.start()
    until(lambda: all(scene.daemon.ask("status")["mqtt"].values()))
    before = len(scene.daemon.records())
    done = scene.daemon.cli("doctor", "--json", check=False)
    rows = by_check(done)
    assert rows["configuration"][-1]["state"] == "ok"
    assert rows["daemon"][0]["text"].startswith("alarmbro 0.1.0 svarer")
    assert [row["state"] for row in rows["gpio"]] == ["warning"]  # mock pins are nothing for a site
    sites = [row for row in rows["broker"] if "abonnementer" in row["text"]]
    assert sites
    assert {row["state"] for row in sites} == {"ok"}
    assert any("denne maskines forbindelse" in row["text"] for row in rows["broker"])
    assert {row["state"] for row in rows["target"]} == {"ok"}
    assert rows["journal"][0]["state"] == "ok"
    assert all(scene.daemon.ask("status")["mqtt"].values())
    assert len(scene.daemon.records()) == before
    assert scene.http.received() == []
    assert "broker away" not in scene.daemon.log_text()
    assert done.returncode == (1 if any('"failed"' in json.dumps(row) for row in rows.values()) else 0)


def test_without_a_daemon_everything_else_is_still_tried(tmp_path: Path) -> None:
    """That it does not run is the first thing to be said, and a failure."""
    done = doctor(small(tmp_path), ALARMBRO_SECRET_VAGT="json://127.0.0.1:9/vagt")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert "INGEN KNAP GIVER ALARM" in lines[1]
    assert any(line.startswith("FEJL") and "vagt/1 (json)" in line and "Gør:" in line for line in lines)
    assert any("versioner" in line for line in lines)
    assert "fejl" in lines[-1]
    assert done.stderr == ""


def test_a_broken_configuration_costs_only_what_needs_it(tmp_path: Path) -> None:
    """Each error is named with its place; disk, clock and rights are looked at all the same."""
    small(tmp_path)
    file = tmp_path / "alarmbro.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("[vagt]}}\n", "[vagt, nobody]}}\n"), encoding="utf-8")
    file.write_text(file.read_text(encoding="utf-8").replace("steps", "stepz"), encoding="utf-8")
    done = doctor(tmp_path, "--json", ALARMBRO_SECRET_VAGT="json://127.0.0.1:9/vagt")
    assert done.returncode == 2
    rows = by_check(done)
    assert rows["configuration"][0]["state"] == "failed"
    assert any(row["subject"].startswith(f"{file}:6:") for row in rows["configuration"][1:])
    assert {"gpio", "clock", "disk", "memory", "versions", "rights", "daemon"} <= rows.keys()
    assert not {"broker", "target", "timezone"} & rows.keys()


def test_no_configuration_at_all_is_told(tmp_path: Path) -> None:
    """As on a machine where nothing was installed."""
    done = doctor(tmp_path)
    assert done.returncode == 2
    assert "kan ikke bruges" in done.stdout


def test_it_speaks_the_language_of_the_file(tmp_path: Path) -> None:
    """Danish unless it says otherwise."""
    done = doctor(small(tmp_path, "en"), ALARMBRO_SECRET_VAGT="json://127.0.0.1:9/vagt")
    assert "FAILED" in done.stdout
    assert "Do:" in done.stdout
    assert "NO BUTTON RAISES AN ALARM" in done.stdout


def test_no_secret_is_in_any_output(tmp_path: Path) -> None:
    """Whatever fails: addresses, passwords and tokens of everything that it tries."""
    folder = small(tmp_path)
    file = folder / "alarmbro.yaml"
    urls = [
        f"jsons://{CANARY}:{CANARY}@127.0.0.1:9/{CANARY}?:to={CANARY}", f"ntfy://{CANARY}:{CANARY}@127.0.0.1:9/{CANARY}",
        f"mailtos://{CANARY}:{CANARY}@127.0.0.1:9?to=x@h.example&from=y@h.example", f"gotify://127.0.0.1:9/{CANARY}",
        f"mqtt://{CANARY}:{CANARY}@127.0.0.1:9/{CANARY}", f"gatewayapi://{CANARY}@Alarm/4512345678?host=127.0.0.1&port=9",
    ]  # fmt: skip
    names = [f"s{number}" for number in range(len(urls))]
    text = file.read_text(encoding="utf-8").replace("!secret vagt", ", ".join(f"!secret {name}" for name in names))
    text += "mqtt: {url: 'mqtt://alarm@127.0.0.1:9', password: !secret broker}\n"
    file.write_text(text, encoding="utf-8")
    secrets = {f"ALARMBRO_SECRET_{name.upper()}": url for name, url in zip(names, urls, strict=True)}
    for words in ((), ("--json",)):
        done = doctor(folder, *words, ALARMBRO_SECRET_BROKER=CANARY, **secrets)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "vagt/6 (gatewayapi)" in done.stdout
        assert "127.0.0.1:9" in done.stdout
        assert CANARY not in done.stdout + done.stderr


def test_somebody_without_rights_is_told_what_to_do(tmp_path: Path) -> None:
    """What cannot be read is no wrong configuration; what needs no secret is tried all the same."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody without rights")
    folder = small(tmp_path)
    (folder / "secrets.yaml").write_text(f"vagt: json://127.0.0.1:9/{CANARY}\n", encoding="utf-8")
    (folder / "secrets.yaml").chmod(0o600)
    for each in (folder, *folder.parents):
        if each != Path("/"):
            each.chmod(each.stat().st_mode | 0o055)
    (folder / "state").chmod(0o700)
    script = (  # everything is loaded first: Python itself may lie where nobody else can read it
        "import os, alarmbro.doctor.visit, alarmbro.doctor.words.lines, alarmbro.delivery.plugins as plugins;"
        "from alarmbro.cli.main import main; plugins.register(); 'x'.encode('utf-8-sig');"
        f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY}); main()"
    )
    command = [
        sys.executable, "-c", script, "--config", str(folder / "alarmbro.yaml"), "--state", str(folder / "state"),
        "--run-dir", str(folder / "run"), "doctor", "--json",
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=90, cwd="/", env=environ(HOME="/")
    )
    assert done.returncode == 1, done.stdout + done.stderr
    rows = by_check(done)
    assert rows["configuration"][0]["subject"] == str(folder / "secrets.yaml")
    assert "sudo -u alarmbro" in rows["configuration"][0]["do"]
    assert rows["configuration"][1]["state"] == "ok"
    assert "target" not in rows
    assert rows["journal"][0]["state"] == "warning"
    assert {"gpio", "timezone", "clock", "memory"} <= rows.keys()
    assert CANARY not in done.stdout + done.stderr


def test_a_machine_without_lgpio_is_told(tmp_path: Path) -> None:
    """The empty package counts as none."""
    folder = small(tmp_path)
    (tmp_path / "lgpio.py").write_text("", encoding="utf-8")
    done = doctor(folder, "--json", ALARMBRO_SECRET_VAGT="json://127.0.0.1:9/vagt", PYTHONPATH=str(tmp_path))
    texts = " ".join(row["text"] for row in by_check(done)["gpio"])
    assert "ingen GPIO-chip" in texts or "lgpio kan ikke bruges" in texts
    assert done.returncode == 1


def test_names_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """A path may hold anything."""
    folder = tmp_path / "x\x1b[31m"
    folder.mkdir()
    done = doctor(folder)
    assert "\x1b" not in done.stdout
