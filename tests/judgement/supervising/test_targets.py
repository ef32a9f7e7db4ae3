"""A target that does not answer is a fault from the second try on."""

from __future__ import annotations

from alarmbro.judgement.supervising.targets import AGAIN_S, HANGS_S, NOT_TRIED, Tries
from alarmbro.model.delivery import Outcome, Result
from alarmbro.model.moment import UNKNOWN_S

OK = Result(Outcome.OK, "ok")
DENIED = Result(Outcome.FAILED, "http_401")


def test_one_failed_try_is_no_fault_and_the_second_comes_soon() -> None:
    """A mail server that restarts is nobody's business."""
    tries = Tries("teknik/1 (mailto)", every_s=900.0, next_s=0.0)
    tries.begin(0.0)
    assert tries.ended(DENIED, 1.0) is None
    assert tries.due_in_s(1.0) == AGAIN_S
    tries.begin(61.0)
    trouble = tries.ended(DENIED, 62.0)
    assert trouble is not None
    assert (trouble.kind, trouble.subject, trouble.detail, trouble.well) == (
        "probe", "teknik/1 (mailto)", "http_401", False,
    )  # fmt: skip


def test_it_is_over_with_the_first_try_that_succeeds() -> None:
    """And the next one is at its usual time."""
    tries = Tries("x", every_s=900.0, next_s=0.0, failures=5)
    tries.begin(0.0)
    trouble = tries.ended(OK, 10.0)
    assert trouble is not None
    assert trouble.well
    assert tries.due_in_s(10.0) == 900.0
    assert tries.failures == 0


def test_a_lost_path_to_a_centre_is_known_within_three_minutes() -> None:
    """With a poll each minute, and twelve seconds of trying each time."""
    tries, now_s = Tries("redningsringen/1 (sia)", every_s=60.0, next_s=60.0), 0.0
    told = None
    while told is None:
        now_s += tries.due_in_s(now_s)
        tries.begin(now_s)
        now_s += 12.0
        told = tries.ended(Result(Outcome.UNKNOWN, "timeout"), now_s)
    assert now_s < 180


def test_a_try_that_hangs_has_failed_and_no_other_begins_before_it_comes_back() -> None:
    """Else each would leave a thread behind."""
    tries = Tries("x", every_s=900.0, next_s=0.0, failures=1)
    tries.begin(0.0)
    assert tries.due_in_s(1.0) == HANGS_S - 1
    trouble = tries.hangs()
    assert trouble is not None
    assert trouble.detail == "hangs"
    assert tries.due_in_s(HANGS_S + 1) == UNKNOWN_S
    assert tries.ended(DENIED, 300.0) is None
    assert tries.due_in_s(300.0) == AGAIN_S


def test_a_target_that_nobody_can_try_is_tried_once() -> None:
    """A relay makes a noise; there is nothing to ask it."""
    tries = Tries("x", every_s=900.0, next_s=0.0)
    tries.begin(0.0)
    tries.ended(Result(Outcome.OK, NOT_TRIED), 1.0)
    assert tries.due_in_s(1.0) == UNKNOWN_S
