"""Silence, batteries and last wills become faults of the technician's, each once, and are over when they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from alarmbro.judgement.supervising.devices import of_device, of_gateways, shared_tellers, silent_in_s
from alarmbro.judgement.supervising.known import Known, recalled
from alarmbro.model.activation import Heartbeat
from alarmbro.model.moment import UNKNOWN_S, Moment
from alarmbro.model.site import Device, MqttInput, Supervision

START = Moment("boot", 1000.0, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
PENDANT = Device(
    "vraa", "lommy-1", "Lommy 1", "bibliotek", mqtt=MqttInput(own=True), supervise=Supervision(86400.0, 20, 50)
)


def wrong(known: Known, now: Moment, device: Device = PENDANT) -> dict[str, str]:
    """Give what is wrong, by kind, with its detail; everything else must be said to be well."""
    said = list(of_device(device, known, now))
    assert all(each.detail == "" for each in said if each.well)
    return {each.kind: each.detail for each in said if not each.well}


def beat(at: Moment = START, **said: object) -> Heartbeat:
    return replace(Heartbeat("vraa", "lommy-1", at), **said)  # type: ignore[arg-type]  # each is a field's own type


def test_a_device_that_says_nothing_for_its_time_is_silent_and_well_with_the_next_word() -> None:
    """Counted from when alarmbro began to listen."""
    known = Known(START)
    assert wrong(known, START.later(86399)) == {}
    assert wrong(known, START.later(86400)) == {"silent": "24 h"}
    known.learn(beat(START.later(86500)))
    assert wrong(known, START.later(86600)) == {}


def test_silence_goes_on_over_a_restart_and_not_while_the_machine_was_off() -> None:
    """A machine that is started anew each day still finds the dead pendant; one that was off for a month does not."""
    known = Known(START)
    known.learn(beat())
    later = recalled(known.kept(START.later(80000)), Moment("next", 5.0, START.utc.replace(year=2030)))
    assert later.silence_s(Moment("next", 5.0, START.utc)) == 80000
    assert "silent" in wrong(later, Moment("next", 6405.0, START.utc))
    assert later.last_heard() == START.utc


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


@given(st.recursive(ANYTHING, st.lists) | st.dictionaries(st.sampled_from(["silent_s", "heard", "battery"]), ANYTHING))
def test_whatever_the_file_says_of_a_device_it_can_be_supervised(kept: object) -> None:
    """A file that somebody edited, or half of one."""
    known = recalled(kept, START)
    assert known.silence_s(START) >= 0
    wrong(known, START)


def test_what_a_broker_had_kept_is_no_sign_of_life() -> None:
    """Nor is a gateway's word; but what they say of the device holds."""
    known = Known(START)
    known.learn(beat(START.later(86400), live=False, battery=12))
    known.learn(beat(START.later(86400), available=True, teller="bridge"))
    assert wrong(known, START.later(86400)) == {"silent": "24 h", "battery": "12 %"}


def test_a_low_battery_is_a_fault_until_it_is_clearly_better() -> None:
    """19 is low, 24 says nothing new, 25 is well; the device's own flag counts whatever the number."""
    known = Known(START)
    told = {}
    for percent in (60, 19, 24, 25):
        known.learn(beat(battery=percent))
        told[percent] = [not each.well for each in of_device(PENDANT, known, START) if each.kind == "battery"]
    assert told == {60: [False], 19: [True], 24: [], 25: [False]}
    known.learn(beat(battery=100, battery_low=True))
    assert wrong(known, START) == {"battery": "100 %"}


def test_a_battery_is_watched_where_nobody_asked_for_it() -> None:
    """A pendant that says 5 % is about to die, whatever the file says."""
    known = Known(START)
    known.learn(beat(battery=5))
    assert wrong(known, START, replace(PENDANT, supervise=Supervision())) == {"battery": "5 %"}


def test_an_opened_case_and_a_poor_link_are_told() -> None:
    """Where the device says so."""
    known = Known(START)
    known.learn(beat(tamper=True, link=49))
    assert wrong(known, START) == {"tamper": "", "link": "49"}
    known.learn(beat(tamper=False, link=50))
    assert wrong(known, START) == {}


def test_a_device_is_there_only_when_everybody_who_speaks_for_it_says_so() -> None:
    """Its own last will, and its gateway's."""
    known = Known(START)
    known.learn(beat(available=False, teller="z/a/availability"))
    known.learn(beat(available=True, teller="z/bridge/state"))
    assert wrong(known, START) == {"offline": "z/a/availability"}


def test_a_gateway_that_is_gone_is_one_fault_and_not_one_for_each_of_its_buttons() -> None:
    """Twenty messages would hide what is wrong."""
    known = {f"vraa/knap-{number}": Known(START) for number in range(20)}
    for each in known.values():
        each.learn(beat(available=False, teller="z/bridge/state"))
    shared = shared_tellers(known)
    gone = list(of_gateways(known, shared))
    assert [(each.kind, each.subject, each.well, each.site) for each in gone] == [
        ("gateway", "z/bridge/state", False, "vraa")
    ]
    own = list(of_device(PENDANT, known["vraa/knap-1"], START, frozenset(shared)))
    assert all(each.well for each in own)


def test_it_is_known_when_to_look_again() -> None:
    """Not before a device can have become silent; never for one that counts as silent, or is not supervised so."""
    known = Known(START)
    assert silent_in_s(PENDANT, known, START.later(86000)) == 400
    assert silent_in_s(PENDANT, known, START.later(90000)) == UNKNOWN_S
    assert silent_in_s(replace(PENDANT, supervise=Supervision()), known, START) == UNKNOWN_S


def test_a_make_that_reports_by_itself_is_supervised_without_being_asked() -> None:
    """The preset knows how often; the device's own words win."""
    made = replace(PENDANT, mqtt=MqttInput(heartbeat_s=3600.0), supervise=Supervision())
    assert wrong(Known(START), START.later(3600), made) == {"silent": "60 min"}
    assert wrong(Known(START), START.later(3600), replace(made, supervise=Supervision(7200.0))) == {}
