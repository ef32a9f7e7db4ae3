"""The machine's clock is believed only where the kernel says that somebody keeps it right."""

from __future__ import annotations

from pathlib import Path

import pytest

from alarmbro.clock import NOT_SYNCHRONISED, kernel_says, synchronised


class Kernel:
    """Answers as adjtimex(2) does: the clock's state, or that it may not be asked."""

    def __init__(self, answer: int | Exception) -> None:
        self.answer = answer

    def __call__(self) -> int:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize("state", [0, 1, 2, 3, 4])
def test_a_clock_that_is_kept_right_is_believed(state: int, tmp_path: Path) -> None:
    """TIME_OK, and the states around a leap second."""
    assert synchronised(Kernel(state), tmp_path / "none")


@pytest.mark.parametrize(
    "answer", [NOT_SYNCHRONISED, -1, 99, OSError("not permitted"), AttributeError("no adjtimex here")]
)
def test_a_clock_of_which_nobody_can_tell_is_not_believed(answer: int | Exception, tmp_path: Path) -> None:
    """Unsynchronised, refused by a sandbox, unknown to this system: names and test rounds must not hang on it."""
    assert not synchronised(Kernel(answer), tmp_path / "none")


def test_this_kernel_answers() -> None:
    """The call itself works here, whatever the answer: -1 is a sandbox that does not let us ask."""
    assert -1 <= kernel_says() <= NOT_SYNCHRONISED


def test_what_timesyncd_says_is_believed_where_the_kernel_may_not_be_asked(tmp_path: Path) -> None:
    """A sandbox may forbid the call; the file is there for all to see."""
    said = tmp_path / "synchronized"
    said.touch()
    assert synchronised(Kernel(OSError("not permitted")), said)
