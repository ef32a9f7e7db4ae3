"""Names are kept for their time, and no record is taken for older than it can be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from clocks import JumpingClock

from alarmbro.judgement.expiring.retaining import cutoff, last_old, young_from_us

NOW = JumpingClock().now()


def test_what_has_been_kept_for_its_time_lies_before_the_cutoff() -> None:
    """In seconds, from now back."""
    assert NOW.utc - cutoff(3600, NOW) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("stamps", "last"),
    [
        ([], None),
        ([(1, "2024"), (2, "2025")], 2),
        ([(1, "2024"), (5, "2025"), (7, "2027")], 5),
        ([(1, "2027"), (2, "2024")], None),
        ([(1, "2024"), (2, "2027"), (3, "2024")], 1),
        ([(1, "2026")], None),
    ],
)
def test_what_follows_a_young_record_is_young(stamps: list[tuple[int, str]], last: int | None) -> None:
    """Whatever its own clock said; a record of the very moment is young."""
    assert last_old(iter(stamps), "2026") == last


def test_this_boots_own_clock_tells_what_is_young() -> None:
    """Negative where the boot is younger than what is kept: all of it is young."""
    assert young_from_us(NOW.utc - timedelta(seconds=100), NOW) == 900_000_000
    assert young_from_us(NOW.utc - timedelta(days=100), NOW) < 0
