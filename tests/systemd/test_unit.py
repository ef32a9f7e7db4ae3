"""The shipped unit, judged by systemd's own tools."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "systemd" / "alarmbro.service"
NEEDS_SYSTEMD = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
EXPOSURE_LIMIT = 2.0


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """Give the unit with a program that exists here: a missing one is the machine's fault, not the unit's."""
    copy = tmp_path / "alarmbro.service"
    copy.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/alarmbro/bin/alarmbro", shutil.which("true") or ""))
    return copy


@NEEDS_SYSTEMD
def test_systemd_has_nothing_to_say_about_the_unit(unit: Path) -> None:
    """An unknown key is only warned about, and an ignored Type= means `simple`: any line is a failure."""
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "alarmbro" in line]
    assert (done.returncode, ours) == (0, [])


@NEEDS_SYSTEMD
def test_systemd_notices_a_key_that_it_does_not_know(unit: Path) -> None:
    """The check above can fail."""
    unit.write_text(unit.read_text().replace("Type=notify", "Type=notify-somehow"))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert "alarmbro" in done.stdout + done.stderr


@NEEDS_SYSTEMD
def test_the_unit_is_hardened(unit: Path) -> None:
    """Exposure by systemd's own measure is at most 2.0."""
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    match = re.search(r"Overall exposure level for alarmbro\.service: ([\d.]+)", done.stdout)
    assert match, done.stdout + done.stderr
    assert float(match[1]) <= EXPOSURE_LIMIT


@pytest.mark.parametrize(
    "line",
    [
        "Type=notify",
        "Restart=always",
        "StartLimitIntervalSec=0",
        "WatchdogSec=20",
        "SupplementaryGroups=gpio",
        "WorkingDirectory=%t/alarmbro",
        "LimitCORE=0",
    ],
)
def test_what_an_alarm_needs_is_in_the_unit(line: str) -> None:
    """READY and the watchdog mean something, and crashes never leave the buttons dead."""
    assert line in UNIT.read_text(encoding="utf-8").splitlines()


def test_the_buttons_wait_for_nothing_that_needs_a_network() -> None:
    """At boot without a network or a broker the pins are armed all the same, and at once."""
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    orders = [line for line in lines if line.startswith(("After=", "Wants=", "Requires=", "BindsTo=", "Requisite="))]
    assert orders == ["After=time-set.target"]


@pytest.mark.parametrize("key", ["PrivateDevices", "ProcSubset", "DynamicUser", "PrivateUsers"])
def test_what_would_silence_the_buttons_is_not_in_the_unit(key: str) -> None:
    """Each of these hides the GPIO chip or the board from gpiozero, or the journal from its owner."""
    lines = [line for line in UNIT.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert not any(key in line for line in lines)
