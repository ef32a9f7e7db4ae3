"""relay:// signals for a time or until all is closed, on one relay for each pin, and never waits for it."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from apprise import Apprise, NotifyType
from apprise.exception import AppriseException
from apprise.manager_plugins import NotificationManager
from gpiozero import OutputDevice, PinSetInput
from gpiozero.pins.mock import MockFactory, MockPin

from alarmbro.delivery.channel import Channels
from alarmbro.delivery.plugins import register, relay
from alarmbro.judgement.addressing.coded import SAYS
from alarmbro.model.delivery import CALLS, Message, MessageKind, Occasion, Outcome, Urgency
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret

register()
if "relay" not in NotificationManager():
    NotificationManager().add(relay.NotifyRelay)

LONG_S = 5.0
ALARM = Occasion(MessageKind.ALARM, matter="1")
CLOSED = Occasion(MessageKind.CLOSED_REAL, matter="1")


class Worn(MockPin):  # type: ignore[misc]  # gpiozero has no types
    """A pin that takes no level once it is `worn`, as a line that the chip gives no more."""

    worn = False

    def _set_state(self, value: Any) -> None:
        if self.worn:
            raise PinSetInput("worn")
        super()._set_state(value)


@pytest.fixture
def pins() -> Iterator[Any]:
    """Give mock pins, and have relays take theirs from there."""
    factory = MockFactory()
    relay.configure(lambda: factory)
    yield factory
    relay.release_all()
    relay.configure(None)
    factory.reset()


def made(url: str) -> Any:
    """Make a plugin; raise what it says of a URL that is wrong."""
    return Apprise.instantiate(url, suppress_exceptions=False)


def say(plugin: Any, occasion: Occasion | None, kind: NotifyType = NotifyType.INFO) -> bool:
    """Say something through a plugin, as a channel does."""
    plugin.occasion = occasion
    return bool(plugin.notify(body="Overfaldsalarm", notify_type=kind))


def becomes(told: Callable[[], bool]) -> bool:
    """Wait until something is so."""
    until = time.monotonic() + LONG_S
    while not told():
        if time.monotonic() > until:
            return False
        threading.Event().wait(0.005)
    return True


def test_a_pulse_signals_and_ends_by_itself(pins: Any) -> None:
    """And `notify` has come back long before."""
    pin = pins.pin(17)
    plugin = made("relay://17?pulse=60ms")
    assert say(plugin, ALARM)
    assert pin.state
    assert becomes(lambda: not pin.state)
    assert [state.state for state in pin.states] == [False, True, False]


def test_notify_does_not_wait_for_the_pulse(pins: Any) -> None:
    """Ten minutes would hold up every other message of its lane."""
    begun_s = time.monotonic()
    assert say(made("relay://17?pulse=10m"), ALARM)
    assert time.monotonic() - begun_s < 1.0
    assert pins.pin(17).state


def test_a_second_alarm_prolongs_the_pulse_and_blinks_nothing(pins: Any) -> None:
    """From whichever object of that pin it comes; a shorter one makes it no shorter."""
    assert say(made("relay://17?pulse=10m"), ALARM)
    assert say(made("relay://17?pulse=50ms"), Occasion(MessageKind.ALARM, matter="2"))
    assert [state.state for state in pins.pin(17).states] == [False, True]


def test_the_end_of_an_alarm_cuts_no_pulse_short(pins: Any) -> None:
    """What it is wired to may need all of it."""
    plugin = made("relay://17?pulse=10m")
    assert say(plugin, ALARM)
    assert say(plugin, CLOSED)
    assert pins.pin(17).state


def test_a_latched_signal_ends_with_the_last_of_its_alarms(pins: Any) -> None:
    """Each with its own outcome, from whichever object."""
    pin = pins.pin(17)
    assert say(made("relay://17?latch=yes"), ALARM)
    assert say(made("relay://17?latch=yes"), Occasion(MessageKind.ESCALATED, matter="2"))
    assert say(made("relay://17?latch=yes"), Occasion(MessageKind.REPEATED, matter="1"))
    assert say(made("relay://17?latch=yes"), CLOSED)
    assert pin.state
    assert say(made("relay://17?latch=yes"), Occasion(MessageKind.CLOSED_FALSE_ALARM, matter="2"))
    assert [state.state for state in pin.states] == [False, True, False]


@pytest.mark.parametrize("kind", [MessageKind.TRIAL, MessageKind.TEST_ALARM])
def test_a_test_only_pulses_a_latched_relay(pins: Any, kind: MessageKind) -> None:
    """Nobody closes a test that nobody must come to."""
    pin = pins.pin(17)
    assert say(made("relay://17?latch=yes&pulse=50ms"), Occasion(kind, matter="9"))
    assert pin.state
    assert becomes(lambda: not pin.state)


def test_a_test_ends_no_alarm(pins: Any) -> None:
    """Neither does its pulse, nor its end."""
    pin = pins.pin(17)
    plugin = made("relay://17?latch=yes&pulse=50ms")
    assert say(plugin, ALARM)
    assert say(plugin, Occasion(MessageKind.TEST_ALARM, matter="9"))
    assert say(plugin, Occasion(MessageKind.CLOSED_TEST, matter="9"))
    assert becomes(lambda: plugin.contact._until_s < 0)
    assert [state.state for state in pin.states] == [False, True]


@pytest.mark.parametrize(
    ("wiring", "rest", "signal"),
    [
        ("", False, True),
        ("&active_low=yes", True, False),
        ("&normally=energised", True, False),
        ("&normally=energised&active_low=yes", False, True),
    ],
)
def test_the_pin_is_as_the_relay_is_wired(pins: Any, wiring: str, *, rest: bool, signal: bool) -> None:
    """At rest and signalling; and at rest from the moment that it is claimed."""
    url = f"relay://17?latch=yes{wiring}"
    assert relay.claim(url).outcome is Outcome.OK
    pin = pins.pin(17)
    assert pin.state is rest
    assert say(made(url), ALARM)
    assert pin.state is signal
    assert say(made(url), CLOSED)
    assert pin.state is rest


def test_an_address_alone_claims_no_pin(pins: Any) -> None:
    """Checking a configuration makes objects, too, and the one in force goes on."""
    made("relay://17?normally=energised")
    assert pins.pin(17).function == "input"


def test_a_latched_relay_is_claimed_for_the_alarms_that_are_open(pins: Any) -> None:
    """After a restart nobody tells it of them again."""
    assert relay.claim("relay://17?latch=yes", ("1", "2")).outcome is Outcome.OK
    plugin = made("relay://17?latch=yes")
    assert pins.pin(17).state
    assert say(plugin, CLOSED)
    assert pins.pin(17).state
    assert say(plugin, Occasion(MessageKind.CLOSED_REAL, matter="2"))
    assert not pins.pin(17).state


def test_a_pulsed_relay_does_not_signal_again_at_a_restart(pins: Any) -> None:
    """Its alarms were signalled when they were new."""
    assert relay.claim("relay://17", ("1",)).outcome is Outcome.OK
    assert not pins.pin(17).state


def test_releasing_all_leaves_nothing_signalling_and_nothing_claimed(pins: Any) -> None:
    """Nor does a message that is still on its way."""
    plugin = made("relay://17?latch=yes")
    assert say(plugin, ALARM)
    relay.release_all()
    assert not pins.pin(17).state
    assert pins.pin(17).function == "input"
    assert not say(plugin, ALARM)
    assert plugin.result.reason == "pin"
    relay.release_all()


def test_a_pin_that_cannot_be_written_any_more_is_let_go_all_the_same(pins: Any) -> None:
    """Or a changed configuration could never claim it again."""
    pins.pin_class = Worn
    assert relay.claim("relay://17").outcome is Outcome.OK
    line = pins.pin(17)
    line.worn = True
    held = [thing for thing in gc.get_objects() if isinstance(thing, OutputDevice)]  # as a traceback may hold it
    relay.release_all()
    assert all(output.closed for output in held)
    line.worn = False
    OutputDevice(17, pin_factory=pins).close()


def test_a_pin_in_use_is_told_and_tried_again(pins: Any) -> None:
    """Whoever holds it may let go."""
    other = OutputDevice(17, pin_factory=pins)
    plugin = made("relay://17?latch=yes")
    assert not say(plugin, ALARM)
    assert (plugin.result.outcome, plugin.result.reason) == (Outcome.FAILED, "pin")
    assert "17" in plugin.result.detail
    other.close()
    assert say(plugin, ALARM)
    assert pins.pin(17).state


def test_a_pulse_that_never_began_is_not_tried_for_ever(pins: Any) -> None:
    """Its message is tried again instead."""
    other = OutputDevice(17, pin_factory=pins)
    plugin = made("relay://17?pulse=50ms")
    assert not say(plugin, ALARM)
    assert becomes(lambda: plugin.contact._until_s < 0)
    other.close()
    assert say(plugin, ALARM)


def test_no_pins_at_all_are_told() -> None:
    """On a machine without any."""

    def none() -> Any:
        raise OSError("no chip")

    relay.configure(none)
    try:
        assert relay.claim("relay://17").reason == "pin"
    finally:
        relay.release_all()
        relay.configure(None)


def test_one_pin_is_not_wired_two_ways(pins: Any) -> None:
    """The second address is refused, and the first goes on."""
    assert relay.claim("relay://17").outcome is Outcome.OK
    assert relay.claim("relay://17?active_low=yes").reason == "unusable"
    assert not say(made("relay://17?active_low=yes"), ALARM)
    assert say(made("relay://17"), ALARM)


def test_all_kinds_that_a_relay_says_are_signalled_and_no_others(pins: Any) -> None:
    """`coded` says which are owed to it."""
    plugin = made("relay://17?latch=yes&pulse=50ms")
    for kind in MessageKind:
        assert say(plugin, Occasion(kind, matter="1")) is (kind in SAYS["relay"]), kind
        if kind in CALLS:
            assert pins.pin(17).state
    plugin.occasion = Occasion(MessageKind.ACKNOWLEDGED)
    assert not plugin.notify(body="x")
    assert plugin.result.reason == "no_code"


def test_others_than_alarmbro_end_it_by_success(pins: Any) -> None:
    """Without an occasion the type of the message says."""
    plugin = made("relay://17?latch=yes")
    assert say(plugin, None, NotifyType.FAILURE)
    assert pins.pin(17).state
    assert say(plugin, None, NotifyType.SUCCESS)
    assert not pins.pin(17).state


def test_many_threads_share_one_relay(pins: Any) -> None:
    """None of them is lost, whatever their order."""
    plugins = [made("relay://17?latch=yes") for _ in range(20)]

    def both(number: int) -> None:
        say(plugins[number], Occasion(MessageKind.ALARM, matter=str(number)))
        say(plugins[number], Occasion(MessageKind.CLOSED_REAL, matter=str(number)))

    threads = [threading.Thread(target=both, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG_S)
    assert not pins.pin(17).state


def test_a_channel_signals_by_the_occasion(pins: Any) -> None:
    """As the daemon does."""
    target = Target("lampe", 1, "relay", Secret("relay://17?latch=yes"))
    channels = Channels([target])
    message = Message("Overfaldsalarm", "Tekst", "Kort", Urgency.ALARM)
    assert channels.warm({}) == []
    assert channels.together(target) == 1
    assert channels.send(target, {}, message, None, ALARM).outcome is Outcome.OK
    assert pins.pin(17).state
    assert channels.send(target, {}, message, None, CLOSED).outcome is Outcome.OK
    assert not pins.pin(17).state
    assert channels.send(target, {}, message, None, Occasion(MessageKind.FAULT)).reason == "no_code"


@pytest.mark.parametrize(
    "url",
    [
        "relay://17/?pulse=3s",
        "relay://4/?pulse=500ms&latch=yes",
        "relay://27/?pulse=2m&normally=energised&active_low=yes",
    ],
)
def test_a_url_makes_the_same_again(url: str) -> None:
    """With what was left out written out."""
    again = made(made(url).url())
    assert (again.pin, again.pulse_s, again.latch, again.wiring) == (
        made(url).pin, made(url).pulse_s, made(url).latch, made(url).wiring,
    )  # fmt: skip
    assert again.url(privacy=True) == made(url).url()


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("relay://28", "BCM"),
        ("relay://lampe", "BCM"),
        ("relay://17?pulse=3", "pulse=3s"),
        ("relay://17?pulse=1ms", "50ms"),
        ("relay://17?pulse=1h", "pulse="),
        ("relay://17?latch=maybe", "latch="),
        ("relay://17?lach=yes", "latch"),
        ("relay://17?normally=open", "energised"),
        ("relay://17?active_low=2", "active_low"),
    ],
)
def test_a_url_that_is_wrong_is_refused_and_says_what_would_be_right(url: str, hint: str) -> None:
    """Rather than a siren that does something else."""
    with pytest.raises(AppriseException, match=hint):
        made(url)
    assert relay.claim(url).reason == "unusable"


def test_apprise_describes_it() -> None:
    """`apprise --dry-run` and web front ends read it."""
    details = {each["protocols"][0]: each for each in Apprise().details()["schemas"] if each["protocols"]}
    assert set(details["relay"]["details"]["args"]) >= {"pulse", "latch", "normally", "active_low"}
