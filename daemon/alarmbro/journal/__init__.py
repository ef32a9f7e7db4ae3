"""The journal: the one append-only, hash-chained record. `Journal` writes, `Reader` reads and proves it whole."""

from alarmbro.journal.reader import Reader, Verdict
from alarmbro.journal.writer import Journal

__all__ = ["Journal", "Reader", "Verdict"]
