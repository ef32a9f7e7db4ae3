"""What systemd says of the units is told; a machine without systemd is no failure."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from alarmbro.doctor.findings import State
from alarmbro.doctor.judging.service import UNIT, Unit, judge, judge_security
from alarmbro.doctor.trying import service
from alarmbro.doctor.trying.service import security, surroundings, units, user_of

SHIPPED = Path(__file__).parents[2] / "systemd" / UNIT
RUNS = {
    "LoadState": "loaded", "ActiveState": "active", "SubState": "running", "UnitFileState": "enabled",
    "NeedDaemonReload": "no", "NRestarts": "0",
}  # fmt: skip
# As `systemctl show` of systemd 252 prints them.
SHOWN = """LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
NeedDaemonReload=no
NRestarts=2
FragmentPath=/etc/systemd/system/alarmbro.service
Environment=LG_WD=/run/alarmbro "ALARMBRO_SERVE=hirtshals,vraa" GPIOZERO_PIN_FACTORY=lgpio PYTHONUNBUFFERED=1
User=root
SupplementaryGroups=daemon nosuchgroup
"""
CAT = """# /etc/systemd/system/alarmbro.service
[Service]
LoadCredential=mqtt-password:{folder}/mqtt-password
LoadCredential=away:{folder}/away
LoadCredential=stored
"""


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a `systemctl` first on the path that prints what systemd 252 printed; give the folder that it reads from."""
    folder = tmp_path / "said"
    folder.mkdir()
    (folder / "show").write_text(SHOWN, encoding="utf-8")
    (folder / "cat").write_text(CAT.format(folder=folder), encoding="utf-8")
    tools = tmp_path / "bin"
    tools.mkdir()
    ours = f'case "$unit" in {UNIT}) exec cat "{folder}/$1";; esac'
    script = f"#!/bin/sh\nfor unit; do :; done\n{ours}\necho LoadState=not-found\n"
    (tools / "systemctl").write_text(script, encoding="utf-8")
    (tools / "systemctl").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    return folder


def codes(said: dict[str, Unit] | None) -> list[tuple[str, str, State]]:
    return [(each.subject, each.says, each.state) for each in judge(said)]


def test_a_machine_without_systemd_is_told(tmp_path: Path) -> None:
    """In a container, or where another starts it."""
    assert units(tmp_path / "nowhere") is None
    assert codes(None) == [(UNIT, "service.no_systemd", State.WARNING)]


def test_systemd_is_asked_after_each_unit(systemctl: Path, tmp_path: Path) -> None:
    """One that is not installed, and that alarms do without, is not spoken of."""
    said = units(tmp_path)
    assert said is not None
    assert said[UNIT].loaded
    assert said[UNIT].active
    assert not said["alarmbro-web.service"].loaded
    assert codes(said) == [(UNIT, "service.restarted", State.WARNING)]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, [("service.runs", State.OK)]),
        ({"UnitFileState": "disabled"}, [("service.disabled", State.FAILED), ("service.runs", State.OK)]),
        ({"ActiveState": "failed", "SubState": "failed"}, [("service.inactive", State.FAILED)]),
        ({"NeedDaemonReload": "yes"}, [("service.changed", State.WARNING), ("service.runs", State.OK)]),
        ({"NRestarts": "7"}, [("service.restarted", State.WARNING)]),
        ({"NRestarts": ""}, [("service.runs", State.OK)]),
        ({"LoadState": "not-found"}, [("service.absent", State.WARNING)]),
        ({"LoadState": "bad-setting"}, [("service.unloadable", State.WARNING)]),
    ],
)
def test_a_unit_must_run_and_start_with_the_machine(changed: dict[str, str], found: list[tuple[str, State]]) -> None:
    """One that is not enabled is away after the next power cut."""
    assert [(each.says, each.state) for each in judge({UNIT: Unit(UNIT, RUNS | changed)})] == found


def test_what_alarms_do_without_is_no_failure() -> None:
    """The page and the backup; where they are not wanted, they are not spoken of."""
    idle = Unit("alarmbro-backup.timer", RUNS | {"ActiveState": "inactive", "UnitFileState": "disabled"})
    assert len(codes({UNIT: Unit(UNIT, RUNS), idle.name: idle})) == 1
    other = Unit("alarmbro-web.service", RUNS | {"ActiveState": "failed"})
    assert codes({UNIT: Unit(UNIT, RUNS), other.name: other})[1:] == [
        ("alarmbro-web.service", "service.inactive", State.WARNING)
    ]


def test_the_doctor_sees_what_the_service_sees(systemctl: Path, tmp_path: Path) -> None:
    """Which sites it serves, and its secrets where they can be read; the caller's own word wins."""
    (systemctl / "mqtt-password").write_text("hemmelig\n", encoding="utf-8")
    unit = Unit(UNIT, dict(line.split("=", 1) for line in SHOWN.splitlines()))
    seen = surroundings(unit, {"PATH": "/bin"}, tmp_path / "credentials")
    assert seen == {
        "PATH": "/bin", "LG_WD": "/run/alarmbro", "ALARMBRO_SERVE": "hirtshals,vraa",
        "ALARMBRO_SECRET_MQTT_PASSWORD": "hemmelig\n",
    }  # fmt: skip
    assert surroundings(unit, {"ALARMBRO_SERVE": "sindal"}, tmp_path)["ALARMBRO_SERVE"] == "sindal"
    live = tmp_path / "credentials" / UNIT
    live.mkdir(parents=True)
    running = surroundings(unit, {}, tmp_path / "credentials")
    assert running["CREDENTIALS_DIRECTORY"] == str(live)
    assert "ALARMBRO_SECRET_MQTT_PASSWORD" not in running
    assert surroundings(None, {"A": "b"}, tmp_path / "nowhere") == {"A": "b"}
    odd = Unit(UNIT, {"Environment": "LG_WD=/run 'open"})
    assert surroundings(odd, {}, tmp_path / "nowhere")["LG_WD"] == "/run"


def test_root_looks_at_the_services_own_file_as_the_service(systemctl: Path, tmp_path: Path) -> None:
    """With its environment and its rights; at any other file as who it is."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another")
    show = SHOWN.replace("User=root", "User=nobody")
    (systemctl / "show").write_text(show, encoding="utf-8")
    script = (
        "import os, sys; from pathlib import Path; from alarmbro.doctor.trying import premises, service;"
        "service.units.__defaults__ = (Path(sys.argv[1]),); here = Path('/nowhere');"
        "other = premises.enter(here, here, here, usual=False); before = os.geteuid();"
        "own = premises.enter(here, here, here, usual=True);"
        "print(other.service, before, 'ALARMBRO_SERVE' in other.environ);"
        "print(own.service.name, os.geteuid(), own.environ['ALARMBRO_SERVE'], own.unit.active)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.splitlines() == ["None 0 False", "nobody 65534 hirtshals,vraa True"]


def test_the_services_user_is_known_with_all_its_groups() -> None:
    """Those of the unit, too; a user or group that this machine does not have is none."""
    user = user_of(Unit(UNIT, {"User": "root", "SupplementaryGroups": "daemon nosuchgroup"}))
    assert user is not None
    assert user.uid == 0
    assert len(user.gids) >= 2
    assert user_of(Unit(UNIT, {"User": "nosuchuser"})) is None
    assert user_of(Unit(UNIT, {})) is None
    assert user_of(None) is None


def test_the_shipped_unit_is_shut_in() -> None:
    """By systemd's own measure; what is not measured is not called well."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    (found,) = judge_security(security(Unit(UNIT, {"FragmentPath": str(SHIPPED)})))
    assert (found.says, found.state) == ("service.shut_in", State.OK)
    assert [each.says for each in judge_security(security(Unit(UNIT, {"FragmentPath": "/nowhere"})))] == [
        "service.security_unknown"
    ]
    (loose,) = judge_security("-> Overall exposure level for alarmbro.service: 9.2 UNSAFE 😨\n")
    assert (loose.says, loose.state) == ("service.exposed", State.WARNING)


def test_a_systemd_that_hangs_is_left(systemctl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answer is not worth the rest of the report."""
    script = tmp_path / "bin" / "systemctl"
    script.write_text("#!/bin/sh\nexec sleep 30\n", encoding="utf-8")
    monkeypatch.setattr(service, "PATIENCE_S", 0.2)
    assert units(tmp_path) is None
