"""On a machine whose first process is systemd: upgraded while it serves, and gone back where the new one does not live.

The image has alarmbro as it was once installed by hand. `make test-pi` says how the image is made; without
ALARMBRO_MACHINE nothing here runs. The tests build on one another.
"""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from guest import Guest
from receivers import HttpReceiver
from running import until

pytestmark = [
    pytest.mark.skipif("ALARMBRO_MACHINE" not in os.environ, reason="`make test-pi` boots a machine for it"),
    pytest.mark.timeout(3600),
]

TOP = Path(__file__).parents[3]
HOST = "10.0.2.2"  # this side, as QEMU's network calls it
PIN = 4
PATIENCE_S = 240.0
LONG_S = 1500.0  # a processor that is played compiles slowly
ALARMBRO = "/opt/alarmbro/bin/alarmbro"
TOWN = """
recipients:
  vagt: {{name: Vagt, urls: ["json://{host}:{port}/vagt"]}}
routes:
  alt: {{steps: [{{notify: [vagt]}}]}}
faults: {{notify: [vagt]}}
supervise: {{targets: 0s}}
gpio: {{factory: lgpio, chip: 0}}
sites:
  hus:
    name: Huset
    route: alt
    devices:
      skranke: {{name: Skranke, gpio: {pin}}}
"""


def lame(package: Path, folder: Path) -> Path:
    """Make a package of a version that takes the configuration and then does not live."""
    tree = folder / "tree"
    subprocess.run(["dpkg-deb", "-R", str(package), str(tree)], check=True)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub("(?m)^Version: .*$", "Version: 99", control.read_text()))
    (tree / "opt/alarmbro/package/version").write_text("99\n")
    (daemon,) = tree.glob("opt/alarmbro/package/lib/python3*/site-packages/alarmbro/daemon.py")
    daemon.write_text("raise SystemExit('this version does not live')\n")
    made = folder / "lame.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(tree), str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return made


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the package of this version, and of one that does not live, to the machine."""
    folder = tmp_path_factory.mktemp("packages")
    for older in (TOP / "dist").glob("alarmbro_*+deb12_arm64.deb"):
        older.unlink()
    subprocess.run([str(TOP / "packaging/build.sh"), "deb", "12-arm64"], check=True, capture_output=True)
    (package,) = (TOP / "dist").glob("alarmbro_*+deb12_arm64.deb")
    (folder / "good.deb").write_bytes(package.read_bytes())
    lame(package, folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(SimpleHTTPRequestHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HOST}:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def receiver() -> Iterator[HttpReceiver]:
    """Stand for everybody who is told."""
    made = HttpReceiver()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def machine(receiver: HttpReceiver) -> Iterator[Guest]:
    """Boot a machine on which the program that was installed by hand serves."""
    guest = Guest(Path(os.environ["ALARMBRO_MACHINE"]))
    guest.fresh()
    guest.start()
    try:
        guest.put("/etc/alarmbro/alarmbro.yaml", TOWN.format(host=HOST, port=receiver.port, pin=PIN))
        guest.shell("systemctl enable --now alarmbro", within_s=180)
        yield guest
    finally:
        guest.cut()


def fetch(machine: Guest, packages: str, name: str) -> None:
    code = f"import urllib.request as u; u.urlretrieve('{packages}/{name}', '/root/{name}')"
    until(lambda: "yes" in machine.shell(f'python3 -c "{code}" && echo yes', check=False, within_s=120), PATIENCE_S)


def open_alarms(machine: Guest) -> list[str]:
    return [each["alarm"] for each in json.loads(machine.shell(f"{ALARMBRO} status --json"))["alarms"] if each["open"]]


def press_is_told(machine: Guest, receiver: HttpReceiver) -> None:
    """Press the line of the chip, and see the receiver told of a new alarm; then end it."""
    machine.press(PIN)
    (alarm,) = until(lambda: open_alarms(machine), PATIENCE_S)
    until(lambda: any(alarm in each.json["message"] for each in receiver.received()), PATIENCE_S)
    machine.shell(f"{ALARMBRO} close {alarm} --outcome test --by Teknikeren")


def test_what_was_installed_by_hand_is_upgraded_while_it_serves(
    machine: Guest, receiver: HttpReceiver, packages: str
) -> None:
    """The service is stopped and started once, by the new program, with the journal copied."""
    press_is_told(machine, receiver)
    fetch(machine, packages, "good.deb")
    said = machine.shell("dpkg -i --force-depends /root/good.deb 2>&1", within_s=LONG_S)
    print(said)  # noqa: T201 - the report of the scenario, shown by -s
    assert re.search(r"alarmbro: \S+ runs", said)
    assert "is used in place of the one that was installed" in said
    assert "versions/" in machine.shell("readlink /opt/alarmbro/current")
    assert "before-" in machine.shell("ls /var/lib/alarmbro-backup")
    press_is_told(machine, receiver)


def test_the_installed_unit_serves(machine: Guest, receiver: HttpReceiver) -> None:
    """The one that was laid by hand is taken out of its way, as the installer said."""
    machine.shell("rm /etc/systemd/system/alarmbro.service && systemctl daemon-reload && systemctl reenable alarmbro")
    machine.shell("systemctl restart alarmbro", within_s=180)
    press_is_told(machine, receiver)
    assert "/usr/lib/systemd/system" in machine.shell("systemctl show -p FragmentPath alarmbro").replace(
        "=/lib", "=/usr/lib"
    )
    assert "enabled" in machine.shell("systemctl is-enabled alarmbro-backup.timer")


def test_the_nightly_copy_is_made_in_its_shut_in_unit(machine: Guest) -> None:
    """It may only read the journal, beside the daemon; the copy is whole."""
    machine.shell("systemctl start alarmbro-backup.service", within_s=180)
    copy = machine.shell("ls -t /var/lib/alarmbro-backup/journal-*.db | head -n 1").strip()
    assert copy.endswith("Z.db")
    assert machine.shell(f"stat -c %U:%a {copy}").strip() == "alarmbro:600"
    assert machine.shell(f"! {ALARMBRO} journal restore {copy}", within_s=180) == ""
    machine.shell(
        f"systemctl stop alarmbro && {ALARMBRO} journal restore {copy} && systemctl start alarmbro", within_s=300
    )
    assert "before-restore" in machine.shell("ls /var/lib/alarmbro")
    assert json.loads(machine.shell(f"{ALARMBRO} journal verify --json", within_s=180))["whole"]


def test_a_version_that_does_not_live_is_taken_back(machine: Guest, receiver: HttpReceiver, packages: str) -> None:
    """The installer fails, the one before it serves, and nothing is lost."""
    fetch(machine, packages, "lame.deb")
    before = machine.shell("readlink /opt/alarmbro/current")
    said = machine.shell("! dpkg -i --force-depends /root/lame.deb 2>&1", within_s=LONG_S)
    print(said)  # noqa: T201 - the report of the scenario, shown by -s
    assert "The old one" in said
    assert machine.shell("readlink /opt/alarmbro/current") == before
    assert "active" in machine.shell("systemctl is-active alarmbro")
    press_is_told(machine, receiver)
    assert json.loads(machine.shell(f"{ALARMBRO} journal verify --json", within_s=180))["whole"]


def test_removed_it_leaves_journal_and_configuration(machine: Guest) -> None:
    """And nothing that serves."""
    machine.shell("dpkg -r alarmbro", within_s=300)
    assert "inactive" in machine.shell("systemctl is-active alarmbro", check=False)
    assert machine.shell("ls /opt").split() == ["guest"]
    machine.shell("test -e /var/lib/alarmbro/journal.db && test -e /etc/alarmbro/alarmbro.yaml")
