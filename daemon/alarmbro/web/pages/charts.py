"""Bars for a chart, as numbers that a template draws. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TALL, WIDE, BETWEEN, THICK = 120.0, 44.0, 3.0, 16.0
GROUND, LEFT = 140.0, 8.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of one month."""

    x: float
    y: float
    width: float
    height: float
    count: int
    kind: int


@dataclass(frozen=True, slots=True)
class Bars:
    """A whole chart: the bars, where each month's name goes, and how wide it is."""

    bars: tuple[Bar, ...]
    names: tuple[tuple[float, str], ...]
    width: float
    ground: float = GROUND


def bars(months: Sequence[Sequence[int]], names: Sequence[str]) -> Bars:
    """Give a bar for each count that is not 0, month by month; the largest is as tall as the chart."""
    most = max([1, *(count for month in months for count in month)])
    made = []
    for number, month in enumerate(months):
        for kind, count in enumerate(month):
            if count:
                height = round(TALL * count / most, 1)
                left = LEFT + number * WIDE + kind * (THICK + BETWEEN)
                made.append(Bar(left, round(GROUND - height, 1), THICK, height, count, kind))
    places = tuple((LEFT + number * WIDE, name) for number, name in enumerate(names))
    return Bars(tuple(made), places, 2 * LEFT + len(names) * WIDE)
