"""When the next thing is due, by a table: the age of an alarm, and who is called."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clocks import JumpingClock
from hypothesis import given
from hypothesis import strategies as st
from places import municipality

from alarmbro.judgement.course.escalation import next_notice, nobody_told_in_s, notice_of
from alarmbro.model.alarm import Acknowledged, Alarm, Notice, State
from alarmbro.model.delivery import MessageKind
from alarmbro.model.record import RecordType

CONFIGURATION = municipality()
ROUTE = CONFIGURATION.routes["bibliotek"]
FIRST = ("redningsringen", "serviceteam")


def alarm_at(clock: JumpingClock, step: int = 0) -> Alarm:
    now = clock.now()
    alarm = Alarm("vraa-1", "vraa", "lommy-1", now, begun=now, step=step)
    alarm.notices.append(Notice(1, MessageKind.ALARM, now, FIRST, presses=1))
    return alarm


@pytest.mark.parametrize(
    ("age_s", "step", "in_s", "kind", "notify"),
    [
        (0, 0, 60, MessageKind.ESCALATED, ("leder",)),
        (59, 0, 1, MessageKind.ESCALATED, ("leder",)),
        (60, 0, 0, MessageKind.ESCALATED, ("leder",)),
        (6000, 0, 0, MessageKind.ESCALATED, ("leder",)),
        (60, 1, 120, MessageKind.ESCALATED, ("kontorchef",)),
        (100, 2, 20, MessageKind.REPEATED, ("kontorchef",)),
    ],
)
def test_the_steps_come_at_their_age(
    age_s: float, step: int, in_s: float, kind: MessageKind, notify: tuple[str, ...]
) -> None:
    """Whatever was missed is due now."""
    clock = JumpingClock()
    alarm = alarm_at(clock, step)
    due = next_notice(alarm, ROUTE, CONFIGURATION, clock.forward(age_s))
    assert due is not None
    assert due.in_s == pytest.approx(in_s)
    assert (due.kind, due.notify) == (kind, notify)


def test_a_route_without_repeat_ends_with_its_last_step() -> None:
    """Then nothing more comes, however long it lasts."""
    clock = JumpingClock()
    alarm = alarm_at(clock, 2)
    assert next_notice(alarm, replace(ROUTE, repeat=None), CONFIGURATION, clock.forward(1e6)) is None


def test_a_step_that_does_not_ask_comes_although_somebody_is_on_the_way() -> None:
    """`unless` is the route's to say: the director may want to know in any case."""
    clock = JumpingClock()
    steps = (ROUTE.steps[0], replace(ROUTE.steps[1], unless_acknowledged=False))
    alarm = alarm_at(clock)
    alarm.state = State.ACKNOWLEDGED
    alarm.acknowledged.append(Acknowledged(clock.now(), 1, "Vagten"))
    due = next_notice(alarm, replace(ROUTE, steps=steps), CONFIGURATION, clock.forward(60))
    assert due is not None
    assert (due.in_s, due.kind) == (0, MessageKind.ESCALATED)


def test_a_recipient_that_is_not_known_any_more_holds_nobody_up() -> None:
    """A step that names only who has left can tell nobody: the next one comes at once."""
    clock = JumpingClock()
    alarm = alarm_at(clock)
    left = {name: each for name, each in CONFIGURATION.recipients.items() if name not in FIRST}
    due = next_notice(alarm, ROUTE, replace(CONFIGURATION, recipients=left), clock.now())
    assert due is not None
    assert (due.in_s, due.notify) == (0, ("leder",))


@given(st.floats(0, 1e6), st.integers(0, 2), st.integers(1, 50), st.sampled_from([State.RAISED, State.ACKNOWLEDGED]))
def test_what_is_due_is_said_once(age_s: float, step: int, presses: int, state: State) -> None:
    """After the record of what is due the same thing is not due again: the turn cannot spin."""
    clock = JumpingClock()
    alarm = alarm_at(clock, step)
    alarm.presses, alarm.state = presses, state
    alarm.acknowledged.append(Acknowledged(clock.now(), 1, "Vagten"))
    now = clock.forward(age_s)
    said = []
    while (due := next_notice(alarm, ROUTE, CONFIGURATION, now)) is not None and due.in_s <= 0:
        draft = notice_of(due, alarm, ROUTE, now)
        kind = MessageKind(draft.data["message"])
        alarm.notices.append(Notice(draft.data["notice"], kind, now, due.notify, due.step, alarm.presses))
        alarm.step = due.step if draft.type is RecordType.ESCALATED else alarm.step
        said.append((kind, due.step))
        assert len(said) == len(set(said)) <= 5


def test_nobody_told_counts_from_when_it_was_last_raised() -> None:
    """Half a minute; never where somebody was told since, or somebody is on the way."""
    clock = JumpingClock()
    alarm = alarm_at(clock)
    assert nobody_told_in_s(alarm, ROUTE, CONFIGURATION, clock.forward(29)) == pytest.approx(1)
    alarm.told.add((1, "serviceteam"))
    assert nobody_told_in_s(alarm, ROUTE, CONFIGURATION, clock.now()) == float("inf")
    alarm.first, alarm.begun = 2, clock.now()
    assert nobody_told_in_s(alarm, ROUTE, CONFIGURATION, clock.forward(30)) == 0
    alarm.state = State.ACKNOWLEDGED
    assert nobody_told_in_s(alarm, ROUTE, CONFIGURATION, clock.now()) == float("inf")
