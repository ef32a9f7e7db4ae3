"""The one way to record: what a record says becomes the state at once; then it goes to the journal.

Promises: records are written in the order in which they came true, those of one turn in one commit or few. Must never
wait: the journal takes what it is given. What a crash takes before it is written is decided or tried again after it.
Runs in the deciding thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from alarmbro.judgement.record.ledger import Ledger
from alarmbro.model.record import Draft
from alarmbro.shell.desk.ports import Record, Told

TOGETHER = 50  # records in one commit: more would keep the next press waiting for the disk


@dataclass(slots=True)
class Recorder:
    """Ledger and journal in step. `announce` hears of each record after it was applied; it only takes note."""

    ledger: Ledger
    journal: Record
    announce: Told
    _unwritten: list[Draft] = field(default_factory=list)

    def record(self, draft: Draft) -> None:
        """Let a record come true; it is written with the next `flush`."""
        self.ledger.apply(draft)
        self._unwritten.append(draft)
        self.announce(draft, self.ledger.alarm(draft.alarm))

    def flush(self) -> None:
        """Hand what came true to the journal."""
        drafts, self._unwritten = self._unwritten, []
        for start in range(0, len(drafts), TOGETHER):
            self.journal.write(drafts[start : start + TOGETHER])
