"""Measures the machine, with the same instruments as the daemon. Reads only."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from alarmbro.clock import synchronised
from alarmbro.doctor.judging.machine import Clocks
from alarmbro.judgement.supervising.machine import Vitals
from alarmbro.machine.vitals import ROOT, THROTTLED, measure


def vitals(state: Path, root: Path = ROOT) -> Vitals:
    """Measure once; `state` lies on the disk that matters."""
    return measure(state, synchronised, root)


def power_flags(root: Path = ROOT) -> int | None:
    """Give the firmware's flags of the power supply; None where there are none."""
    text = text_of(root / THROTTLED)
    try:
        return int(text, 16) if text else None
    except ValueError:
        return None


def text_of(file: Path) -> str | None:
    """Give the text of a small file of the kernel's; None where there is none or it may not be read."""
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip("\n\x00 ")
    except OSError:
        return None


def clocks(zone: str) -> Clocks:
    """Give how far the zone, and the machine's own, is from UTC now."""
    now = datetime.now().astimezone()
    try:
        offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError: no tzdata, or no such zone
        offset = None
    return Clocks(zone, offset, now.utcoffset() or timedelta(0))
