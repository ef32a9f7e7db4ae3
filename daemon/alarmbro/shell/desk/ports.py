"""What the turn works with: each of these is a real part of the daemon, or a plain one in a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from alarmbro.judgement.words.facts import Facts
from alarmbro.model.alarm import Alarm
from alarmbro.model.delivery import MessageKind, Result
from alarmbro.model.record import Draft
from alarmbro.model.route import Target
from alarmbro.shell.desk.job import Job


class Record(Protocol):
    """What the turn writes to: `Journal.write`, or a list in a test."""

    def write(self, drafts: list[Draft]) -> None:
        """Take drafts to be written; never blocks, never raises."""
        ...

    def remove(self, before: datetime) -> None:
        """Remove what names persons from records older than `before`; never blocks, never raises."""
        ...


class Sends(Protocol):
    """What the turn sends with: `Sender`, or one that answers at once in a test."""

    def submit(self, job: Job) -> None:
        """Take a job."""
        ...

    def recall(self, job: Job) -> bool:
        """Take a job back that still waits; tell whether it did."""
        ...

    def overdue(self) -> list[Job]:
        """Give up and name the tries that have passed their deadline."""
        ...

    def next_overdue_in_s(self) -> float:
        """Give the seconds until the next one does."""
        ...

    def stuck(self) -> list[str]:
        """Name the targets whose every thread hangs."""
        ...


Make = Callable[[Target, MessageKind, Facts, Mapping[str, str]], Result]
Told = Callable[[Draft, Alarm | None], None]
