"""A journal's file that is damaged: told from one that cannot be had right now, and set aside.

Runs in whichever thread opens the journal.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from alarmbro.model.errors import JournalError


def is_damaged(path: Path) -> bool:
    """Tell a damaged file (to be set aside) from a disk that is full, locked or not ours (to be waited for)."""
    if not path.is_file():
        return False
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return False
    try:
        connection.execute("SELECT * FROM record ORDER BY seq DESC LIMIT 1").fetchall()
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
    except sqlite3.OperationalError as error:  # locked, no permission, disk I/O; "no such table": not a journal
        return "no such table" in str(error) and path.stat().st_size > 0 and _has_tables(connection)
    except sqlite3.DatabaseError:
        return True
    finally:
        connection.close()


def set_aside(path: Path, now: datetime, why: str = "damaged") -> Path:
    """Rename a journal with all that belongs to it; give its new name. Raise JournalError where that cannot be."""
    stamp = now.strftime("%Y%m%dT%H%M%S.%fZ")
    aside = path.with_name(f"{path.name}.{why}-{stamp}")
    try:
        for ending in ("", "-wal", "-shm"):
            part = path.with_name(path.name + ending)
            if part.exists():
                part.rename(aside.with_name(aside.name + ending))
    except OSError as error:
        raise JournalError(f"cannot set the journal {path} aside: {error}") from error
    return aside


def _has_tables(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
