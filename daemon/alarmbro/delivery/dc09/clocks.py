"""How far each receiver's clock is from ours, learnt from its NAKs. Any thread.

A machine without a clock that was just started may be years off, and no encrypted alarm of it would be taken: more than
40 s behind or 20 s ahead is refused. The receiver says what time it has; its word counts for what it is sent.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

_lock = threading.Lock()
_offsets: dict[tuple[str, int], timedelta] = {}


def now_at(receiver: tuple[str, int]) -> datetime:
    """Give the time as the receiver has it, as far as that is known."""
    with _lock:
        offset = _offsets.get(receiver, timedelta())
    try:
        return datetime.now(UTC) + offset
    except OverflowError:  # a receiver in the year 9999
        return datetime.now(UTC)


def learn(receiver: tuple[str, int], theirs: datetime) -> None:
    """Take the receiver's time."""
    with _lock:
        _offsets[receiver] = theirs - datetime.now(UTC)
