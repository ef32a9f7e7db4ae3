"""Examinations run side by side, each within its own time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from alarmbro.doctor.examining import Examination, examine
from alarmbro.doctor.findings import Found, State, well

SECRET = "kanarie-4711"


def finding(name: str) -> Callable[[], Iterable[Found]]:
    """Give an examination's work that finds one thing at once."""
    return lambda: [well("disk", name, "disk.room")]


def test_findings_come_in_the_order_of_the_examinations() -> None:
    """Whichever is ready first: a report that changes its order cannot be compared."""
    second_done = threading.Event()

    def slow() -> Iterable[Found]:
        assert second_done.wait(5)
        yield well("disk", "first", "disk.room")

    def quick() -> Iterable[Found]:
        second_done.set()
        yield well("disk", "second", "disk.room")
        yield well("disk", "third", "disk.room")

    found = examine([Examination("disk", "1", slow), Examination("disk", "2", quick)])
    assert [each.subject for each in found] == ["first", "second", "third"]


def test_what_hangs_is_told_and_holds_up_nobody() -> None:
    """Also where it takes every place that there is."""
    never = threading.Event()

    def hang() -> Iterable[Found]:
        never.wait(30)
        return []

    begun_s = time.monotonic()
    hanging = [Examination("target", str(number), hang, limit_s=0.2) for number in range(4)]
    found = list(examine([*hanging, Examination("disk", "x", finding("x"))], together=2))
    assert time.monotonic() - begun_s < 3
    assert [each.says for each in found] == ["doctor.hangs"] * 4 + ["disk.room"]
    assert {each.state for each in found[:4]} == {State.FAILED}
    never.set()


def test_what_comes_too_late_does_not_count() -> None:
    """It has been told as hanging, and stays so."""
    never, late = threading.Event(), threading.Event()

    def hang() -> Iterable[Found]:
        never.wait(30)
        late.set()
        return [well("disk", "late", "disk.room")]

    found = list(examine([Examination("disk", "late", hang, limit_s=0.1)]))
    never.set()
    assert late.wait(5)
    assert [each.says for each in found] == ["doctor.hangs"]


def test_an_error_is_told_by_its_kind_and_place_alone() -> None:
    """Its text may hold a password."""

    def stumble() -> Iterable[Found]:
        raise ValueError(SECRET)

    (found,) = examine([Examination("broker", "b", stumble)])
    assert (found.says, found.state) == ("doctor.stumbled", State.FAILED)
    assert "ValueError" in str(found.values["where"])
    assert "test_examining.py" in str(found.values["where"])
    assert SECRET not in str(found)


def test_no_more_than_some_are_examined_at_a_time() -> None:
    """A Pi has little memory, and name servers take it amiss."""
    running, most, lock = 0, 0, threading.Lock()

    def work() -> Iterable[Found]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.02)
        with lock:
            running -= 1
        return []

    list(examine([Examination("disk", str(number), work) for number in range(12)], together=3))
    assert most == 3
