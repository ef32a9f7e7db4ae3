"""What whoever checks the record types, and gets back."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from clocks import JumpingClock

from alarmbro.journal.file.rows import Appender
from alarmbro.journal.file.storage import open_for_writing
from alarmbro.model.record import Draft, RecordType

NOW = JumpingClock().now()
NOTE = "=1+1;æ\n\ud800"
RECORDS = 13


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Give a state folder with a small journal."""
    state = tmp_path / "state"
    state.mkdir()
    with closing(open_for_writing(state / "journal.db")) as connection:
        appender = Appender(connection)
        for number in range(RECORDS):
            draft = Draft(RecordType.TRIAL, NOW, "hus" if number % 2 else "", "=2+5", personal={"note": NOTE})
            appender.append(draft)
        appender.keep_head()
    return state


def journal(state: Path, *words: str | Path, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """Run `alarmbro journal` as a user does."""
    command = [sys.executable, "-m", "alarmbro", "--state", str(state), "--run-dir", str(state / "run"), "journal"]
    return subprocess.run([*command, *map(str, words)], capture_output=True, check=False, env=os.environ | environ)


def head_of(state: Path) -> str:
    return str(json.loads(journal(state, "verify", "--json").stdout)["head"])


def test_an_export_is_a_file_for_its_owner_alone_that_verifies(state: Path, tmp_path: Path) -> None:
    """It names persons; it is there whole, and nothing is left beside it."""
    file = tmp_path / "post.jsonl"
    file.write_text("an older one")
    assert journal(state, "export", "--output", file).returncode == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert {each.name for each in tmp_path.iterdir()} == {"post.jsonl", "state"}
    verified = journal(state, "verify", "--export", file, "--head", head_of(state), "--json")
    assert verified.returncode == 0, verified.stderr
    assert json.loads(verified.stdout)["records"] == RECORDS
    assert journal(state, "export").stdout == file.read_bytes()


def test_a_changed_a_broken_off_and_a_shortened_export_are_exit_1(state: Path, tmp_path: Path) -> None:
    """And the line says where; words that are none are exit 2."""
    file = tmp_path / "post.jsonl"
    whole = journal(state, "export").stdout
    lines = whole.splitlines(keepends=True)
    for changed, problem in [
        (whole.replace(b'"hus"', b'"hos"', 1), b"record 2 is not what was written"),
        (b"".join([*lines[:4], *lines[5:]]), b"record 4 is missing"),
        (whole[:-30], b"is not what was written"),
        (b"\xff\xfe", b"is not what was written"),
        (b"", b"no export"),
    ]:
        file.write_bytes(changed)
        done = journal(state, "verify", "--export", file)
        assert (done.returncode, problem in done.stderr) == (1, True), done.stderr
    file.write_bytes(whole)
    assert journal(state, "verify", "--export", file, "--head", "0" * 63 + "1").returncode == 1
    assert journal(state, "verify", "--export", file, "--head", "hash").returncode == 2
    assert journal(state, "verify", "--export", tmp_path / "absent").returncode == 2


def test_the_last_ten_records_cut_off_with_their_head_show_against_one_kept_elsewhere(state: Path) -> None:
    """Whoever mends the head's own note cannot mend what stands on paper."""
    kept = head_of(state)
    with closing(sqlite3.connect(state / "journal.db")) as connection:
        connection.execute("DELETE FROM record WHERE seq > ?", (RECORDS - 10,))
        connection.execute("UPDATE head SET (seq, hash) = (SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1)")
        connection.commit()
    assert journal(state, "verify").returncode == 0
    done = journal(state, "verify", "--head", kept)
    assert done.returncode == 1
    assert b"cut off or rewritten" in done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_the_sheet_for_a_spreadsheet_runs_nothing_and_has_every_letter(state: Path, encoding: str) -> None:
    """Semicolons, a byte order mark, no formulas; whatever the terminal's encoding is."""
    done = journal(state, "export", "--format", "csv", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(done.stdout.decode("utf-8-sig").splitlines(keepends=True), delimiter=";"))
    assert len(rows) == RECORDS
    assert rows[0]["device"] == "'=2+5"
    assert "æ" in rows[0]["data"]


def test_one_sites_records_from_a_time_on(state: Path) -> None:
    """The first line says what is left out."""
    first, *records, _ = journal(state, "export", "--site", "hus", "--since", "2000-01-01").stdout.splitlines()
    assert json.loads(first)["whole"] is False
    assert {json.loads(line)["site"] for line in records} == {"hus"}
    file = state.parent / "post.jsonl"
    assert journal(state, "export", "--site", "hus", "--output", file).returncode == 0
    assert json.loads(journal(state, "verify", "--export", file, "--json").stdout)["partial"] is True
    assert "hver for sig" in journal(state, "verify", "--export", file).stdout.decode()


def test_an_export_never_takes_the_journals_place(state: Path, tmp_path: Path) -> None:
    """A slip of the hand must not cost the record; nor does a folder that is not there leave anything behind."""
    before = (state / "journal.db").read_bytes()
    for file in (state / "journal.db", state / ".." / "state" / "alarmbro.lock"):
        done = journal(state, "export", "--output", file)
        assert (done.returncode, b"journal itself" in done.stderr) == (2, True), done.stderr
    assert (state / "journal.db").read_bytes() == before
    done = journal(state, "export", "--output", tmp_path / "absent" / "post.jsonl")
    assert (done.returncode, b"cannot write" in done.stderr) == (1, True), done.stderr


def test_an_export_of_a_damaged_journal_leaves_no_file(state: Path, tmp_path: Path) -> None:
    """Half an export is none."""
    with closing(sqlite3.connect(state / "journal.db")) as connection:
        connection.execute("UPDATE record SET personal = '[' WHERE seq = 9")
        connection.commit()
    done = journal(state, "export", "--output", tmp_path / "post.jsonl")
    assert (done.returncode, b"damaged" in done.stderr) == (1, True), done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["state"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said(state: Path) -> None:
    """Exit 1 and why: what came out is not whole."""
    command = [sys.executable, "-m", "alarmbro", "--state", str(state), "journal", "export"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, b"cannot write standard output" in done.stderr) == (1, True), done.stderr
