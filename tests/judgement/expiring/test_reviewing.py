"""Whose addresses nobody has looked at for a year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from places import municipality, recipient

from alarmbro.judgement.expiring.reviewing import outdated


@pytest.mark.parametrize(
    ("reviewed", "today", "old"),
    [
        (date(2026, 1, 10), date(2027, 1, 10), False),
        (date(2026, 1, 10), date(2027, 1, 11), True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2024, 2, 29), date(2025, 3, 1), True),
        (date(2027, 1, 1), date(2026, 1, 1), False),  # the clock stands wrong, or the date was written wrong
        (None, date(2026, 1, 1), False),
    ],
)
def test_twelve_months_and_not_a_day_less(reviewed: date | None, today: date, old: bool) -> None:
    """A recipient without a date is not watched."""
    people = {"leder": replace(recipient("leder"), reviewed=reviewed)}
    assert outdated(municipality(recipients=people), today) == (["leder"] if old else [])
