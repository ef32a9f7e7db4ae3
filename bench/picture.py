"""The picture: each press a dot, a row for each system, time on a logarithmic axis. Plain SVG, no library."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from figures import Cell, median, percentile, pooled

WIDTH, LEFT, RIGHT, TOP, ROW, GAP = 960, 130, 70, 70, 22, 16
TICKS = (0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000)
SERIES = (("first_ms", "first receiver", "#3b6ea8"), ("all_ms", "all three", "#c2571a"))
TITLE = "From the press to the receivers, ms; each dot is a press"
STYLE = "font-family: sans-serif; font-size: 12px; fill: #222"


@dataclass(frozen=True)
class Axis:
    """Milliseconds to the right, logarithmically."""

    low: float
    high: float

    def x(self, ms: float) -> float:
        """Give where a time lies."""
        share = math.log(max(ms, self.low) / self.low) / math.log(self.high / self.low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)


def strips(cells: Sequence[Cell]) -> str:
    """Draw all presses of a run."""
    names = list(dict.fromkeys(cell["system"] for cell in cells))
    values = {name: median(pooled(cells, name, "all_ms")) for name in names}
    names = sorted((name for name in names if values[name] is not None), key=lambda name: values[name] or 0)
    every = [ms for name in names for key, *_ in SERIES for ms in pooled(cells, name, key)] or [1.0]
    axis = Axis(min(every) * 0.9, max(every) * 1.1)
    height = TOP + len(names) * (2 * ROW + GAP) + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" style="{STYLE}">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="{LEFT}" y="24" style="font-size: 15px">{TITLE}</text>',
        *_legend(),
        *_grid(axis, height),
    ]
    for place, name in enumerate(names):
        top = TOP + place * (2 * ROW + GAP)
        parts.append(f'<text x="{LEFT - 12}" y="{top + ROW + 4}" text-anchor="end">{name}</text>')
        for line, (key, _label, colour) in enumerate(SERIES):
            parts += _strip(axis, pooled(cells, name, key), top + line * ROW, colour)
    return "\n".join([*parts, "</svg>", ""])


def _legend() -> Iterable[str]:
    for place, (_key, label, colour) in enumerate(SERIES):
        x = LEFT + place * 130
        yield f'<circle cx="{x + 5}" cy="44" r="4" fill="{colour}"/><text x="{x + 15}" y="48">{label}</text>'
    yield f'<text x="{LEFT + 270}" y="48">bar: median, with its figure; line: 5 % to 95 %</text>'


def _grid(axis: Axis, height: int) -> Iterable[str]:
    for tick in TICKS:
        if axis.low <= tick <= axis.high:
            x = f"{axis.x(tick):.1f}"
            yield f'<line x1="{x}" x2="{x}" y1="{TOP - 8}" y2="{height - 40}" stroke="#ddd"/>'
            yield f'<text x="{x}" y="{height - 22}" text-anchor="middle">{tick:g} ms</text>'


def _strip(axis: Axis, values: Sequence[float], top: float, colour: str) -> Iterable[str]:
    middle = top + ROW / 2
    dots = "".join(
        # spread by the golden ratio: even, and the same in each run
        f'<circle cx="{axis.x(ms):.1f}" cy="{top + 3 + (place * 0.618 % 1) * (ROW - 6):.1f}" r="1.6"/>'
        for place, ms in enumerate(values)
    )
    yield f'<g fill="{colour}" fill-opacity="0.35">{dots}</g>'
    low, half, high = (axis.x(percentile(values, share) or axis.low) for share in (0.05, 0.5, 0.95))
    yield f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}" stroke="{colour}" stroke-width="1.5"/>'
    ends = f'y1="{top + 1}" y2="{top + ROW - 1}"'
    yield f'<line x1="{half:.1f}" x2="{half:.1f}" {ends} stroke="{colour}" stroke-width="3"/>'
    label = f"{median(values) or 0:.2f}"
    yield f'<text x="{WIDTH - RIGHT + 8}" y="{middle + 4}" style="fill: {colour}">{label}</text>'
