"""When a delivery is tried again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alarmbro.judgement.telling.retry import FIRST_S, JITTER, LAST_S, pause_s


@given(st.integers(1, 10**9), st.text())
def test_a_delivery_is_tried_again_for_ever_and_never_later_than_half_a_minute(attempts: int, name: str) -> None:
    """The pause has a floor and a ceiling, however often it failed."""
    assert FIRST_S * (1 - JITTER) <= pause_s(attempts, name) <= LAST_S


def test_the_first_tries_come_quickly_and_the_pause_grows() -> None:
    """Most failures are short; a target that stays away is left in peace."""
    pauses = [pause_s(attempts, "x") for attempts in range(1, 12)]
    assert pauses[0] <= FIRST_S
    assert sum(pauses[:3]) < 4
    assert pauses[-1] > LAST_S * (1 - JITTER) - 1


def test_deliveries_to_one_sick_target_do_not_come_in_step() -> None:
    """The pause differs between deliveries, and is the same when it is asked again."""
    pauses = {pause_s(8, f"delivery-{number}") for number in range(50)}
    assert len(pauses) > 40
    assert pauses == {pause_s(8, f"delivery-{number}") for number in range(50)}
