"""What lights do at which time."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.judgement.feedback.blinking import PATTERNS, glow, most_urgent
from alarmbro.model.alarm import Feedback

EPSILON_S = 1e-6


def lit_times(feedback: Feedback, until_s: float) -> list[tuple[bool, float]]:
    """Follow a light from change to change: lit or not, and for how long."""
    parts: list[tuple[bool, float]] = []
    now_s = 0.0
    while now_s < until_s:
        now = glow(feedback, now_s + EPSILON_S)
        parts.append((now.lit, round(now.change_in_s + EPSILON_S, 3)))
        now_s += now.change_in_s + EPSILON_S
    return parts


@pytest.mark.parametrize(
    ("feedback", "pattern"),
    [
        (Feedback.NOBODY_TOLD, [(True, 0.1), (False, 0.1)]),
        (Feedback.RECEIVED, [(True, 1.0), (False, 1.0)]),
        (Feedback.TOLD, [(True, math.inf)]),
        (Feedback.ACKNOWLEDGED, [(True, 0.15), (False, 0.15), (True, 0.15), (False, 1.2)]),
        (Feedback.CLOSED, [(False, math.inf)]),
    ],
)
def test_each_word_has_its_sign(feedback: Feedback, pattern: list[tuple[bool, float]]) -> None:
    """Flicker, slow blink, steady, two flashes, dark; from its begin on and again and again."""
    seen = lit_times(feedback, 20.0)
    assert seen == (pattern * len(seen))[: len(seen)]


def test_every_word_has_a_sign() -> None:
    """A new word must say how it is shown."""
    assert PATTERNS.keys() == set(Feedback)


@given(st.sampled_from(list(Feedback)), st.floats(0, 1e7))
def test_a_light_is_asked_again_when_it_changes_and_not_before(feedback: Feedback, shown_s: float) -> None:
    """Until the time that is given it stays, and it is never asked again at once for ever."""
    now = glow(feedback, shown_s)
    assert now.change_in_s > 0
    if math.isfinite(now.change_in_s):
        assert glow(feedback, shown_s + now.change_in_s / 2).lit is now.lit
        assert glow(feedback, shown_s + now.change_in_s + EPSILON_S).lit is not now.lit
        assert now.change_in_s <= max(PATTERNS[feedback]) + EPSILON_S


def test_a_new_sign_is_seen_at_once() -> None:
    """Whatever is to be shown of an open alarm begins with light."""
    assert all(glow(feedback, 0.0).lit for feedback in Feedback if feedback is not Feedback.CLOSED)


@given(st.lists(st.sampled_from(list(Feedback))))
def test_the_most_urgent_of_all_is_shown(feedback: list[Feedback]) -> None:
    """Nobody told above received above told above acknowledged above nothing."""
    order = [Feedback.NOBODY_TOLD, Feedback.RECEIVED, Feedback.TOLD, Feedback.ACKNOWLEDGED, Feedback.CLOSED]
    assert most_urgent(feedback) is next((each for each in order if each in feedback), Feedback.CLOSED)
