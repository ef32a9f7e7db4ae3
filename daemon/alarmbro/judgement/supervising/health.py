"""How each device is, for people: green, yellow or red, and why. Pure.

Red: a press would perhaps reach nobody. Yellow: it would, but somebody must see to it. Green: neither is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from alarmbro.judgement.supervising.devices import GATEWAY, OFFLINE, SILENT
from alarmbro.judgement.supervising.known import Known
from alarmbro.model.alarm import Fault
from alarmbro.model.site import Device

NEVER_HEARD, NEVER_TESTED, TEST_DUE, NO_INPUT = "never_heard", "never_tested", "test_due", "no_input"
# Of a device by itself: it cannot be pressed, or what it says does not come through.
DEAD = frozenset({SILENT, OFFLINE, "stuck", "active", "gpio", "cable"})
OF_BROKER = frozenset({"broker", "client-id", "subscription"})
OF_PINS = frozenset({"edges", "chip"})


class Colour(StrEnum):
    """The traffic light."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Health:
    """A colour and its reasons: names of faults (`KIND/SUBJECT`) or codes, the worst first."""

    colour: Colour
    reasons: tuple[str, ...] = ()


def health_of(device: Device, known: Known | None, faults: Iterable[Fault], *, tested: bool, due: bool) -> Health:
    """Judge a device by the faults that are open. `due`: it should be tested by now; `tested`: it ever was."""
    own = [fault for fault in faults if not fault.cleared and concerns(fault, device, known)]
    red = [fault.id for fault in own if _kills(fault, device)]
    yellow = [fault.id for fault in own if fault.id not in red]
    if device.gpio is None and device.mqtt is None and device.http_token is None:
        yellow.append(NO_INPUT)
    if known is not None and device.gpio is None and known.last_heard() is None and not own:
        yellow.append(NEVER_HEARD)
    if due:
        yellow.append(TEST_DUE if tested else NEVER_TESTED)
    colour = Colour.RED if red else Colour.YELLOW if yellow else Colour.GREEN
    return Health(colour, (*red, *yellow))


def concerns(fault: Fault, device: Device, known: Known | None) -> bool:
    """Tell whether a fault has to do with a device: its own, its broker's, its gateway's or its pins'."""
    if fault.device:
        return (fault.site, fault.device) == (device.site, device.id)
    if fault.kind == "mqtt":
        return device.mqtt is not None and fault.subject in OF_BROKER  # one broker serves all sites
    if fault.kind == GATEWAY:
        return known is not None and fault.subject in known.available
    if fault.kind == "gpio":
        return device.gpio is not None and fault.subject in OF_PINS
    if fault.kind == "listener":
        return fault.subject == f"mqtt:{device.site}" if device.mqtt else bool(device.gpio and fault.subject == "gpio")
    return False


def _kills(fault: Fault, device: Device) -> bool:
    """Tell whether a fault may keep a press from coming through; where the device has another way in it does not."""
    if device.gpio is not None and device.mqtt is not None:
        return False
    shared = fault.kind in {"mqtt", GATEWAY, "listener"} or (fault.kind == "gpio" and fault.subject == "chip")
    return shared or (fault.kind in DEAD and bool(fault.device))
