"""What users type: exit codes, JSON, errors that say what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config" / "hjoerring.yaml"


def secrets() -> dict[str, str]:
    """Give the shipped example secrets as the environment hands them over."""
    names = yaml.safe_load((ROOT / "config" / "secrets.example.yaml").read_text(encoding="utf-8"))
    return {f"ALARMBRO_SECRET_{name.upper().replace('-', '_')}": str(text) for name, text in names.items()}


def run(*words: str | Path, environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does."""
    command = [sys.executable, "-m", "alarmbro", *map(str, words)]
    clean = {name: text for name, text in os.environ.items() if not name.startswith("ALARMBRO")}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=clean | secrets() | (environ or {}), timeout=60
    )


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "check",
        "explain",
        "status",
        "press",
        "pin",
        "send",
        "journal",
        "schema",
        "demo",
        "journal list",
        "journal verify",
    ],
)
def test_every_command_explains_itself(command: str) -> None:
    """`--help` works anywhere, on any machine."""
    done = run(*command.split(), "--help")
    assert done.returncode == 0
    assert "Usage: alarmbro" in done.stdout


def test_options_may_stand_before_or_after_the_command(tmp_path: Path) -> None:
    """People put them in either place; the environment names the rest."""
    before = run("--config", CONFIG, "--json", "explain", "vraa/lommy-1")
    after = run("explain", "vraa/lommy-1", "--config", CONFIG, "--json")
    environ = run("explain", "vraa/lommy-1", "--json", environ={"ALARMBRO_CONFIG": str(CONFIG)})
    assert before.returncode == after.returncode == environ.returncode == 0
    steps = [[step["notify"] for step in json.loads(done.stdout)["steps"]] for done in (before, after, environ)]
    assert steps[0] == steps[1] == steps[2]


def test_the_shipped_configuration_is_accepted() -> None:
    """Exit 0, and what it describes."""
    done = run("check", CONFIG)
    assert done.returncode == 0, done.stderr
    assert "4 sites, 10 devices" in done.stdout


def test_check_shows_every_error_with_its_place_and_exits_2(tmp_path: Path) -> None:
    """Two faults, two lines, each `FILE:LINE:COLUMN: what is wrong`; with --json one document."""
    broken = tmp_path / "broken.yaml"
    text = (
        CONFIG.read_text(encoding="utf-8").replace("route: raadhus", "route: raadhuset").replace("zone: 2,", "zonn: 2,")
    )
    broken.write_text(text, encoding="utf-8")
    done = run("check", broken)
    assert done.returncode == 2
    errors = [line for line in done.stderr.splitlines() if "warning" not in line]
    assert len(errors) == 2
    assert all(line.startswith(f"{broken}:") for line in errors)
    shown = json.loads(run("check", broken, "--json").stdout)
    assert shown["ok"] is False
    assert len([each for each in shown["findings"] if not each["warning"]]) == 2


def test_a_configuration_that_is_not_there_is_a_configuration_error(tmp_path: Path) -> None:
    """Exit 2, and the path that was looked at."""
    done = run("check", tmp_path / "absent.yaml")
    assert done.returncode == 2
    assert "absent.yaml" in done.stderr


@pytest.mark.parametrize(
    ("expect", "code"),
    [
        ("redningsringen,serviceteam,leder", 0),
        ("leder,serviceteam,redningsringen", 0),
        ("redningsringen", 1),
        ("redningsringen,serviceteam,leder,politi", 1),
        ("redningsringen,serviceteam,lederen", 2),
    ],
)
def test_explain_answers_whether_the_first_step_is_what_was_meant(expect: str, code: int) -> None:
    """An expectation that does not hold is exit 1; one that names nobody known is a mistake in the words."""
    done = run("--config", CONFIG, "explain", "hirtshals/lokale-1", "--expect", expect)
    assert done.returncode == code, done.stderr


def test_explain_shows_a_test_with_those_withheld() -> None:
    """In a test the alarm centre is not told, and the words say so."""
    done = run("--config", CONFIG, "explain", "hirtshals/lokale-1", "--test")
    assert "Redningsringen (redningsringen) får ikke besked under test" in done.stdout
    assert "TESTALARM" in done.stdout
    first = json.loads(run("--config", CONFIG, "explain", "hirtshals/lokale-1", "--test", "--json").stdout)["steps"][0]
    assert first["withheld"] == ["redningsringen"]


def test_explain_of_an_unknown_device_names_the_nearest() -> None:
    """A typing error is exit 2 with a hint."""
    done = run("--config", CONFIG, "explain", "hirtshals/lokale1")
    assert done.returncode == 2
    assert "did you mean hirtshals/lokale-1" in done.stderr


def test_the_schema_is_json_and_accepts_the_shipped_file() -> None:
    """What editors get is a JSON Schema of the file."""
    done = run("schema")
    assert done.returncode == 0
    assert json.loads(done.stdout)["properties"]["sites"]


@pytest.mark.parametrize("words", [["status"], ["press", "vraa/lommy-1"], ["pin", "vraa/lommy-1"], ["send", "leder"]])
def test_without_a_daemon_the_exit_code_is_3(tmp_path: Path, words: list[str]) -> None:
    """Nobody answers: the line says what to do."""
    done = run(*words, "--run-dir", tmp_path)
    assert done.returncode == 3
    assert "no alarmbro daemon answers" in done.stderr


def test_without_a_journal_the_line_says_where_it_looked(tmp_path: Path) -> None:
    """Exit 1, the path, and the option that names another."""
    done = run("journal", "list", "--state", tmp_path)
    assert done.returncode == 1
    assert str(tmp_path) in done.stderr
    assert "--state" in done.stderr


@pytest.mark.parametrize("words", [["frobnicate"], ["explain"], ["pin", "vraa/lommy-1", "--for", "soon"]])
def test_wrong_words_are_exit_2(words: list[str], tmp_path: Path) -> None:
    """Mistakes in typing are told apart from a daemon that is away."""
    assert run("--config", CONFIG, "--run-dir", tmp_path, *words).returncode == 2


def test_help_loads_nothing_heavy() -> None:
    """On a Pi an import costs: the command line pays for what a command needs."""
    heavy = ("pydantic", "apprise", "gpiozero", "paho", "sqlite3")
    script = (
        f"import sys; had = set(sys.modules); import alarmbro.cli.main; print(set({heavy}) & set(sys.modules) - had)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
