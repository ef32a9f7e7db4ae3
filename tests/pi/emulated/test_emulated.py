"""On a machine with systemd as its first process and a real GPIO chip: pressed, reloaded, and cut off from its power.

`make test-pi` makes the image and sets ALARMBRO_MACHINE; without that nothing here runs, as it takes a quarter of an
hour. The receiver is on this side of the machine's network, on loopback.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from guest import Guest
from receivers import HttpReceiver
from running import until

pytestmark = pytest.mark.skipif("ALARMBRO_MACHINE" not in os.environ, reason="`make test-pi` boots a machine for it")

HOST = "10.0.2.2"  # this side, as QEMU's network calls it
PIN = 4
ALARMBRO = "/opt/alarmbro/bin/alarmbro"
PATIENCE_S = 120.0
TOWN = """
recipients:
  vagt: {{name: Vagt, urls: ["json://{host}:{port}/vagt"]}}
  leder: {{name: Leder, urls: ["json://{host}:{port}/leder"]}}
routes:
  alt: {{steps: [{{notify: [vagt, leder]}}]}}
faults: {{notify: [leder]}}
supervise: {{targets: 0s}}
gpio: {{factory: lgpio, chip: 0}}
sites:
  hus:
    name: Huset
    route: alt
    devices:
      skranke: {{name: Skranke, gpio: {pin}}}
{more}
"""


@pytest.fixture(scope="module")
def receiver() -> Iterator[HttpReceiver]:
    """Stand for everybody who is told."""
    made = HttpReceiver()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def machine(receiver: HttpReceiver) -> Iterator[Guest]:
    """Boot a machine with the service running."""
    guest = Guest(Path(os.environ["ALARMBRO_MACHINE"]))
    guest.fresh()
    guest.start()
    try:
        more = "\n".join(f"      knap-{number}: {{name: Knap {number}, mqtt: true}}" for number in range(1, 21))
        text = TOWN.format(host=HOST, port=receiver.port, pin=PIN, more=more)
        text += 'mqtt: {url: "mqtt://127.0.0.1"}\n'
        guest.put("/etc/alarmbro/alarmbro.yaml", text)
        guest.shell("systemctl enable --now mosquitto alarmbro", within_s=180)
        yield guest
    finally:
        guest.cut()


def test_the_service_is_up_and_its_buttons_are_armed(machine: Guest) -> None:
    """As systemd sees it, under all its hardening."""
    until(lambda: machine.shell("systemctl is-active alarmbro", check=False).strip() == "active", PATIENCE_S)
    assert "alarmbro" in machine.shell("stat -c %U /proc/$(systemctl show -p MainPID --value alarmbro)")
    exposure = machine.shell("systemd-analyze security alarmbro --no-pager | tail -n 1")
    assert "OK" in exposure, exposure


def everybody_hears(machine: Guest, receiver: HttpReceiver) -> None:
    """Close what is open, press, and wait until both have read of an alarm that is new."""
    for alarm in json.loads(machine.shell(f"{ALARMBRO} status --json"))["alarms"]:
        machine.shell(f"{ALARMBRO} close {alarm['alarm']} --outcome test")
    before = set(raised(machine))
    machine.press(PIN)
    (new,) = until(lambda: set(raised(machine)) - before, PATIENCE_S)

    def heard() -> bool:
        alarms = [each for each in receiver.received() if new in each.json["message"]]
        return {each.path.strip("/") for each in alarms} == {"vagt", "leder"}

    until(heard, PATIENCE_S)


def records(machine: Guest, kind: str) -> list[dict[str, Any]]:
    """Give the record, of one kind."""
    found = machine.shell(f"""{ALARMBRO} journal list --json | grep '"type": "{kind}"'""", within_s=300, check=False)
    return [json.loads(line) for line in found.splitlines()]


def raised(machine: Guest) -> list[str]:
    """Name all alarms there ever were."""
    return [record["alarm"] for record in records(machine, "raised")]


def test_the_doctor_finds_nothing_to_mend(machine: Guest) -> None:
    """Beside the daemon, as root: it is asked, and not disturbed. But for the clock, which nobody sets in there."""
    found = json.loads(machine.shell(f"{ALARMBRO} doctor --json", within_s=300, check=False))
    assert [each for each in found if each["state"] == "failed" and each["check"] != "clock"] == []


def test_a_hand_on_the_button_reaches_both(machine: Guest, receiver: HttpReceiver) -> None:
    """From the line of the chip to the receivers."""
    everybody_hears(machine, receiver)


def test_the_page_is_served_under_all_its_hardening(machine: Guest) -> None:
    """By its own user, who can read no secret; and the copy of the journal is made under its own."""
    machine.shell("""sed -i '$a web: {listen: "127.0.0.1:8080"}' /etc/alarmbro/alarmbro.yaml""")
    machine.shell(f"echo en-lang-adgangskode | {ALARMBRO} web user add vagten --role see --password-stdin")
    machine.shell("systemctl start alarmbro-web alarmbro-backup", within_s=300)
    fetch = "from urllib.request import urlopen; print(urlopen('http://127.0.0.1:8080/').read().decode())"
    page = until(lambda: machine.shell(f'/usr/bin/python3 -c "{fetch}"', check=False).partition("<html")[2], PATIENCE_S)
    assert "password" in page
    assert "alarmbro-web" in machine.shell("stat -c %U /proc/$(systemctl show -p MainPID --value alarmbro-web)")
    assert "OK" in machine.shell("systemd-analyze security alarmbro-web --no-pager | tail -n 1")
    assert machine.shell("systemctl show -p Result --value alarmbro-backup").strip() == "success"
    machine.shell("systemctl stop alarmbro-web")


def test_a_broken_file_leaves_the_one_in_force(machine: Guest, receiver: HttpReceiver) -> None:
    """`systemctl reload` says so, and the button works."""
    good = machine.shell("cat /etc/alarmbro/alarmbro.yaml")
    machine.put("/etc/alarmbro/alarmbro.yaml", good.replace("notify: [vagt, leder]", "notify: [vagt, ledder]"))
    machine.shell("! systemctl reload alarmbro", within_s=180)
    assert "ledder" in machine.shell("journalctl -u alarmbro --no-pager")
    everybody_hears(machine, receiver)
    machine.put("/etc/alarmbro/alarmbro.yaml", good)
    machine.shell("systemctl reload alarmbro", within_s=180)
    everybody_hears(machine, receiver)
    assert machine.shell("systemctl show -p NRestarts --value alarmbro").strip() == "0"


def test_a_process_that_is_killed_is_back(machine: Guest, receiver: HttpReceiver) -> None:
    """And knows its open alarm."""
    (known, *_) = raised(machine)[-1:]
    machine.shell("systemctl kill -s KILL alarmbro")
    until(lambda: known in machine.shell(f"{ALARMBRO} status --json", check=False), PATIENCE_S)
    everybody_hears(machine, receiver)


def test_a_power_cut_in_the_middle_of_a_storm_loses_no_press(machine: Guest, receiver: HttpReceiver) -> None:
    """Each press that was answered is on record after the next boot, and everybody hears of its alarm."""
    receiver.hang()
    with machine.told() as answered:
        machine.shell(
            "systemd-run --unit=storm /usr/bin/python3 /opt/guest/storm.py /run/alarmbro/control.sock "
            "/dev/virtio-ports/told"
        )
        until(lambda: len(answered) >= 60, PATIENCE_S)
        machine.cut()
        promised = list(answered)
    receiver.ok()
    machine.start()
    until(lambda: machine.shell("systemctl is-active alarmbro", check=False).strip() == "active", PATIENCE_S)
    kept = {each["data"]["activation"] for each in records(machine, "activation")}
    assert [line for line in promised if line.split()[0] not in kept] == []
    alarm_of = {each["device"]: each["alarm"] for each in records(machine, "raised")}
    alarms = {alarm_of[line.split()[1].partition("/")[2]] for line in promised}
    assert len(alarms) >= 15

    def everybody_heard() -> bool:
        said = " ".join(each.json["message"] for each in receiver.received())
        return all(alarm in said for alarm in alarms)

    until(everybody_heard, PATIENCE_S)
    assert machine.shell(f"{ALARMBRO} journal verify") != ""


def test_a_button_that_is_held_while_the_service_starts_is_an_alarm(machine: Guest) -> None:
    """Whoever needs help holds on."""
    machine.shell("systemctl stop alarmbro", within_s=60)
    machine.line(PIN, high=False)
    machine.shell("systemctl start alarmbro", within_s=180)
    machine.line(PIN, high=True)
    assert records(machine, "activation")[-1]["data"]["held_at_start"]
