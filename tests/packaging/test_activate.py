"""An installation never leaves a service that runs worse than it was.

The script is the real one, on a root of its own; the journals are real. Programs are small ones that come up, or do
not, as their files say; systemd is one that starts them and remembers.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from clocks import JumpingClock

from alarmbro.journal import Reader
from alarmbro.journal.file.rows import Appender
from alarmbro.journal.file.storage import FILE_NAME, MIGRATIONS, open_for_writing
from alarmbro.model.record import Draft, RecordType

SCRIPT = Path(__file__).parents[2] / "packaging" / "activate.sh"
NEWER = len(MIGRATIONS) + 1
PROGRAM = f"""#!/bin/sh
here=$(dirname "$(readlink -f "$0")")/..
case "$*" in
--version) [ ! -e "$here/lame" ] || {{ echo "no such library" >&2; exit 1; }} ;;
check) echo "checked by $(cat "$here/version") for $ALARMBRO_SERVE"; [ ! -e "$here/picky" ] || exit 2 ;;
up*) [ ! -e "$here/newer" ] || "{sys.executable}" -c "
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection: connection.execute('PRAGMA user_version = {NEWER}')" "$2"
    [ ! -e "$here/dead" ] ;;
*) exec "{sys.executable}" -m alarmbro "$@" ;;
esac
"""
# Starts what is in force, and tells how it went; its memory is in files.
SYSTEMCTL = """#!/bin/bash
me=$ROOT/systemd; echo "$*" >>"$me/calls"
case $1 in
show) case $2 in
	*ActiveState) cat "$me/${4}" 2>/dev/null || echo inactive ;;
	*MainPID) cat "$me/pid" 2>/dev/null || echo 0 ;;
	*NRestarts) n=$(cat "$me/restarts"); echo "$n"
		[ ! -e "$ROOT/opt/alarmbro/current/restless" ] || echo $((n + 1)) >"$me/restarts" ;;
	esac ;;
start | restart)
	if "$ROOT/opt/alarmbro/bin/alarmbro" up "$ROOT/var/lib/alarmbro/journal.db"; then echo active >"$me/$2"
	else echo activating >"$me/$2"; exit 1; fi ;;
stop) echo inactive >"$me/$2" ;;
disable) echo inactive >"$me/$3" ;;
esac
"""


class Machine:
    """A root on which alarmbro is installed."""

    def __init__(self, root: Path, *, systemd: bool = True) -> None:
        self.root = root
        self.opt, self.state = root / "opt/alarmbro", root / "var/lib/alarmbro"
        self.memory = root / "systemd"
        for folder in (self.opt, self.memory, root / "bin", root / "lib/alarmbro"):
            folder.mkdir(parents=True)
        if systemd:
            (root / "run/systemd/system").mkdir(parents=True)
        (self.memory / "restarts").write_text("0")
        systemctl = root / "bin/systemctl"
        systemctl.write_text(SYSTEMCTL)
        systemctl.chmod(0o755)

    def package(self, version: str, *traits: str) -> None:
        """Lay a program down, as an installer does."""
        package = self.opt / "package"
        subprocess.run(["rm", "-rf", str(package)], check=True)
        (package / "bin").mkdir(parents=True)
        (package / "lib").mkdir()
        (package / "version").write_text(f"{version}\n")
        (package / "bin/alarmbro").write_text(PROGRAM)
        (package / "bin/alarmbro").chmod(0o755)
        (package / "bin/python3").symlink_to(sys.executable)
        for trait in traits:
            (package / trait).touch()

    def script(self, what: str = "activate") -> subprocess.CompletedProcess[str]:
        """Run the script."""
        environ = os.environ | {
            "ALARMBRO_ROOT": str(self.root), "ROOT": str(self.root), "ALARMBRO_SETTLE_S": "0",
            "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}",
        }  # fmt: skip
        return subprocess.run([str(SCRIPT), what], capture_output=True, text=True, check=False, env=environ)

    def install(self, version: str, *traits: str) -> subprocess.CompletedProcess[str]:
        """Lay a program down and put it into force."""
        self.package(version, *traits)
        return self.script()

    def start(self) -> None:
        """Let the service run."""
        (self.memory / "alarmbro.service").write_text("active\n")
        (self.memory / "calls").unlink(missing_ok=True)

    def write(self, records: int) -> None:
        """Have a journal with so many more records."""
        with closing(open_for_writing(self.state / FILE_NAME)) as connection:
            appender = Appender(connection)
            for _ in range(records):
                appender.append(Draft(RecordType.TRIAL, JumpingClock().now()))
            appender.keep_head()

    @property
    def in_force(self) -> str:
        """Give the version of the program in force."""
        return (self.opt / "bin/../version").resolve().read_text().strip()

    @property
    def runs(self) -> bool:
        return (self.memory / "alarmbro.service").read_text().strip() == "active"

    @property
    def calls(self) -> list[str]:
        """Give what systemd was asked to do."""
        file = self.memory / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if not line.startswith("show")]


def records(journal: Path) -> int:
    with Reader(journal) as reader:
        verdict = reader.verify()
    assert verdict.whole, verdict
    return verdict.records


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def running(machine: Machine) -> Machine:
    """Give a machine on which 1.0 runs, with three records."""
    assert machine.install("1.0").returncode == 0
    machine.write(3)
    machine.start()
    return machine


def test_the_first_installation_starts_nothing_and_says_what_to_do(machine: Machine) -> None:
    """It lays an example down that alarms nobody, checks it, and prints the next steps."""
    done = machine.install("1.0")
    assert done.returncode == 0, done.stderr
    assert "factory: mock" in (machine.root / "etc/alarmbro/alarmbro.yaml").read_text()
    assert "checked by 1.0" in done.stdout
    assert "systemctl enable --now alarmbro" in done.stdout
    assert machine.in_force == "1.0"
    assert machine.calls == ["daemon-reload"]


def test_a_configuration_that_is_there_is_left_alone(machine: Machine) -> None:
    """So are its rights."""
    file = machine.root / "etc/alarmbro/alarmbro.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("mine")
    file.chmod(0o600)
    done = machine.install("1.0")
    assert file.read_text() == "mine"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "Next:" not in done.stdout


def test_where_systemd_does_not_run_it_says_so(tmp_path: Path) -> None:
    """Everything is in its place, and nobody is told that it works."""
    machine = Machine(tmp_path, systemd=False)
    done = machine.install("1.0")
    assert done.returncode == 0, done.stderr
    assert "systemd does not run here" in done.stdout
    assert (machine.in_force, machine.calls) == ("1.0", [])


def test_an_upgrade_copies_the_journal_and_keeps_the_version_before(running: Machine) -> None:
    """Only the two last versions stay."""
    before = {each.name for each in (running.opt / "versions").iterdir()}
    done = running.install("2.0")
    assert done.returncode == 0, done.stderr
    assert (running.in_force, running.runs) == ("2.0", True)
    assert running.calls == ["daemon-reload", "stop alarmbro.service", "daemon-reload", "start alarmbro.service"]
    (copy,) = (running.root / "var/lib/alarmbro-backup").iterdir()
    assert (copy.name.startswith("before-2.0"), records(copy)) == (True, 3)
    assert before < {each.name for each in (running.opt / "versions").iterdir()}
    assert running.install("3.0").returncode == 0
    assert [each.name[:3] for each in sorted((running.opt / "versions").iterdir())] == ["2.0", "3.0"]


def test_the_new_program_checks_in_the_surroundings_of_the_service(running: Machine) -> None:
    """Which sites it serves and where its secrets are stands in its unit, not in the file."""
    with subprocess.Popen(["sleep", "60"], env={"PATH": os.environ["PATH"], "ALARMBRO_SERVE": "vraa"}) as service:
        (running.memory / "pid").write_text(str(service.pid))
        done = running.install("2.0")
        service.kill()
    assert "checked by 2.0 for vraa" in done.stdout


@pytest.mark.parametrize("trait", ["picky", "lame"])
def test_a_program_that_refuses_or_cannot_run_changes_nothing(running: Machine, trait: str) -> None:
    """The service is not even stopped."""
    done = running.install("2.0", trait)
    assert done.returncode == 1
    assert "goes on" in done.stderr
    assert (running.in_force, running.runs) == ("1.0", True)
    assert not any(call.startswith(("stop", "start", "restart")) for call in running.calls)
    assert len(list((running.opt / "versions").iterdir())) == 1


@pytest.mark.parametrize("trait", ["dead", "restless"])
def test_a_version_that_does_not_come_up_is_taken_back(running: Machine, trait: str) -> None:
    """Whether it never is ready or dies soon after; what is in the journal stays there."""
    done = running.install("2.0", trait)
    assert done.returncode == 1
    assert "The old one" in done.stderr
    assert (running.in_force, running.runs) == ("1.0", True)
    assert records(running.state / FILE_NAME) == 3
    assert not list(running.state.glob("*before-restore*"))
    assert len(list((running.opt / "versions").iterdir())) == 1


def test_what_did_not_come_up_is_not_tried_again_until_somebody_says_so(running: Machine) -> None:
    """Debian comes back to it whenever anything is installed; each try would cost seconds of dead buttons."""
    running.install("2.0", "dead")
    running.start()
    assert running.script().returncode == 1
    assert running.calls == []
    (running.opt / "package/dead").unlink()
    assert running.script("again").returncode == 0
    assert running.in_force == "2.0"
    running.install("3.0", "dead")
    assert running.install("3.1").returncode == 0


def test_a_journal_that_the_new_version_changed_is_taken_back_with_it(running: Machine) -> None:
    """The old program cannot read it; nothing is thrown away."""
    done = running.install("2.0", "dead", "newer")
    assert done.returncode == 1
    assert (running.in_force, running.runs) == ("1.0", True)
    assert "before-restore" in done.stderr
    assert records(running.state / FILE_NAME) == 3
    open_for_writing(running.state / FILE_NAME).close()
    assert len(list(running.state.glob("journal.db.before-restore-*Z"))) == 1


def test_where_neither_comes_up_it_says_so_loudly(running: Machine) -> None:
    """Somebody must go there."""
    (running.opt / "current" / "dead").touch()
    done = running.install("2.0", "dead")
    assert done.returncode == 1
    assert "THE BUTTONS ARE DEAD" in done.stderr.upper()


def test_a_journal_that_is_damaged_does_not_keep_anybody_from_an_upgrade(running: Machine) -> None:
    """It is copied as it lies there."""
    whole = (running.state / FILE_NAME).read_bytes()
    (running.state / FILE_NAME).write_bytes(whole.replace(b"trial", b"tried", 1))
    done = running.install("2.0")
    assert done.returncode == 0, done.stderr
    assert running.in_force == "2.0"
    assert list((running.root / "var/lib/alarmbro-backup").glob("before-2.0*"))


def test_a_program_that_was_installed_by_hand_can_be_gone_back_to(machine: Machine) -> None:
    """As the first installations were made: an environment right in /opt/alarmbro."""
    machine.package("0.9")
    for part in (machine.opt / "package").iterdir():
        part.rename(machine.opt / part.name)
    machine.state.mkdir(parents=True)
    machine.start()
    assert machine.install("1.0", "dead").returncode == 1
    assert (machine.in_force, machine.runs) == ("0.9", True)
    done = machine.install("1.1")
    assert done.returncode == 0, done.stderr
    assert (machine.in_force, machine.runs) == ("1.1", True)


def test_taken_away_it_leaves_journal_and_configuration(running: Machine) -> None:
    """They are the town's, and the journal is evidence."""
    done = running.script("deactivate")
    assert done.returncode == 0, done.stderr
    assert not running.runs
    assert records(running.state / FILE_NAME) == 3
    assert (running.root / "etc/alarmbro/alarmbro.yaml").exists()
    assert [each.name for each in running.opt.iterdir()] == ["package"]
    assert str(running.state) in done.stdout
