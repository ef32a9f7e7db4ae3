"""When the journal's -wal file is folded into its own (SQLite calls it a checkpoint): never while a press waits.

Left to itself SQLite does so at the end of whichever commit fills 1,000 pages, which makes that press wait for two more
writes to the disk. Runs in the journal's thread.
"""

from __future__ import annotations

import sqlite3

import structlog

from alarmbro.journal.file.storage import BUSY_MS

log = structlog.get_logger(__name__)

WORTH_IT = 200  # records, some 100 KiB: an SD card wears by what is written to it
REST_S = 2.0  # nothing has come for so long
EMPTY_AGAIN_S = 30.0  # a reader was in the way of emptying it
AT_MOST = 10_000  # … and where it never rests: lest the file grow for ever


class Folding:
    """What has been committed since the file was last folded."""

    def __init__(self) -> None:
        self._records = 0
        self._to_empty = False

    def add(self, connection: sqlite3.Connection | None, records: int) -> None:
        """Count what was committed; fold it where that cannot wait for a rest."""
        self._records += records
        if self._records >= AT_MOST:
            self.fold(connection)

    @property
    def rest_s(self) -> float | None:
        """How long nothing must come before it is folded; None: it is not worth it."""
        if self._records >= WORTH_IT:
            return REST_S
        return EMPTY_AGAIN_S if self._to_empty else None

    def fold(self, connection: sqlite3.Connection | None) -> None:
        """Fold, as far as no reader is in the way. What fails is done with the next: all is safe where it is."""
        self._records = 0
        try:
            if connection is not None:
                self._fold(connection)
        except sqlite3.Error as error:
            log.warning("the journal's -wal file could not be folded into it", error=str(error))

    def empty(self, connection: sqlite3.Connection | None) -> None:
        """Fold, and leave nothing in the -wal file, where what was removed lingers: now, or once readers let us."""
        self._to_empty = True
        self.fold(connection)

    def _fold(self, connection: sqlite3.Connection) -> None:
        if not self._to_empty:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            return
        connection.execute("PRAGMA busy_timeout = 0")  # a reader in the way is not waited for: a press may come
        try:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        self._to_empty = bool(busy)
