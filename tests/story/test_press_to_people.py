"""From a press to people: the shipped sites, a real broker, real receivers, the whole daemon."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

from conftest import Scene
from running import until

# What the contingency plan (and, marked so in config/, the project) names for each site's first step.
TOWN_HALL = {"serviceteam", "politi", "leder"}
PLAN = {
    "hjoerring/reception": TOWN_HALL,
    "hjoerring/skranke-1": TOWN_HALL,
    "hjoerring/skranke-2": TOWN_HALL,
    "hjoerring/skranke-3": TOWN_HALL,
    "hjoerring/moedelokale-1": TOWN_HALL,
    "hjoerring/moedelokale-2": TOWN_HALL,
    "hirtshals/lokale-1": {"redningsringen", "serviceteam", "leder"},
    "hirtshals/lokale-2": {"redningsringen", "serviceteam", "leder"},
    "vraa/lommy-1": {"serviceteam", "politi", "leder"},
    "sindal/lommy-1": {"serviceteam", "politi", "leder"},
}


def press(scene: Scene, path: str, payload: str = "", *more: str) -> None:
    """Press a device the way it is pressed: its pin, or a message from outside."""
    site, device = path.split("/")
    if site in ("vraa", "sindal"):
        publish(scene, f"alarmbro/{site}/{device}/press", payload, *more)
    else:
        scene.daemon.cli("pin", path, "--for", "120ms", "--bounce", "3")


def publish(scene: Scene, topic: str, payload: str, *more: str) -> None:
    command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(scene.broker.port), "-q", "1", "-t", topic, "-m", payload]
    subprocess.run([*command, *more], check=True, timeout=20)


def test_each_device_of_each_site_reaches_exactly_whom_the_plan_names(scene: Scene) -> None:
    """A press of each button, one after the other: the words, the people, and the record."""
    scene.broker.start()
    scene.daemon.start()
    until(lambda: all(scene.daemon.ask("status")["mqtt"].values()))
    for number, (path, expected) in enumerate(PLAN.items(), start=1):
        press(scene, path)
        alarm = scene.daemon.wait_for("raised", number)[-1].draft.alarm
        told = scene.daemon.wait_for("told", len(expected), alarm=alarm)
        assert {record.draft.recipient for record in told} == expected, path
        activation = scene.daemon.records("activation")[-1].draft
        assert f"{activation.site}/{activation.device}" == path
    raised = scene.daemon.records("raised")
    assert [f"{each.draft.site}/{each.draft.device}" for each in raised] == list(PLAN)
    for attempt in scene.daemon.records("attempt"):
        assert attempt.draft.data["outcome"] == "ok"
        assert 0 <= attempt.draft.data["after_ms"] < 5000
    town_hall = next(each.json for each in scene.http.received() if "Skranke 2" in each.json["message"])
    assert town_hall["title"] == "OVERFALDSALARM: Hjørring Rådhus, Skranke 2"
    assert "Backoffice går ikke ud i borgerområdet." in town_hall["message"]
    mails = [mail for mail in scene.smtp.received() if mail.recipients == ("leder@hjoerring.example",)]
    assert len(mails) == len(PLAN)
    assert any(mail.subject == "OVERFALDSALARM: Vrå Bibliotek, Lommy 1" for mail in mails)
    assert scene.daemon.stop() == 0
    whole = scene.daemon.cli("journal", "verify", "--json")
    assert json.loads(whole.stdout)["whole"] is True


def test_one_changed_byte_in_the_database_is_located(scene: Scene) -> None:
    """Who changes a room's name in the file is found by the number of the record."""
    scene.broker.start()
    scene.daemon.start()
    scene.daemon.ask("press", device="hirtshals/lokale-1")
    scene.daemon.wait_for("told", 3)
    scene.daemon.stop()
    database = scene.daemon.state / "journal.db"
    seq = scene.daemon.records("raised")[0].seq
    content = database.read_bytes()
    at = content.index(b'"route":"hirtshals"')
    database.write_bytes(content[: at + 9] + b"H" + content[at + 10 :])
    broken = scene.daemon.cli("journal", "verify", check=False)
    assert broken.returncode == 1
    assert str(seq) in broken.stderr


def test_ten_presses_while_the_daemon_is_down_are_ten_alarms(scene: Scene) -> None:
    """The broker keeps them; the daemon takes each once, and the pendants' alarms go out."""
    scene.broker.start()
    scene.daemon.start()
    until(lambda: all(scene.daemon.ask("status")["mqtt"].values()))
    scene.daemon.stop()
    for number in range(5):
        for site in ("vraa", "sindal"):
            publish(scene, f"alarmbro/{site}/lommy-1/press", json.dumps({"id": f"{site}-{number}"}))
    scene.daemon.start()
    scene.daemon.wait_for("activation", 10)
    scene.daemon.wait_for("told", 6)
    kinds = [
        record.draft.type.value for record in scene.daemon.records() if record.draft.type.value in ("raised", "joined")
    ]
    assert (kinds.count("raised"), kinds.count("joined")) == (2, 8)  # one open matter for each pendant
    publish(scene, "alarmbro/vraa/lommy-1/press", json.dumps({"id": "vraa-3"}))
    publish(scene, "alarmbro/vraa/lommy-1/press", json.dumps({"id": "vraa-new"}))
    scene.daemon.wait_for("activation", 11)
    assert len(scene.daemon.records("activation")) == 11  # the id that was there already is no second press


def test_the_broker_may_be_absent_at_start_and_may_come_and_go(scene: Scene) -> None:
    """Started before its broker, through its restart and its death, the daemon hears the next press."""
    scene.daemon.start()
    scene.broker.start()
    until(lambda: all(scene.daemon.ask("status")["mqtt"].values()))
    publish(scene, "alarmbro/vraa/lommy-1/press", "")
    scene.daemon.wait_for("raised", 1)
    scene.broker.stop()
    until(lambda: not any(scene.daemon.ask("status")["mqtt"].values()))
    scene.broker.start()
    until(lambda: all(scene.daemon.ask("status")["mqtt"].values()))
    publish(scene, "alarmbro/sindal/lommy-1/press", "SOS")
    scene.daemon.wait_for("raised", 2)
    scene.daemon.wait_for("told", 6)


def test_buttons_on_pins_work_with_no_broker_at_all(scene: Scene) -> None:
    """A site's wires do not depend on the network."""
    scene.daemon.start()
    press(scene, "hirtshals/lokale-2")
    told = scene.daemon.wait_for("told", 3)
    assert {record.draft.recipient for record in told} == {"redningsringen", "serviceteam", "leder"}


def test_the_command_topic_can_press(scene: Scene) -> None:
    """A press by a site's own system is a press; one for another site is refused and on record."""
    scene.broker.start()
    scene.daemon.start()
    until(lambda: all(scene.daemon.ask("status")["mqtt"].values()))
    publish(scene, "alarmbro/vraa/command", json.dumps({"do": "press", "device": "lommy-1", "by": "Vagten"}))
    scene.daemon.wait_for("told", 3, alarm="vraa-1")
    publish(scene, "alarmbro/vraa/command", json.dumps({"do": "press", "device": "hirtshals/lokale-1"}))
    publish(scene, "alarmbro/vraa/command", "not json")
    assert {record.draft.data["reason"] for record in scene.daemon.wait_for("rejected", 2)} == {"command"}


def test_machines_are_told_too(scene: Scene, tmp_path: Path) -> None:
    """The pendant's feedback, the alarm's topic and the site's retained status are published."""
    scene.broker.start()
    heard = tmp_path / "heard"
    watch = ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(scene.broker.port), "-v", "-t", "alarmbro/vraa/#"]
    with heard.open("w") as out, subprocess.Popen(watch, stdout=out) as watcher:
        scene.daemon.start()
        until(lambda: '"online"' in heard.read_text())
        publish(scene, "alarmbro/vraa/lommy-1/press", "")
        until(lambda: alarms_in(heard) and set(alarms_in(heard)[-1]["told"]) == TOWN_HALL)
        scene.daemon.stop()
        until(lambda: '"online": false' in heard.read_text() or '"online":false' in heard.read_text())
        watcher.terminate()
    lines = heard.read_text().splitlines()
    assert lines.index("alarmbro/vraa/lommy-1/feedback received") < lines.index("alarmbro/vraa/lommy-1/feedback told")
    assert lines.count("alarmbro/vraa/lommy-1/feedback told") == 1  # by the first who is: a light that blinks once
    assert alarms_in(heard)[0]["state"] == "raised"


def alarms_in(heard: Path) -> list[dict[str, Any]]:
    """Give what was published about the alarm, in its order."""
    lines = heard.read_text().splitlines()
    return [json.loads(line.split(" ", 1)[1]) for line in lines if line.startswith("alarmbro/vraa/alarm/vraa-1 ")]


def test_the_command_line_never_opens_the_journal_for_writing(scene: Scene) -> None:
    """Beside the daemon nobody may write: SQLite before 3.51.3 can corrupt a WAL with two writers."""
    scene.daemon.start()
    scene.daemon.ask("press", device="hirtshals/lokale-1")
    scene.daemon.wait_for("told", 3)
    watched = """
import sys
sys.addaudithook(lambda event, args: event == "sqlite3.connect" and print("opened", args[0], file=sys.stderr))
from alarmbro.cli.main import main
main()
"""
    opened: list[str] = []
    for words in ("press hirtshals/lokale-1", "status", "journal list", "journal show 1", "journal verify"):
        command = [sys.executable, "-c", watched, *scene.daemon.arguments, *words.split()]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=scene.daemon.environ, timeout=60)
        opened += [line for line in done.stderr.splitlines() if line.startswith("opened") and "coverage" not in line]
    assert len(opened) == 3  # the three that read
    assert all("mode=ro" in line for line in opened), opened


def test_a_huge_or_odd_command_is_rejected_and_the_next_press_is_not_kept_waiting(scene: Scene) -> None:
    """Half a character in an id, an id that is a list, a megabyte of command: the pendant's press goes out."""
    scene.broker.start()
    scene.daemon.start()
    until(lambda: all(scene.daemon.ask("status")["mqtt"].values()))
    publish(scene, "alarmbro/vraa/command", '{"do": "press", "device": "lommy-1", "id": "\\ud800"}')
    publish(scene, "alarmbro/sindal/command", '{"do": "press", "device": "lommy-1", "id": [1]}')
    big = scene.daemon.folder / "big"
    big.write_text(json.dumps({"do": "press", "device": "x" * 1_000_000}), encoding="utf-8")
    command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(scene.broker.port), "-q", "1"]
    subprocess.run([*command, "-t", "alarmbro/vraa/command", "-f", str(big)], check=True, timeout=20)
    scene.daemon.wait_for("rejected", 1)
    publish(scene, "alarmbro/sindal/lommy-1/press", "")
    scene.daemon.wait_for("activation", 3)
    scene.daemon.wait_for("told", 6)
    assert scene.daemon.cli("journal", "verify").returncode == 0


def test_the_record_of_one_alarm_has_its_presses_and_a_copy_is_judged_by_itself(scene: Scene, tmp_path: Path) -> None:
    """`--alarm` shows who pressed; `verify` does not call an older copy broken, but a wrong head is."""
    scene.daemon.start()
    first = json.loads(scene.daemon.cli("press", "hirtshals/lokale-1", "--by", "Vagten", "--json").stdout)
    assert (first["alarm"], first["presses"], first["repeat"]) == ("hirtshals-1", 1, False)
    scene.daemon.wait_for("told", 3)
    copy = tmp_path / "copy"
    copy.mkdir()
    with sqlite3.connect(scene.daemon.state / "journal.db") as source, sqlite3.connect(copy / "journal.db") as target:
        source.backup(target)
    again = scene.daemon.cli("press", "hirtshals/lokale-1")
    assert "tryk nr. 2" in again.stdout
    rows = [
        json.loads(line)
        for line in scene.daemon.cli("journal", "list", "--alarm", "hirtshals-1", "--json").stdout.splitlines()
    ]
    presses = [row for row in rows if row["type"] == "activation"]
    assert presses[0]["data"]["by"] == "Vagten"
    assert presses[0]["data"]["activation"] == first["activation"]
    assert {row["type"] for row in rows} >= {"activation", "raised", "attempt", "told", "joined"}
    assert scene.daemon.cli("journal", "verify").returncode == 0
    older = scene.daemon.cli("journal", "verify", "--json", "--state", str(copy))
    head = json.loads(older.stdout)["head"]
    assert scene.daemon.cli("journal", "verify", "--head", head).returncode == 0
    assert scene.daemon.cli("journal", "verify", "--head", "0" * 64, check=False).returncode == 1
    assert scene.daemon.cli("journal", "verify", "--head", "abc", check=False).returncode == 2
