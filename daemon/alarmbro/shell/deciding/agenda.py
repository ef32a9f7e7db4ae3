"""Which matter wants to be looked at when: a heap of due times, so that a turn touches only what is due.

Used by the deciding thread only. Times are seconds of the monotonic clock.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator


class Agenda:
    """Names and their due times; a name has one time, the last that was given."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, str]] = []
        self._due: dict[str, float] = {}

    def put(self, name: str, due_s: float) -> None:
        """Look at `name` at `due_s`; infinite: not until it is put again."""
        if due_s == float("inf"):
            self._due.pop(name, None)
            return
        self._due[name] = due_s
        heapq.heappush(self._heap, (due_s, name))

    def take(self, now_s: float) -> Iterator[str]:
        """Take out each name that is due."""
        while self._heap and self._heap[0][0] <= now_s:
            due_s, name = heapq.heappop(self._heap)
            if self._due.get(name) == due_s:
                del self._due[name]
                yield name

    def next_s(self) -> float:
        """Give the earliest due time (infinite: none)."""
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else float("inf")
