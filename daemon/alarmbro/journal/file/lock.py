"""One writer for each state folder: SQLite before 3.51.3 can corrupt a WAL that two processes write."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from alarmbro.model.errors import JournalError, MachineError

LOCK_NAME = "alarmbro.lock"


def hold(state: Path) -> IO[str]:
    """Lock the state folder (made where it is missing) until what is returned is closed, or the process ends.

    Raise MachineError where another daemon holds it. Raise JournalError where it cannot be locked at all (a disk that
    is read-only or gone): the caller tells that as a fault and goes on, because alarms must.
    """
    path = state / LOCK_NAME
    lock: IO[str]
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = path.open("a", encoding="ascii")
    except OSError as error:
        lock = _readable(path, error)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise MachineError(
            f"another alarmbro daemon works on {state}; stop it, or name another folder with --state"
        ) from None
    return lock


def _readable(path: Path, error: OSError) -> IO[str]:
    """Open the lock that an earlier start made: a read-only disk lets us lock it, too."""
    try:
        return path.open(encoding="ascii")
    except OSError:
        raise JournalError(
            f"cannot write to the state folder {path.parent}: {error.strerror}; mend the disk, or name one with --state"
        ) from error
