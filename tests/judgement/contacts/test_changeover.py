"""The cable of a changeover contact, by what its two wires read over time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alarmbro.judgement.contacts.changeover import (
    HAND_S,
    REST_S,
    SHORTEST_S,
    TRAVEL_S,
    Changeover,
    Damaged,
    Mended,
    Wires,
    wires_of,
)

REST, PRESSED, OPEN, CLOSED = Wires.REST, Wires.PRESSED, Wires.BOTH_OPEN, Wires.BOTH_CLOSED
POLL_S = 0.05
MS = 0.001


@dataclass(frozen=True)
class Cable:
    """Where a cable is cut, lies to ground, or has its wires joined or swapped: what it reads, pressed or not."""

    pin: str = "whole"
    opposite: str = "whole"
    common: bool = True
    joined: bool = False
    swapped: bool = False

    def wires(self, *, pressed: bool) -> Wires:
        made, rests = pressed and self.common, not pressed and self.common
        if self.joined:
            made = rests = made or rests
        if self.swapped:
            made, rests = rests, made
        return wires_of(pin_closed=_reads(self.pin, made), opposite_closed=_reads(self.opposite, rests))


def _reads(wire: str, closed: bool) -> bool:
    return {"whole": closed, "cut": False, "shorted": True}[wire]


def watch(changeover: Changeover, *states: tuple[Wires, float], from_s: float = 100.0) -> list[Damaged | Mended]:
    """Show it each state for its seconds: the change as it comes, then at every poll."""
    found: list[Damaged | Mended] = []
    for wires, for_s in states:
        pin, opposite = wires in {PRESSED, CLOSED}, wires in {REST, CLOSED}
        steps = [0.0, *(step * POLL_S for step in range(1, int(min(for_s, 5.0) / POLL_S) + 1)), for_s - MS]
        for step_s in sorted(steps):
            seen = changeover.see(from_s + step_s, pin_closed=pin, opposite_closed=opposite)
            found += [seen] if seen else []
        from_s += for_s
    return found


def press(cable: Cable, for_s: float = 0.4, travel_s: float = 0.01, travels: Wires = OPEN) -> list[tuple[Wires, float]]:
    """Give a press between two rests, as the cable lets it be read."""
    between = cable.wires(pressed=False) if cable != Cable() else travels
    at_rest, pressed = cable.wires(pressed=False), cable.wires(pressed=True)
    return [(at_rest, 2.0), (between, travel_s), (pressed, for_s), (between, travel_s), (at_rest, 2.0)]


@pytest.mark.parametrize("travels", [OPEN, CLOSED])
@pytest.mark.parametrize("for_s", [0.04, 0.4, 20.0])
@pytest.mark.parametrize("travel_s", [0.001, 0.01, 0.3])
def test_a_whole_cable_is_never_at_fault(travels: Wires, for_s: float, travel_s: float) -> None:
    """Whether it breaks before it makes or makes before it breaks, fast or as slow as a careful finger."""
    assert watch(Changeover(), *press(Cable(), for_s, travel_s, travels)) == []


@pytest.mark.parametrize(
    ("cable", "at_rest", "pressed", "told"),
    [
        (Cable(), REST, PRESSED, None),
        (Cable(pin="cut"), REST, OPEN, Damaged(OPEN, like_a_press=True)),
        (Cable(pin="shorted"), CLOSED, PRESSED, Damaged(CLOSED)),
        (Cable(opposite="cut"), OPEN, PRESSED, Damaged(OPEN)),
        (Cable(opposite="shorted"), REST, CLOSED, Damaged(CLOSED, like_a_press=True)),
        (Cable(common=False), OPEN, OPEN, Damaged(OPEN)),
        (Cable(pin="cut", opposite="cut"), OPEN, OPEN, Damaged(OPEN)),
        (Cable(joined=True), CLOSED, CLOSED, Damaged(CLOSED)),
        (Cable(swapped=True), PRESSED, REST, None),
    ],
)
def test_each_damage_reads_as_the_table_says(
    cable: Cable, at_rest: Wires, pressed: Wires, told: Damaged | None
) -> None:
    """At rest, pressed, and what is told by the end of one press of 0.4 s; told once, and not over after it."""
    assert (cable.wires(pressed=False), cable.wires(pressed=True)) == (at_rest, pressed)
    assert watch(Changeover(), *press(cable)) == ([told] if told else [])


@pytest.mark.parametrize("wires", [OPEN, CLOSED])
def test_a_damage_that_stands_is_told_once_after_the_travel(wires: Wires) -> None:
    """Not before, and from the start of the machine on."""
    assert watch(Changeover(), (wires, TRAVEL_S - 0.01)) == []
    assert watch(Changeover(), (wires, TRAVEL_S + 0.06), (wires, 5.0)) == [Damaged(wires)]


def test_first_readings_of_a_cable_that_is_charging_are_no_damage() -> None:
    """The pull-up needs some milliseconds; what was before is not known."""
    assert watch(Changeover(), (CLOSED, 0.1), (REST, 5.0)) == []


@pytest.mark.parametrize("wires", [OPEN, CLOSED])
@pytest.mark.parametrize(("for_s", "told"), [(SHORTEST_S - 0.01, False), (SHORTEST_S, True), (0.2, True)])
def test_a_press_that_one_contact_alone_saw_is_told(wires: Wires, for_s: float, told: bool) -> None:
    """Gone from rest and back in less than a travel: bounce is not, a hand's press is."""
    found = watch(Changeover(), (REST, 2.0), (wires, for_s), (REST, 0.5))
    assert found == ([Damaged(wires, like_a_press=True)] if told else [])


def test_a_damage_as_short_as_a_press_is_over_when_both_contacts_saw_a_press() -> None:
    """Rest alone proves nothing: the wire that is cut is not the one that rests closed."""
    changeover = Changeover()
    assert watch(changeover, (REST, 2.0), (OPEN, 0.8), (REST, 600.0)) == [Damaged(OPEN)]
    assert watch(changeover, *press(Cable(pin="cut")), from_s=1000.0) == []
    assert watch(changeover, *press(Cable()), from_s=2000.0) == [Mended()]
    assert watch(changeover, *press(Cable()), from_s=3000.0) == []


def test_a_damage_longer_than_a_hand_holds_is_over_after_a_rest() -> None:
    """Nobody pressed for so long; whoever mended the cable need not press."""
    changeover = Changeover()
    found = watch(changeover, (REST, 2.0), (OPEN, HAND_S + 1), (REST, REST_S - 0.1), (OPEN, 0.01), (REST, REST_S + 0.1))
    assert found == [Damaged(OPEN), Mended()]


def test_presses_do_not_end_a_damage_that_stands() -> None:
    """With the opposite's wire cut a press looks well while it lasts."""
    changeover = Changeover()
    assert watch(changeover, (OPEN, 2.0), (PRESSED, 5.0), (OPEN, 2.0), (PRESSED, 0.5), (OPEN, 2.0)) == [Damaged(OPEN)]
    assert watch(changeover, (REST, 3.0), (PRESSED, 0.5), (REST, 3.0), from_s=200.0) == [Mended()]


def test_a_slow_press_mends_itself() -> None:
    """A finger that rests between the contacts is told, and over when both have been seen."""
    found = watch(Changeover(), (REST, 2.0), (OPEN, 0.7), (PRESSED, 0.5), (OPEN, 0.1), (REST, 2.0))
    assert found == [Damaged(OPEN), Mended()]


def test_a_hand_that_trembles_on_the_button_is_no_damage() -> None:
    """Between two moments of being pressed it may pass through anything for a while."""
    assert watch(Changeover(), (REST, 2.0), (PRESSED, 0.3), (OPEN, 0.2), (PRESSED, 0.3), (REST, 2.0)) == []


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.floats()), max_size=80))
def test_no_time_stamp_raises_and_begin_and_end_alternate(feed: list[tuple[bool, bool, float]]) -> None:
    """Whatever the order: what is told is a damage, its end, the next damage."""
    changeover = Changeover()
    seen = [changeover.see(at_s, pin_closed=pin, opposite_closed=opposite) for pin, opposite, at_s in feed]
    told = [isinstance(each, Damaged) for each in seen if each]
    assert told == [index % 2 == 0 for index in range(len(told))]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(list(Wires)), st.integers(1, 3000)).map(lambda each: (each[0], each[1] * MS)),
        min_size=1, max_size=20,
    )
)  # fmt: skip
def test_no_damage_without_a_reason_and_none_is_missed(states: list[tuple[Wires, float]]) -> None:
    """Whoever is always at rest or pressed is never told of; who reads wrong for a travel always is."""
    found = watch(Changeover(), *states)
    good = all(wires in {REST, PRESSED} for wires, _ in states)
    runs = accumulate(states, lambda sum_s, each: 0.0 if each[0] in {REST, PRESSED} else sum_s + each[1], initial=0.0)
    if good:
        assert not found
    if max(runs) > TRAVEL_S + POLL_S:
        assert any(isinstance(each, Damaged) for each in found)
