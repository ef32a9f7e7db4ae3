"""The journal: the one append-only, hash-chained record. `Journal` writes, `Reader` reads and proves it whole."""

from alarmbro.journal.reading.reader import Reader, Verdict
from alarmbro.journal.writing.writer import Journal

__all__ = ["Journal", "Reader", "Verdict"]
