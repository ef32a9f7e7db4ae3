"""What Prometheus reads is what was meant."""

from __future__ import annotations

import math

import pytest
from prometheus_client.parser import text_string_to_metric_families

from alarmbro.metrics.text import Family, Value, written


@pytest.mark.parametrize("text", ["", 'a"b', "a\\b", "a\nb", "a\\nb", "æøå/1 (sia)", "{}=,", "\\"])
def test_a_label_comes_back_as_it_was(text: str) -> None:
    """Quotes, backslashes and line breaks are written so that Prometheus reads them back."""
    (family,) = text_string_to_metric_families(written([Family("a_b", "gauge", "What.", [Value(1, {"label": text})])]))
    assert family.samples[0].labels == {"label": text}


@pytest.mark.parametrize("number", [0, 1, -1, 0.1, 1e-9, 1e300, 2**52 + 1, 2**60, math.inf, -math.inf, True])
def test_a_number_comes_back_as_it_was(number: float) -> None:
    """Large, small and infinite ones, too."""
    (family,) = text_string_to_metric_families(written([Family("a_b", "gauge", "What.", [Value(number)])]))
    assert family.samples[0].value == number


def test_no_number_is_written_as_none() -> None:
    """A reading that failed is no zero."""
    (family,) = text_string_to_metric_families(written([Family("a_b", "gauge", "What.", [Value(math.nan)])]))
    assert math.isnan(family.samples[0].value)


def test_a_family_says_what_it_is_even_while_it_is_empty() -> None:
    """Whoever looks for it finds it, and what it means in one line."""
    text = written([Family("a_b_total", "counter", "First\nsecond \\ third.")])
    assert text == "# HELP a_b_total First\\nsecond \\\\ third.\n# TYPE a_b_total counter\n"
