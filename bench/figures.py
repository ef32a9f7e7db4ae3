"""From cells to figures: percentiles, medians and ratios. Computes alone; reads no clock and writes nothing."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Cell = dict[str, Any]
FLOOR = "floor"
PEERS = ("naive_apprise", "mqttwarn", "nodered", "ha")  # what a user would otherwise pick; the floors are no systems


def percentile(values: Iterable[float], share: float) -> float | None:
    """Give the value that `share` of them do not exceed (nearest rank); nothing of nothing."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(len(ordered) * share * 1000) // 1000) - 1)] if ordered else None


def median(values: Iterable[float]) -> float | None:
    """Give the middle one, or the mean of the two; nothing of nothing."""
    known = list(values)
    return statistics.median(known) if known else None


def of(cells: Iterable[Cell], system: str) -> list[Cell]:
    """Give a system's cells that came about."""
    return [cell for cell in cells if cell["system"] == system and "broken" not in cell]


def pooled(cells: Iterable[Cell], system: str, key: str) -> list[float]:
    """Give a system's values of all rounds in one list."""
    return [value for cell in of(cells, system) for value in cell[key]]


@dataclass(frozen=True)
class Yardstick:
    """What ratios are to: the floor, and the quickest of the peers in this run."""

    floor: float | None
    peer: float | None
    name: str


def yardstick(values: dict[str, float | None]) -> Yardstick:
    """Take both from each system's value, the smaller the better."""
    peers = {name: value for name, value in values.items() if name in PEERS and value is not None}
    best = min(peers, key=lambda name: peers[name], default="")
    return Yardstick(values.get(FLOOR), peers.get(best), best)


def ratio(value: float | None, to: float | None) -> str:
    """Give it for a table."""
    return f"{value / to:.2f}x" if value is not None and to else "-"


def number(value: float | None, digits: int = 2) -> str:
    """Give a figure for a table."""
    return "-" if value is None else f"{value:.{digits}f}"


def span(values: Sequence[float | None], digits: int = 2) -> str:
    """Give the smallest and the largest."""
    known = [value for value in values if value is not None]
    return f"{min(known):.{digits}f}-{max(known):.{digits}f}" if known else "-"
