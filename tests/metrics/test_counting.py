"""Counting waits for nobody, and has bounds."""

from __future__ import annotations

import threading

from alarmbro.metrics.counting import MOST, OTHER, Counter, Histogram
from alarmbro.metrics.text import Family


def numbers(family: Family) -> dict[tuple[str, ...], float]:
    return {(each.suffix, *each.labels.values()): each.number for each in family.values}


def test_what_is_expected_is_there_before_it_comes() -> None:
    """A count that begins with 1 would not be seen to rise."""
    counter = Counter("a_total", "What.", "site")
    counter.add("hus")
    assert numbers(counter.family([("hus",), ("hal",)])) == {("", "hus"): 1, ("", "hal"): 0}


def test_a_second_is_sorted_by_the_bound_that_it_does_not_pass() -> None:
    """Buckets hold all that is below them, as Prometheus wants it; what is beyond all is in +Inf alone."""
    histogram = Histogram("a_seconds", "What.", (0.1, 1.0), "site")
    for seconds in (0.05, 0.1, 0.5, 1.0, 7.0):
        histogram.observe(seconds, "hus")
    found = numbers(histogram.family())
    assert found[("_bucket", "hus", "0.1")] == 2
    assert found[("_bucket", "hus", "1")] == 4
    assert found[("_bucket", "hus", "+Inf")] == found[("_count", "hus")] == 5
    assert abs(found[("_sum", "hus")] - 8.65) < 1e-9


def test_no_number_of_labels_fills_the_memory() -> None:
    """What comes beyond the bound is counted, as something else."""
    counter = Counter("a_total", "What.", "site", "level")
    for number in range(MOST + 50):
        counter.add(f"site-{number}", "assault")
    found = numbers(counter.family())
    assert len(found) == MOST + 1
    assert found[("", OTHER, OTHER)] == 50
    counter.add("site-0", "assault")
    assert numbers(counter.family())[("", "site-0", "assault")] == 2


def test_whoever_reads_meanwhile_sees_a_count_with_its_sum() -> None:
    """No lock holds up who counts, and no half of an observation is seen."""
    histogram, ending = Histogram("a_seconds", "What.", (1.0,)), threading.Event()

    def count() -> None:
        while not ending.is_set():
            histogram.observe(2.0)

    writer = threading.Thread(target=count)
    writer.start()
    try:
        for _ in range(500):
            found = numbers(histogram.family([()]))
            assert found[("_sum",)] == 2 * found[("_count",)] == 2 * found[("_bucket", "+Inf")]
    finally:
        ending.set()
        writer.join()
