"""A device of a preset as the listener has it: its topics, what is read before, and a door that notes what comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from clocks import JumpingClock

from alarmbro.config.presets.inputs import of_preset
from alarmbro.config.schema.mqtt import PresetWords
from alarmbro.inputs.mqtt_messages import Message, Messages
from alarmbro.inputs.mqtt_topics import Topics
from alarmbro.model.activation import Activation, Answer, Heartbeat, HeldDown, Rejected, Trouble
from alarmbro.model.moment import iso
from alarmbro.model.site import Device


@dataclass
class NotingDoor:
    """Notes what comes as the samples name it, and everything that was said."""

    means: list[str] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)

    def activation(self, activation: Activation, *, confirmed: Callable[[], None] | None = None) -> None:
        self.means.append("press")
        _confirm(confirmed)
        at, place = activation.pressed_at, activation.position
        self.said |= {
            "press_id": activation.press_id,
            "pressed_at": iso(at) if at else None,
            "position": [place.latitude, place.longitude] if place else None,
            "found_at": iso(place.at) if place and place.at else None,
        }

    def rejected(self, rejected: Rejected, *, confirmed: Callable[[], None] | None = None) -> None:
        self.means.append(f"rejected {rejected.reason}")
        _confirm(confirmed)

    def heartbeat(self, beat: Heartbeat) -> None:
        if beat.available is not None:
            self.means.append("there" if beat.available else "gone")
        elif beat.live:
            self.means.append("alive")
        if not beat.live:
            self.means.append("kept")
        names = ("battery", "battery_low", "link", "tamper", "teller")
        self.said |= {name: getattr(beat, name) for name in names}

    def trouble(self, trouble: Trouble) -> None:
        self.means.append(f"{'over' if trouble.well else 'fault'} {trouble.kind}")

    def answered(self, answer: Answer) -> None:
        raise AssertionError(answer)

    def held(self, held: HeldDown) -> None:
        raise AssertionError(held)


class Wired:
    """A device of a preset, with the words of its `mqtt:`."""

    def __init__(self, **words: Any) -> None:
        made = of_preset(PresetWords.model_validate(words))
        self.device = Device("vraa", "knap", "Knap", "bibliotek", mqtt=made)
        self.door = NotingDoor()
        self.clock = JumpingClock()
        self._topics = Topics("alarmbro", "vraa", [self.device])
        self._messages = Messages(self.door, lambda: "key")
        self.topics = made.topics

    def hears(
        self, payload: bytes, topic: str | None = None, *, kept: bool = False
    ) -> tuple[list[str], dict[str, Any]]:
        """Give what comes of a message, in its order, and what was read of it."""
        self.door.means, self.door.said = [], {}
        heard = topic if topic is not None else self.topics[0].replace("+", "any")
        message = Message(heard, payload, self.clock.now(), lambda: lambda: None, live=not kept)
        for reading in self._topics.readings(heard):
            if kept and not reading.stands:
                self.door.means.append("rejected retained")
            elif self._messages.take(message, reading):
                self.door.means.append("unread")
        return self.door.means, self.door.said


def _confirm(confirmed: Callable[[], None] | None) -> None:
    if confirmed is not None:
        confirmed()
