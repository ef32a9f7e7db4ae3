"""On a Debian made from nothing: installed, pressed, upgraded, copied, restored and taken away.

`make test-pi` sets ALARMBRO_DEBIAN, the folder where it is made; without that nothing here runs, as it takes some
minutes and needs root. There is no systemd as first process in a folder, so what starts and stops services is shown on
a machine (`emulated`); here the daemon is started as its unit says, as the unit's user. The tests build on one another.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from arrivals import free_port
from debian_root import TOP, Debian
from running import until

pytestmark = [
    pytest.mark.skipif("ALARMBRO_DEBIAN" not in os.environ, reason="`make test-pi` makes a Debian for it"),
    pytest.mark.timeout(3000),
]

MACHINE = platform.machine()
ARCH = {"x86_64": "amd64", "aarch64": "arm64"}.get(MACHINE, MACHINE)
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels"}
ALARMBRO = "/usr/local/bin/alarmbro"
BUTTON = "eksempel/knap"


def wheels(folder: Path) -> Path:
    """Fetch what an installation fetches, so that the Debian in the folder needs no network."""
    place = folder / "wheels"
    place.mkdir(exist_ok=True)
    glibc = [word for number in (17, 28, 31, 34) for word in ("--platform", f"manylinux_2_{number}_{MACHINE}")]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(place), "--only-binary=:all:"]
    command += ["--python-version", "3.11", "--implementation", "cp", *glibc, "--platform", f"manylinux2014_{MACHINE}"]
    own = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder / "own"), str(TOP)],
        check=False,
    )  # fmt: skip
    assert own.returncode == 0
    (wheel,) = (folder / "own").glob("alarmbro-*.whl")
    subprocess.run([*command, f"{wheel}[sia,report,watch,web,pi]", "hatchling", "setuptools", "wheel"], check=True)
    wheel.unlink()
    for each in place.glob("alarmbro-*.whl"):
        each.unlink()
    return place


def deb(release: str) -> Path:
    """Make the package for a release and this machine."""
    for older in (TOP / "dist").glob(f"alarmbro_*+deb{release}_{ARCH}.deb"):
        older.unlink()
    subprocess.run([str(TOP / "packaging/build.sh"), "deb", f"{release}-{ARCH}"], check=True, stdout=subprocess.DEVNULL)
    (package,) = (TOP / "dist").glob(f"alarmbro_*+deb{release}_{ARCH}.deb")
    return package


@pytest.fixture(scope="module")
def folder() -> Path:
    folder = Path(os.environ["ALARMBRO_DEBIAN"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def bookworm(folder: Path) -> Iterator[Debian]:
    """Make a Debian 12, on which the version before this one is installed as its own README says: by hand."""
    debian = Debian(folder, "bookworm")
    (debian.root / "wheels").mkdir()
    for wheel in wheels(folder).iterdir():
        os.link(wheel, debian.root / "wheels" / wheel.name)
    yield debian
    debian.stop()


@pytest.fixture(scope="module")
def trixie(folder: Path) -> Iterator[Debian]:
    """Make a Debian 13."""
    debian = Debian(folder, "trixie")
    yield debian
    debian.stop()


def fetched(address: str) -> bytes:
    """Get a page; nothing while nobody serves it."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - an address of ours
            return bytes(answer.read())
    except OSError:
        return b""


def asked(debian: Debian, *words: str, user: str = "alarmbro") -> dict[str, object]:
    """Run alarmbro there and give its answer."""
    answer = json.loads(debian.run(ALARMBRO, *words, "--json", user=user))
    assert isinstance(answer, dict)
    return answer


def records(debian: Debian, kind: str, user: str = "alarmbro") -> int:
    """Count the journal's records of a type."""
    lines = debian.run(ALARMBRO, "journal", "list", "--json", user=user).splitlines()
    return sum(json.loads(line)["type"] == kind for line in lines)


def test_it_is_installed_in_one_command(bookworm: Debian) -> None:
    """Users, folders, units, completions, manual page, an example that alarms nobody, the check, what to do next."""
    bookworm.put_source("0.0.1")
    said = bookworm.run("make", "-C", "/src", "install", environ=OFFLINE)
    assert "systemd does not run here" in said
    assert "sudo systemctl enable --now alarmbro" in said
    assert "alarmbro.yaml: ok" in said
    groups = bookworm.run("id", "alarmbro")
    assert "gpio" in groups
    assert "alarmbro" in bookworm.run("id", "alarmbro-web")
    assert "0.0.1" in bookworm.run(ALARMBRO, "--version")
    assert "journal backup" in bookworm.run("sh", "-c", "man alarmbro | cat")
    assert "_alarmbro_completion" in bookworm.run(
        "bash", "-c", ". /usr/share/bash-completion/bash_completion; _completion_loader alarmbro; complete -p alarmbro"
    )
    listed = bookworm.run(
        "stat", "-c", "%U:%G %a %n", "/etc/alarmbro", "/etc/alarmbro/alarmbro.yaml", "/var/lib/alarmbro"
    )
    assert listed.splitlines() == [
        "root:alarmbro 750 /etc/alarmbro",
        "root:alarmbro 640 /etc/alarmbro/alarmbro.yaml",
        "alarmbro:alarmbro 750 /var/lib/alarmbro",
    ]


def test_the_units_are_what_that_systemd_takes(bookworm: Debian) -> None:
    """By the systemd of that Debian, with the program in its place."""
    units = ("alarmbro.service", "alarmbro-web.service", "alarmbro-backup.service", "alarmbro-backup.timer")
    for unit in units:
        said = bookworm.run("systemd-analyze", "verify", f"/usr/local/lib/systemd/system/{unit}", check=False)
        assert "alarmbro" not in said


def test_a_press_on_the_pin_is_told(bookworm: Debian) -> None:
    """The daemon runs as its unit says; whoever is in its group may ask it."""
    bookworm.start()
    bookworm.run("useradd", "--create-home", "--groups", "alarmbro", "koordinator")
    bookworm.run("useradd", "--create-home", "fremmed")
    bookworm.run(ALARMBRO, "pin", BUTTON, user="koordinator")
    bookworm.run(
        "sh", "-c", f"for i in $(seq 50); do {ALARMBRO} journal list | grep -q told && exit; sleep 0.2; done; exit 1"
    )
    asked(bookworm, "press", BUTTON, "--by", "Koordinatoren", user="koordinator")
    assert (records(bookworm, "activation"), records(bookworm, "raised")) == (2, 1)
    assert bookworm.code(ALARMBRO, "status", user="fremmed") == 3
    assert bookworm.code(ALARMBRO, "journal", "list", user="fremmed") == 1


def test_the_pages_user_reads_and_asks_and_can_write_nothing(bookworm: Debian) -> None:
    """The journal beside the daemon, the configuration, the socket; but no secret, and no file of the daemon's."""
    assert records(bookworm, "activation", user="alarmbro-web") == 2
    assert asked(bookworm, "status", user="alarmbro-web")
    bookworm.run(
        "sh", "-c", "umask 077; echo 'a: b' >/etc/alarmbro/secrets.yaml; chown alarmbro /etc/alarmbro/secrets.yaml"
    )
    assert bookworm.code("cat", "/etc/alarmbro/secrets.yaml", user="alarmbro-web") != 0
    for path in (
        "/var/lib/alarmbro/journal.db",
        "/var/lib/alarmbro/new",
        "/etc/alarmbro/alarmbro.yaml",
        "/run/alarmbro/new",
    ):
        assert bookworm.code("sh", "-c", f"echo >>{path}", user="alarmbro-web") != 0


def test_the_page_is_served_by_its_own_user(bookworm: Debian) -> None:
    """With what its unit says; it can read who may log in, which root has written."""
    port = free_port()
    file = bookworm.root / "etc/alarmbro/alarmbro.yaml"
    file.write_text(file.read_text(encoding="utf-8") + f'\nweb: {{listen: "127.0.0.1:{port}"}}\n', encoding="utf-8")
    bookworm.run("sh", "-c", f"echo en-lang-adgangskode | {ALARMBRO} web user add vagten --role see --password-stdin")
    assert "vagten" in bookworm.run(ALARMBRO, "web", "user", "list", user="alarmbro-web")
    with bookworm.beside("alarmbro-web.service"):
        page = until(lambda: fetched(f"http://127.0.0.1:{port}/"), 60.0)
    assert b"<html" in page
    assert b"password" in page


def test_a_broken_file_is_refused_and_the_one_in_force_stays(bookworm: Debian) -> None:
    """By what `systemctl reload` runs."""
    (command,) = bookworm.unit("alarmbro.service")["ExecReload"]
    file = bookworm.root / "etc/alarmbro/alarmbro.yaml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("notify: [log]", "notify: [lgo]"), encoding="utf-8")
    said = bookworm.run("sh", "-c", f"! {command}", user="alarmbro")
    assert "lgo" in said
    bookworm.run(ALARMBRO, "pin", BUTTON, user="koordinator")
    file.write_text(good.replace("En knap", "En anden knap"), encoding="utf-8")
    bookworm.run("sh", "-c", command, user="alarmbro")
    assert "En anden knap" in bookworm.run(ALARMBRO, "status", user="koordinator")


def test_an_upgrade_leaves_what_runs_alone_until_it_is_started_again(bookworm: Debian) -> None:
    """Without systemd nobody stops it: it stays with its version. The journal is copied before."""
    bookworm.put_source("0.0.2")
    said = bookworm.run("make", "-C", "/src", "install", environ=OFFLINE)
    assert "Next:" not in said
    assert asked(bookworm, "status")["version"] == "0.0.1"
    bookworm.run(ALARMBRO, "press", BUTTON, user="koordinator")
    assert "before-0.0.2" in bookworm.run("ls", "/var/lib/alarmbro-backup")
    bookworm.stop()
    bookworm.start()
    assert asked(bookworm, "status")["version"] == "0.0.2"
    assert bookworm.run(ALARMBRO, "journal", "verify", user="alarmbro")


def test_a_version_that_refuses_the_configuration_is_not_put_into_force_where_it_would_stop_one(
    bookworm: Debian,
) -> None:
    """Without systemd there is nothing to stop; it says what is refused."""
    file = bookworm.root / "etc/alarmbro/alarmbro.yaml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("notify: [log]", "notify: [lgo]"), encoding="utf-8")
    said = bookworm.run("/usr/local/lib/alarmbro/activate.sh", "activate")
    assert "is refused as it is" in said
    file.write_text(good, encoding="utf-8")
    bookworm.run("/usr/local/lib/alarmbro/activate.sh", "activate")


def test_the_nightly_copy_is_whole_and_can_be_put_back(bookworm: Debian) -> None:
    """Made as its unit says, beside the daemon; refused beside it, put back without it."""
    (command,) = bookworm.unit("alarmbro-backup.service")["ExecStart"]
    command = command.replace("%S", "/var/lib")
    said = bookworm.run(
        "sh", "-c", f"umask 0077; {command} --json", user="alarmbro", environ={"ALARMBRO_STATE": "/var/lib/alarmbro"}
    )
    copy = json.loads(said)
    assert copy["whole"]
    bookworm.run(ALARMBRO, "press", BUTTON, user="koordinator")
    assert bookworm.code(ALARMBRO, "journal", "restore", str(copy["file"])) == 1
    bookworm.stop()
    later = records(bookworm, "activation")
    bookworm.run(ALARMBRO, "journal", "restore", str(copy["file"]))
    bookworm.start()
    assert records(bookworm, "activation") == later - 1
    assert asked(bookworm, "journal", "verify", "--head", str(copy["head"]))["whole"]
    bookworm.run(ALARMBRO, "pin", BUTTON, user="koordinator")
    assert "before-restore" in bookworm.run("ls", "/var/lib/alarmbro")


def test_taken_away_it_leaves_journal_and_configuration(bookworm: Debian) -> None:
    """And nothing else."""
    bookworm.stop()
    said = bookworm.run("make", "-C", "/src", "uninstall")
    assert "/var/lib/alarmbro" in said
    left = bookworm.run("find", "/opt", "/usr/local", "/etc/systemd", "-name", "*alarmbro*")
    assert left == ""
    assert (bookworm.root / "etc/alarmbro/alarmbro.yaml").exists()
    assert (bookworm.root / "var/lib/alarmbro/journal.db").exists()


def test_debian_12_takes_the_package_and_goes_on_with_what_was_left(bookworm: Debian) -> None:
    """Installed over the journal that `make uninstall` left; upgraded; removed."""
    package = deb("12")
    (bookworm.root / "tmp" / package.name).write_bytes(package.read_bytes())
    bookworm.run("dpkg", "-i", f"/tmp/{package.name}")
    bookworm.run("/usr/bin/alarmbro", "check", user="alarmbro")
    bookworm.start()
    bookworm.run("/usr/bin/alarmbro", "pin", BUTTON, user="koordinator")
    bookworm.run("/usr/bin/alarmbro", "journal", "verify", user="alarmbro")
    bookworm.run("dpkg", "-i", f"/tmp/{package.name}")
    assert "versions" in bookworm.run("readlink", "/opt/alarmbro/current")
    bookworm.stop()
    bookworm.run("dpkg", "-r", "alarmbro")
    assert not (bookworm.root / "opt/alarmbro").exists()
    assert (bookworm.root / "var/lib/alarmbro/journal.db").exists()
    assert (bookworm.root / "etc/alarmbro/alarmbro.yaml").exists()


def test_a_machine_that_was_installed_by_hand_is_taken_over(bookworm: Debian) -> None:
    """As it was done before there was an installer: an environment right in /opt/alarmbro. It can be gone back to."""
    bookworm.put_source("0.0.3")
    bookworm.run("python3", "-m", "venv", "--system-site-packages", "/opt/alarmbro")
    bookworm.run("/opt/alarmbro/bin/pip", "install", "--quiet", "/src[pi]", environ=OFFLINE)
    bookworm.put_source("0.0.4")
    bookworm.run("make", "-C", "/src", "install", environ=OFFLINE)
    assert "0.0.4" in bookworm.run(ALARMBRO, "--version")
    assert "0.0.3" in bookworm.run("/opt/alarmbro/versions/by-hand/bin/alarmbro", "--version")
    bookworm.start()
    assert asked(bookworm, "journal", "verify")["whole"]
    bookworm.stop()
    bookworm.run("make", "-C", "/src", "uninstall")
    assert not (bookworm.root / "opt/alarmbro").exists()


def test_debian_13_takes_its_package(trixie: Debian) -> None:
    """With Python 3.13, another systemd, and no lgpio but Raspberry Pi OS's."""
    package = deb("13")
    (trixie.root / "tmp" / package.name).write_bytes(package.read_bytes())
    said = trixie.run("dpkg", "-i", f"/tmp/{package.name}")
    assert "alarmbro.yaml: ok" in said
    assert "apt install python3-lgpio" in said
    for unit in ("alarmbro.service", "alarmbro-web.service", "alarmbro-backup.service", "alarmbro-backup.timer"):
        assert "alarmbro" not in trixie.run("systemd-analyze", "verify", f"/usr/lib/systemd/system/{unit}", check=False)
    trixie.start()
    trixie.run("/usr/bin/alarmbro", "pin", BUTTON, user="alarmbro")
    trixie.run(
        "sh", "-c", "for i in $(seq 50); do alarmbro journal list | grep -q told && exit; sleep 0.2; done; exit 1"
    )
    trixie.stop()
    trixie.run("dpkg", "-r", "alarmbro")
    assert (trixie.root / "var/lib/alarmbro/journal.db").exists()
