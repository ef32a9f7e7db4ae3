"""What the journal's writer has in hand: drafts, and who waits for them. Runs in the journal's thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from alarmbro.model.record import Draft, Record

log = structlog.get_logger(__name__)

Then = Callable[[Sequence[Record | None]], None]


@dataclass(frozen=True, slots=True)
class Job:
    """Drafts to be committed together. `then` gets their records (None for a repeat)."""

    drafts: Sequence[Draft]
    then: Then | None
    urgent: bool = False


def upto(drafts: int, jobs: deque[Job]) -> list[Job]:
    """Take jobs out, with so many drafts at the most; one at least."""
    taken: list[Job] = []
    while jobs and (not taken or len(jobs[0].drafts) <= drafts):
        drafts -= len(jobs[0].drafts)
        taken.append(jobs.popleft())
    return taken


def tell(job: Job, records: Sequence[Record | None]) -> None:
    """Tell whoever waits for a commit; what it makes of it must not end the writer's thread."""
    try:
        if job.then is not None:
            job.then(records)
    except Exception:
        log.exception("a commit could not be told")
