"""The journal keeps what it is given, in order and durably, and shows every change."""

from __future__ import annotations

import os
import queue
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from clocks import JumpingClock

from alarmbro.clock import SystemClock
from alarmbro.journal import Journal, Reader
from alarmbro.journal.file.lock import hold
from alarmbro.journal.file.storage import FULL, open_for_writing
from alarmbro.model.activation import Trouble
from alarmbro.model.errors import JournalError, MachineError
from alarmbro.model.record import Draft, Record, RecordType

CLOCK = JumpingClock()


class Kept:
    """A journal with what it said: troubles, and the records of each commit."""

    def __init__(self, path: Path) -> None:
        self.troubles: queue.SimpleQueue[Trouble] = queue.SimpleQueue()
        self.commits: queue.SimpleQueue[Sequence[Record | None]] = queue.SimpleQueue()
        self.journal = Journal(path, SystemClock(), self.troubles.put)
        self.remembered = self.journal.open()
        self.journal.start()

    def write(self, *drafts: Draft) -> Sequence[Record | None]:
        """Write and wait until it is on disk."""
        self.journal.write(drafts, self.commits.put)
        return self.commits.get(timeout=10)


def draft(kind: RecordType = RecordType.STARTED, **fields: object) -> Draft:
    return Draft(kind, CLOCK.now(), **fields)  # type: ignore[arg-type]  # each field is its own type


def press(key: str, press_id: str | None = None, device: str = "lokale-1") -> Draft:
    once = f"hirtshals/{device}#{press_id}" if press_id else None
    return draft(RecordType.ACTIVATION, site="hirtshals", device=device, data={"source": "mqtt"}, ref=key, once=once)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def kept(path: Path) -> Iterator[Kept]:
    kept = Kept(path)
    yield kept
    kept.journal.stop()


def test_what_is_written_is_read_back_in_order_and_whole(kept: Kept, path: Path) -> None:
    """Every field, Danish letters and personal fields too, comes back as it was given."""
    given = [press(f"k{number}") for number in range(5)]
    given.append(draft(RecordType.TRIAL, recipient="leder", data={"text": "Mødelokale æøå"}, personal={"by": "Vagten"}))
    kept.write(*given)
    with Reader(path) as reader:
        read = list(reader.records())
        assert [record.draft.ref for record in read[:5]] == ["k0", "k1", "k2", "k3", "k4"]
        assert read[5].draft.data == {"text": "Mødelokale æøå"}
        assert read[5].draft.personal == {"by": "Vagten"}
        assert [record.seq for record in read] == [1, 2, 3, 4, 5, 6]
        assert reader.verify().whole


def test_the_disk_settings_that_keep_a_commit_are_read_back(path: Path) -> None:
    """WAL and synchronous FULL hold on the connection that writes: without them a power cut loses presses."""
    connection = open_for_writing(path)
    try:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (FULL,)
    finally:
        connection.close()


@pytest.mark.skipif(not Path("/usr/bin/strace").exists(), reason="needs strace")
def test_each_activation_is_flushed_to_the_disk(path: Path) -> None:
    """The kernel is asked to flush at least once for each press that is confirmed one by one."""
    script = f"""
import queue
from pathlib import Path
from alarmbro.clock import SystemClock
from alarmbro.journal import Journal
from alarmbro.model.record import Draft, RecordType
journal = Journal(Path({str(path)!r}), SystemClock(), print)
journal.open(); journal.start()
done = queue.SimpleQueue()
for number in range(10):
    journal.write([Draft(RecordType.ACTIVATION, SystemClock().now(), ref=str(number))], done.put)
    done.get(timeout=10)
journal.stop()
"""
    log = path.with_name("strace")
    command = ["strace", "-f", "-e", "trace=fdatasync,fsync", "-o", str(log), sys.executable, "-c", script]
    run = subprocess.run(command, capture_output=True, check=False, env=os.environ | {"COVERAGE_PROCESS_START": ""})
    if b"ptrace" in run.stderr:
        pytest.skip("this machine does not let us trace")
    assert run.returncode == 0, run.stderr
    assert log.read_text().count("sync(") >= 10


def test_the_same_press_twice_is_one_record_even_after_a_restart(path: Path) -> None:
    """A publisher's id that the journal has is never written again, whoever asks and when."""
    first = Kept(path)
    assert first.write(press("a", "42"))[0] is not None
    assert first.write(press("b", "42"))[0] is None
    assert first.write(press("c", "42", device="lokale-2"))[0] is not None  # another device's ids are its own
    first.journal.stop()
    second = Kept(path)
    assert second.write(press("d", "42"))[0] is None
    second.journal.stop()


def test_what_is_unfinished_is_remembered_and_what_is_settled_is_not(path: Path) -> None:
    """A start gets the records of open alarms, presses nothing was decided about, and each site's last number."""
    first = Kept(path)
    first.write(press("a"), draft(RecordType.RAISED, site="vraa", alarm="vraa-1", ref="a", data={"number": 1}))
    first.write(draft(RecordType.CLOSED, site="vraa", alarm="vraa-1"))
    first.write(draft(RecordType.SETTLED, site="vraa", alarm="vraa-1"))
    first.write(press("b"), draft(RecordType.RAISED, site="vraa", alarm="vraa-2", ref="b", data={"number": 2}))
    first.write(draft(RecordType.TOLD, alarm="vraa-2", recipient="leder"), press("c"))
    first.journal.stop()
    second = Kept(path)
    kinds = [(record.draft.type.value, record.draft.ref or record.draft.alarm) for record in second.remembered.records]
    assert kinds == [("activation", "b"), ("raised", "b"), ("told", "vraa-2"), ("activation", "c")]
    assert second.remembered.numbers == (("vraa", 2),)
    second.journal.stop()


def test_a_closed_alarm_is_remembered_until_everybody_knows_of_its_end(path: Path) -> None:
    """With its presses, those that joined it too: their times are where its steps count from."""
    first = Kept(path)
    first.write(press("a"), draft(RecordType.RAISED, site="vraa", alarm="vraa-1", ref="a", data={"number": 1}))
    first.write(press("b"), draft(RecordType.JOINED, site="vraa", alarm="vraa-1", ref="b"))
    first.write(draft(RecordType.CLOSED, site="vraa", alarm="vraa-1", personal={"by": "Leder", "note": "Gik"}))
    first.journal.stop()
    second = Kept(path)
    kinds = [record.draft.type.value for record in second.remembered.records]
    assert kinds == ["activation", "raised", "activation", "joined", "closed"]
    assert second.remembered.records[-1].draft.personal == {"by": "Leder", "note": "Gik"}
    second.write(draft(RecordType.SETTLED, site="vraa", alarm="vraa-1"))
    second.journal.stop()
    third = Kept(path)
    assert third.remembered.records == ()
    third.journal.stop()


def test_one_changed_byte_is_found_and_located(kept: Kept, path: Path) -> None:
    """Whoever changes a record in the file is shown by its number."""
    kept.write(*[draft(RecordType.RAISED, alarm=f"vraa-{n}", data={"words": "uberoert"}) for n in range(1, 8)])
    kept.journal.stop()
    content = path.read_bytes()
    at = content.index(b"uberoert")  # rows stand from the end of a page: the last record comes first
    path.write_bytes(content[:at] + b"U" + content[at + 1 :])
    with Reader(path) as reader:
        verdict = reader.verify()
    assert not verdict.whole
    assert verdict.seq == 7
    assert "record 7 is not what was written" in verdict.problem


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("DELETE FROM record WHERE seq = 3", "record 3 is missing"),
        ("UPDATE record SET at = '2026-01-01T00:00:00.000Z' WHERE seq = 2", "record 2 is not what was written"),
        ("UPDATE record SET recipient = 'anden' WHERE seq = 4", "record 4 is not what was written"),
        ("DELETE FROM record WHERE seq > 3", "the last records are missing: 5 were written, 3 are here"),
        ("UPDATE record SET personal = replace(personal, 'Vagten', 'Andre') WHERE seq = 5", "record 5: by is not"),
    ],
)
def test_every_tampering_shows(kept: Kept, path: Path, change: str, problem: str) -> None:
    """Missing, changed and cut-off records break the chain where they are."""
    kept.write(*[draft() for _ in range(4)], draft(personal={"by": "Vagten"}))
    kept.journal.stop()
    connection = sqlite3.connect(path)
    connection.execute(change)
    connection.commit()
    connection.close()
    with Reader(path) as reader:
        verdict = reader.verify()
    assert (verdict.whole, problem in verdict.problem) == (False, True), verdict


def test_a_tail_cut_off_with_its_head_shows_against_a_head_kept_elsewhere(kept: Kept, path: Path) -> None:
    """Even one who mends the head's own note is shown by a hash that was kept outside."""
    kept.write(*[draft() for _ in range(13)])
    kept.journal.stop()
    with Reader(path) as reader:
        kept_elsewhere = reader.verify().head
        assert reader.verify(kept_elsewhere).whole
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM record WHERE seq > 3")
    connection.execute("UPDATE head SET seq = 3, hash = (SELECT hash FROM record WHERE seq = 3)")
    connection.commit()
    connection.close()
    with Reader(path) as reader:
        assert reader.verify().whole
        assert not reader.verify(kept_elsewhere).whole


def test_removing_personal_values_leaves_the_chain_whole(kept: Kept, path: Path) -> None:
    """A name can go after its time: the chain covers a commitment to it, not the name."""
    kept.write(draft(RecordType.TRIAL, personal={"by": "Vagten", "note": "ringede selv"}))
    kept.journal.stop()
    assert b"Vagten" in path.read_bytes()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE record SET personal = NULL")
    connection.commit()
    connection.close()
    with Reader(path) as reader:
        assert reader.verify().whole


def test_a_damaged_file_is_set_aside_and_a_new_one_begun(path: Path) -> None:
    """A broken journal must not keep the daemon from starting: it is kept for the technician, and told."""
    Kept(path).journal.stop()
    path.write_bytes(b"this is no database" * 500)
    kept = Kept(path)
    assert kept.troubles.get(timeout=5).subject == "replaced"
    assert kept.write(press("a"))[0] is not None
    assert len(list(path.parent.glob("journal.db.damaged-*"))) == 1
    kept.journal.stop()


def test_presses_wait_for_a_disk_that_comes_back(tmp_path: Path) -> None:
    """While the folder is not there a fault says so; when it is, everything is written in its order."""
    path = tmp_path / "absent" / "journal.db"
    kept = Kept(path)
    assert kept.troubles.get(timeout=5).subject == "write"
    kept.journal.write([press("a")], kept.commits.put)
    kept.journal.write([press("b")], kept.commits.put)
    assert kept.troubles.get(timeout=5).well is False
    path.parent.mkdir()
    refs = [record.draft.ref for _ in range(2) for record in kept.commits.get(timeout=10) if record]
    assert refs == ["a", "b"]
    kept.journal.stop()


def test_a_reader_never_opens_for_writing_and_works_beside_the_writer(kept: Kept, path: Path) -> None:
    """The command line reads while the daemon writes; what it opened refuses a write."""
    kept.write(press("a"))
    with Reader(path) as reader:
        kept.write(press("b"))
        assert [record.draft.ref for record in reader.records()] == ["a", "b"]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader._connection.execute("DELETE FROM record")


def test_a_journal_that_is_not_there_is_said_so(path: Path) -> None:
    """Whoever names the wrong folder is told what to do."""
    with pytest.raises(JournalError, match="--state"):
        Reader(path)


def test_every_confirmed_press_survives_a_kill(path: Path) -> None:
    """What was confirmed before a SIGKILL is there afterwards, and the chain is whole."""
    script = f"""
import queue, sys
from pathlib import Path
from alarmbro.clock import SystemClock
from alarmbro.journal import Journal
from alarmbro.model.record import Draft, RecordType
journal = Journal(Path({str(path)!r}), SystemClock(), print)
journal.open(); journal.start()
done = queue.SimpleQueue()
for number in range(100000):
    journal.write([Draft(RecordType.ACTIVATION, SystemClock().now(), ref=str(number))], done.put)
    done.get(timeout=10)
    print(number, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        confirmed = [process.stdout.readline() for _ in range(50)]
        process.kill()
        confirmed += process.stdout.readlines()
    numbers = [int(line) for line in confirmed if line.endswith("\n")]
    with Reader(path) as reader:
        refs = {record.draft.ref for record in reader.records()}
        assert reader.verify().whole
    assert {str(number) for number in numbers} <= refs


def test_half_a_character_from_outside_does_not_stop_the_journal(kept: Kept, path: Path) -> None:
    """A lone surrogate, as JSON can hold one, is written as a question mark; the next press is written too."""
    assert kept.write(press("a", "\ud800"))[0] is not None
    assert kept.write(press("b", "\ud800"))[0] is None
    assert kept.write(draft(site="vr\udcff", personal={"by": "\ud800"}))[0] is not None
    with Reader(path) as reader:
        assert reader.verify().whole


def test_a_record_that_no_disk_could_take_is_stood_in_for(kept: Kept, path: Path) -> None:
    """What cannot be written as it is must not keep all that come after it from the disk."""
    poison = Draft(RecordType.ACTIVATION, CLOCK.now(), "vraa", "lommy-1", data={(1, 2): "x", "source": "mqtt"}, ref="p")  # type: ignore[dict-item]  # a bug of ours would look so
    kept.journal.write([press("a"), poison, press("b")], kept.commits.put)
    assert [record and record.draft.ref for record in kept.commits.get(timeout=10)] == ["a", "p", "b"]
    with Reader(path) as reader:
        assert [record.draft.data.get("unwritable") for record in reader.records()] == [None, "TypeError", None]
        assert reader.verify().whole


def test_one_who_fails_to_hear_of_a_commit_does_not_stop_the_others(kept: Kept) -> None:
    """A bug behind `then` is logged; the writer lives and the next is told."""

    def broken(_records: object) -> None:
        raise ZeroDivisionError

    kept.journal.write([press("a")], broken)
    assert kept.write(press("b"))[0] is not None
    assert kept.journal.answers()


def test_a_journal_that_cannot_be_written_is_still_remembered(tmp_path: Path) -> None:
    """A card that went read-only with an alarm in hand: the alarm goes on, the fault is told, new ones wait."""
    first = Kept(tmp_path / "journal.db")
    first.write(press("a"), draft(RecordType.RAISED, site="vraa", alarm="vraa-1", ref="a", data={"number": 1}))
    stuck = tmp_path / "stuck"
    stuck.mkdir()
    for ending in ("", "-wal"):
        shutil.copy(tmp_path / f"journal.db{ending}", stuck)
    (stuck / "journal.db-shm").symlink_to(
        "/nonexistent/place"
    )  # SQLite can open nothing beside the file, as on a read-only disk
    first.journal.stop()
    second = Kept(stuck / "journal.db")
    assert [record.draft.type.value for record in second.remembered.records] == ["activation", "raised"]
    assert second.troubles.get(timeout=5).subject == "write"
    second.journal.write([press("b")], second.commits.put)
    assert second.troubles.get(timeout=5).subject == "write"
    (stuck / "journal.db-shm").unlink()
    assert [record and record.draft.ref for record in second.commits.get(timeout=10)] == ["b"]
    second.journal.stop()


def test_a_journal_removed_while_in_use_is_noticed_and_a_new_one_begun(kept: Kept, path: Path) -> None:
    """What is written to a removed file is nowhere: the next record finds that out, and is in a real one."""
    kept.write(press("a"))
    for part in path.parent.glob("journal.db*"):
        part.unlink()
    assert kept.write(press("b"))[0] is not None
    assert kept.troubles.get(timeout=5).subject == "replaced"
    with Reader(path) as reader:
        assert [record.draft.ref for record in reader.records()] == ["b"]


def test_a_state_folder_has_one_writer(tmp_path: Path) -> None:
    """A second daemon is refused; after the first has ended the folder is free, read-only too."""
    with hold(tmp_path / "state"), pytest.raises(MachineError, match="another alarmbro"):
        hold(tmp_path / "state")
    hold(tmp_path / "state").close()


def test_a_state_folder_that_cannot_be_locked_is_told(tmp_path: Path) -> None:
    """The caller goes on without it: alarms must."""
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="--state"):
        hold(tmp_path / "file" / "state")


def test_a_record_of_a_newer_alarmbro_does_not_hide_the_others(path: Path) -> None:
    """After going back a version, what this one does not know is passed over and the alarm goes on."""
    first = Kept(path)
    first.write(press("a"), draft(RecordType.RAISED, site="vraa", alarm="vraa-1", ref="a", data={"number": 1}))
    first.write(draft(RecordType.TOLD, alarm="vraa-1"))
    first.journal.stop()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE record SET type = 'pondered' WHERE type = 'told'")
    connection.commit()
    connection.close()
    second = Kept(path)
    assert [record.draft.type.value for record in second.remembered.records] == ["activation", "raised"]
    assert second.write(press("b"))[0] is not None
    second.journal.stop()


def test_the_head_names_no_record_that_is_not_on_disk_yet(kept: Kept, path: Path) -> None:
    """Whoever keeps it elsewhere would find it missing after a power cut, and take that for a forged record."""
    reading = sqlite3.connect(path)
    kept.journal.write([press(f"press-{number}") for number in range(300)], kept.commits.put)
    while kept.commits.empty():
        seq, digest = kept.journal.head
        there = reading.execute("SELECT hash FROM record WHERE seq = ?", (seq,)).fetchone()
        assert seq == 0 or there == (digest,)
    reading.close()
    assert kept.journal.head[0] == 300
