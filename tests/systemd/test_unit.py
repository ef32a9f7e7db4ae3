"""The shipped units, judged by systemd's own tools."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2] / "systemd"
UNITS = ("alarmbro.service", "alarmbro-web.service", "alarmbro-backup.service", "alarmbro-backup.timer")
SERVICES = tuple(name for name in UNITS if name.endswith(".service"))
NEEDS_SYSTEMD = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
EXPOSURE_LIMIT = 2.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the units with a program that exists here: a missing one is the machine's fault, not the units'."""
    for name in UNITS:
        text = lines_of(name)
        copy = "\n".join(text).replace("/opt/alarmbro/bin/alarmbro", shutil.which("true") or "")
        (tmp_path / name).write_text(copy + "\n", encoding="utf-8")
    return tmp_path


def lines_of(name: str) -> list[str]:
    """Give what a unit says, without comments."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def verify(unit: Path) -> tuple[int, list[str]]:
    """Give systemd's exit code and all that it has to say of our units."""
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    return done.returncode, [line for line in (done.stdout + done.stderr).splitlines() if "alarmbro" in line]


def test_every_unit_is_looked_at() -> None:
    """A new one is judged, too."""
    assert {path.name for path in HERE.iterdir() if path.suffix in {".service", ".timer", ".socket"}} == set(UNITS)


@NEEDS_SYSTEMD
@pytest.mark.parametrize("name", UNITS)
def test_systemd_has_nothing_to_say_about_the_unit(folder: Path, name: str) -> None:
    """An unknown key is only warned about, and an ignored Type= means `simple`: any line is a failure."""
    assert verify(folder / name) == (0, [])


@NEEDS_SYSTEMD
def test_systemd_notices_a_key_that_it_does_not_know(folder: Path) -> None:
    """The check above can fail."""
    unit = folder / "alarmbro.service"
    unit.write_text(unit.read_text().replace("Type=notify", "Type=notify-somehow"))
    assert verify(unit)[1]


@NEEDS_SYSTEMD
@pytest.mark.parametrize("name", SERVICES)
def test_the_unit_is_hardened(folder: Path, name: str) -> None:
    """Exposure by systemd's own measure is at most 2.0."""
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(folder / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    match = re.search(rf"Overall exposure level for {name}: ([\d.]+)", done.stdout)
    assert match, done.stdout + done.stderr
    assert float(match[1]) <= EXPOSURE_LIMIT


@pytest.mark.parametrize(
    "line",
    [
        "Type=notify",
        "ExecReload=/opt/alarmbro/bin/alarmbro reload",
        "Restart=always",
        "StartLimitIntervalSec=0",
        "WatchdogSec=20",
        "SupplementaryGroups=gpio",
        "WorkingDirectory=%t/alarmbro",
        "LimitCORE=0",
        "OOMScoreAdjust=-900",
        "Also=alarmbro-backup.timer",
    ],
)
def test_what_an_alarm_needs_is_in_the_unit(line: str) -> None:
    """READY and the watchdog mean something, and crashes never leave the buttons dead."""
    assert line in lines_of("alarmbro.service")


def test_the_buttons_wait_for_nothing_that_needs_a_network() -> None:
    """At boot without a network or a broker the pins are armed all the same, and at once."""
    lines = lines_of("alarmbro.service")
    orders = [line for line in lines if line.startswith(("After=", "Wants=", "Requires=", "BindsTo=", "Requisite="))]
    assert orders == ["After=time-set.target"]


@pytest.mark.parametrize("key", ["PrivateDevices", "ProcSubset", "DynamicUser", "PrivateUsers"])
def test_what_would_silence_the_buttons_is_not_in_the_unit(key: str) -> None:
    """Each of these hides the GPIO chip or the board from gpiozero, or the journal from its owner."""
    assert not any(key in line for line in lines_of("alarmbro.service"))


@pytest.mark.parametrize(
    "line",
    [
        "User=alarmbro-web",
        "SupplementaryGroups=alarmbro",
        "PrivateDevices=yes",
        "InaccessiblePaths=-/etc/alarmbro/secrets.yaml -/etc/alarmbro/credentials",
        "ProtectSystem=strict",
        "MemoryMax=256M",
    ],
)
def test_the_page_is_weaker_than_the_daemon(line: str) -> None:
    """It has no secrets, no pins, no file to write, and goes before the daemon does."""
    lines = lines_of("alarmbro-web.service")
    assert line in lines
    assert not any(
        line.startswith(("LoadCredential", "DeviceAllow", "ReadWritePaths", "StateDirectory")) for line in lines
    )


def test_a_copy_of_the_journal_cannot_be_sent_anywhere_or_change_the_journal() -> None:
    """It has no network, and may write where the copies are."""
    lines = lines_of("alarmbro-backup.service")
    assert {"PrivateNetwork=yes", "ProtectSystem=strict", "StateDirectory=alarmbro-backup"} <= set(lines)
    assert not any(line.startswith("ReadWritePaths") for line in lines)


@pytest.mark.parametrize("name", UNITS)
def test_no_unit_needs_a_systemd_newer_than_debian_12s(name: str) -> None:
    """It has 252: what came with 253 and later would be ignored there, with a line in the log that nobody reads."""
    newer = ("Type=notify-reload", "MemoryKSM", "ImportCredential", "RestartSteps", "RestartMaxDelaySec", "PrivatePIDs")
    assert not any(line.startswith(newer) for line in lines_of(name))
