"""Green, yellow or red, and why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from alarmbro.judgement.supervising.health import Colour, Health, health_of
from alarmbro.judgement.supervising.known import Known
from alarmbro.model.alarm import Fault
from alarmbro.model.moment import Moment
from alarmbro.model.site import Device, GpioInput, MqttInput

START = Moment("boot", 1000.0, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
PENDANT = Device("vraa", "lommy-1", "Lommy 1", "bibliotek", mqtt=MqttInput(own=True))
BUTTON = Device("hirtshals", "lokale-1", "Lokale 1", "bibliotek", gpio=GpioInput(17))
BOTH = Device("vraa", "knap", "Knap", "bibliotek", gpio=GpioInput(17), mqtt=MqttInput(own=True))


def fault(kind: str, subject: str, device: Device | None = None, *, cleared: bool = False) -> Fault:
    site, name = (device.site, device.id) if device else ("", "")
    return Fault(f"{kind}/{subject}", site, name, START, kind=kind, subject=subject, cleared=cleared)


def judged(
    device: Device, *faults: Fault, known: Known | None = None, tested: bool = True, due: bool = False
) -> Health:
    if known is None and device.mqtt:
        known = Known(START, heard=START)
    return health_of(device, known, faults, tested=tested, due=due)


@pytest.mark.parametrize("device", [PENDANT, BUTTON, BOTH])
def test_a_device_of_which_nothing_is_known_to_be_wrong_is_green(device: Device) -> None:
    """And the faults of others are not its own."""
    others = fault("silent", "vraa/lommy-9", Device("vraa", "lommy-9", "", "")), fault("reviewed", "leder")
    assert judged(device, *others) == Health(Colour.GREEN)


@pytest.mark.parametrize("kind", ["silent", "offline", "stuck", "cable"])
def test_a_device_whose_press_might_not_come_through_is_red(kind: str) -> None:
    """The reason names the fault."""
    assert judged(PENDANT, fault(kind, "vraa/lommy-1", PENDANT)) == Health(Colour.RED, (f"{kind}/vraa/lommy-1",))
    assert judged(PENDANT, fault(kind, "vraa/lommy-1", PENDANT, cleared=True)).colour is Colour.GREEN


@pytest.mark.parametrize("kind", ["battery", "link", "tamper", "chatter"])
def test_a_device_that_somebody_must_see_to_is_yellow(kind: str) -> None:
    """It still alarms."""
    assert judged(PENDANT, fault(kind, "vraa/lommy-1", PENDANT)).colour is Colour.YELLOW


def test_without_the_broker_every_pendant_is_red_and_no_wired_button() -> None:
    """One broker serves all sites of a machine."""
    broker = fault("mqtt", "broker")
    assert judged(PENDANT, broker).colour is Colour.RED
    assert judged(BUTTON, broker).colour is Colour.GREEN
    assert judged(BOTH, broker).colour is Colour.YELLOW


def test_without_its_gateway_a_button_is_red() -> None:
    """Those on other gateways are not."""
    known = Known(START, heard=START, available={"z/bridge/state": False})
    assert judged(PENDANT, fault("gateway", "z/bridge/state"), known=known).colour is Colour.RED
    assert judged(PENDANT, fault("gateway", "z/bridge/state")).colour is Colour.GREEN


def test_one_that_was_never_heard_from_or_never_tested_is_yellow() -> None:
    """Nobody knows whether it works."""
    assert judged(PENDANT, known=Known(START)) == Health(Colour.YELLOW, ("never_heard",))
    assert judged(BUTTON, tested=False, due=True) == Health(Colour.YELLOW, ("never_tested",))
    assert judged(BUTTON, due=True) == Health(Colour.YELLOW, ("test_due",))


def test_the_worst_reason_comes_first() -> None:
    """Whoever reads one, reads that."""
    faults = fault("battery", "vraa/lommy-1", PENDANT), fault("offline", "vraa/lommy-1", PENDANT)
    assert judged(PENDANT, *faults).reasons == ("offline/vraa/lommy-1", "battery/vraa/lommy-1")
