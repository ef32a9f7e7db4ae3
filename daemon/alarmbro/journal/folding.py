"""When the journal's -wal file is folded into its own (SQLite calls it a checkpoint): never while a press waits.

Left to itself SQLite does so at the end of whichever commit fills 1,000 pages, which makes that press wait for two more
writes to the disk. Runs in the journal's thread.
"""

from __future__ import annotations

import sqlite3

import structlog

log = structlog.get_logger(__name__)

WORTH_IT = 200  # records, some 100 KiB: an SD card wears by what is written to it
REST_S = 2.0  # nothing has come for so long
AT_MOST = 10_000  # … and where it never rests: lest the file grow for ever


class Folding:
    """What has been committed since the file was last folded."""

    def __init__(self) -> None:
        self._records = 0

    def add(self, connection: sqlite3.Connection | None, records: int) -> None:
        """Count what was committed; fold it where that cannot wait for a rest."""
        self._records += records
        if self._records >= AT_MOST:
            self.fold(connection)

    @property
    def rest_s(self) -> float | None:
        """How long nothing must come before it is folded; None: it is not worth it."""
        return REST_S if self._records >= WORTH_IT else None

    def fold(self, connection: sqlite3.Connection | None, *, shrink: bool = False) -> None:
        """Fold, as far as no reader is in the way. What fails is done with the next: all is safe where it is.

        `shrink`: leave nothing in the -wal file, where what was removed would linger.
        """
        self._records = 0
        try:
            if connection is not None:
                connection.execute(f"PRAGMA wal_checkpoint({'TRUNCATE' if shrink else 'PASSIVE'})").fetchone()
        except sqlite3.Error as error:
            log.warning("the journal's -wal file could not be folded into it", error=str(error))
