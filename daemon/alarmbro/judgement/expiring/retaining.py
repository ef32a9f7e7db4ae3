"""Which records have kept a person's name for their time. Pure.

A record's own time is not believed alone: most Pis have no battery clock, and one that started with last year's time
would lose the name of whoever pressed a minute ago. But records follow each other: what was written after one that is
young is young, whatever its own clock said.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import takewhile

from alarmbro.model.moment import Moment


def cutoff(kept_s: float, now: Moment) -> datetime:
    """Give the time before which a record has been kept for so many seconds; `now` by a clock that can be believed."""
    return now.utc - timedelta(seconds=kept_s)


def last_old(stamps: Iterable[tuple[int, str]], before: str) -> int | None:
    """Give the place of the last record before the first young one; None where the first is young already.

    `stamps` are places and times (`iso`) in the journal's order, without those that say a time to come.
    """
    return max((seq for seq, _ in takewhile(lambda stamp: stamp[1] < before, stamps)), default=None)


def young_from_us(before: datetime, now: Moment) -> int:
    """Give the monotonic clock, in microseconds, after which a record of this boot is young, whatever its time says."""
    return round((now.monotonic_s - (now.utc - before).total_seconds()) * 1_000_000)
