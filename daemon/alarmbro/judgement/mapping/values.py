"""Single values of a payload, each read or left out: a part that cannot be read costs only itself. Nothing raises."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

from alarmbro.judgement.mapping.paths import Bindings, at
from alarmbro.model.moment import from_iso
from alarmbro.model.position import Position
from alarmbro.model.site import Gauge, PositionPaths, Unit

LONGEST_ID = 200  # characters; a UUID has 36
# Between these a number is a time in seconds since 1970: 2001 and 2100. A device without a clock says 1.0.
EARLIEST_S, LATEST_S = 1e9, 4.1e9
WEAKEST, STRONGEST = -1000, 10_000  # outside it is no radio's quality, in dBm or however a maker counts


def number(value: Any) -> float | None:
    """Give a number that is one: not true, not infinite, not too long for Python to count with."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def percent(value: Any) -> int | None:
    """Give a percentage, 0 to 100."""
    found = number(value)
    return round(found) if found is not None and 0 <= found <= 100 else None  # noqa: PLR2004  # per cent


def battery(said: Any, gauges: tuple[Gauge, ...], bound: Bindings) -> int | None:
    """Give the battery in per cent by the first gauge that says it."""
    found = (_charge(at(said, gauge.path, bound), gauge) for gauge in gauges)
    return next((one for one in found if one is not None), None)


def _charge(value: Any, gauge: Gauge) -> int | None:
    if gauge.unit is Unit.PERCENT:
        return percent(value)
    found = number(value)
    if found is None or not 0 < found < 2 * gauge.full:  # twice a full battery: another unit, and nothing is known
        return None
    return round(100 * min(1.0, max(0.0, (found - gauge.empty) / (gauge.full - gauge.empty))))


def link(value: Any) -> int | None:
    """Give the radio's quality."""
    found = number(value)
    return round(found) if found is not None and WEAKEST <= found <= STRONGEST else None


def yes_or_no(value: Any) -> bool | None:
    """Give true or false where that is said, also as 1 or 0."""
    return bool(value) if isinstance(value, int) and value in {0, 1} else None


def press_id(*values: Any) -> str | None:
    """Give the publisher's id as text, of several parts one text; None where a part is missing or cannot be kept.

    One too long to keep is none: two different presses must not look the same.
    """
    parts = [_part_of_id(value) for value in values]
    whole = "/".join(part or "" for part in parts)
    return whole if parts and all(parts) and len(whole) <= LONGEST_ID else None


def _part_of_id(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = value if isinstance(value, str) else json.dumps(value) if _short(value) else ""
    whole = text.encode("utf-8", "replace") == text.encode("utf-8", "surrogatepass")
    return text if whole and len(text) <= LONGEST_ID else None


def _short(value: float) -> bool:
    """Tell whether a number may be written out: Python refuses integers of more than 4300 digits."""
    return value.bit_length() < 4 * LONGEST_ID if isinstance(value, int) else math.isfinite(value)


def time(value: Any) -> datetime | None:
    """Give an ISO 8601 time."""
    if not isinstance(value, str):
        return None
    try:
        return from_iso(value)
    except (ValueError, OverflowError):  # no time, or one outside the calendar: the press counts without it
        return None


def time_of_device(value: Any) -> datetime | None:
    """Give a time as devices write it: ISO 8601, or seconds since 1970."""
    found = number(value)
    if found is None:
        return time(value)
    return datetime.fromtimestamp(found, UTC) if EARLIEST_S < found < LATEST_S else None


def position(said: Any, paths: PositionPaths | None, bound: Bindings) -> Position | None:
    """Give the place. Latitude and longitude 0 together is what receivers say that have not found any."""
    if paths is None:
        return None
    latitude, longitude = (number(at(said, path, bound)) for path in (paths.latitude, paths.longitude))
    if latitude is None or longitude is None or (latitude, longitude) == (0.0, 0.0):
        return None
    if abs(latitude) > 90 or abs(longitude) > 180:  # noqa: PLR2004  # degrees
        return None
    radius = number(at(said, paths.accuracy, bound))
    found_at = time_of_device(at(said, paths.at, bound)) if paths.at else None
    return Position(latitude, longitude, found_at, radius if radius is not None and radius > 0 else None)
