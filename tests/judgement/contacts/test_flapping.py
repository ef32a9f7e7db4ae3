"""Noise on a contact's line, and all that a hand does to one."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alarmbro.judgement.contacts.debounce import Debounce, Press, Timing
from alarmbro.judgement.contacts.flapping import GAP_S, MOST, QUIET_S, WITHIN_S, Flapping

MS = 0.001
START_S = 100.0
DEBOUNCE_S = 0.02


class Line:
    """A line with its debounce and its flapping, told every edge and asked every 50 ms."""

    def __init__(self, debounce_s: float = DEBOUNCE_S, hold_s: float = 0.0) -> None:
        self.flapping = Flapping(debounce_s)
        self.presses = 0
        self.begins = 0
        self.now_s = START_S
        self._debounce = Debounce(Timing(debounce_s, hold_s), START_S)
        self._active = False
        self.quiet(0.5)

    def quiet(self, for_s: float) -> None:
        """Let time pass."""
        until_s = self.now_s + for_s
        while self.now_s < until_s:
            self.now_s = min(until_s, self.now_s + 0.05)
            self._take(self._debounce.sample(self.now_s, self._active))
            before = self.flapping.begun
            self.flapping.sample(self.now_s, self._active)
            self.begins += self.flapping.begun > before

    def edge(self, active: bool, *, told: bool = True) -> None:
        self._active = active
        if told:
            changes = self._debounce.edge(self.now_s, active)
            self.flapping.edge(self.now_s, active)
            self._take(changes)

    def pulse(self, for_s: float, gap_s: float) -> None:
        """Close for a while, then open for a while; no sample falls into what is shorter than its interval."""
        self.edge(active=True)
        self._pass(for_s)
        self.edge(active=False)
        self._pass(gap_s)

    def _pass(self, for_s: float) -> None:
        if for_s < 0.05:
            self.now_s += for_s
        else:
            self.quiet(for_s)

    def _take(self, changes: tuple[object, ...]) -> None:
        for change in changes:
            if isinstance(change, Press):
                self.presses += 1
                self.flapping.press()


def test_spikes_are_flapping_when_there_are_too_many_within_a_minute() -> None:
    """One less is not, and they are no presses."""
    line = Line()
    for _ in range(MOST - 1):
        line.pulse(0.001, 0.5)
    line.quiet(WITHIN_S)
    assert not line.flapping.begun
    for _ in range(MOST):
        line.pulse(0.001, 0.5)
    assert line.flapping.begun
    assert line.presses == 0


def test_as_many_over_a_longer_time_are_none() -> None:
    """A motor that is switched now and then."""
    line = Line()
    for _ in range(3 * MOST):
        line.pulse(0.001, WITHIN_S / (MOST - 2))
    assert not line.flapping.begun


def test_edges_out_of_nothing_count_too() -> None:
    """What is too short for the kernel to report in full reads as one edge to where the line was."""
    line = Line()
    for _ in range(MOST):
        line.edge(active=False)
        line.quiet(0.5)
    assert line.flapping.begun


@pytest.mark.parametrize("active_ms", [1, 5, 15])
def test_hum_without_end_is_flapping_within_half_a_minute(active_ms: int) -> None:
    """Mains on the line: pulses every 20 ms; where they add up to a press that is one, and the rest is noise."""
    line = Line()
    for _ in range(30 * 50):
        line.pulse(active_ms * MS, (20 - active_ms) * MS)
    line.quiet(0.2)
    assert line.flapping.begun
    assert line.presses <= 1


def test_it_is_over_after_a_quiet_hour_and_told_again_when_it_comes_again() -> None:
    """A few spikes meanwhile are as good as quiet."""
    line = Line()
    for _ in range(MOST):
        line.pulse(0.001, 0.5)
    line.quiet(QUIET_S / 2)
    line.pulse(0.001, 0.5)
    line.quiet(QUIET_S / 2 - 20)
    assert line.flapping.begun
    line.quiet(30)
    assert not line.flapping.begun
    for _ in range(MOST):
        line.pulse(0.001, 0.5)
    assert (line.flapping.begun, line.begins) == (True, 2)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(40, 900), st.integers(120, 400), st.integers(0, 6), st.integers(1, 9)),
        min_size=MOST, max_size=MOST + 10,
    ),
    st.sampled_from([0.0, 1.0]),
)  # fmt: skip
def test_no_press_is_ever_flapping(train: list[tuple[int, int, int, int]], hold_s: float) -> None:
    """However often and fast a hand presses, with bounces at both ends, or taps what must be held."""
    line = Line(hold_s=hold_s)
    for length, gap, bounces, flicker in train:
        for active, rest_ms in ((True, length), (False, gap)):
            line.edge(active)
            for _ in range(bounces):
                line.now_s += flicker * 0.2 * MS
                line.edge(not active)
                line.now_s += flicker * 0.2 * MS
                line.edge(active)
            line.quiet(rest_ms * MS)
    line.quiet(1.0)
    assert not line.flapping.begun
    assert hold_s or line.presses == len(train)


def test_a_short_tap_of_a_sluggish_contact_is_none() -> None:
    """A debounce of a second says what counts, not what a hand does."""
    line = Line(debounce_s=1.0)
    for _ in range(2 * MOST):
        line.pulse(0.06, 0.2)
    assert not line.flapping.begun


@pytest.mark.parametrize("lost", [True, False])
def test_presses_of_which_an_edge_was_lost_are_none(lost: bool) -> None:
    """The samples say how the line stands: the edge that did come is an end, or a begin."""
    line = Line()
    for _ in range(2 * MOST):
        line.edge(active=True, told=not lost)
        line.quiet(0.25)
        line.edge(active=False, told=lost)
        line.quiet(0.25)
    assert not line.flapping.begun
    assert line.presses == 2 * MOST


@pytest.mark.parametrize("wrong_s", [1e9, math.inf, math.nan, -math.inf])
def test_a_wrong_clock_makes_it_neither_deaf_nor_raise(wrong_s: float) -> None:
    """The spikes after it count."""
    line = Line()
    line.flapping.edge(wrong_s, active=True)
    line.flapping.edge(wrong_s, active=False)
    line.quiet(2 * GAP_S)
    for _ in range(MOST):
        line.pulse(0.001, 0.5)
    assert line.flapping.begun
