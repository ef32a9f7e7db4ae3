"""When the press was that a message is about: from the daemon's journal, read beside it.

The journal has the monotonic clock of this boot, the receivers have the same: a wall clock that jumps changes nothing.
Where the journal cannot be read the time is unknown, and the message is shown all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from alarmbro.journal import Reader
from alarmbro.journal.file.storage import FILE_NAME
from alarmbro.model.errors import JournalError
from alarmbro.model.record import Draft, Record, RecordType

TELLING = frozenset({
    RecordType.ACTIVATION, RecordType.RAISED, RecordType.JOINED, RecordType.ESCALATED, RecordType.ACKNOWLEDGED,
    RecordType.LAPSED, RecordType.NOTICED, RecordType.CLOSED,
})  # fmt: skip
OVERLAP = timedelta(minutes=1)  # records are in the order of their writing, not quite in that of their time


@dataclass(frozen=True, slots=True)
class Again:
    """A press that joined an open alarm; `told` where somebody is told of it."""

    alarm: str
    presses: int
    told: bool


class Presses:
    """The presses in the journal of a state folder. `tell` is told, once, why it cannot be read."""

    def __init__(self, state: Path, tell: Callable[[str], None]) -> None:
        self._path = state / FILE_NAME
        self._tell = tell
        self._told = ""
        self._drafts: list[Draft] = []
        self._seq = 0
        self._given = 0
        self._since: datetime | None = None

    def since_press_s(self, alarm: str, arrived_s: float) -> float | None:
        """Give the seconds from the press to an arrival on the monotonic clock; None where they are not known."""
        self._read()
        pressed_s = pressed_at_s(self._drafts, alarm, arrived_s)
        return None if pressed_s is None else max(0.0, arrived_s - pressed_s)

    def again(self) -> list[Again]:
        """Read what is new, and give the presses of open alarms among it that have not been given before."""
        self._read()
        joined = [draft for draft in self._drafts[self._given :] if draft.type is RecordType.JOINED]
        self._given = len(self._drafts)
        return [Again(draft.alarm, int(draft.data.get("presses", 2)), "message" in draft.data) for draft in joined]

    def _read(self) -> None:
        """Take up what is new: with thousands of repeats, all of it twice a second would be work."""
        try:
            with Reader(self._path) as reader:
                for record in reader.records(since=self._since):
                    self._take(record)
        except JournalError as error:
            if str(error) != self._told:
                self._told = str(error)
                self._tell(self._told)

    def _take(self, record: Record) -> None:
        if record.seq <= self._seq:
            return
        self._seq = record.seq
        self._since = record.draft.at.utc - OVERLAP
        if record.draft.type in TELLING:
            self._drafts.append(record.draft)


def pressed_at_s(drafts: Iterable[Draft], alarm: str, arrived_s: float) -> float | None:
    """Give when the press was that a message of an alarm, arrived then, is about; None where the journal has none.

    That is the alarm's first, unless the last thing told before was that the device was pressed again.
    """
    received: dict[str, float] = {}
    first = about = None
    for draft in drafts:
        if draft.type is RecordType.ACTIVATION:
            received[draft.ref] = draft.at.monotonic_s
        if draft.alarm != alarm:
            continue
        if draft.type is RecordType.RAISED:  # written down after the first messages have left
            first = about = received.get(draft.ref)
        elif draft.at.monotonic_s > arrived_s:
            break
        elif draft.type is RecordType.JOINED and "message" in draft.data:
            about = received.get(draft.ref)
        elif draft.type in TELLING and draft.type is not RecordType.JOINED:
            about = first
    return about
