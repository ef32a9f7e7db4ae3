"""A card that is full, read-only, forgetful or worn is told before it loses the journal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from alarmbro.doctor.findings import State
from alarmbro.doctor.judging.storage import Card, Disk, judge_card, judge_disk, judge_room
from alarmbro.doctor.trying.storage import cards, disk_of
from alarmbro.judgement.supervising.machine import Vitals

SHARED = Path("/dev/shm")  # tmpfs on every Linux


def card(root: Path, name: str, **files: str) -> None:
    """Put a card into a machine's sysfs."""
    device = root / "sys" / "block" / name / "device"
    device.mkdir(parents=True)
    for file, text in files.items():
        (device / file).write_text(text + "\n", encoding="ascii")


def test_cards_tell_their_wear_as_far_as_they_can(tmp_path: Path) -> None:
    """An eMMC by two estimates, of which the worse counts; an SD card not at all. Partitions are no cards."""
    card(tmp_path, "mmcblk0", type="SD", date="09/2021")
    card(tmp_path, "mmcblk1", type="MMC", date="05/2023", life_time="0x02 0x0a", pre_eol_info="0x01")
    card(tmp_path, "mmcblk2", type="MMC", life_time="0x00 0x00", pre_eol_info="broken")
    (tmp_path / "sys" / "block" / "mmcblk0boot0").mkdir()
    (tmp_path / "sys" / "block" / "vda").mkdir()
    assert list(cards(tmp_path)) == [
        Card("mmcblk0", "SD", "09/2021"), Card("mmcblk1", "MMC", "05/2023", 10, 1), Card("mmcblk2", "MMC"),
    ]  # fmt: skip
    assert list(cards(tmp_path / "nowhere")) == []


@pytest.mark.parametrize(
    ("life", "end", "code", "state"),
    [
        (None, None, "wear.untold", State.OK),
        (1, 1, "wear.fine", State.OK),
        (9, 1, "wear.worn", State.WARNING),
        (2, 2, "wear.worn", State.WARNING),
        (11, 1, "wear.over", State.FAILED),
        (2, 3, "wear.over", State.FAILED),
    ],
)
def test_a_worn_card_is_told_in_time(life: int | None, end: int | None, code: str, state: State) -> None:
    """By its life, and by the blocks that it has in reserve."""
    found = judge_card(Card("mmcblk1", "MMC", "05/2023", life, end))
    assert (found.says, found.state) == (code, state)


@pytest.mark.parametrize(
    ("free", "inodes", "code"),
    [
        (5_000_000_000, 100_000, "disk.room"),
        (5_000_000_000, None, "disk.room"),
        (250_000_000, 100_000, "disk.filling"),
        (150_000_000, 100_000, "disk.full"),
        (5_000_000_000, 500, "disk.full"),
        (None, None, "disk.unknown"),
    ],
)
def test_room_is_judged_by_the_daemons_marks(free: int | None, inodes: int | None, code: str) -> None:
    """Between full and well it is time to tidy up."""
    found = judge_room(Vitals(synchronised=True, free_bytes=free, free_inodes=inodes), "/var/lib/alarmbro")
    assert [each.says for each in found] == [code]


def test_a_journal_in_memory_is_a_fault() -> None:
    """A Pi whose card is protected by an overlay forgets every alarm with the power."""
    if not SHARED.is_dir():
        pytest.skip("this machine has no /dev/shm")
    disk = disk_of(SHARED / "alarmbro")
    assert disk is not None
    assert (disk.kind, disk.read_only) == ("tmpfs", False)
    assert [each.says for each in judge_disk(disk)] == ["disk.forgets"]


def test_a_disk_is_found_by_the_nearest_mount_and_its_errors_are_told(tmp_path: Path) -> None:
    """Names with blanks in them are written in octal there."""
    state = tmp_path / "var lib"
    state.mkdir()
    mounts = tmp_path / "proc" / "self" / "mounts"
    mounts.parent.mkdir(parents=True)
    name = str(state).replace(" ", r"\040")
    mounts.write_text(f"overlay / overlay rw 0 0\n/dev/mmcblk0p2 {name} ext4 rw,noatime 0 0\n", encoding="ascii")
    number = state.stat().st_dev
    devices = tmp_path / "sys" / "dev" / "block"
    devices.mkdir(parents=True)
    (tmp_path / "sys" / "mmcblk0p2").mkdir()
    (devices / f"{os.major(number)}:{os.minor(number)}").symlink_to("../../mmcblk0p2")
    counted = tmp_path / "sys" / "fs" / "ext4" / "mmcblk0p2" / "errors_count"
    counted.parent.mkdir(parents=True)
    counted.write_text("3\n", encoding="ascii")
    assert disk_of(state / "not yet", tmp_path) == Disk(str(state / "not yet"), "ext4", errors=3)
    assert disk_of(Path("/"), tmp_path) == Disk("/", "overlay", errors=3)
    assert disk_of(state, tmp_path / "nowhere") is None


def test_a_disk_that_cannot_be_written_is_a_fault() -> None:
    """That is how a card ends: the kernel mounts it read-only."""
    found = list(judge_disk(Disk("/var/lib/alarmbro", "ext4", read_only=True, errors=12)))
    assert [(each.says, each.state) for each in found] == [
        ("disk.read_only", State.FAILED), ("wear.errors", State.WARNING),
    ]  # fmt: skip
    assert list(judge_disk(Disk("/var/lib/alarmbro", "ext4", errors=0))) == []
