"""What each fault cost, noted by the tests in `faults/` and printed at their end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What a fault cost: `told` counts presses that reached every receiver that could be reached."""

    fault: str
    presses: int
    told: int
    twice: int

    @property
    def lost(self) -> int:
        return self.presses - self.told


ROWS: list[Row] = []


def table() -> list[str]:
    """Give the rows as lines, with a head."""
    width = max((len(row.fault) for row in ROWS), default=0)
    head = f"{'fault':{width}}  presses    told  lost  twice"
    lines = [f"{row.fault:{width}}  {row.presses:7}  {row.told:6}  {row.lost:4}  {row.twice:5}" for row in ROWS]
    return [head, *lines] if lines else []
