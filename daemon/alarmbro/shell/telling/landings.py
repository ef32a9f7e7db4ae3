"""The ends of tries: what each changes for the matter that it was about.

Promises: an end that is heard of before its press is known to be on disk waits for that news; a try that has passed its
deadline is given up.
Runs in the deciding thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from alarmbro.model.alarm import Matter
from alarmbro.model.delivery import Result
from alarmbro.model.moment import Clock, Moment
from alarmbro.shell.desk.inbox import Finished
from alarmbro.shell.desk.job import Job
from alarmbro.shell.desk.ports import Sends
from alarmbro.shell.telling.deliveries import DEADLINE_PASSED, Deliveries


@dataclass(slots=True)
class Landings:
    """Tries that have ended and are to be taken note of. `awaits` tells of a job whose press may not be on disk yet."""

    deliveries: Deliveries
    sender: Sends
    clock: Clock
    awaits: Callable[[Job], bool]
    guarded: Callable[[str, Callable[[], object]], None]
    tend: Callable[[Matter, Moment], None]
    _ended: list[Finished] = field(default_factory=list)

    def ended(self, event: Finished) -> None:
        """Hear of an end."""
        self._ended.append(event)

    def all_here(self) -> bool:
        """Tell whether every try under way has ended."""
        return self.deliveries.flying() <= len(self._ended)

    def take(self) -> None:
        """Take note of all that have ended, and give up those that have passed their deadline.

        What follows for a matter is judged once, when all that is known of it is noted.
        """
        ended, self._ended = self._ended, []
        matters: dict[str, Matter] = {}
        for event in ended:
            if self.awaits(event.job):
                self._ended.append(event)  # quicker than the news that its press is on disk
            else:
                self.guarded(event.job.owed.delivery.matter, partial(self._land, event, matters))
        for job in self.sender.overdue():
            self.deliveries.landed(job, DEADLINE_PASSED)
            self.guarded(job.owed.delivery.matter, partial(self._note, job, DEADLINE_PASSED, matters))
        for name, matter in matters.items():
            self.guarded(name, partial(self.tend, matter, self.clock.now()))

    def _land(self, event: Finished, matters: dict[str, Matter]) -> None:
        if event.job.void:
            return  # what it was about never was
        if self.deliveries.landed(event.job, event.result):
            self._note(event.job, event.result, matters, late=event.job.given_up)

    def _note(self, job: Job, result: Result, matters: dict[str, Matter], *, late: bool = False) -> None:
        matter = self.deliveries.attempted(job.owed, result, self.clock.now(), late=late)
        if matter is not None:
            matters[matter.id] = matter
