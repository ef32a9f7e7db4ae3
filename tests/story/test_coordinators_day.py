"""A coordinator's day: the yearly test on the whole daemon, with everything that can come between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from running import until
from towns import Town, town_of

FILE = """
mqtt: {{url: "mqtt://127.0.0.1:{broker}"}}
gpio: {{factory: mock}}
recipients:
  serviceteam: {{name: Serviceteam, urls: ["json://127.0.0.1:{http}/serviceteam/{{alarm.kind}}"], acknowledges: true}}
  centralen: {{name: Centralen, urls: ["json://127.0.0.1:{http}/centralen/{{alarm.kind}}"], alarm_centre: true}}
  leder: {{name: Leder, urls: ["json://127.0.0.1:{http}/leder/{{alarm.kind}}"]}}
  politi: {{name: Politi, urls: ["json://127.0.0.1:{http}/politi/{{alarm.kind}}"], in_test: withhold}}
  borte: {{name: Borte, urls: ["json://127.0.0.1:{dead}/borte"]}}
  koordinator: {{name: Koordinatoren, urls: ["json://127.0.0.1:{http}/koordinator/{{alarm.kind}}"]}}
  teknik: {{name: IT-drift, urls: ["json://127.0.0.1:{http}/teknik/{{alarm.kind}}"]}}
routes:
  raadhus:
    steps:
      - notify: [serviceteam, politi, centralen]
      - {{after: 1h, unless: acknowledged, notify: [leder]}}
  doed: {{steps: [{{notify: [borte, serviceteam]}}]}}
faults: {{notify: [teknik]}}
test: {{coordinators: [koordinator]}}
sites:
  hus:
    name: Huset
    route: raadhus
    devices:
      reception: {{name: Reception, gpio: 17}}
      skranke: {{name: Skranke, gpio: 27}}
      lommy: {{name: Lommy, mqtt: true}}
      lokale: {{name: Lokale, gpio: 5, route: doed}}
      kontor: {{name: Kontor, gpio: 6}}
"""
SECONDS = 20


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with town_of(tmp_path, FILE) as made:
        yield made


def standing(town: Town, device: str) -> str:
    """Give how a device stands in the round that runs."""
    rounds = town.daemon.ask("status")["test_rounds"]
    return next((str(each["state"]) for each in rounds[0]["devices"] if each["device"] == device), "") if rounds else ""


def verdicts(town: Town) -> dict[str, str]:
    """Give each device's verdict: `passed`, or why it failed."""
    kinds = ("test_passed", "test_failed")
    judged = [each.draft for each in town.daemon.records() if each.draft.type.value in kinds]
    return {each.device: each.data.get("reason", "passed") for each in judged}


def test_the_yearly_test_with_all_that_comes_between(town: Town) -> None:
    """Three pass, one of them calls for help, one has a dead recipient, one is forgotten; a restart; time runs out."""
    town.start(broker=True)
    daemon = town.daemon
    daemon.cli("test", "on-test", "centralen", "--who", "Vagten på centralen", "--by", "Koordinatoren", "--for", "1h")
    begun = daemon.cli("test", "start", "hus", "--by", "Koordinatoren", "--for", f"{SECONDS}s").stdout
    assert "hus/reception" in begun
    until_utc = datetime.fromisoformat(daemon.ask("status")["test_rounds"][0]["until"])
    assert f"til kl. {until_utc.astimezone(ZoneInfo('Europe/Copenhagen')):%H:%M}" in begun
    assert "tryk to gange" in begun
    for name in ("serviceteam", "centralen", "leder", "koordinator"):
        town.wait(name, "TEST af alarmer: Huset")

    daemon.cli("pin", "hus/reception")
    town.wait("serviceteam", "TESTALARM: Huset, Reception")
    town.wait("centralen", "TESTALARM: Huset, Reception")
    until(lambda: standing(town, "reception") == "passed")

    daemon.stop()
    daemon.start()
    until(lambda: all(daemon.ask("status")["mqtt"].values()))
    assert "UNDER TEST: hus" in daemon.cli("status").stdout
    assert standing(town, "lommy") == "waiting"
    town.publish("alarmbro/hus/lommy/press", "")
    town.wait("serviceteam", "TESTALARM: Huset, Lommy")
    until(lambda: standing(town, "lommy") == "passed")

    daemon.cli("pin", "hus/lokale")
    town.wait("serviceteam", "TESTALARM: Huset, Lokale")
    assert standing(town, "lokale") == "pressed"

    daemon.cli("pin", "hus/skranke")
    town.wait("serviceteam", "TESTALARM: Huset, Skranke")
    daemon.cli("pin", "hus/skranke")  # twice: real
    for name in ("koordinator", "serviceteam", "politi", "centralen"):
        town.wait(name, "OVERFALDSALARM: Huset, Skranke")
    paused: dict[str, Any] = daemon.ask("status")["test_rounds"][0]
    assert paused["paused"]
    (raised,) = daemon.records("raised")
    assert raised.draft.data["notify"][0] == "koordinator"
    daemon.cli("close", raised.draft.alarm, "--outcome", "false_alarm", "--by", "Serviceteam")
    for name in ("koordinator", "serviceteam", "politi", "centralen"):
        town.wait(name, "FALSK ALARM")

    until(lambda: daemon.records("test_finished"), 2 * SECONDS)
    for name in ("serviceteam", "centralen", "leder", "koordinator"):
        town.wait(name, "TEST SLUT: Huset. 3 af 5 bestået. Mangler: Lokale, Kontor.")
    assert verdicts(town) == {
        "reception": "passed", "lommy": "passed", "lokale": "interrupted", "skranke": "passed", "kontor": "not_pressed"
    }  # fmt: skip
    assert [title.split(":")[0] for title in town.heard("serviceteam")] == [
        "TEST af alarmer", "TESTALARM", "TESTALARM", "TESTALARM", "TESTALARM", "OVERFALDSALARM", "FALSK ALARM",
        "TEST SLUT",
    ]  # fmt: skip
    assert [title.split(":")[0] for title in town.heard("centralen")] == [
        "TEST af alarmer", "TESTALARM", "TESTALARM", "TESTALARM", "OVERFALDSALARM", "FALSK ALARM", "TEST SLUT"
    ]  # fmt: skip
    assert [title.split(":")[0] for title in town.heard("politi")] == ["OVERFALDSALARM", "FALSK ALARM"]
    assert [title.split(":")[0] for title in town.heard("leder")] == ["TEST af alarmer", "TEST SLUT"]
    assert [title.split(":")[0] for title in town.heard("koordinator")] == [
        "TEST af alarmer", "OVERFALDSALARM", "FALSK ALARM", "TEST SLUT"
    ]  # fmt: skip
    assert daemon.cli("journal", "verify").returncode == 0


def test_a_dead_recipient_fails_the_device_and_the_command_says_so(town: Town) -> None:
    """`test finish` prints what is missing and exits with 1; an alarm centre that nobody told gets nothing."""
    town.daemon.start()
    daemon = town.daemon
    daemon.cli("test", "start", "hus", "--by", "Koordinatoren", "--device", "lokale", "--device", "hus/reception")
    daemon.cli("pin", "hus/lokale")
    daemon.cli("pin", "hus/reception")
    town.wait("serviceteam", "TESTALARM: Huset, Reception")
    until(lambda: standing(town, "reception") == "passed")
    ended = daemon.cli("test", "finish", "--by", "Koordinatoren", check=False)
    assert ended.returncode == 1
    assert "1 af 2 bestået. Mangler: lokale" in ended.stdout
    assert verdicts(town) == {"reception": "passed", "lokale": "not_reached"}
    assert town.heard("centralen") == []
    withheld = [each.draft for each in daemon.records("attempt") if each.draft.data["outcome"] == "withheld"]
    assert {(each.recipient, each.data["reason"]) for each in withheld} == {
        ("centralen", "not_on_test"), ("politi", "in_test")
    }  # fmt: skip
    report = json.loads(daemon.cli("test", "report", "--json").stdout)
    assert {each["device"]: each["verdict"] for each in report["sites"][0]["devices"]} == {
        "lokale": "failed", "skranke": "never", "lommy": "never", "kontor": "never", "reception": "passed"
    }  # fmt: skip
    assert report["sites"][0]["rounds"][0]["by"] == "Koordinatoren"
    paper = town.folder / "rapport.pdf"
    daemon.cli("test", "report", "--format", "pdf", "--output", str(paper))
    assert paper.read_bytes().startswith(b"%PDF")
    assert "<h1>Årlig test" in daemon.cli("test", "report").stdout
    assert "lokale;Lokale" in daemon.cli("test", "report", "--format", "csv").stdout
    listed = town.folder / "centralen.csv"
    listed.write_text("tid;zone\n23-11-2026 09:00;7\n", encoding="utf-8")
    compared = daemon.cli("test", "report", "--json", "--centre", str(listed)).stdout
    assert json.loads(compared)["centre"]["only_theirs"][0]["zone"] == "7"
    listed.write_text("nummer\n1\n", encoding="utf-8")
    wrong = daemon.cli("test", "report", "--centre", str(listed), check=False)
    assert (wrong.returncode, "it has nummer" in wrong.stderr) == (2, True)
    copy = town.folder / "hændelser.jsonl"
    daemon.cli("journal", "export", "--output", str(copy))
    head = json.loads(copy.read_text(encoding="utf-8").splitlines()[-1])["head"]
    assert daemon.cli("journal", "verify", "--export", str(copy), "--head", head).returncode == 0
    assert daemon.cli("journal", "verify", "--head", head).returncode == 0
    copy.write_text(copy.read_text(encoding="utf-8").replace("Koordinatoren", "En anden"), encoding="utf-8")
    assert daemon.cli("journal", "verify", "--export", str(copy), check=False).returncode == 1
    assert "test_started;hus" in daemon.cli("journal", "export", "--format", "csv", "--site", "hus").stdout
    assert next(each for each in daemon.ask("status")["devices"] if each["device"] == "reception")["last_press"]
    tested = {each["device"]: each["tested"] for each in daemon.ask("status")["devices"]}
    assert tested["reception"]
    assert not tested["lokale"]


def test_a_button_that_is_held_during_its_test_calls_for_help(town: Town) -> None:
    """Three seconds on the real debounce, although its test has passed by then."""
    town.daemon.start()
    town.daemon.cli("test", "start", "hus", "--by", "Koordinatoren")
    town.daemon.cli("pin", "hus/reception", "--for", "3500ms")
    town.wait("politi", "OVERFALDSALARM: Huset, Reception")
    assert town.heard("serviceteam").count("TESTALARM: Huset, Reception") == 1


def test_whoever_pressed_sees_the_test_on_the_device(town: Town) -> None:
    """The same words on the feedback topic as in an alarm, and the site's status says what is under test."""
    town.start(broker=True)
    with town.listening("alarmbro/hus/#") as heard:
        town.daemon.cli("test", "start", "hus", "--by", "Koordinatoren", "--device", "lommy")
        until(lambda: any(json.loads(each).get("test_rounds") for each in heard("status")))
        under = [json.loads(each)["test_rounds"] for each in heard("status")][-1]
        assert under[0]["under_test"] == ["lommy"]
        town.publish("alarmbro/hus/lommy/press", "")
        until(lambda: heard("lommy/feedback") == ["received", "told", "closed"])
