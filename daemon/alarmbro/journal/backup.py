"""Copies of the journal: made beside a daemon that writes it, and put back where none runs.

Promises: a copy is one file, of one state of the journal, verified and on disk, or there is none. What is put back was
verified first; what was there before is set aside, never removed.
Must never: write the journal beside a daemon. Runs in the command's thread; a copy costs one read of the whole file.
"""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alarmbro.journal.file.damage import set_aside
from alarmbro.journal.file.lock import hold
from alarmbro.journal.file.storage import FILE_NAME, MIGRATIONS, open_for_reading
from alarmbro.journal.reading.reader import Reader, Verdict
from alarmbro.model.errors import JournalError

NAME = "journal-%Y%m%dT%H%M%SZ.db"
COPIES = re.compile(r"journal-(\d{8})T\d{6}Z\.db(\.broken)?")
BROKEN = ".broken"
TRIES = 2  # a daemon that starts just then writes to the file that was read as one that nobody writes
WHOLE_FILE = -1  # pages at a time: one read transaction, so one state of the journal
GROUP_READS = 0o640  # as the unit's UMask has it


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was made. Its name says `.broken` where its chain is not whole: then the journal's is not, either."""

    path: Path
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; `aside` is where the journal is that was there before, if there was one."""

    verdict: Verdict
    aside: Path | None


def take(journal: Path, output: Path) -> Copy:
    """Copy the journal to a file for its owner alone. Raise JournalError where there is none, or no place for it."""
    part = _part(output.parent, output.name)
    try:
        verdict = _copied(journal, part)
        path = output if verdict.whole else output.with_name(output.name + BROKEN)
        part.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise JournalError(f"cannot write {output}: {error.strerror}; name another place") from error
    finally:
        part.unlink(missing_ok=True)
    return Copy(path, verdict)


def take_into(journal: Path, folder: Path, now: datetime) -> Copy:
    """Copy the journal into a folder (made where it is missing), named by the time. Raise JournalError."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    except OSError as error:
        raise JournalError(f"cannot make the folder {folder}: {error.strerror}; name another with --folder") from error
    return take(journal, folder / now.strftime(NAME))


def prune(folder: Path, days: int) -> list[Path]:
    """Remove copies, but those of the last `days` days that have any; of broken ones the same. Give what went.

    It goes by the copies' names, not by the clock: one that is wrong must not cost a copy. Raise JournalError.
    """
    kinds: dict[str | None, dict[str, list[Path]]] = {}
    try:
        for path in folder.iterdir():
            if name := COPIES.fullmatch(path.name):
                kinds.setdefault(name[2], {}).setdefault(name[1], []).append(path)
        going = [path for kind in kinds.values() for day in sorted(kind)[:-days] for path in sorted(kind[day])]
        for path in going:
            path.unlink()
    except OSError as error:
        raise JournalError(f"cannot remove old copies in {folder}: {error.strerror}") from error
    return going


def restore(copy: Path, state: Path, now: datetime) -> Restored:
    """Put a copy in the place of the journal in the state folder.

    Raise MachineError where a daemon runs there. Raise JournalError where the copy is not whole, newer than this
    program, or cannot be written; the journal is then as it was.
    """
    journal = state / FILE_NAME
    if copy.resolve() == journal.resolve():
        raise JournalError(f"{copy} is the journal itself; name a copy of it")
    with closing(hold(state)):
        _refuse_newer(copy)
        part = _part(state, FILE_NAME)
        try:
            verdict = _copied(copy, part)
            if not verdict.whole:
                raise JournalError(f"{copy} is not whole, so the journal stays as it is: {verdict.problem}")
            _give(part, state)
            aside = _swap(part, journal, now)
        except OSError as error:
            raise JournalError(f"cannot put {copy} in place of {journal}: {error.strerror}; mend the disk") from error
        finally:
            part.unlink(missing_ok=True)
    return Restored(verdict, aside)


def _copied(journal: Path, part: Path) -> Verdict:
    """Copy, flush and verify; once more where it was not whole. Raise JournalError where it cannot be read at all."""
    for _ in range(TRIES):
        verdict = _copied_once(journal, part)
        if verdict.whole:
            break
    return verdict


def _copied_once(journal: Path, part: Path) -> Verdict:
    try:
        with closing(open_for_reading(journal)) as source, closing(sqlite3.connect(part, isolation_level=None)) as copy:
            source.backup(copy, pages=WHOLE_FILE)
            copy.execute("PRAGMA journal_mode = DELETE").fetchone()  # one file, that says so itself
    except sqlite3.Error as error:
        raise JournalError(f"cannot copy the journal {journal} to {part.parent}: {error}") from error
    _sync(part)
    with Reader(part) as reader:
        return reader.verify()


def _refuse_newer(copy: Path) -> None:
    try:
        with closing(open_for_reading(copy)) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error as error:
        raise JournalError(f"cannot read {copy}: {error}") from error
    if version > len(MIGRATIONS):
        raise JournalError(
            f"{copy} has version {version}, this alarmbro knows {len(MIGRATIONS)}; install the newer one"
        )


def _swap(part: Path, journal: Path, now: datetime) -> Path | None:
    there = any(journal.with_name(FILE_NAME + ending).exists() for ending in ("", "-wal", "-shm"))
    aside = set_aside(journal, now, "before-restore") if there else None
    part.replace(journal)
    _sync(journal.parent)
    return aside


def _give(part: Path, state: Path) -> None:
    """Let the file be the daemon's: root restores, and the state folder is its."""
    part.chmod(GROUP_READS)
    if os.geteuid() == 0:
        owner = state.stat()
        os.chown(part, owner.st_uid, owner.st_gid)


def _part(folder: Path, name: str) -> Path:
    try:
        number, path = tempfile.mkstemp(dir=folder, prefix=f".{name}.")  # for its owner alone: it names persons
    except OSError as error:
        raise JournalError(f"cannot write to {folder}: {error.strerror}; name another place") from error
    os.close(number)
    return Path(path)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
