"""The journal's file: tables, migrations, settings. The only place that knows its layout, with `rows.py`.

SQLite in WAL mode with synchronous FULL: one fdatasync a commit, and a power cut loses nothing that was committed
(NORMAL may roll back). Both are read back, because the first is a property of the file and the second of the
connection. Exactly one process may write: SQLite before 3.51.3 can corrupt a WAL that two connections checkpoint at
once (sqlite.org/wal.html, "WAL-reset bug"), and Debian 12 and 13 ship older ones.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from alarmbro.model.errors import JournalError

FILE_NAME = "journal.db"
FULL = 2  # PRAGMA synchronous
BUSY_MS = 5000  # waited for somebody who locks the file: only a person's own tools would

# Each entry takes the file one version up; never change one that has been released.
MIGRATIONS = (
    """
    CREATE TABLE record (
        seq INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        boot TEXT NOT NULL,
        monotonic_us INTEGER NOT NULL,
        type TEXT NOT NULL,
        site TEXT NOT NULL,
        device TEXT NOT NULL,
        alarm TEXT NOT NULL,
        recipient TEXT NOT NULL,
        data TEXT NOT NULL,
        ref TEXT NOT NULL,
        sealed TEXT NOT NULL,
        personal TEXT,
        hash TEXT NOT NULL
    ) STRICT;
    CREATE INDEX record_alarm ON record (alarm, type) WHERE alarm <> '';
    CREATE INDEX record_ref ON record (ref, type) WHERE ref <> '';
    CREATE INDEX record_fault ON record (type, seq) WHERE type IN ('fault', 'fault_cleared');
    CREATE TABLE once (press TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
    """,
    # The yearly test: a start looks for rounds that run and for when each device was last tested.
    """
    CREATE INDEX record_test ON record (type, seq) WHERE type = 'test_started' OR type = 'test_pressed'
        OR type = 'test_passed' OR type = 'test_failed' OR type = 'on_test' OR type = 'fault';
    """,
)


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open (or make) the journal, bring it to this version, and prove the settings.

    Raise JournalError where the file is damaged, newer than this program, or cannot be written; sqlite3.Error is
    never let through.
    """
    try:
        # check_same_thread: opened where the daemon starts, used by the writer's thread alone from then on.
        connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MS / 1000, check_same_thread=False)
    except sqlite3.Error as error:
        raise JournalError(f"cannot open the journal {path}: {error}") from error
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")  # `writing.folding` does it, when no press waits
        connection.execute("PRAGMA secure_delete = ON")  # whatever SQLite moves or frees is wiped where it was
        _prove_settings(connection)
        _migrate(connection)
        connection.execute("SELECT count(*) FROM head").fetchone()
    except sqlite3.Error as error:
        connection.close()
        raise JournalError(f"cannot open the journal {path}: {error}") from error
    except JournalError:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open the journal read-only, beside a daemon that writes it or without one.

    Raise JournalError where there is none or it cannot be read.
    """
    if not path.exists():
        raise JournalError(f"there is no journal at {path}; name the daemon's state folder with --state")
    # Without a -wal file nobody writes: immutable then reads it even in a folder where we may not create -shm.
    settled = "" if path.with_name(path.name + "-wal").exists() else "&immutable=1"
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro{settled}", uri=True, isolation_level=None)
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.Error as error:
        raise JournalError(f"cannot read the journal {path}: {error}") from error
    return connection


def _prove_settings(connection: sqlite3.Connection) -> None:
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    if mode != "wal" or synchronous != FULL:
        raise JournalError(
            f"the journal's disk does not keep writes safe (journal_mode {mode}, synchronous {synchronous}); "
            "put the state folder on a local file system"
        )


def _migrate(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise JournalError(
            f"the journal has version {version}, this alarmbro knows {len(MIGRATIONS)}; install the newer alarmbro"
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN IMMEDIATE;{script};PRAGMA user_version = {number};COMMIT;")
