"""What one message of a device leads to: at the door, in this order, a press, what is kept of it, how the device is.

Promises: a press is handed on before anything else is done with its message. What was read is remembered only when all
of it is handed on, so that a message that failed and comes again is judged as it was the first time.
May raise where the door does; the caller keeps the message for another time. Runs in the link's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from alarmbro.inputs.mqtt_topics import Reading
from alarmbro.judgement.mapping.interpreting import excerpt, interpret
from alarmbro.judgement.mapping.meaning import Beat, Malformed, Nothing, Press
from alarmbro.judgement.mapping.readings import Readings, Verdict
from alarmbro.model.activation import Activation, Door, Heartbeat, Rejected, Source, Trouble
from alarmbro.model.moment import Moment
from alarmbro.model.site import Device

log = structlog.get_logger(__name__)

STANDING, SWALLOWED, STUCK = "active", "swallowed", "stuck"


@dataclass(frozen=True, slots=True)
class Message:
    """One message in hand. `promise` gives what is to be called when a thing made of it is in the journal."""

    topic: str
    payload: bytes
    received: Moment
    promise: Callable[[], Callable[[], None]]
    live: bool = True


@dataclass(slots=True)
class Messages:
    """Reads the messages of one site's devices. `new_key` gives the key of an activation."""

    door: Door
    new_key: Callable[[], str]
    readings: Readings = field(default_factory=Readings)

    def take(self, message: Message, reading: Reading) -> str:
        """Hand on what a message means for one device; give the reason where it cannot be read."""
        device = reading.device
        meaning = interpret(device, reading.kind, message.payload, reading.availability)
        if isinstance(meaning, Malformed):
            return meaning.reason
        if isinstance(meaning, Nothing):
            return ""
        verdict = self.readings.judge(device, meaning, message.received, live=message.live)
        if verdict.press is not None:
            self._press(message, device, verdict.press)
        if verdict.rejected:
            self._reject(message, device, verdict.rejected)
        self._tell(device, verdict)
        if _tells(reading, meaning):
            self.door.heartbeat(_heartbeat(message, device, meaning))
        self.readings.keep(device, meaning, verdict, message.received)
        return ""

    def _press(self, message: Message, device: Device, press: Press) -> None:
        if press.note:
            log.warning("payload of a press ignored", device=device.path, reason=press.note)
        activation = Activation(
            key=self.new_key(), site=device.site, device=device.id, received=message.received, source=Source.MQTT,
            press_id=press.press_id, pressed_at=press.pressed_at, battery=press.health.battery, position=press.position,
        )  # fmt: skip
        self.door.activation(activation, confirmed=message.promise())

    def _reject(self, message: Message, device: Device, reason: str) -> None:
        rejected = Rejected(
            message.received, Source.MQTT, reason, device.site, device.id, message.topic, excerpt(message.payload)
        )
        self.door.rejected(rejected, confirmed=message.promise())

    def _tell(self, device: Device, verdict: Verdict) -> None:
        for kind, bad in ((STANDING, verdict.standing), (SWALLOWED, verdict.swallowed), (STUCK, verdict.stuck)):
            if bad is not None:
                self.door.trouble(Trouble(kind, device.path, well=not bad, site=device.site, device=device.id))


def _tells(reading: Reading, meaning: Press | Beat) -> bool:
    """Tell whether a message says how its device is. A bare press says nothing that it does not say itself."""
    if isinstance(meaning, Beat) and not reading.exclusive:
        return False
    return isinstance(meaning, Beat) or meaning.state or meaning.health.said


def _heartbeat(message: Message, device: Device, meaning: Press | Beat) -> Heartbeat:
    health = meaning.health
    beat = meaning if isinstance(meaning, Beat) else Beat()
    return Heartbeat(
        device.site, device.id, message.received, health.battery, health.battery_low, beat.available, beat.teller,
        health.link, health.tamper, message.live,
    )  # fmt: skip
