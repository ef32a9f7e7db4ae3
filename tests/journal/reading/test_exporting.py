"""The record for others: the chain can be followed without us, and every change shows."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from clocks import JumpingClock
from hypothesis import given, settings
from hypothesis import strategies as st

from alarmbro.journal import Reader
from alarmbro.journal.file.rows import Appender
from alarmbro.journal.file.storage import open_for_writing
from alarmbro.journal.reading.exporting import lines, verify
from alarmbro.model.moment import iso
from alarmbro.model.record import Draft, RecordType

NOW = JumpingClock().now()
TEXT = st.text(max_size=12)
DRAFTS = st.lists(
    st.builds(
        Draft,
        st.sampled_from(RecordType), st.just(NOW), site=st.sampled_from(["", "hus", "ærø"]), device=TEXT, alarm=TEXT,
        data=st.dictionaries(TEXT, TEXT | st.integers() | st.none(), max_size=3),
        personal=st.dictionaries(st.sampled_from(["by", "note"]), TEXT, max_size=2),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def written(path: Path, drafts: list[Draft]) -> None:
    connection = open_for_writing(path)
    connection.execute("BEGIN")
    appender = Appender(connection)
    for draft in drafts:
        appender.append(draft)
    appender.keep_head()
    connection.execute("COMMIT")
    connection.close()


def exported(path: Path, **selection: str) -> list[str]:
    with Reader(path) as reader:
        return list(lines(reader.rows(), **selection))


def example() -> list[str]:
    """Export a small journal."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        pair = {"by": "Vagten", "note": "gik \ud800"}
        written(
            path, [Draft(RecordType.TRIAL, NOW, "hus", data={"n": 1}, personal=pair), Draft(RecordType.STOPPED, NOW)]
        )
        return exported(path)


EXAMPLE = example()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    kinds = [RecordType.STARTED, RecordType.TRIAL, RecordType.STOPPED]
    drafts = [
        Draft(kind, NOW, site="hus" if kind is RecordType.TRIAL else "", personal={"by": "Vagten"}) for kind in kinds
    ]
    written(path, drafts * 4)
    return path


@settings(max_examples=60, deadline=None)
@given(DRAFTS, st.data())
def test_any_record_is_proved_and_any_change_shows(
    tmp_path_factory: pytest.TempPathFactory, drafts: list[Draft], data: st.DataObject
) -> None:
    """Odd text, half characters, separators; then one line less, or one value changed."""
    path = tmp_path_factory.mktemp("export") / "journal.db"
    written(path, drafts)
    whole = exported(path)
    assert verify(whole).whole
    number = data.draw(st.integers(0, len(whole) - 1))
    without = whole[:number] + whole[number + 1 :]
    assert not verify(without).whole
    line = json.loads(whole[number])
    name = data.draw(st.sampled_from(sorted(line)))
    line[name] = data.draw(st.sampled_from(others(line[name])))
    assert not verify([*whole[:number], json.dumps(line), *whole[number + 1 :]]).whole


def others(value: Any) -> list[Any]:
    """Give values near the one in the file."""
    if isinstance(value, str):
        middle = len(value) // 2
        other = "0" if value[middle : middle + 1] != "0" else "1"
        return [value + "0", value[:middle] + other + value[middle + 1 :], None, 7]
    if isinstance(value, dict):  # the personal values
        longer = {name: [salt, text + " "] for name, (salt, text) in value.items()}
        return [{**value, "position": ["salt", "57.6"]}, {**longer, "by": ["", ""]}, [], "x"]
    return [not value if isinstance(value, bool) else f"{value}", 99, 1.5, [], {"a": ["b", "c"]}]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_changed_byte_shows(data: st.DataObject) -> None:
    """Wherever it is, but in what could be written in two ways: the end of a line."""
    whole = "".join(EXAMPLE).encode("ascii")
    at = data.draw(st.integers(0, len(whole) - 1).filter(lambda at: whole[at] != ord("\n")))
    byte = data.draw(st.integers(32, 126).filter(lambda byte: byte != whole[at]))
    changed = whole[:at] + bytes([byte]) + whole[at + 1 :]
    assert not verify(changed.decode("ascii").splitlines(keepends=True)).whole


def test_a_changed_name_shows_and_a_removed_one_does_not(path: Path) -> None:
    """Names may go after their time; nobody may put others in their place."""
    whole = exported(path)
    other = [line.replace("Vagten", "En anden") for line in whole]
    assert "by is not what was written" in verify(other).problem
    gone = [json.dumps({**json.loads(line), "personal": None}) if "Vagten" in line else line for line in whole]
    assert verify(gone).whole


def test_a_tail_that_is_cut_off_shows(path: Path) -> None:
    """By the missing end; where that is mended, by a head that was kept elsewhere."""
    whole = exported(path)
    head = json.loads(whole[-1])["head"]
    assert verify(whole, head).whole
    assert "has no end" in verify(whole[:-1]).problem
    mended = [*whole[:-11], json.dumps({"end": True, "records": 2, "head": json.loads(whole[2])["hash"]})]
    assert verify(mended).whole
    assert "tail was cut off" in verify(mended, head).problem


def test_a_selection_is_proved_record_by_record(path: Path) -> None:
    """One site's records can be shown to somebody without the others'."""
    some = exported(path, site="hus")
    assert len(some) == 6
    verdict = verify(some)
    assert (verdict.whole, verdict.records) == (True, 4)
    assert not verify([line.replace('"hus"', '"hos"') for line in some]).whole
    assert not json.loads(some[0])["whole"]


@pytest.mark.parametrize("text", ["", "{}", "[]", "x", '{"alarmbro_journal": 2, "whole": true}', "null"])
def test_what_is_no_export_is_said_so(text: str) -> None:
    """Whatever the file holds."""
    assert not verify([text]).whole


def test_from_a_time_on_all_that_follow_are_there(path: Path) -> None:
    """Where it begins is said by the hash before; a clock that went back leaves no hole."""
    connection = open_for_writing(path)
    appender = Appender(connection)
    later = NOW.later(3600)
    for at in (later, NOW, later):
        appender.append(Draft(RecordType.STARTED, at))
    appender.keep_head()
    connection.close()
    whole = exported(path)
    some = exported(path, since=iso(later.utc))
    assert [json.loads(line)["seq"] for line in some[1:-1]] == [13, 14, 15]
    assert json.loads(some[0])["after"] == json.loads(whole[12])["hash"]
    assert verify(some, json.loads(whole[-1])["head"]).whole
    assert "record 14 is missing" in verify([*some[:2], *some[3:]]).problem
    assert not verify([some[0], *some[2:]]).whole
    assert verify(exported(path, since="2099")).records == 0


def test_what_could_be_read_in_two_ways_is_not_proved(path: Path) -> None:
    """A name that stands twice: others would read the other value."""
    whole = exported(path)
    assert "twice" in verify([whole[0], whole[1].replace('{"seq"', '{"type":"fault","seq"'), *whole[2:]]).problem


def test_a_file_that_ends_within_a_line_shows(path: Path) -> None:
    """A copy that was broken off."""
    whole = exported(path)
    assert not verify([*whole[:5], whole[5][:40]]).whole
    assert not verify([]).whole


def test_one_sites_records_in_another_order_or_of_another_site_show(path: Path) -> None:
    """What can be proved of a selection is."""
    some = exported(path, site="hus")
    assert not verify([some[0], some[2], some[1], *some[3:]]).whole
    assert not verify([some[0].replace('"hus"', '"ude"'), *some[1:]]).whole
    assert not verify([some[0].replace("false", "true"), *some[1:]]).whole


def test_a_line_behind_the_end_shows(path: Path) -> None:
    """Nothing can be added."""
    whole = exported(path)
    assert "behind its end" in verify([*whole, whole[1]]).problem


def test_an_export_is_of_one_state_while_the_daemon_writes(path: Path) -> None:
    """What is written meanwhile is in the next one."""
    with Reader(path) as reader:
        rows = reader.rows()
        first = next(rows)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("BEGIN")
        appender = Appender(connection)
        appender.append(Draft(RecordType.STARTED, NOW))
        appender.keep_head()
        connection.execute("COMMIT")
        connection.close()
        assert len([first, *rows]) == 12
