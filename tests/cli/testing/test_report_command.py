"""`alarmbro test report` on a journal as the daemon writes it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from clocks import JumpingClock
from running import until

from alarmbro.cli.main import alarmbro
from alarmbro.journal import Journal, Reader
from alarmbro.model.moment import Moment
from alarmbro.model.record import Draft, Record, RecordType

CONFIG = """
language: da
gpio: {factory: mock}
recipients:
  serviceteam: {name: Serviceteam, urls: ["json://127.0.0.1/serviceteam"], acknowledges: true}
  centralen: {name: Centralen, urls: ["json://127.0.0.1/centralen"], alarm_centre: true}
routes:
  alle: {steps: [{notify: [serviceteam, centralen]}]}
sites:
  hirtshals:
    name: Hirtshals Bibliotek
    address: Jørgen Fibigersgade 20
    route: alle
    devices:
      lokale-1: {name: Lokale 1, gpio: 17, zone: 1}
      lokale-2: {name: "=Ærø", gpio: 27, zone: 2}
  vraa: {name: Vrå Bibliotek, route: alle, devices: {skranke: {name: Skranke, gpio: 5}}}
"""
AT = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


def draft(kind: RecordType, *, device: str = "", alarm: str = "", recipient: str = "", **data: object) -> Draft:
    personal = {"by": str(data.pop("by"))} if "by" in data else {}
    return Draft(kind, Moment("boot", 0.0, AT), "hirtshals", device, alarm, recipient, data=data, personal=personal)


def a_round() -> list[Draft]:
    """Give a round in which one device passed and one, since removed from the file, failed."""
    about = {"device": "lokale-1", "alarm": "hirtshals-2"}
    return [
        draft(RecordType.TEST_STARTED, alarm="hirtshals-1", devices=["lokale-1", "nedlagt"], by="Koordinatoren"),
        draft(RecordType.TEST_PRESSED, **about, notify=["serviceteam", "centralen"], withheld=[], round="hirtshals-1"),
        draft(RecordType.TOLD, **about, recipient="serviceteam", message="test_alarm", notice=1, after_ms=1200),
        draft(RecordType.TOLD, **about, recipient="centralen", message="test_alarm", notice=1, after_ms=800),
        draft(RecordType.ACKNOWLEDGED, **about, recipient="serviceteam", after_ms=9000, by="Vagthavende"),
        draft(RecordType.TEST_PASSED, **about, round="hirtshals-1"),
        draft(RecordType.TEST_FAILED, device="nedlagt", reason="not_pressed", round="hirtshals-1"),
        draft(RecordType.TEST_FINISHED, alarm="hirtshals-1", reason="finished"),
        draft(RecordType.SETTLED, alarm="hirtshals-1"),
    ]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Give a folder with a configuration and a journal of one round."""
    (tmp_path / "alarmbro.yaml").write_text(CONFIG, encoding="utf-8")
    write(tmp_path, a_round())
    return tmp_path


def write(folder: Path, drafts: list[Draft]) -> None:
    journal = Journal(folder / "journal.db", JumpingClock(), lambda _trouble: None)
    journal.open()
    journal.start()
    journal.write(drafts)
    assert journal.stop()


def records(folder: Path) -> list[Record]:
    with Reader(folder / "journal.db") as reader:
        return list(reader.records())


def words(place: Path, *more: str) -> list[str]:
    usual = ["test", "report", "--config", str(place / "alarmbro.yaml"), "--state", str(place), "--year", "2026"]
    return [*usual, *more]


def report(place: Path, *more: str) -> Result:
    return CliRunner().invoke(alarmbro, words(place, *more))


def test_the_report_is_html_unless_asked_otherwise(place: Path) -> None:
    """All sites, with an overview before them; the journal's head as its proof."""
    done = report(place)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("<!doctype html>")
    for text in ("Oversigt over alle steder", "1 bestået, 0 ikke bestået, 1 ikke testet", "Jørgen Fibigersgade 20",
                 "04.05. 10.00", "1,2 s", "set af Vagthavende, 9,0 s", "Koordinatoren",
                 "=Ærø: er ikke testet i 2026. Test den: alarmbro test start hirtshals --device lokale-2"):  # fmt: skip
        assert text in done.stdout
    assert "nedlagt" not in done.stdout
    with Reader(place / "journal.db") as reader:
        verdict = reader.verify()
    assert verdict.whole
    assert verdict.head in done.stdout
    assert f"{verdict.records} poster" in done.stdout


def test_one_site_may_be_named(place: Path) -> None:
    """An unknown one is exit 2, with those that there are."""
    done = report(place, "--site", "vraa")
    assert "Vrå Bibliotek" in done.stdout
    assert "Hirtshals" not in done.stdout
    wrong = report(place, "--site", "raa")
    assert wrong.exit_code == 2
    assert "hirtshals, vraa" in wrong.stderr


def test_english_where_the_file_says_so(place: Path) -> None:
    """`language: en`."""
    (place / "alarmbro.yaml").write_text(CONFIG.replace("language: da", "language: en"), encoding="utf-8")
    done = report(place)
    assert '<html lang="en">' in done.stdout
    assert "was not tested in 2026" in done.stdout


@pytest.mark.parametrize("asked", [["--format", "json"], ["--json"]])
def test_json_is_one_document(place: Path, asked: list[str]) -> None:
    """Both ways of asking for it give the same."""
    data = json.loads(report(place, *asked).stdout)
    device = next(each for each in data["sites"][0]["devices"] if each["device"] == "lokale-1")
    assert (device["verdict"], device["pressed"]) == ("passed", "2026-05-04T08:00:00.000Z")
    assert [(each["recipient"], each["after_ms"]) for each in device["recipients"]] == [
        ("serviceteam", 1200), ("centralen", 800)
    ]  # fmt: skip
    saved = place / "rapport.json"
    assert report(place, *asked, "--output", str(saved)).exit_code == 0
    assert json.loads(saved.read_text(encoding="utf-8"))["year"] == 2026


def test_csv_has_a_row_for_each_device_and_recipient(place: Path) -> None:
    """With a BOM and semicolons for a Danish Excel, and no formula; `--help` says so."""
    raw = report(place, "--format", "csv", "--site", "hirtshals").stdout_bytes
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [(each["name"], each["recipient"], each["result"]) for each in rows] == [
        ("'=Ærø", "", "never"), ("Lokale 1", "serviceteam", "passed"), ("Lokale 1", "centralen", "passed")
    ]  # fmt: skip
    assert "Danish Excel" in " ".join(report(place, "--help").stdout.split())


def test_pdf_goes_to_a_file_or_a_pipe_but_not_to_a_screen(place: Path) -> None:
    """On a terminal the line says to use --output."""
    saved = place / "rapport.pdf"
    assert report(place, "--format", "pdf", "--output", str(saved)).stdout.strip() == str(saved)
    assert saved.read_bytes().startswith(b"%PDF")
    assert report(place, "--format", "pdf").stdout_bytes.startswith(b"%PDF")
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "alarmbro", *words(place, "--format", "pdf")]
    done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 2
    assert "--output FILE" in done.stderr


def test_without_reportlab_the_line_says_what_to_install(place: Path) -> None:
    """Exit 1, nothing half made, and HTML works."""
    absent = place / "absent" / "reportlab"
    absent.mkdir(parents=True)
    (absent / "__init__.py").write_text("raise ImportError('not installed')\n", encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": str(absent.parent)}
    saved = place / "rapport.pdf"
    command = [sys.executable, "-m", "alarmbro", *words(place, "--output", str(saved))]
    done = subprocess.run(
        [*command, "--format", "pdf"], capture_output=True, text=True, check=False, env=environ, timeout=60
    )
    assert done.returncode == 1
    assert "alarmbro[report]" in done.stderr
    assert "HTML" in done.stderr
    assert "Traceback" not in done.stderr
    assert not saved.exists()
    assert subprocess.run(command, capture_output=True, check=False, env=environ, timeout=60).returncode == 0


def test_a_file_that_cannot_be_written_is_one_line(place: Path) -> None:
    """Exit 1, with the file's name."""
    done = report(place, "--output", str(place / "nowhere" / "rapport.html"))
    assert done.exit_code == 1
    assert "cannot write" in done.stderr
    assert "nowhere" in done.stderr


def test_an_empty_journal_makes_a_report_of_what_is_missing(tmp_path: Path) -> None:
    """Every device is a failure; no journal at all is exit 1 and says where it looked."""
    (tmp_path / "alarmbro.yaml").write_text(CONFIG, encoding="utf-8")
    assert report(tmp_path).exit_code == 1
    write(tmp_path, [])
    for form in ("html", "pdf", "csv", "json"):
        done = report(tmp_path, "--format", form)
        assert done.exit_code == 0, done.output
    assert "0 af 2 bestået" in report(tmp_path).stdout


def test_names_that_were_removed_are_said_to_be(place: Path) -> None:
    """After their time: the test stays, who led it does not."""
    journal = Journal(place / "journal.db", JumpingClock(), lambda _trouble: None)
    journal.open()
    journal.start()
    journal.remove(datetime(2027, 1, 1, tzinfo=UTC))
    until(lambda: any(each.draft.type is RecordType.REMOVED for each in records(place)))
    assert journal.stop()
    done = report(place)
    assert "(navn slettet)" in done.stdout
    assert "Koordinatoren" not in done.stdout
    assert "Vagthavende" not in done.stdout
    assert "Bestået" in done.stdout


def test_the_centres_list_is_compared(place: Path) -> None:
    """Each that differs is named; a list that is not understood is exit 2 and says what it has."""
    listed = place / "central.csv"
    listed.write_bytes(
        "Tidspunkt;Zone;Hændelse\n04-05-2026 10:00:45;1;Nødkald\n04-05-2026 11:00;9;Prøve".encode("cp1252")
    )
    done = report(place, "--centre", str(listed))
    assert done.exit_code == 0, done.output
    assert "mere end 30 s" in done.stdout
    assert "Kun hos centralen: Prøve zone 9" in done.stdout
    listed.write_text("Dato;Klokkeslæt;Tekst\n", encoding="utf-8")
    wrong = report(place, "--centre", str(listed))
    assert wrong.exit_code == 2
    assert "no column `zone`; it has Dato, Klokkeslæt, Tekst" in wrong.stderr


def test_the_report_changes_nothing(place: Path) -> None:
    """It reads; the record is as it was."""
    with Reader(place / "journal.db") as reader:
        before = reader.verify()
    report(place, "--format", "json")
    with Reader(place / "journal.db") as reader:
        assert reader.verify() == before
