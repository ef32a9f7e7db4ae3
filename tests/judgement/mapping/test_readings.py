"""What a message comes to, by what was read before."""

from __future__ import annotations

from clocks import JumpingClock
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.judgement.mapping.meaning import Beat, Health, Press
from alarmbro.judgement.mapping.readings import Readings, Verdict
from alarmbro.model.site import Device, MqttInput

PLAIN = Device("vraa", "knap-1", "Knap", "r", mqtt=MqttInput(topics=("t",)))
TWICE = Device("vraa", "knap-2", "Knap", "r", mqtt=MqttInput(topics=("t",), doubles_s=2.0))
LOSSY = Device("vraa", "knap-3", "Knap", "r", mqtt=MqttInput(topics=("t",), doubtful_below=30))
ON, OFF = Press(state=True, active=True, said=(True,)), Beat(active=False)
NOW = JumpingClock().now()


def after(readings: Readings, device: Device, *meanings: Press | Beat, live: bool = True, at_s: float = 0.0) -> Verdict:
    """Judge and keep each; give the last verdict."""
    verdict = Verdict()
    for meaning in meanings:
        verdict = readings.judge(device, meaning, NOW.later(at_s), live=live)
        readings.keep(device, meaning, verdict, NOW.later(at_s))
    return verdict


def test_only_the_beginning_of_a_state_is_a_press() -> None:
    """`sos: true` comes again with every later message, and is an alarm once."""
    readings = Readings()
    assert after(readings, PLAIN, OFF, ON).press == ON
    assert after(readings, PLAIN, ON).press is None
    assert after(readings, PLAIN, Beat(), ON).press is None, "a message without the state changes nothing"
    assert after(readings, PLAIN, OFF, ON).press == ON


def test_a_live_state_with_nothing_known_before_is_a_press() -> None:
    """An idle button says that it is not pressed, so the first word after a start may be the press itself."""
    assert after(Readings(), PLAIN, ON).press == ON


def test_a_kept_state_is_a_fault_to_look_at_and_never_a_press() -> None:
    """Nor is its live repeat one; the fault is over when it is let go, and the next beginning is a press."""
    readings = Readings()
    assert after(readings, PLAIN, ON, live=False) == Verdict(standing=True)
    assert after(readings, PLAIN, ON) == Verdict()
    assert after(readings, PLAIN, OFF).standing is False
    assert after(readings, PLAIN, ON).press == ON
    assert after(readings, PLAIN, ON, live=False) == Verdict(), "we know of that press"


def test_a_kept_event_is_rejected() -> None:
    """A press of long ago."""
    assert after(Readings(), PLAIN, Press(), live=False) == Verdict(rejected="retained")


def test_what_was_not_handed_on_is_judged_the_same_again() -> None:
    """A message whose handling failed comes again, and must still be a press."""
    readings = Readings()
    assert readings.judge(PLAIN, ON, NOW).press == readings.judge(PLAIN, ON, NOW).press == ON
    assert readings.judge(TWICE, Press(), NOW).press == readings.judge(TWICE, Press(), NOW).press == Press()


def test_a_make_that_sends_a_press_twice_is_believed_once_in_two_seconds() -> None:
    """The second is kept in the journal; another word, or the same later, is a press."""
    readings, single, double = Readings(), Press(said=("single",)), Press(said=("double",))
    assert after(readings, TWICE, single).press == single
    assert after(readings, TWICE, single, at_s=1.9) == Verdict(rejected="duplicate")
    assert after(readings, TWICE, double, at_s=1.95).press == double
    readings = Readings()
    after(readings, TWICE, single)
    after(readings, TWICE, single, at_s=1.9)
    assert after(readings, TWICE, single, at_s=2.1).press == single, "who presses on and on is heard again"


def test_two_presses_of_any_other_make_are_two() -> None:
    """A hand may press twice in a second: in a test that makes it real."""
    readings = Readings()
    assert after(readings, PLAIN, Press(said=("single",))).press
    assert after(readings, PLAIN, Press(said=("single",)), at_s=0.1).press


def test_a_button_that_stays_pressed_is_told_until_it_is_let_go() -> None:
    """It could not be pressed again, and nobody would know; any of its messages tells it, after five minutes."""
    readings = Readings()
    assert after(readings, PLAIN, ON).stuck is None
    assert after(readings, PLAIN, ON, at_s=299.0).stuck is None
    assert after(readings, PLAIN, ON, at_s=300.0).stuck is True
    assert after(readings, PLAIN, Beat(), at_s=400.0).stuck is True
    assert after(readings, PLAIN, OFF, at_s=401.0).stuck is False
    assert after(readings, PLAIN, OFF, at_s=402.0).stuck is None


def test_a_press_that_may_be_lost_is_kept_and_told_until_the_device_speaks_again() -> None:
    """A doubtful message is no alarm: it may as well be a report of the battery."""
    readings = Readings()
    assert after(readings, LOSSY, Beat(Health(12), doubtful=True)) == Verdict(rejected="maybe_press", swallowed=True)
    assert after(readings, LOSSY, Beat()).swallowed is None
    assert after(readings, LOSSY, Beat(Health(90))).swallowed is False
    assert after(readings, LOSSY, Press()).swallowed is False
    assert after(readings, PLAIN, Press()).swallowed is None


def test_a_trial_of_the_device_is_kept_and_no_press() -> None:
    """Its own test button proves the way in, and alarms nobody."""
    assert after(Readings(), PLAIN, Beat(test=True)) == Verdict(rejected="test_press")


@given(st.lists(st.tuples(st.sampled_from([True, False, None]), st.booleans()), max_size=30))
def test_a_state_is_a_press_exactly_when_it_begins_live(history: list[tuple[bool | None, bool]]) -> None:
    """Against the plain rule: live, pressed, and not known to be pressed before."""
    readings, known = Readings(), None
    for active, live in history:
        meaning = ON if active else Beat(active=active)
        pressed = after(readings, PLAIN, meaning, live=live).press is not None
        assert pressed == (live and active is True and known is not True)
        known = known if active is None else active
