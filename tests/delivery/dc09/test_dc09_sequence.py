"""Frames have numbers: round and round, over restarts, and whatever the disk does."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from running import until

from alarmbro.delivery.dc09.sequence import BLOCK, FILE_NAME, Sequence


def kept(folder: Path) -> str:
    """Give what the file says, empty where there is none."""
    file = folder / FILE_NAME
    return file.read_text(encoding="ascii").strip() if file.exists() else ""


def test_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    """A restart leaves some out; none is used twice."""
    before = Sequence(tmp_path)
    used = [before.number_for() for _ in range(BLOCK // 4)]
    until(lambda: kept(tmp_path))
    assert Sequence(tmp_path).number_for() not in used


def test_numbers_go_round_at_9999(tmp_path: Path) -> None:
    """There is no 0000, which belongs to refusals."""
    (tmp_path / FILE_NAME).write_text("9998\n", encoding="ascii")
    around = Sequence(tmp_path)
    assert [around.number_for() for _ in range(3)] == [9999, 1, 2]


def test_the_card_is_written_for_blocks_of_numbers(tmp_path: Path) -> None:
    """And in time: what is kept is always ahead of what was used."""
    (tmp_path / FILE_NAME).write_text("100\n", encoding="ascii")
    sequence, seen = Sequence(tmp_path), set()
    until(lambda: kept(tmp_path) == str(100 + BLOCK))
    for _ in range(3 * BLOCK):
        number = sequence.number_for()
        until(lambda number=number: int(kept(tmp_path)) >= number)  # type: ignore[misc]  # mypy cannot infer it
        seen.add(kept(tmp_path))
    assert len(seen) <= 8


def test_a_storm_faster_than_the_card_is_caught_up_with(tmp_path: Path) -> None:
    """Once the card takes it: a restart after the storm uses no number twice."""
    (tmp_path / FILE_NAME).write_text("100\n", encoding="ascii")
    stalled = tmp_path / f".{FILE_NAME}.new"
    os.mkfifo(stalled)  # a card that takes nothing until somebody reads
    sequence = Sequence(tmp_path)
    last = [sequence.number_for() for _ in range(2 * BLOCK)][-1]
    stalled.read_text(encoding="ascii")
    until(lambda: (tmp_path / FILE_NAME).is_file() and int(kept(tmp_path)) >= last)


def test_what_is_said_again_has_its_number_until_it_is_acknowledged() -> None:
    """A receiver that heard it knows the repeat."""
    sequence = Sequence()
    first, other = sequence.number_for("a"), sequence.number_for("b")
    assert (sequence.number_for("a"), sequence.number_for("b")) == (first, other)
    sequence.acknowledged("a")
    assert sequence.number_for("a") not in (first, other)


def test_a_storm_without_an_answer_does_not_fill_the_memory() -> None:
    """The oldest lose their numbers."""
    sequence = Sequence()
    for number in range(2_000):
        sequence.number_for(number)
    assert len(sequence._pending) < 1_000


@pytest.mark.parametrize("text", ["", "x", "-5", "123456789", "\u00e6"])
def test_a_file_that_somebody_edited_is_no_reason_to_fail(tmp_path: Path, text: str) -> None:
    """Any number is as good."""
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    assert 1 <= Sequence(tmp_path).number_for() <= 9999
    assert 1 <= Sequence(tmp_path / "gone").number_for() <= 9999


def test_a_card_that_hangs_holds_up_nobody(tmp_path: Path) -> None:
    """Here the file is a pipe that nobody writes to: reading it never ends."""
    os.mkfifo(tmp_path / FILE_NAME)
    numbers: list[int] = []

    def take() -> None:
        sequence = Sequence(tmp_path)
        numbers.extend(sequence.number_for() for _ in range(3 * BLOCK))

    taking = threading.Thread(target=take, daemon=True)
    taking.start()
    taking.join(5)
    assert len(set(numbers)) == 3 * BLOCK
    (tmp_path / FILE_NAME).open("w", encoding="ascii").close()  # let it go
