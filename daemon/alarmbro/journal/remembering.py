"""What a start needs of the past: all that is unfinished. Reads only; runs once, where the daemon starts."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import structlog

from alarmbro.journal.rows import record_of, select
from alarmbro.model.record import Record

log = structlog.get_logger(__name__)

# Alarms that have not settled (a closed one may still have to be told), and presses that nothing was decided about.
UNFINISHED = """
    (alarm <> '' AND alarm IN (
        SELECT alarm FROM record WHERE alarm <> '' AND type = 'raised'
        EXCEPT SELECT alarm FROM record WHERE alarm <> '' AND type = 'settled'))
    OR (ref <> '' AND type = 'activation' AND ref NOT IN (
        SELECT ref FROM record WHERE ref <> '' AND type IN ('raised', 'joined')))
    OR (ref <> '' AND type = 'activation' AND ref IN (
        SELECT ref FROM record WHERE ref <> '' AND type IN ('raised', 'joined') AND alarm IN (
            SELECT alarm FROM record WHERE alarm <> '' AND type = 'raised'
            EXCEPT SELECT alarm FROM record WHERE alarm <> '' AND type = 'settled')))
"""
LAST_NUMBERS = """
    SELECT site, max(CAST(json_extract(data, '$.number') AS INTEGER)) FROM record
    WHERE alarm <> '' AND type = 'raised' GROUP BY site
"""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a start needs of the past: the records of all that is unfinished, in order, and each site's last number.

    `lost`: there was a past, and it cannot be read.
    """

    records: tuple[Record, ...] = ()
    numbers: tuple[tuple[str, int], ...] = ()
    lost: bool = False


def remembered(connection: sqlite3.Connection) -> Remembered:
    """Give what is unfinished. Raise sqlite3.Error where the file is damaged.

    A record that cannot be read (a newer alarmbro's, say) is passed over: it must not keep the others from going on.
    """
    records = []
    for row in select(connection, UNFINISHED):
        try:
            records.append(record_of(row))
        except ValueError as error:
            log.error("a record cannot be read", seq=row[0], error=str(error))  # noqa: TRY400 - told, not a bug
    return Remembered(tuple(records), tuple(connection.execute(LAST_NUMBERS).fetchall()))


def remembered_of_copy(path: Path) -> Remembered:
    """Give what is unfinished in a journal that cannot be opened where it lies; nothing where it cannot be read.

    SQLite needs to write beside a database in WAL mode even to read it, which a read-only disk does not let it; so a
    copy is read, in a temporary folder (tmpfs under systemd's PrivateTmp).
    """
    try:
        with tempfile.TemporaryDirectory(prefix="alarmbro-") as folder:
            copy = Path(folder) / path.name
            for ending in ("", "-wal"):
                part = path.with_name(path.name + ending)
                if part.exists():
                    shutil.copyfile(part, copy.with_name(copy.name + ending))
            with closing(sqlite3.connect(copy)) as connection:
                return remembered(connection)
    except (OSError, sqlite3.Error) as error:
        log.error("nothing is remembered of the time before this start", error=str(error))  # noqa: TRY400 - told, not a bug
        return Remembered(lost=True)
