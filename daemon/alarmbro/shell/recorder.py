"""The one way to record: what a record says becomes the state, then it goes to the journal and to whoever shows it.

Runs in the deciding thread. Never waits: the journal takes what it is given.
"""

from __future__ import annotations

from dataclasses import dataclass

from alarmbro.judgement.ledger import Ledger
from alarmbro.model.record import Draft
from alarmbro.shell.ports import Record, Told


@dataclass(slots=True)
class Recorder:
    """Ledger, journal and announcements in step. `announce` hears of each record after it was applied."""

    ledger: Ledger
    journal: Record
    announce: Told

    def record(self, draft: Draft) -> None:
        """Let a record come true and be written."""
        self.ledger.apply(draft)
        self.write(draft)

    def write(self, draft: Draft) -> None:
        """Write a record that the ledger has applied already."""
        self.journal.write([draft])
        self.announce(draft, self.ledger.alarm(draft.alarm))
