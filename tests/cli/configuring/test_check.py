"""`alarmbro check` on every broken configuration: the right lines, exit 2, and no secret."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from alarmbro.cli.main import alarmbro

CONFIG = Path(__file__).parents[2] / "config"
BROKEN = sorted((CONFIG / "broken").glob("*.yaml"))
EXPECTED = re.compile(r"^# (expect|expect-warning): ([0-9]+:[0-9]+) ", re.MULTILINE)
CANARY = "kanarie-4711"


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_check_prints_each_fault_with_its_place_and_exits_2(path: Path) -> None:
    """What an installer sees: `FILE:LINE:COLUMN: …` for each, nothing on stdout, no secret anywhere."""
    done = CliRunner().invoke(alarmbro, ["check", str(path)], env={"ALARMBRO_SECRET_KANARIE": CANARY})
    assert done.exit_code == 2
    assert done.stdout == ""
    places = {
        f"{path}:{place}: {'warning: ' if kind == 'expect-warning' else ''}"
        for kind, place in EXPECTED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(done.stderr.splitlines()) >= len(places)
    for place in places:
        assert any(line.startswith(place) for line in done.stderr.splitlines()), (place, done.stderr)
    assert CANARY not in done.output


@pytest.mark.parametrize("path", sorted((CONFIG / "good").glob("*.yaml")), ids=lambda path: path.stem)
def test_check_accepts_a_good_file(path: Path) -> None:
    """Exit 0, and a line that says how much it describes; with --json one document."""
    url = f"json://127.0.0.1/{CANARY}"
    environ = {"ALARMBRO_SECRET_SERVICETEAM_SMS": url, "ALARMBRO_SECRET_MQTT_PASSWORD": CANARY}
    done = CliRunner().invoke(alarmbro, ["check", str(path)], env=environ)
    assert done.exit_code == 0, done.stderr
    assert "ok (" in done.stdout
    assert json.loads(CliRunner().invoke(alarmbro, ["check", str(path), "--json"], env=environ).stdout)["ok"] is True
