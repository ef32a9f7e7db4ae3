"""What lies beside the program: the example, the manual page, the completions, the users, and the scripts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
PACKAGING = TOP / "packaging"
SCRIPTS = ("activate.sh", "build.sh", "debian/postinst", "debian/prerm", "launcher")


def python(*words: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environ})


def test_the_example_is_right_and_alarms_nobody() -> None:
    """Its pin is a mock, and its only receiver this machine's own log."""
    done = python("-m", "alarmbro", "check", PACKAGING / "example.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    text = (PACKAGING / "example.yaml").read_text(encoding="utf-8")
    assert "factory: mock" in text
    assert [line.partition("urls:")[2].strip() for line in text.splitlines() if "urls:" in line] == ['["syslog://"]}']


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_scripts_can_be_run_and_read(script: str) -> None:
    """Rights and syntax."""
    path = PACKAGING / script
    assert path.stat().st_mode & 0o111
    shell = path.read_text(encoding="utf-8").splitlines()[0].rpartition("/")[2].removeprefix("env ")
    assert subprocess.run([shell, "-n", str(path)], check=False).returncode == 0


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="needs shellcheck")
@pytest.mark.parametrize("script", SCRIPTS)
def test_shellcheck_has_nothing_to_say(script: str) -> None:
    """Of quoting above all."""
    done = subprocess.run(["shellcheck", "-x", str(PACKAGING / script)], capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_the_manual_page_knows_every_command() -> None:
    """It is made from them, and roff takes nothing in it for a request of its own."""
    page = python(PACKAGING / "manual.py")
    assert page.returncode == 0, page.stderr
    for command in ("alarmbro run", "alarmbro test start", "alarmbro journal restore", "alarmbro check"):
        assert f".SS {command} " in page.stdout
    known = {".TH", ".SH", ".SS", ".TP", ".B", ".BR", ".BI", ".I", ".PP"}
    requests = {line.split()[0] for line in page.stdout.splitlines() if line.startswith((".", "'"))}
    assert requests <= known


@pytest.mark.skipif(shutil.which("man") is None, reason="needs man")
def test_man_shows_the_manual_page(tmp_path: Path) -> None:
    """Without a warning."""
    (tmp_path / "alarmbro.1").write_text(python(PACKAGING / "manual.py").stdout, encoding="utf-8")
    command = ["man", "--warnings=w", "--local-file", str(tmp_path / "alarmbro.1")]
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "100"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "carry a press on a panic button" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completions_are_made(shell: str) -> None:
    """For both shells, by the command itself."""
    program = Path(sys.executable).with_name("alarmbro")
    environ = {**os.environ, "_ALARMBRO_COMPLETE": f"{shell}_source"}
    done = subprocess.run([str(program)], capture_output=True, text=True, check=False, env=environ)
    assert done.returncode == 0
    assert "alarmbro" in done.stdout


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("systemd-sysusers") is None, reason="needs root and systemd")
def test_the_users_can_be_made(tmp_path: Path) -> None:
    """The daemon's is in the group of the pins; the page's only in the daemon's group."""
    (tmp_path / "etc").mkdir()
    command = ["systemd-sysusers", f"--root={tmp_path}", str(PACKAGING / "sysusers.conf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    users = {line.split(":")[0] for line in (tmp_path / "etc/passwd").read_text().splitlines()}
    groups = {line.split(":")[0]: line.split(":")[3] for line in (tmp_path / "etc/group").read_text().splitlines()}
    assert users == {"alarmbro", "alarmbro-web"}
    assert (groups["gpio"], groups["alarmbro"]) == ("alarmbro", "alarmbro-web")


def distribution(folder: Path, name: str, version: str, *requires: str) -> None:
    """Lay down what an installer says of a package."""
    place = folder / f"{name}-{version}.dist-info"
    place.mkdir()
    lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {each}" for each in requires)]
    (place / "METADATA").write_text("Metadata-Version: 2.1\n" + "\n".join(lines) + "\n")


def test_a_tree_for_another_python_is_judged_by_that_python(tmp_path: Path) -> None:
    """What only Python 3.13 needs is missed there alone; so is an extra that is asked for, and a newer version."""
    distribution(tmp_path, "alarmbro", "1", "click>=8", 'new; python_version >= "3.13"', 'aes; extra == "sia"')
    distribution(tmp_path, "click", "8.2", "Colour_Words[deep]")
    distribution(tmp_path, "colour-words", "1", 'depth>=2; extra == "deep"')
    distribution(tmp_path, "depth", "2")
    complete = PACKAGING / "complete.py"
    assert python(complete, tmp_path, "3.11", "watch").returncode == 0
    late = python(complete, tmp_path, "3.13", "watch,sia")
    assert late.returncode == 1
    assert [line.split(" needs ")[1].split(",")[0].split(";")[0] for line in late.stderr.splitlines()] == ["aes", "new"]
    shutil.rmtree(tmp_path / "depth-2.dist-info")
    distribution(tmp_path, "depth", "1.9")
    old = python(complete, tmp_path, "3.11", "watch")
    assert (old.returncode, "1.9 is here" in old.stderr) == (1, True)
