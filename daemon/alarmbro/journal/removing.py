"""Removing what names persons from old records. The chain stays whole: it covers commitments, not names.

Runs in the journal's thread, inside a transaction of the writer's. What an alarm or a test round that is not settled
still needs is left alone, however old it is.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from datetime import datetime

from alarmbro.model.moment import Moment, iso
from alarmbro.model.record import Draft, RecordType

AT_ONCE = 200  # records in one commit, which the next press waits for
OLD = """
    SELECT seq, personal FROM record WHERE personal IS NOT NULL AND at < ? AND (alarm = '' OR alarm IN (
        SELECT alarm FROM record WHERE alarm <> '' AND type = 'settled'))
    ORDER BY seq LIMIT ?
"""


def remove_some(connection: sqlite3.Connection, before: datetime, now: Moment) -> list[Draft]:
    """Remove the oldest that are older than `before`; give the record that says so, none where there was nothing."""
    found = connection.execute(OLD, (iso(before), AT_ONCE)).fetchall()
    if not found:
        return []
    connection.executemany("UPDATE record SET personal = NULL WHERE seq = ?", [(seq,) for seq, _ in found])
    fields = Counter(name for _, personal in found for name in json.loads(personal))
    data = {"before": iso(before), "records": len(found), "last": found[-1][0], "fields": dict(fields)}
    return [Draft(RecordType.REMOVED, now, data=data)]
