"""Which troubles follow from how this machine is. Pure.

Each trouble is said both ways, begun and over; between two marks nothing is said, so that what was said last holds.
What cannot be measured here (a PC has no `get_throttled`) is nobody's trouble.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alarmbro.model.activation import Trouble

MEGABYTE = 1_000_000
DISK_LOW, DISK_WELL = 200 * MEGABYTE, 300 * MEGABYTE  # a year of a busy journal is some 50 MB, an upgrade needs 150
INODES_LOW, INODES_WELL = 1000, 5000
HOT_C, COOL_C = 80.0, 70.0  # where a Raspberry Pi begins to throttle (its documentation: 80 °C), and well below
MEMORY_LOW, MEMORY_WELL = 0.05, 0.10  # of all memory


@dataclass(frozen=True, slots=True)
class Vitals:
    """How a machine is. None: not to be had here.

    `free_bytes` and `free_inodes` are those of the state folder's file system. `undervoltage` and `throttled` are how
    it is now, by the Pi's firmware. `free_memory` is a share of 1.
    """

    synchronised: bool
    free_bytes: int | None = None
    free_inodes: int | None = None
    celsius: float | None = None
    undervoltage: bool | None = None
    throttled: bool | None = None
    free_memory: float | None = None


def of_machine(vitals: Vitals) -> Iterator[Trouble]:
    """Say how the machine stands."""
    yield Trouble("clock", "sync", well=vitals.synchronised, detail="" if vitals.synchronised else "not synchronised")
    yield from _disk(vitals)
    if vitals.celsius is not None:
        yield from _mark("temperature", "cpu", -vitals.celsius, (-HOT_C, -COOL_C), f"{vitals.celsius:.0f} °C")
    if vitals.free_memory is not None:
        free = vitals.free_memory
        yield from _mark("memory", "machine", free, (MEMORY_LOW, MEMORY_WELL), f"{free:.0%} free")
    for subject, bad in (("undervoltage", vitals.undervoltage), ("throttled", vitals.throttled)):
        if bad is not None:
            yield Trouble("power", subject, well=not bad)


def _disk(vitals: Vitals) -> Iterator[Trouble]:
    if vitals.free_bytes is not None:
        free = vitals.free_bytes
        yield from _mark("disk", "space", free, (DISK_LOW, DISK_WELL), f"{free // MEGABYTE} MB free")
    if vitals.free_inodes is not None:
        inodes = vitals.free_inodes
        yield from _mark("disk", "files", inodes, (INODES_LOW, INODES_WELL), f"room for {inodes} files")


def _mark(kind: str, subject: str, value: float, marks: tuple[float, float], detail: str) -> Iterator[Trouble]:
    """Say that it is too little at or below the first mark, and enough at or above the second."""
    low, well = marks
    if value <= low:
        yield Trouble(kind, subject, detail=detail)
    elif value >= well:
        yield Trouble(kind, subject, well=True)
