"""One contact, from flicker to presses."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alarmbro.judgement.contacts.debounce import Change, Debounce, Held, Press, Stuck, Timing, Unstuck

START_S = 100.0
READY_S = START_S + 0.3
MS = 0.001


@dataclass(frozen=True)
class Edge:
    """A change as the kernel may report it: `told_s` is when we hear of it; None, never."""

    at_s: float
    active: bool
    told_s: float | None


@dataclass
class Line:
    """A line with its whole history, and the debounce that watches it."""

    edges: list[Edge]
    poll_s: float
    timing: Timing = field(default_factory=Timing)

    def level(self, at_s: float) -> bool:
        before = [edge.active for edge in self.edges if edge.at_s <= at_s]
        return before[-1] if before else False

    def watch(self, until_s: float, *, asked: bool = True) -> list[Change]:
        """Sample at every poll and, where `asked`, when it is due; tell the edges when they are told."""
        debounce = settled(self.timing)
        told = sorted((e for e in self.edges if e.told_s is not None), key=lambda e: (e.told_s, e.at_s))
        seen: list[Change] = []
        now_s = READY_S
        while now_s < until_s:
            while told and told[0].told_s is not None and told[0].told_s <= now_s:
                seen += debounce.edge(told[0].at_s, told[0].active)
                del told[0]
            seen += debounce.sample(now_s, self.level(now_s))
            wake_s = min(now_s + self.poll_s, *(e.told_s for e in told[:1] if e.told_s is not None), math.inf)
            due_s = max(debounce.next_due_s, now_s + MS) if asked else math.inf
            now_s = min(wake_s if wake_s > now_s else now_s + self.poll_s, due_s)
        return seen


def settled(timing: Timing | None = None) -> Debounce:
    debounce = Debounce(timing or Timing(), START_S)
    for step in range(11):
        debounce.sample(START_S + step * 0.02, active=False)
    assert debounce.settled
    return debounce


def presses(changes: list[Change]) -> list[Press]:
    return [change for change in changes if isinstance(change, Press)]


def holds(changes: list[Change]) -> list[Held]:
    return [change for change in changes if isinstance(change, Held)]


def pulse(began_s: float, length_s: float, late_s: float = 0.0) -> list[Edge]:
    ended_s = began_s + length_s
    return [Edge(began_s, True, began_s + late_s), Edge(ended_s, False, ended_s + late_s)]


def bounced(at_s: float, active: bool, flicker_s: list[float]) -> list[Edge]:
    """Give a change with flickers: times of the further changes, an even number, all within a few ms."""
    times = [at_s, *(at_s + extra_s for extra_s in flicker_s)]
    return [Edge(t, active ^ (i % 2 == 1), t) for i, t in enumerate(times)]


flickers = st.lists(st.integers(1, 99).map(lambda n: n * 0.0001), unique=True, max_size=8).map(
    lambda times: sorted(times)[: len(times) // 2 * 2]
)


@st.composite
def press_trains(draw: st.DrawFn) -> tuple[list[Edge], int, float]:
    """Give clean presses of 40 ms to 2 s, of each of which one edge may be lost or all late; and the end."""
    edges: list[Edge] = []
    now_s, count = READY_S + 0.5, draw(st.integers(1, 5))
    for _ in range(count):
        length_s = draw(st.integers(40, 2000)) * MS
        lost = draw(st.sampled_from([None, 0, 1]))
        late_s = draw(st.integers(0, 30)) * MS
        pair = pulse(now_s, length_s, late_s)
        edges += [Edge(e.at_s, e.active, None) if i == lost else e for i, e in enumerate(pair)]
        now_s += length_s + draw(st.integers(100, 1000)) * MS
    return edges, count, now_s + 0.5


@settings(deadline=None)
@given(press_trains(), st.integers(5, 20))
def test_a_press_of_40_ms_counts_once_though_one_edge_is_lost(train: tuple[list[Edge], int, float], poll: int) -> None:
    """With polls at most 20 ms apart each press gives exactly one, even if an edge of it is lost or comes late."""
    edges, count, end_s = train
    assert len(presses(Line(edges, poll * MS).watch(end_s))) == count


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(40, 900), st.integers(100, 500), flickers, flickers), min_size=1, max_size=5),
    st.integers(5, 50),
)
def test_a_bouncing_press_counts_once(train: list[tuple[int, int, list[float], list[float]]], poll: int) -> None:
    """Up to 10 ms of bounce at both ends makes neither more nor fewer presses."""
    edges: list[Edge] = []
    now_s = READY_S + 0.5
    for length, gap, closing, opening in train:
        edges += bounced(now_s, True, closing) + bounced(now_s + length * MS, False, opening)
        now_s += (length + gap) * MS
    assert len(presses(Line(edges, poll * MS).watch(now_s + 0.5))) == len(train)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(40, 500), st.integers(100, 500)), min_size=1, max_size=6))
def test_edges_alone_are_enough(train: list[tuple[int, int]]) -> None:
    """Every press of 40 ms counts once though no sample ever saw it."""
    debounce, now_s, seen = settled(), READY_S, list[Change]()
    for length, gap in train:
        seen += debounce.edge(now_s, active=True)
        seen += debounce.edge(now_s + length * MS, active=False)
        now_s += (length + gap) * MS
    assert [press.at_s for press in presses(seen)][:1] == [READY_S]
    assert len(presses(seen)) == len(train)


@settings(deadline=None)
@given(st.integers(60, 2000), st.integers(5, 20))
def test_samples_alone_are_enough(length: int, poll: int) -> None:
    """With both edges lost a press of 60 ms still counts once."""
    edges = [Edge(e.at_s, e.active, None) for e in pulse(READY_S + 0.5, length * MS)]
    assert len(presses(Line(edges, poll * MS).watch(READY_S + 4, asked=False))) == 1


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(60, 400)), min_size=1, max_size=8), st.integers(5, 50))
def test_an_isolated_glitch_is_no_press(train: list[tuple[int, int]], poll: int) -> None:
    """Less than 10 ms at a time with quiet between is interference."""
    edges: list[Edge] = []
    now_s = READY_S + 0.5
    for length, gap in train:
        edges += pulse(now_s, length * MS)
        now_s += (length + gap) * MS
    assert not presses(Line(edges, poll * MS).watch(now_s + 0.5))


def test_a_spike_whose_second_edge_was_lost_is_no_press() -> None:
    """An active edge that the due sample does not confirm proves nothing."""
    edges = [Edge(READY_S + 0.5, True, READY_S + 0.5), Edge(READY_S + 0.5001, False, None)]
    assert not Line(edges, 0.05).watch(READY_S + 2)


@settings(deadline=None)
@given(st.integers(5, 50), st.integers(5, 45), st.integers(10, 200))
def test_chatter_gives_one_press_until_it_is_quiet(active: int, gap: int, times: int) -> None:
    """A dirty contact alarms, and alarms once."""
    edges: list[Edge] = []
    now_s = READY_S + 0.5
    for _ in range(times):
        edges += pulse(now_s, active * MS)
        now_s += (active + gap) * MS
    first = len(presses(Line(edges, 0.05).watch(now_s)))
    edges += pulse(now_s + 0.1, 0.05)
    again = len(presses(Line(edges, 0.05).watch(now_s + 1)))
    assert (first, again) == (1, 2)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.floats()), max_size=60),
    st.sampled_from([0.0, 0.03]),
)
@example([(True, True, math.inf)], 0.0)
@example([(True, True, math.nan)], 0.0)
def test_no_time_stamp_of_an_edge_raises_or_makes_it_deaf(feed: list[tuple[bool, bool, float]], hold_s: float) -> None:
    """Whatever stamps came before: after a rest, a press counts."""
    debounce, now_s = settled(Timing(hold_s=hold_s)), READY_S
    for is_edge, active, at_s in feed:
        now_s += 0.01
        if is_edge:
            debounce.edge(at_s, active)
        else:
            debounce.sample(now_s, active)
    for step in range(10):
        debounce.sample(now_s + step * 0.02, active=False)
    seen = [*debounce.edge(now_s + 1, active=True), *debounce.edge(now_s + 1.04, active=False)]
    assert len(presses(seen)) == 1


@pytest.mark.parametrize("wrong_s", [1e9, math.inf])
def test_an_edge_from_the_future_makes_no_contact_deaf(wrong_s: float) -> None:
    """After a stamp of another clock the next press still counts."""
    debounce = settled()
    debounce.edge(wrong_s, active=True)
    debounce.edge(wrong_s, active=False)
    for step in range(10):
        debounce.sample(READY_S + step * 0.02, active=False)
    seen = [*debounce.edge(READY_S + 1, active=True), *debounce.edge(READY_S + 1.04, active=False)]
    assert len(presses(seen)) == 1


def test_a_press_that_is_told_after_the_poll_missed_it_counts() -> None:
    """Edges 80 ms late, after samples before and behind the press."""
    debounce = settled()
    debounce.sample(READY_S, active=False)
    debounce.sample(READY_S + 0.1, active=False)
    seen = [*debounce.edge(READY_S + 0.02, active=True), *debounce.edge(READY_S + 0.06, active=False)]
    assert seen == [Press(READY_S + 0.02)]
    assert not debounce.sample(READY_S + 0.11, active=False)


def test_two_presses_told_in_one_batch_are_two() -> None:
    """Quiet is measured between the edges, not between their tidings."""
    debounce = settled()
    debounce.sample(READY_S + 0.3, active=False)
    edges = pulse(READY_S + 0.02, 0.04) + pulse(READY_S + 0.16, 0.04)
    seen = [change for edge in edges for change in debounce.edge(edge.at_s, edge.active)]
    assert len(presses(seen)) == 2


def test_late_edges_of_a_counted_press_are_no_second_press() -> None:
    """What samples have counted, edges do not count again."""
    debounce = settled()
    seen = [c for step in range(6) for c in debounce.sample(READY_S + step * 0.02, active=step < 4)]
    seen += debounce.sample(READY_S + 0.3, active=False)
    seen += debounce.edge(READY_S - 0.01, active=True)
    seen += debounce.edge(READY_S + 0.065, active=False)
    seen += debounce.sample(READY_S + 0.31, active=False)
    assert len(presses(seen)) == 1


def test_a_late_begin_is_added_to_what_the_samples_saw() -> None:
    """The press began when its edge says, and its time counts from there."""
    debounce = settled()
    assert not debounce.sample(READY_S + 0.015, active=True)
    assert debounce.edge(READY_S, active=True) == ()
    assert debounce.edge(READY_S + 0.02, active=False) == (Press(READY_S),)


def test_less_than_the_debounce_is_no_press_and_the_debounce_is() -> None:
    """The limit is where the configuration puts it."""
    for length_s, count in ((0.029, 0), (0.030, 1)):
        seen = Line(pulse(READY_S + 0.5, length_s), 0.05, Timing(debounce_s=0.03)).watch(READY_S + 1)
        assert len(presses(seen)) == count


def test_a_hold_must_last_and_forgives_short_gaps() -> None:
    """With a hold of 1 s, 0.9 s is no press; 1.1 s with a gap of 10 ms is; two times 0.6 s are none."""
    timing = Timing(hold_s=1.0)
    at_s = READY_S + 0.5
    cases = [
        (pulse(at_s, 0.9), 0),
        (pulse(at_s, 0.5) + pulse(at_s + 0.51, 0.59), 1),
        (pulse(at_s, 0.6) + pulse(at_s + 0.64, 0.6), 0),
        (pulse(at_s, 1.0), 1),
    ]
    assert [len(presses(Line(e, 0.05, timing).watch(at_s + 3))) for e, _ in cases] == [n for _, n in cases]


LONG_S = 1.0


@st.composite
def held_trains(draw: st.DrawFn) -> tuple[list[Edge], int, int, int, float]:
    """Give presses well above and below `LONG_S`, of each of which one edge may be lost or all late.

    With the edges: the milliseconds between two samples, how many presses, how many held ones, and the end.
    """
    poll = draw(st.integers(5, 20))
    short, long = st.integers(40, 999), st.integers(1000 + 2 * poll, 3000)
    edges: list[Edge] = []
    now_s, count, held = READY_S + 0.5, draw(st.integers(1, 4)), 0
    for _ in range(count):
        lasts_long, lost, late_s = (
            draw(st.booleans()),
            draw(st.sampled_from([None, 0, 1])),
            draw(st.integers(0, 30)) * MS,
        )
        length_s = draw(long if lasts_long else short) * MS
        pair = pulse(now_s, length_s, late_s)
        edges += [Edge(e.at_s, e.active, None) if i == lost else e for i, e in enumerate(pair)]
        now_s += length_s + draw(st.integers(100, 1000)) * MS
        held += lasts_long
    return edges, poll, count, held, now_s + 0.5


@settings(deadline=None)
@given(held_trains(), st.booleans())
def test_a_held_press_is_told_once_more_though_one_edge_is_lost(
    train: tuple[list[Edge], int, int, int, float], asked: bool
) -> None:
    """Each press of the hold and two samples is a press and then held, a shorter one never is; asked in time or not."""
    edges, poll, count, held, end_s = train
    seen = Line(edges, poll * MS, Timing(long_s=LONG_S)).watch(end_s, asked=asked)
    assert (len(presses(seen)), len(holds(seen))) == (count, held)
    follows = [type(after) for before, after in pairwise(seen) if isinstance(before, Press)]
    assert follows.count(Held) == held


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 999), unique=True, min_size=2, max_size=10).map(sorted),
    st.lists(st.sampled_from([None, 0, 30]), min_size=10, max_size=10),
    st.integers(5, 50),
)
def test_what_is_shorter_than_the_hold_is_never_held(times: list[int], told: list[int | None], poll: int) -> None:
    """However it bounces between its first and its last edge, and whichever edges are lost or late."""
    edges = []
    for index, (at_ms, late_ms) in enumerate(zip(times[: len(times) // 2 * 2], told, strict=False)):
        at_s = READY_S + 0.5 + at_ms * MS
        edges.append(Edge(at_s, index % 2 == 0, None if late_ms is None else at_s + late_ms * MS))
    assert not holds(Line(edges, poll * MS, Timing(long_s=LONG_S)).watch(READY_S + 4))


@settings(deadline=None)
@given(held_trains())
def test_a_hold_changes_nothing_of_the_presses(train: tuple[list[Edge], int, int, int, float]) -> None:
    """With the same observations, what is told beside the holds is the same, at the same observation."""
    edges, poll, _, _, end_s = train
    plain = Line(edges, poll * MS).watch(end_s, asked=False)
    held = Line(edges, poll * MS, Timing(long_s=LONG_S)).watch(end_s, asked=False)
    assert [change for change in held if not isinstance(change, Held)] == plain


def test_a_hold_is_found_when_it_is_due() -> None:
    """The press waits for nothing; the hold is told at its time, and says which that is."""
    debounce = settled(Timing(long_s=LONG_S))
    debounce.edge(READY_S, active=True)
    assert debounce.sample(READY_S + 0.02, active=True) == (Press(READY_S),)
    assert debounce.next_due_s == pytest.approx(READY_S + LONG_S)
    assert debounce.sample(READY_S + LONG_S - MS, active=True) == ()
    assert debounce.sample(READY_S + LONG_S, active=True) == (Held(READY_S + LONG_S),)
    assert debounce.next_due_s == pytest.approx(READY_S + 300)
    assert debounce.sample(READY_S + 3 * LONG_S, active=True) == ()


def test_a_held_press_forgives_short_gaps_and_is_held_once() -> None:
    """A gap of 10 ms does not matter, 30 ms begin it anew; once held, one press is not held again."""
    at_s = READY_S + 0.5
    cases = [
        (pulse(at_s, 0.6) + pulse(at_s + 0.61, 0.45), 1),
        (pulse(at_s, 0.6) + pulse(at_s + 0.63, 0.6), 0),
        (pulse(at_s, 0.6) + pulse(at_s + 0.63, 1.1), 1),
        (pulse(at_s, 1.1) + pulse(at_s + 1.13, 1.1), 1),
    ]
    seen = [Line(edges, 0.05, Timing(long_s=LONG_S)).watch(at_s + 4) for edges, _ in cases]
    assert [len(presses(changes)) for changes in seen] == [1] * len(cases)
    assert [len(holds(changes)) for changes in seen] == [count for _, count in cases]


def test_a_contact_held_at_start_is_held_too() -> None:
    """A press of its own kind, and then a hold of its own kind; the next one is ordinary."""
    debounce, seen = Debounce(Timing(long_s=LONG_S), START_S), list[Change]()
    for step in range(100):
        seen += debounce.sample(START_S + step * 0.02, active=True)
    assert seen == [Press(START_S, held_at_start=True), Held(START_S + LONG_S, held_at_start=True)]
    debounce.edge(START_S + 2, active=False)
    debounce.edge(START_S + 3, active=True)
    after_s = START_S + 3 + LONG_S
    assert debounce.edge(after_s, active=False) == (Press(START_S + 3), Held(after_s))


def test_a_contact_that_must_rest_is_not_pressed_again_before() -> None:
    """With a rest of 1 s, a gap of 0.9 s is the same press, also of one that was there at start; one of 1 s is not."""
    timing, at_s = Timing(rest_s=1.0), READY_S + 0.5
    for gap_s, count in ((0.9, 1), (1.0, 2)):
        edges = pulse(at_s, 0.1) + pulse(at_s + 0.1 + gap_s, 0.1)
        assert len(presses(Line(edges, 0.05, timing).watch(at_s + 3))) == count
    debounce, seen = Debounce(timing, START_S), list[Change]()
    for step in range(100):
        seen += debounce.sample(START_S + step * 0.02, active=not 50 <= step < 90)
    assert seen == [Press(START_S, held_at_start=True)]


def test_a_stuck_contact_is_told_once_and_when_it_rests() -> None:
    """Ten minutes active: one press, one stuck; then one unstuck, and the next press counts."""
    at_s = READY_S + 0.5
    edges = pulse(at_s, 600) + pulse(at_s + 601, 0.1)
    seen = Line(edges, 1.0).watch(at_s + 603)
    assert [type(change) for change in seen] == [Press, Stuck, Unstuck, Press]
    assert seen[1] == Stuck(at_s)


def test_unstuck_is_told_though_the_next_press_comes_first() -> None:
    """Edges alone: the rest between is known from them."""
    debounce = settled()
    debounce.edge(READY_S, active=True)
    debounce.sample(READY_S + 301, active=True)
    debounce.edge(READY_S + 302, active=False)
    debounce.edge(READY_S + 303, active=True)
    seen = debounce.edge(READY_S + 303.1, active=False)
    assert seen == (Press(READY_S + 303),)


def test_a_lost_release_is_cleared_by_the_poll() -> None:
    """The next press counts though the release of the first was never told."""
    first, second = pulse(READY_S + 0.5, 0.2), pulse(READY_S + 1.5, 0.04)
    edges = [first[0], Edge(first[1].at_s, False, None), *second]
    assert len(presses(Line(edges, 0.05).watch(READY_S + 3))) == 2


def test_held_at_start_is_a_press_of_its_own_kind() -> None:
    """Active after settling is a press, and is said to have been there."""
    debounce, seen = Debounce(Timing(), START_S), list[Change]()
    for step in range(12):
        seen += debounce.sample(START_S + step * 0.02, active=True)
    assert seen == [Press(START_S, held_at_start=True)]
    debounce.edge(READY_S, active=False)
    debounce.edge(READY_S + 1, active=True)
    assert debounce.edge(READY_S + 2, active=False) == (Press(READY_S + 1),)


@settings(deadline=None)
@given(st.integers(0, 190), st.booleans())
def test_a_glitch_at_start_is_nothing(at_ms: int, told: bool) -> None:
    """3 ms while the pull-up charges the cable give nothing, seen by a sample or by edges."""
    debounce, seen = Debounce(Timing(), START_S), list[Change]()
    glitch_s = START_S + at_ms * MS
    for step in range(400):
        now_s = START_S + step * MS
        if told and step in {at_ms, at_ms + 3}:
            seen += debounce.edge(now_s, active=step == at_ms)
        if now_s >= debounce.next_due_s:
            seen += debounce.sample(now_s, active=glitch_s <= now_s < glitch_s + 0.003)
    assert debounce.settled
    assert not seen


def test_a_line_that_never_rests_is_armed_all_the_same() -> None:
    """Chatter from the start on ends in a press, not in waiting for ever."""
    debounce, seen = Debounce(Timing(), START_S), list[Change]()
    for step in range(150):
        seen += debounce.sample(START_S + step * 0.01, active=step % 3 > 0)
    assert len(presses(seen)) == 1


def test_it_says_when_it_wants_to_be_asked() -> None:
    """At rest never; in a press when it would count; counted, when it would be stuck; stuck, when it may rest."""
    debounce = settled()
    assert debounce.next_due_s == math.inf
    debounce.edge(READY_S, active=True)
    assert debounce.next_due_s == pytest.approx(READY_S + 0.02)
    debounce.sample(READY_S + 0.02, active=True)
    assert debounce.next_due_s == pytest.approx(READY_S + 300)
    debounce.sample(READY_S + 300, active=True)
    assert debounce.next_due_s == math.inf
    debounce.edge(READY_S + 301, active=False)
    assert debounce.next_due_s == pytest.approx(READY_S + 301.05)
