"""What whoever keeps copies of the record types, and gets back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from clocks import JumpingClock

from alarmbro.journal.file.lock import hold
from alarmbro.journal.file.rows import Appender
from alarmbro.journal.file.storage import open_for_writing
from alarmbro.model.record import Draft, RecordType


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Give a state folder with a journal of three records."""
    state = tmp_path / "state"
    state.mkdir()
    with closing(open_for_writing(state / "journal.db")) as connection:
        appender = Appender(connection)
        for _ in range(3):
            appender.append(Draft(RecordType.TRIAL, JumpingClock().now()))
        appender.keep_head()
    return state


def journal(state: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `alarmbro journal` as a user does."""
    command = [sys.executable, "-m", "alarmbro", "--state", str(state), "--run-dir", str(state / "run"), "journal"]
    return subprocess.run([*command, *map(str, words)], capture_output=True, check=False, env=os.environ, text=True)


def test_a_copy_is_taken_kept_and_put_back(state: Path, tmp_path: Path) -> None:
    """The way of a technician with a new card."""
    copies = tmp_path / "copies"
    done = journal(state, "backup", "--folder", copies, "--keep", "14", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["whole"], answer["records"], answer["removed"]) == (True, 3, [])
    restored = journal(tmp_path / "new", "restore", answer["file"])
    assert restored.returncode == 0, restored.stderr
    verified = json.loads(journal(tmp_path / "new", "verify", "--json").stdout)
    assert (verified["whole"], verified["head"]) == (True, answer["head"])


def test_old_copies_go_only_after_a_good_one(state: Path, tmp_path: Path) -> None:
    """A journal that is broken must not cost its last good copies."""
    copies = tmp_path / "copies"
    copies.mkdir()
    old = [copies / f"journal-2025010{day}T000000Z.db" for day in range(1, 4)]
    for each in old:
        each.touch()
    whole = (state / "journal.db").read_bytes()
    (state / "journal.db").write_bytes(whole.replace(b"trial", b"tried", 1))
    done = journal(state, "backup", "--folder", copies, "--keep", "1")
    assert done.returncode == 1
    assert ".broken" in done.stderr
    assert all(each.exists() for each in old)
    (state / "journal.db").write_bytes(whole)
    assert json.loads(journal(state, "backup", "--folder", copies, "--keep", "1", "--json").stdout)["removed"] == [
        str(each) for each in old
    ]


def test_a_restore_beside_a_daemon_is_exit_1(state: Path, tmp_path: Path) -> None:
    """It says to stop the daemon."""
    copy = tmp_path / "copy.db"
    assert journal(state, "backup", "--output", copy).returncode == 0
    with closing(hold(state)):
        done = journal(state, "restore", copy)
    assert (done.returncode, "stop it" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        ["backup"],
        ["backup", "--output", "FOLDER/a", "--folder", "FOLDER"],
        ["backup", "--output", "FOLDER/a", "--keep", "3"],
        ["backup", "--folder", "FOLDER", "--keep", "0"],
        ["backup", "--folder", "STATE"],
        ["backup", "--output", "STATE/journal.db"],
        ["restore", "FOLDER/none"],
    ],
)
def test_words_that_are_wrong_are_exit_2(state: Path, tmp_path: Path, words: list[str]) -> None:
    """Nothing is written."""
    before = (state / "journal.db").read_bytes()
    meant = [word.replace("STATE", str(state)).replace("FOLDER", str(tmp_path)) for word in words]
    assert journal(state, *meant).returncode == 2
    assert (state / "journal.db").read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"state"}
