"""Whether what is written stays: room, kind of file system, wear of the card. Pure.

Sources: the kernel's documentation `mmc/mmc-dev-attrs` and JEDEC eMMC 5.1 (JESD84-B51, EXT_CSD 267 to 269). SD cards
tell nothing of their wear; for them only the errors that ext4 has counted are a sign.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alarmbro.doctor.findings import Found, doubtful, failed, well
from alarmbro.judgement.supervising.machine import (
    DISK_LOW,
    DISK_WELL,
    INODES_LOW,
    INODES_WELL,
    MEGABYTE,
    Vitals,
)

CHECK, WEAR = "disk", "wear"
FORGETS = frozenset({"tmpfs", "ramfs", "overlay"})  # gone with the power, or with the container
LIFE_WORN, LIFE_OVER = 0x09, 0x0B  # in tenths: 0x09 is 80 to 90 per cent used, 0x0B is past its life
EOL_WARNING, EOL_URGENT = 2, 3  # reserve blocks: 80 per cent used; nearly none left


@dataclass(frozen=True, slots=True)
class Disk:
    """The file system that the state folder lies on. `errors`: counted by ext4 since it was made; None: unknown."""

    folder: str
    kind: str
    read_only: bool = False
    errors: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A memory card or eMMC. `life` is the worse of its two estimates, None where it tells none (every SD card)."""

    name: str
    kind: str
    made: str = ""
    life: int | None = None
    end_of_life: int | None = None


def judge_room(vitals: Vitals, folder: str) -> Iterator[Found]:
    """Say whether the journal has room to grow."""
    if vitals.free_bytes is None:
        yield doubtful(CHECK, folder, "disk.unknown", folder=folder)
        return
    values = {"folder": folder, "megabytes": vitals.free_bytes // MEGABYTE}
    inodes = vitals.free_inodes if vitals.free_inodes is not None else INODES_WELL
    if vitals.free_bytes <= DISK_LOW or inodes <= INODES_LOW:
        yield failed(CHECK, folder, "disk.full", **values, files=inodes)
    elif vitals.free_bytes < DISK_WELL or inodes < INODES_WELL:
        yield doubtful(CHECK, folder, "disk.filling", **values, files=inodes)
    else:
        yield well(CHECK, folder, "disk.room", **values)


def judge_disk(disk: Disk) -> Iterator[Found]:
    """Say whether what is written there is still there after a power cut."""
    values = {"folder": disk.folder, "kind": disk.kind}
    if disk.read_only:
        yield failed(CHECK, disk.folder, "disk.read_only", **values)
    if disk.kind in FORGETS:
        yield failed(CHECK, disk.folder, "disk.forgets", **values)
    if disk.errors:
        yield doubtful(WEAR, disk.folder, "wear.errors", **values, errors=disk.errors)


def judge_card(card: Card) -> Found:
    """Say how worn a card is."""
    values = {"name": card.name, "kind": card.kind, "made": card.made or "?"}
    if card.life is None:
        return well(WEAR, card.name, "wear.untold", **values)
    values["share"] = f"{min(card.life, 10) * 10} %"
    if card.life >= LIFE_OVER or card.end_of_life == EOL_URGENT:
        return failed(WEAR, card.name, "wear.over", **values)
    if card.life >= LIFE_WORN or card.end_of_life == EOL_WARNING:
        return doubtful(WEAR, card.name, "wear.worn", **values)
    return well(WEAR, card.name, "wear.fine", **values)
