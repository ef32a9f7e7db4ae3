"""Removing what names persons from old records. The chain stays whole: it covers commitments, not names.

Goes through the journal from its begin, some records at a time, and each time on from where it was. What an alarm, a
press or a test round that is not settled still needs is left alone, however old it is.
Runs in the journal's thread, between the transactions in which it writes what came.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import datetime

from alarmbro.journal.file.rows import Appender, salted
from alarmbro.judgement.expiring.retaining import last_old, young_from_us
from alarmbro.model.moment import Moment, iso
from alarmbro.model.record import Draft, RecordType

LOOKED_AT = 500  # records in one step, and …
AT_ONCE = 200  # … those in one commit that lose their names: the next press may wait for it

# Times to come tell nothing: a clock was wrong. Such a record is as old as those around it.
STAMPS = "SELECT seq, at FROM record WHERE seq > ? AND at <= ? ORDER BY seq LIMIT ?"
NAMED = """
    SELECT seq, type, alarm, ref, personal, boot = ? AND monotonic_us > ? FROM record
    WHERE seq > ? AND seq <= ? AND personal IS NOT NULL ORDER BY seq LIMIT ?
"""
DECIDED = "SELECT alarm FROM record WHERE ref <> '' AND ref = ? AND type IN ('raised', 'joined', 'test_pressed')"
SETTLED = "SELECT 1 FROM record WHERE alarm <> '' AND alarm = ? AND type = 'settled'"
ROUND = "SELECT json_extract(data, '$.round') FROM record WHERE alarm <> '' AND alarm = ? AND type = 'test_pressed'"

Named = tuple[int, str, str, str, str, int]


class Removing:
    """How far it has come. `begin`, then `step` while it is `under_way`."""

    def __init__(self) -> None:
        self._before: datetime | None = None
        self._from = 0  # nothing up to here is left to be done on another day
        self._seq = 0
        self._kept: int | None = None  # the first that had to be left alone

    def begin(self, before: datetime) -> None:
        """Begin to go through what is older than that."""
        self._before, self._seq, self._kept = before, self._from, None

    @property
    def under_way(self) -> bool:
        """Tell whether there is more to look at."""
        return self._before is not None

    def stop(self) -> None:
        """Leave it for another day."""
        self._before = None

    def forget(self) -> None:
        """Begin at the begin: the file is another."""
        self._before, self._from = None, 0

    def step(self, connection: sqlite3.Connection, appender: Appender, now: Moment) -> int:
        """Do some, and record it; give how many records lost their names.

        Inside a transaction of the caller's, who calls `stop` where it fails.
        """
        if self._before is None:
            return 0
        stamps = connection.execute(STAMPS, (self._seq, iso(now.utc), LOOKED_AT)).fetchall()
        last = last_old(stamps, iso(self._before))
        if last is None:
            self._finish()
            return 0
        bounds = (now.boot, young_from_us(self._before, now), self._seq, last, AT_ONCE)
        named: list[Named] = connection.execute(NAMED, bounds).fetchall()
        self._seq = named[-1][0] if len(named) == AT_ONCE else last
        going = [row for row in named if self._may_go(connection, row)]
        if going:
            _remove(connection, going)
            appender.append(_note(self._before, going, now))
            appender.keep_head()
        return len(going)

    def _finish(self) -> None:
        self._before = None
        self._from = self._seq if self._kept is None else self._kept - 1

    def _may_go(self, connection: sqlite3.Connection, row: Named) -> bool:
        seq, kind, alarm, ref, _, young = row
        over = not young and _is_over(connection, kind, alarm, ref)
        if not over and self._kept is None:
            self._kept = seq
        return over


def _is_over(connection: sqlite3.Connection, kind: str, alarm: str, ref: str) -> bool:
    """Tell whether nobody needs a record's names any more."""
    if alarm:
        return _is_settled(connection, alarm)
    if kind != RecordType.ACTIVATION:
        return True
    decided = connection.execute(DECIDED, (ref,)).fetchall()
    return bool(decided) and all(_is_settled(connection, alarm) for (alarm,) in decided)


def _is_settled(connection: sqlite3.Connection, matter: str) -> bool:
    """Tell it of an alarm or a round; a test alarm is settled with its round."""
    if connection.execute(SETTLED, (matter,)).fetchone():
        return True
    rounds = connection.execute(ROUND, (matter,)).fetchall()
    return bool(rounds) and all(connection.execute(SETTLED, (name,)).fetchone() for (name,) in rounds)


def _remove(connection: sqlite3.Connection, going: list[Named]) -> None:
    connection.executemany("UPDATE record SET personal = NULL WHERE seq = ?", [(row[0],) for row in going])


def _note(before: datetime, going: list[Named], now: Moment) -> Draft:
    fields = Counter(name for row in going for name in _fields(row[4]))
    data = {"before": iso(before), "records": len(going), "fields": dict(fields)}
    return Draft(RecordType.REMOVED, now, data=data)


def _fields(personal: str) -> list[str]:
    try:
        return list(salted(personal))
    except ValueError:  # somebody changed it: `verify` shows that, and it goes like the others
        return ["unreadable"]
