"""Gathers the messages that belong together: those of one alarm that arrive close to each other. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from alarmbro.demo.receivers import Arrival

QUIET_S = 0.3  # so long without another one, and a step is complete
LONGEST_S = 1.0  # a slow one must not hold the others back
NEVER_S = float("inf")


@dataclass(slots=True)
class Group:
    """Messages about one matter; `alarm` is empty where they are about none (a fault, a trial)."""

    alarm: str
    arrivals: list[Arrival] = field(default_factory=list)

    @property
    def due_s(self) -> float:
        """Give when to show it, on the monotonic clock."""
        return min(self.arrivals[-1].at_s + QUIET_S, self.arrivals[0].at_s + LONGEST_S)


def number_of(sites: Iterable[str]) -> re.Pattern[str]:
    """Give the pattern of an alarm's number at these sites."""
    longest_first = sorted(sites, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})-\d+(?![\w-])")


class Board:
    """The messages that are not shown yet. `sites` are the ids that an alarm's number begins with."""

    def __init__(self, sites: Iterable[str]) -> None:
        self._number = number_of(sites)
        self._groups: dict[str, Group] = {}

    def add(self, arrival: Arrival) -> None:
        """Take one message to its group."""
        found = self._number.search(arrival.body)
        alarm = found[0] if found else ""
        self._groups.setdefault(alarm, Group(alarm)).arrivals.append(arrival)

    def take(self, now_s: float) -> list[Group]:
        """Give the groups that are complete, and keep them no longer."""
        ripe = [group for group in self._groups.values() if group.due_s <= now_s]
        for group in ripe:
            del self._groups[group.alarm]
        return ripe

    def next_in_s(self, now_s: float) -> float:
        """Give the seconds until the next group is complete."""
        return max(0.0, min((group.due_s for group in self._groups.values()), default=NEVER_S) - now_s)
