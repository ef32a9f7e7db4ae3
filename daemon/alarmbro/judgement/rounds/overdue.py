"""Which devices are due for their yearly test. Pure; by wall time, which the caller must trust.

A device is due a month before its time is up, so that a day can be found; then it is overdue. One that has never been
tested is overdue a week after alarmbro was first started here: an installation is tested when it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from alarmbro.model.configuration import Configuration

NOTICE = timedelta(days=30)
FIRST_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Due:
    """A device that must be tested by `by`; `tested` is when it last passed, None: never."""

    device: str
    tested: datetime | None
    by: datetime

    def is_over(self, today: datetime) -> bool:
        """Tell whether its time is up."""
        return today >= self.by


def due_at(
    site: str, configuration: Configuration, tested: Mapping[str, datetime], begun: datetime, today: datetime
) -> list[Due]:
    """Give the devices of a site that are due or overdue, the longest due first; `begun` is when the journal was."""
    every = timedelta(seconds=configuration.test.every_s)
    found = []
    for device in configuration.sites[site].devices.values():
        last = tested.get(device.path)
        by = last + every if last else begun + FIRST_WITHIN
        if today >= (by - min(NOTICE, every / 2) if last else by):
            found.append(Due(device.id, last, by))
    return sorted(found, key=lambda due: due.by)
