"""Which versions are at work, and whether they are new enough. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from alarmbro.doctor.findings import Found, doubtful, failed, well

CHECK = "versions"
FLOOR = re.compile(r"^([A-Za-z0-9._-]+)[^;]*?>=\s*([0-9][0-9A-Za-z.]*)")
NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A program or library: `version` is None where it is not there; `floor` is the oldest that we rely on."""

    name: str
    version: str | None
    floor: str = ""
    needed: bool = True


@dataclass(frozen=True, slots=True)
class JournalFile:
    """The journal's format: its own, and what this program writes. `error` where it cannot be read."""

    path: str
    ours: int
    version: int | None = None
    error: str = ""
    barred: bool = False


def floors(requirements: list[str]) -> dict[str, str]:
    """Give the oldest version by name, from a package's requirements (`importlib.metadata.requires`)."""
    return {found[1].lower(): found[2] for each in requirements if (found := FLOOR.match(each))}


def judge(parts: list[Part]) -> Iterator[Found]:
    """Say which versions there are, and which are missing or too old."""
    there = ", ".join(f"{part.name} {part.version}" for part in parts if part.version is not None)
    yield well(CHECK, "", "versions.are", parts=there)
    for part in parts:
        values = {"name": part.name, "version": part.version, "floor": part.floor}
        if part.version is None and part.needed:
            yield failed(CHECK, part.name, "versions.missing", **values)
        elif part.version is not None and _numbers(part.version) < _numbers(part.floor):
            yield failed(CHECK, part.name, "versions.old", **values)


def judge_journal(file: JournalFile | None) -> Iterator[Found]:
    """Say whether this program can go on with the journal that is there; nothing where there is none yet."""
    if file is None:
        return
    values = {"path": file.path, "version": file.version, "ours": file.ours, "error": file.error}
    if file.barred:
        yield doubtful("journal", file.path, "journal.barred", **values)
    elif file.version is None:
        yield failed("journal", file.path, "journal.unreadable", **values)
    elif file.version > file.ours:
        yield failed("journal", file.path, "journal.newer", **values)
    else:
        says = "journal.current" if file.version == file.ours else "journal.older"
        yield well("journal", file.path, says, **values)


def _numbers(version: str) -> tuple[int, ...]:
    """Give the numbers of a version: `2.0.1.post3` is newer than `2.0.1` and older than `2.0.2`."""
    return tuple(map(int, NUMBER.findall(version)))
