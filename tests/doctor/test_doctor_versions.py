"""Versions that are too old, missing, or newer than this program are told."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from alarmbro import __version__
from alarmbro.clock import SystemClock
from alarmbro.doctor.findings import State
from alarmbro.doctor.judging.versions import JournalFile, Part, floors, judge, judge_journal
from alarmbro.doctor.trying.versions import journal, parts
from alarmbro.journal import Journal
from alarmbro.journal.file.storage import FILE_NAME, MIGRATIONS


def codes(file: JournalFile | None) -> list[tuple[str, State]]:
    return [(each.says, each.state) for each in judge_journal(file)]


def test_this_machines_versions_are_named() -> None:
    """All in one line, to be sent to whoever helps."""
    (found,) = judge(parts(pins=True))
    text = str(found.values["parts"])
    for name in (
        "alarmbro " + __version__,
        "Python 3.",
        "apprise 2.",
        "gpiozero 2.",
        "lgpio 0.",
        "paho-mqtt ",
        "SQLite ",
    ):
        assert name in text


def test_the_oldest_that_we_rely_on_come_from_our_own_package() -> None:
    """However a builder writes them."""
    assert floors(
        ["apprise<3,>=2.2", "gpiozero>=2.0.1.post3,<3", "lgpio>=0.2.2.0; python_version < '3.13' and extra == 'pi'"]
    ) == {"apprise": "2.2", "gpiozero": "2.0.1.post3", "lgpio": "0.2.2.0"}
    assert {part.name: part.floor for part in parts(pins=True)}["gpiozero"] == "2.0.1.post3"


@pytest.mark.parametrize(
    ("part", "found"),
    [
        (Part("gpiozero", "2.0.1", "2.0.1.post3"), [("versions.old", State.FAILED)]),
        (Part("gpiozero", "2.0.1.post2", "2.0.1.post3"), [("versions.old", State.FAILED)]),
        (Part("gpiozero", "2.0.1.post3", "2.0.1.post3"), []),
        (Part("gpiozero", "2.1", "2.0.1.post3"), []),
        (Part("lgpio", "0.0.0.2", "0.2.2.0"), [("versions.old", State.FAILED)]),
        (Part("lgpio", None, "0.2.2.0"), [("versions.missing", State.FAILED)]),
        (Part("lgpio", None, "0.2.2.0", needed=False), []),
        (Part("SQLite", "3.40.1"), []),
    ],
)
def test_what_is_missing_or_too_old_is_told(part: Part, found: list[tuple[str, State]]) -> None:
    """As gpiozero 2.0.1 ignores `chip`; lgpio 0.0.0.2 is empty; lgpio is not missed where nothing is wired."""
    assert [(each.says, each.state) for each in judge([part])][1:] == found


def test_the_journals_format_is_told(tmp_path: Path) -> None:
    """This program's, an older one that it brings forward, and a newer one that it must not touch."""
    assert codes(journal(tmp_path)) == []
    kept = Journal(tmp_path / FILE_NAME, SystemClock(), lambda _trouble: None)
    kept.open()
    kept.start()
    kept.stop()
    assert codes(journal(tmp_path)) == [("journal.current", State.OK)]
    for version, code, state in (
        (1, "journal.older", State.OK),
        (len(MIGRATIONS) + 1, "journal.newer", State.FAILED),
    ):
        with sqlite3.connect(tmp_path / FILE_NAME) as connection:
            connection.execute(f"PRAGMA user_version = {version}")
        connection.close()
        assert codes(journal(tmp_path)) == [(code, state)]


def test_a_journal_that_is_none_is_told(tmp_path: Path) -> None:
    """A damaged file; and one that this user may not read, of which nothing is concluded."""
    (tmp_path / FILE_NAME).write_bytes(b"this is no database, whatever its name says" * 100)
    assert codes(journal(tmp_path)) == [("journal.unreadable", State.FAILED)]
    assert codes(JournalFile("/x", 2, barred=True)) == [("journal.barred", State.WARNING)]
    if os.geteuid():
        (tmp_path / FILE_NAME).chmod(0)
        assert codes(journal(tmp_path)) == [("journal.barred", State.WARNING)]
