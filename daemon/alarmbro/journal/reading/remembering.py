"""What a start needs of the past: all that is unfinished. Reads only; runs once, where the daemon starts."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from alarmbro.journal.file.rows import Row, record_of, select
from alarmbro.model.moment import from_iso
from alarmbro.model.record import Record

log = structlog.get_logger(__name__)

# Rounds that run, or of whose end somebody is still to be told, and the test alarms in them.
ROUNDS = """SELECT alarm FROM record AS started WHERE type = 'test_started' AND NOT EXISTS (
    SELECT 1 FROM record WHERE alarm <> '' AND alarm = started.alarm AND type = 'settled')"""
OF_ROUNDS = f"""
    (type = 'test_pressed' OR type = 'test_passed' OR type = 'test_failed')
        AND json_extract(data, '$.round') IN ({ROUNDS})
    OR (alarm <> '' AND alarm IN ({ROUNDS}))
    OR (alarm <> '' AND alarm IN (
        SELECT alarm FROM record WHERE type = 'test_pressed' AND json_extract(data, '$.round') IN ({ROUNDS})))
    OR (ref <> '' AND type = 'activation' AND ref IN (
        SELECT ref FROM record WHERE type = 'test_pressed' AND json_extract(data, '$.round') IN ({ROUNDS})))
"""  # noqa: S608 - all of it is ours
ON_TEST = "type = 'on_test' AND seq IN (SELECT seq FROM record WHERE type = 'on_test' ORDER BY seq DESC LIMIT 20)"
# Alarms that have not settled (a closed one may still have to be told), and presses that nothing was decided about.
UNFINISHED = """
    (alarm <> '' AND alarm IN (
        SELECT alarm FROM record WHERE alarm <> '' AND type = 'raised'
        EXCEPT SELECT alarm FROM record WHERE alarm <> '' AND type = 'settled'))
    OR (ref <> '' AND type = 'activation' AND ref NOT IN (
        SELECT ref FROM record WHERE ref <> '' AND type IN ('raised', 'joined', 'test_pressed')))
    OR (ref <> '' AND type = 'activation' AND ref IN (
        SELECT ref FROM record WHERE ref <> '' AND type IN ('raised', 'joined') AND alarm IN (
            SELECT alarm FROM record WHERE alarm <> '' AND type = 'raised'
            EXCEPT SELECT alarm FROM record WHERE alarm <> '' AND type = 'settled')))
"""
LAST_NUMBERS = """
    SELECT site, max(CAST(json_extract(data, '$.number') AS INTEGER)) FROM record
    WHERE alarm <> '' AND type IN ('raised', 'test_started', 'test_pressed') GROUP BY site
"""
LAST_TESTED = "SELECT site, device, max(at) FROM record WHERE type = 'test_passed' GROUP BY site, device"
LAST_TOLD = """
    SELECT json_extract(data, '$.fault'), max(at) FROM record WHERE type = 'fault'
    AND json_array_length(data, '$.notify') > 0 GROUP BY 1
"""
# Faults that are open, and that somebody was told of: what nobody was told of is found, and told, anew.
OPEN_FAULTS = """
    type = 'fault' AND json_array_length(data, '$.notify') > 0 AND seq IN (
        SELECT max(seq) FROM record WHERE type IN ('fault', 'fault_cleared') GROUP BY json_extract(data, '$.fault'))
"""
TOLD_OF = """
    SELECT 1 FROM record WHERE seq > ? AND type = 'told' AND alarm = '' AND json_extract(data, '$.fault') = ? LIMIT 1
"""
FIRST = "SELECT at FROM record ORDER BY seq LIMIT 1"


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a start needs of the past: the records of all that is unfinished, in order, and each site's last number.

    `tested` is when each device last passed a test (site, device), `told` when somebody was last told of each fault,
    `begun` when the journal was. `faults` are those that were open, each with its last record. `lost`: there was a
    past, and it cannot be read.
    """

    records: tuple[Record, ...] = ()
    numbers: tuple[tuple[str, int], ...] = ()
    tested: tuple[tuple[str, str, datetime], ...] = ()
    told: tuple[tuple[str, datetime], ...] = ()
    begun: datetime | None = None
    faults: tuple[Record, ...] = ()
    lost: bool = False


def remembered(connection: sqlite3.Connection) -> Remembered:
    """Give what is unfinished. Raise sqlite3.Error where the file is damaged.

    A record that cannot be read (a newer alarmbro's, say) is passed over: it must not keep the others from going on.
    """
    rounds = connection.execute(ROUNDS).fetchall()
    unfinished = select(connection, f"{UNFINISHED} OR {OF_ROUNDS}" if rounds else UNFINISHED)
    records = _read((*select(connection, ON_TEST), *unfinished))
    faults = _read(select(connection, OPEN_FAULTS))
    first = connection.execute(FIRST).fetchone()
    return Remembered(
        tuple(records),
        tuple(connection.execute(LAST_NUMBERS).fetchall()),
        tuple((site, device, from_iso(at)) for site, device, at in connection.execute(LAST_TESTED)),
        tuple((fault, from_iso(at)) for fault, at in connection.execute(LAST_TOLD) if fault),
        from_iso(first[0]) if first else None,
        tuple(fault for fault in faults if _was_told(connection, fault)),
    )


def _read(rows: Iterable[Row]) -> list[Record]:
    found = []
    for row in rows:
        try:
            found.append(record_of(row))
        except ValueError as error:
            log.error("a record cannot be read", seq=row[0], error=str(error))  # noqa: TRY400 - told, not a bug
    return found


def _was_told(connection: sqlite3.Connection, fault: Record) -> bool:
    return connection.execute(TOLD_OF, (fault.seq, fault.draft.data["fault"])).fetchone() is not None


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
