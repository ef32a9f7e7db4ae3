"""Measures the machine: disk, temperature, power, memory, clock. Reads only, and only what is there.

Must never: raise. It may hang where the state folder's disk does not answer; so it runs in the surveyor's thread.
Sources: sysfs thermal zones (kernel documentation, `thermal/sysfs-api`), the Raspberry Pi firmware's `get_throttled`
(its documentation of `vcgencmd get_throttled`: bit 0 under-voltage, bits 1 to 3 slowed down; bits 16 on are history).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from alarmbro.judgement.supervising.machine import Vitals

ROOT = Path("/")
THERMAL = "sys/class/thermal/thermal_zone0/temp"
THROTTLED = "sys/devices/platform/soc/soc:firmware/get_throttled"
MEMORY = "proc/meminfo"
UNDERVOLTAGE, SLOWED_DOWN = 0b1, 0b1110


def measure(state: Path, synchronised: Callable[[], bool], root: Path = ROOT) -> Vitals:
    """Give how the machine is; `state` lies on the disk that matters, `synchronised` asks after the clock."""
    free_bytes, free_inodes = _room(state)
    celsius, flags = _number(root / THERMAL, 10), _number(root / THROTTLED, 16)
    return Vitals(
        synchronised=synchronised(),
        free_bytes=free_bytes,
        free_inodes=free_inodes,
        celsius=celsius / 1000 if celsius is not None else None,
        undervoltage=bool(flags & UNDERVOLTAGE) if flags is not None else None,
        throttled=bool(flags & SLOWED_DOWN) if flags is not None else None,
        free_memory=_memory(root / MEMORY),
    )


def _room(folder: Path) -> tuple[int | None, int | None]:
    """Give what an ordinary user may still write; no inodes where the file system does not count them."""
    try:
        found = os.statvfs(folder)
    except OSError:  # the folder is gone: the journal says so
        return None, None
    return found.f_bavail * found.f_frsize, found.f_favail if found.f_files else None


def _number(file: Path, base: int) -> int | None:
    try:
        return int(file.read_text(encoding="ascii").strip(), base)
    except (OSError, ValueError):  # not this kind of machine
        return None


def _memory(file: Path) -> float | None:
    """Give the share of memory that programs can still get (proc(5): MemAvailable)."""
    try:
        lines = [line.split() for line in file.read_text(encoding="ascii").splitlines()]
        sizes = {words[0]: int(words[1]) for words in lines if len(words) > 1}
        return sizes["MemAvailable:"] / sizes["MemTotal:"]
    except (OSError, ValueError, LookupError, ZeroDivisionError):  # no Linux /proc
        return None
