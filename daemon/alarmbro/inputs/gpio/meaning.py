"""What a contact means: a button calls people, an acknowledge key says that they are here.

Runs in the `gpio-poll` thread. Knows nothing of pins: `contact` reads them in the same way for all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from types import MappingProxyType
from typing import Protocol

from alarmbro.inputs.gpio.outbox import Outbox
from alarmbro.judgement.contacts.debounce import Held, Press, Timing
from alarmbro.model.activation import Acknowledgement, Activation, Close, HeldDown, Source
from alarmbro.model.moment import Clock, Moment
from alarmbro.model.site import AcknowledgeKey, Device, GpioInput

OLDEST_EDGE_S = 3600.0  # an older time stamp is of another clock than ours
TEST_HOLD_S = 3.0  # in a test a press that lasts so long is real
# A key that was left turned must not speak again for a loose wire: it is asked to rest for as long as a hand would let
# it. Two turns within a second say no more than one.
KEY_REST_S = 1.0
NO_KEYS: Mapping[str, AcknowledgeKey] = MappingProxyType({})


class Meaning(Protocol):
    """What is at the end of a wire. `path` names it, in faults too; `device` is empty where it is none."""

    path: str
    site: str
    device: str
    gpio: GpioInput
    calls: bool  # people to come: without it the daemon is not fit to start
    same_as: Hashable  # all that it is made of: one that equals it needs no other in its place

    def timing(self) -> Timing:
        """Give what counts as a press of it."""
        ...

    def owe(self, change: Press | Held) -> None:
        """Owe the door what follows. What raises is offered again."""
        ...


class Button:
    """Each press of a device is an activation.

    One that is held is another, at the level of the hold; where there is none the door hears of it all the same.
    """

    calls = True

    def __init__(
        self, device: Device, gpio: GpioInput, outbox: Outbox, clock: Clock, new_key: Callable[[], str]
    ) -> None:
        self.path, self.site, self.device, self.gpio = device.path, device.site, device.id, gpio
        self._hold = device.hold
        self.same_as: Hashable = (self.path, gpio, device.hold)
        self._outbox = outbox
        self._clock = clock
        self._new_key = new_key

    def timing(self) -> Timing:
        """Give what counts as a press, and from when on it is held."""
        long_s = self._hold.for_s if self._hold else max(TEST_HOLD_S, self.gpio.hold_s)
        return Timing(self.gpio.debounce_s, self.gpio.hold_s, long_s=long_s)

    def owe(self, change: Press | Held) -> None:
        """Owe an activation. That of a hold was received when the press had lasted so long."""
        if isinstance(change, Held) and self._hold is None:
            at = _moment(self._clock, change.at_s)
            self._outbox.held(HeldDown(self.site, self.device, at, Source.GPIO))
            return
        level = self._hold.level if self._hold and isinstance(change, Held) else None
        self._outbox.press(
            Activation(
                key=self._new_key(),
                site=self.site,
                device=self.device,
                received=_moment(self._clock, change.at_s),
                source=Source.GPIO,
                held_at_start=change.held_at_start,
                level=level,
            )
        )


class Key:
    """Each turn of a site's acknowledge key says "I am here"; one that is held closes, where the key may.

    A key that is found turned at start says nothing until it has rested: nobody knows when that was meant.
    """

    calls = False
    device = ""

    def __init__(self, site: str, key: AcknowledgeKey, outbox: Outbox, clock: Clock) -> None:
        self.path, self.site, self.gpio = key_path(site), site, key.gpio
        self._key = key
        self.same_as: Hashable = (self.path, key)
        self._outbox = outbox
        self._clock = clock

    def timing(self) -> Timing:
        """Give what counts as a turn: unlike a button's press it must last in one piece, no chatter adds up to it."""
        hold_s = max(self.gpio.hold_s, self.gpio.debounce_s)
        long_s = math.inf if self._key.close_hold_s is None else self._key.close_hold_s
        return Timing(self.gpio.debounce_s, hold_s, long_s=long_s, rest_s=KEY_REST_S)

    def owe(self, change: Press | Held) -> None:
        """Owe an acknowledgement, or the all-clear where it was held."""
        if change.held_at_start:
            return
        at, name = _moment(self._clock, change.at_s), self._key.name
        if isinstance(change, Press):
            self._outbox.answer(Acknowledgement(at, Source.GPIO, site=self.site, by=name))
        else:
            self._outbox.answer(Close(at, Source.GPIO, self._key.outcome, site=self.site, by=name))


def key_path(site: str) -> str:
    """Name a site's acknowledge key as people type it."""
    return f"{site}/acknowledge"


def _moment(clock: Clock, at_s: float) -> Moment:
    now = clock.now()
    return now.later(-min(max(0.0, now.monotonic_s - at_s), OLDEST_EDGE_S))
