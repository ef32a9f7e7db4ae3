"""Looks at the disk that the state folder lies on, and at the machine's cards. Reads only; may hang with the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from alarmbro.doctor.judging.storage import Card, Disk
from alarmbro.doctor.trying.machine import text_of
from alarmbro.machine.vitals import ROOT

MOUNTS, CARDS, DEVICES, EXT4 = "proc/self/mounts", "sys/block", "sys/dev/block", "sys/fs/ext4"
ESCAPED = ((r"\040", " "), (r"\011", "\t"), (r"\134", "\\"))  # proc(5), as in fstab(5)


def disk_of(folder: Path, root: Path = ROOT) -> Disk | None:
    """Give the file system that a folder, or the nearest above it that is there, lies on; None where nobody knows."""
    place = next((each for each in (folder, *folder.parents) if each.exists()), folder).resolve()
    found: tuple[Path, str] | None = None
    for where, kind in _mounts(root):
        if place.is_relative_to(where) and (found is None or where.is_relative_to(found[0])):
            found = (where, kind)
    if found is None:
        return None
    read_only = bool(os.statvfs(place).f_flag & os.ST_RDONLY)
    return Disk(str(folder), found[1], read_only, _errors(place, root))


def cards(root: Path = ROOT) -> Iterator[Card]:
    """Give each memory card and eMMC of the machine."""
    folder = root / CARDS
    if not folder.is_dir():
        return
    for place in sorted(folder.glob("mmcblk[0-9]")):
        device = place / "device"
        yield Card(
            place.name,
            text_of(device / "type") or "?",
            text_of(device / "date") or "",
            max(_numbers(device / "life_time"), default=None),
            max(_numbers(device / "pre_eol_info"), default=None),
        )


def _errors(place: Path, root: Path) -> int | None:
    """Give the errors that ext4 has counted on the disk of a folder; None for other file systems."""
    number = place.stat().st_dev
    name = (root / DEVICES / f"{os.major(number)}:{os.minor(number)}").resolve().name
    counted = text_of(root / EXT4 / name / "errors_count")
    return int(counted) if counted and counted.isdecimal() else None


def _mounts(root: Path) -> Iterator[tuple[Path, str]]:
    for line in (text_of(root / MOUNTS) or "").splitlines():
        words = line.split()
        if len(words) > 2:  # noqa: PLR2004 - device, place, kind
            place = words[1]
            for code, sign in ESCAPED:
                place = place.replace(code, sign)
            yield Path(place), words[2]


def _numbers(file: Path) -> list[int]:
    """Give the hexadecimal numbers of a file; 0 stands for "not told"."""
    try:
        return [number for word in (text_of(file) or "").split() if (number := int(word, 16))]
    except ValueError:
        return []
