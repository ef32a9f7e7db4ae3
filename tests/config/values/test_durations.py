"""A length of time carries its unit, and a wrong one is told with a suggestion."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.config.values.durations import PATTERN, UNITS, DurationError, seconds, spoken
from alarmbro.model.configuration import MONTH_S


@pytest.mark.parametrize(
    ("text", "length_s"),
    [
        ("500ms", 0.5),
        ("0ms", 0.0),
        ("30s", 30.0),
        ("2m", 120.0),
        ("24h", 86400.0),
        ("7d", 604800.0),
        ("12mo", 12 * MONTH_S),
    ],
)
def test_a_number_with_its_unit_is_read(text: str, length_s: float) -> None:
    """Every unit, in seconds."""
    assert seconds(text) == length_s


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (30, "30 has no unit; did you mean 30s?"),
        ("30", "30 has no unit; did you mean 30s?"),
        ("1:30", "did you mean 90s?"),
        ("2:00", "did you mean 2m?"),
        ("1:00:00", "did you mean 60m?"),
        ("2 min", "did you mean 2m?"),
        ("2M", "did you mean 2m?"),
        ("3 timer", "did you mean 3h?"),
        ("1 måned", "did you mean 1mo?"),
        (1.5, "whole number"),
        ("1.5m", "whole number"),
        ("-3s", "negative"),
        (-3, "negative"),
        (True, "length of time"),
        (None, "length of time"),
        ([30], "length of time"),
        ("soon", "30s"),
        ("", "30s"),
        ("1234567s", "30s"),
        ("30s\n", "30s"),
        ("٣s", "30s"),
    ],
)
def test_anything_else_is_told_with_what_would_be_right(written: object, said: str) -> None:
    """A bare number, a time of day, words, fractions and less than nothing."""
    with pytest.raises(DurationError, match=re.escape(said)):
        seconds(written)


@given(st.integers(0, 999_999), st.sampled_from(sorted(UNITS)))
def test_what_the_schema_allows_is_what_is_read(count: int, unit: str) -> None:
    """The pattern in the JSON Schema and the reader agree."""
    assert re.match(PATTERN, f"{count}{unit}")
    assert seconds(f"{count}{unit}") == count * UNITS[unit]


@given(st.integers(1, 59), st.sampled_from(sorted(UNITS)))
def test_a_spoken_length_reads_back(count: int, unit: str) -> None:
    """Bounds in messages can be copied into the file."""
    assert seconds(spoken(count * UNITS[unit])) == pytest.approx(count * UNITS[unit])
