"""What is counted: how often, and how long it took.

Promises: counting waits for nobody (no locks) and costs a microsecond; whatever is counted, the number of label values
is bounded: what comes beyond is counted as `other`. What another thread reads meanwhile is whole.
Threads: each of these is written by one thread alone; `family` in any.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from alarmbro.metrics.text import Family, Value

MOST = 2_000  # combinations of labels in one family: ten times those of a municipality
OTHER = "other"

Labels = tuple[str, ...]


class Counter:
    """Counts, by labels. What is `expected` is shown as 0 before it comes: else nobody sees the first one rise."""

    def __init__(self, name: str, meaning: str, *labels: str) -> None:
        self._name, self._meaning, self._labels = name, meaning, labels
        self._numbers: dict[Labels, int] = {}

    def add(self, *values: str) -> None:
        """Count one."""
        key = bounded(values, self._numbers)
        self._numbers[key] = self._numbers.get(key, 0) + 1

    def family(self, expected: Iterable[Labels] = ()) -> Family:
        """Give the numbers as they are."""
        numbers = dict.fromkeys(expected, 0) | self._numbers
        values = [Value(number, dict(zip(self._labels, key, strict=True))) for key, number in numbers.items()]
        return Family(self._name, "counter", self._meaning, values)


class Histogram:
    """Sorts seconds into buckets, each named by its upper bound, by labels."""

    def __init__(self, name: str, meaning: str, bounds: Sequence[float], *labels: str) -> None:
        self._name, self._meaning, self._bounds, self._labels = name, meaning, tuple(bounds), labels
        self._empty: tuple[tuple[int, ...], float] = ((0,) * (len(self._bounds) + 1), 0.0)
        self._states: dict[Labels, tuple[tuple[int, ...], float]] = {}

    def observe(self, seconds: float, *values: str) -> None:
        """Take one."""
        key = bounded(values, self._states)
        counts, total_s = self._states.get(key, self._empty)
        place = bisect_left(self._bounds, seconds)
        # Put there as one, so that a reader never sees a count without its sum.
        self._states[key] = ((*counts[:place], counts[place] + 1, *counts[place + 1 :]), total_s + seconds)

    def family(self, expected: Iterable[Labels] = ()) -> Family:
        """Give the numbers as they are."""
        states = dict.fromkeys(expected, self._empty) | self._states
        values = [value for key, state in states.items() for value in self._values(key, *state)]
        return Family(self._name, "histogram", self._meaning, values)

    def _values(self, key: Labels, counts: tuple[int, ...], total_s: float) -> list[Value]:
        labels = dict(zip(self._labels, key, strict=True))
        sums = list(accumulate(counts))
        bounds = [*(f"{bound:g}" for bound in self._bounds), "+Inf"]
        buckets = [Value(number, labels | {"le": le}, "_bucket") for le, number in zip(bounds, sums, strict=True)]
        return [*buckets, Value(total_s, labels, "_sum"), Value(sums[-1], labels, "_count")]


def bounded(key: Labels, known: Mapping[Labels, object]) -> Labels:
    """Give the labels to count by: `other` where there are too many already."""
    return key if key in known or len(known) < MOST else (OTHER,) * len(key)
