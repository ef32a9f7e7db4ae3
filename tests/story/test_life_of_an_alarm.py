"""The life of an alarm on the whole daemon: a real broker, real receivers, real kills; the times are short."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import until
from towns import Town, town_of

FILE = """
mqtt: {{url: "mqtt://127.0.0.1:{broker}"}}
gpio: {{factory: mock}}
recipients:
  serviceteam: {{name: Serviceteam, urls: ["json://127.0.0.1:{http}/serviceteam/{{alarm.kind}}"], acknowledges: true}}
  politi: {{name: Politi, urls: ["json://127.0.0.1:{http}/politi/{{alarm.kind}}"]}}
  leder: {{name: Leder, urls: ["json://127.0.0.1:{http}/leder/{{alarm.kind}}"], acknowledges: true}}
  kontorchef: {{name: Kontorchef, urls: ["json://127.0.0.1:{http}/kontorchef/{{alarm.kind}}"]}}
  borte: {{name: Borte, urls: ["json://127.0.0.1:{dead}/borte"]}}
  teknik: {{name: IT-drift, urls: ["json://127.0.0.1:{http}/teknik/{{alarm.kind}}"]}}
aftercare:
  borgerservice:
    - {{what: Lad ikke den ramte være alene, who: kollega, source: planen}}
    - Kontakt krisepsykolog
routes:
  raadhus:
    steps:
      - notify: [serviceteam, politi]
      - {{after: 1s, unless: acknowledged, notify: [leder]}}
      - {{after: 2s, unless: acknowledged, notify: [kontorchef]}}
    repeat: {{every: 1s, until: acknowledged}}
    reminder: 2s
    aftercare: {{list: borgerservice, after: 1s, notify: [leder]}}
  doed:
    steps:
      - notify: [borte]
      - {{after: 1h, unless: acknowledged, notify: [leder]}}
  ingen: {{steps: [{{notify: [borte]}}]}}
  kollega: {{steps: [{{notify: [leder]}}]}}
faults: {{notify: [teknik]}}
sites:
  hjoerring:
    name: Hjørring Rådhus
    route: raadhus
    acknowledge: {{gpio: 22, name: Nøglen, close: {{hold: 1s, outcome: false_alarm}}}}
    feedback: {{led: 24}}
    levels: {{help: {{route: kollega}}}}
    devices:
      reception: {{name: Reception, gpio: 17}}
      skranke-1: {{name: Skranke 1, gpio: 27, level: help, hold: {{for: 1s, level: assault}}}}
      skranke-2: {{name: Skranke 2, gpio: 5, route: doed}}
      skranke-3: {{name: Skranke 3, gpio: 6, route: ingen}}
  vraa:
    name: Vrå Bibliotek
    route: raadhus
    devices:
      lommy-1: {{name: Lommy 1, mqtt: true}}
"""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with town_of(tmp_path, FILE) as made:
        yield made


def test_from_the_press_to_the_follow_up(town: Town) -> None:
    """Nobody answers, then somebody does; it is closed, told, followed up and settled; the pendant sees each turn."""
    heard = town.folder / "heard"
    town.broker.start()
    watch = ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(town.broker.port), "-v", "-t", "alarmbro/vraa/#"]
    with heard.open("w") as out, subprocess.Popen(watch, stdout=out) as watcher:
        town.start()
        until(lambda: all(town.daemon.ask("status")["mqtt"].values()))
        town.publish("alarmbro/vraa/lommy-1/press", "")
        town.wait("kontorchef", "GENTAGELSE 2")
        town.publish("alarmbro/vraa/command", '{"do": "ack", "alarm": "vraa-1", "by": "Serviceteam"}')
        for name in ("serviceteam", "politi", "leder", "kontorchef"):
            town.wait(name, "PÅ VEJ")
        town.publish("alarmbro/vraa/command", '{"do": "close", "alarm": "vraa-1", "outcome": "real", "by": "Leder"}')
        for name in ("serviceteam", "politi", "leder", "kontorchef"):
            town.wait(name, "AFSLUTTET")
        town.wait("leder", "OPFØLGNING")
        settled = town.daemon.wait_for("settled", 1)
        watcher.terminate()
    assert town.heard("serviceteam")[0].startswith("OVERFALDSALARM")
    assert [title.split(":")[0] for title in town.heard("leder")] == [
        "INGEN HAR SVARET", "PÅ VEJ", "AFSLUTTET", "OPFØLGNING"
    ]  # fmt: skip
    assert [title.split(":")[0] for title in town.heard("kontorchef")[:3]] == [
        "INGEN HAR SVARET", "GENTAGELSE 1", "GENTAGELSE 2"
    ]  # fmt: skip
    last = town.http.received()[-1]
    assert "Lad ikke den ramte være alene" in last.json["message"]
    assert last.path == "/leder/closed"
    assert settled[0].draft.data == {}
    words = [line.split(" ")[1] for line in heard.read_text().splitlines() if "/lommy-1/feedback" in line]
    assert words[0] == "received"
    assert words[-2:] == ["acknowledged", "closed"]
    assert set(words[1:-2]) == {"told"}
    steps = [record.draft.data for record in town.daemon.records("escalated")]
    assert [(each["message"], each["step"]) for each in steps[:3]] == [
        ("escalated", 1), ("escalated", 2), ("repeated", 2)
    ]  # fmt: skip
    for each, at_s in zip(steps, (1, 2, 3), strict=False):
        assert at_s <= each["after_ms"] / 1000 < at_s + 0.9
    assert town.daemon.cli("journal", "verify").returncode == 0


def test_an_answer_in_between_stops_the_chain_and_a_new_press_starts_it_again(town: Town) -> None:
    """By the command line: who takes it, that it is taken, and that the next press wants everybody."""
    town.start()
    town.daemon.cli("press", "hjoerring/reception")
    answer = json.loads(town.daemon.cli("ack", "hjoerring-1", "--by", "serviceteam", "--json").stdout)
    assert (answer["by"], answer["recipient"], answer["state"], answer["first"]) == (
        "Serviceteam", "serviceteam", "acknowledged", True
    )  # fmt: skip
    town.wait("politi", "PÅ VEJ")
    assert "Serviceteam er på vej" in town.http.received()[-1].json["message"]
    town.wait("serviceteam", "PÅMINDELSE")  # more than two seconds: no step has come
    assert town.heard("leder") == []
    status = town.daemon.cli("status").stdout
    assert "Serviceteam" in status
    town.daemon.cli("press", "hjoerring/reception")
    town.wait("serviceteam", "TRYKKET IGEN")
    town.wait("politi", "TRYKKET IGEN")
    town.wait("leder", "INGEN HAR SVARET")
    town.daemon.cli("close", "HJOERRING-1", "--outcome", "false_alarm", "--by", "Leder", "--note", "Faldt ned")
    town.wait("politi", "FALSK ALARM")
    again = town.daemon.cli("close", "hjoerring-1", "--outcome", "real", check=False)
    assert again.returncode == 1
    assert "hjoerring-1" in again.stderr
    wrong = town.daemon.cli("close", "hjoerring-1", "--outcome", "andet", check=False)
    assert wrong.returncode == 2
    closed = town.daemon.records("closed")[0].draft
    assert (closed.data["outcome"], closed.personal) == ("false_alarm", {"by": "Leder", "note": "Faldt ned"})
    assert "aftercare" not in {record.draft.data["message"] for record in town.daemon.records("told")}


def test_a_kill_between_the_answer_and_the_reminder_forgets_neither(town: Town) -> None:
    """Kill -9 at every turn of the matter: it goes on where it was, to the end."""
    town.start()
    town.daemon.cli("press", "hjoerring/reception")
    town.daemon.cli("ack", "hjoerring-1", "--by", "Serviceteam")
    town.wait("serviceteam", "PÅ VEJ")
    town.daemon.kill()
    town.start()
    town.wait("serviceteam", "PÅMINDELSE")
    town.daemon.kill()
    town.start()
    town.wait("politi", "IKKE AFSLUTTET")
    town.wait("leder", "INGEN HAR SVARET")
    town.daemon.cli("close", "hjoerring-1", "--outcome", "real", "--by", "Leder")
    town.daemon.kill()
    town.start()
    town.wait("politi", "AFSLUTTET")
    town.wait("leder", "OPFØLGNING")
    town.daemon.wait_for("settled", 1)
    town.daemon.kill()
    count = len(town.http.received())
    town.start()
    town.daemon.cli("press", "hjoerring/reception")
    until(lambda: len(town.http.received()) >= count + 2)
    assert {each.json["title"].split(":")[0] for each in town.http.received()[count:]} == {"OVERFALDSALARM"}
    assert [record.draft.alarm for record in town.daemon.records("raised")] == ["hjoerring-1", "hjoerring-2"]


def test_the_key_at_the_site_answers_and_held_it_closes(town: Town) -> None:
    """Turned for a moment: somebody is here. Held: it is over. The one who pressed sees it by the light."""
    town.start()
    town.daemon.cli("pin", "hjoerring/reception")
    town.wait("politi", "OVERFALDSALARM")
    town.daemon.cli("pin", "hjoerring/acknowledge")
    town.wait("politi", "PÅ VEJ")
    assert "Nøglen er på vej" in town.http.received()[-1].json["message"]
    assert town.daemon.records("acknowledged")[0].draft.data["source"] == "gpio"
    town.daemon.cli("pin", "hjoerring/acknowledge", "--for", "1500ms")
    town.wait("politi", "FALSK ALARM")
    assert town.daemon.ask("status")["alarms"] == []


def test_a_press_asks_for_a_colleague_and_held_it_is_an_assault(town: Town) -> None:
    """One button, one alarm: the manager hears that a colleague is wanted, then all of an assault."""
    town.start()
    town.daemon.cli("pin", "hjoerring/skranke-1")
    until(lambda: town.heard("leder"))
    assert "OVERFALD" not in town.http.received()[0].json["message"]
    assert town.heard("politi") == []
    town.daemon.cli("pin", "hjoerring/skranke-1", "--for", "1500ms")
    town.wait("politi", "OVERFALDSALARM")
    town.wait("serviceteam", "OVERFALDSALARM")
    assert {record.draft.alarm for record in town.daemon.records("told")} == {"hjoerring-1"}


def test_a_step_that_can_tell_nobody_goes_on_at_once(town: Town) -> None:
    """The only one in the first step is away: the next hears within seconds and not in an hour."""
    town.start()
    town.daemon.cli("press", "hjoerring/skranke-2")
    town.wait("leder", "INGEN HAR SVARET")


def test_where_nobody_can_be_told_the_site_and_the_technicians_hear_it_within_half_a_minute(town: Town) -> None:
    """The loudest fault there is: the log's highest level, `faults`, and the words to ring 112.

    Where nobody is left to try it does not wait for the half minute.
    """
    town.start()
    town.daemon.cli("press", "hjoerring/skranke-3")
    town.wait("teknik", "INGEN KUNNE NÅS")
    line = next(line for line in town.daemon.log_lines() if line.get("fault") == "nobody_told/hjoerring-1")
    assert line["level"] == "critical"
    assert town.daemon.ask("status")["alarms"][0]["nobody_told"] is True


def test_a_command_that_is_refused_is_on_record_and_in_nobodys_way(town: Town) -> None:
    """No such alarm, another site's alarm, no outcome: rejected, with the reason; the next press goes out."""
    town.start(broker=True)
    town.daemon.cli("press", "hjoerring/reception")
    for words in (
        '{"do": "ack", "alarm": "vraa-9"}',
        '{"do": "ack", "alarm": "hjoerring-1"}',
        '{"do": "close", "alarm": "hjoerring-1"}',
        '{"do": "ack"}',
    ):
        town.publish("alarmbro/vraa/command", words)
    rejected = town.daemon.wait_for("rejected", 4)
    assert all(record.draft.data["reason"] == "command" for record in rejected)
    assert town.daemon.records("acknowledged") == []
    town.publish("alarmbro/vraa/lommy-1/press", "")
    town.daemon.wait_for("raised", 2)
