"""What inputs hand to the one door (`shell.listening.intake`): presses, signs of life, rejects, troubles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from alarmbro.model.alarm import Closing
from alarmbro.model.level import Level
from alarmbro.model.moment import Moment
from alarmbro.model.position import Position


class Source(StrEnum):
    """The way a press came in."""

    GPIO = "gpio"
    MQTT = "mqtt"
    COMMAND = "command"  # `alarmbro press`
    HTTP = "http"  # a service of a device's maker calls the page


@dataclass(frozen=True, slots=True)
class Activation:
    """One press of one device.

    `received` is when alarmbro got it and starts every measure of time; `pressed_at` is what the message itself says.
    `press_id` is the publisher's id: the same id twice from one device is one activation. `key` is ours, unique.
    `level` is what the press itself says it asks for; None: what its device is for.
    """

    key: str
    site: str
    device: str
    received: Moment
    source: Source
    press_id: str | None = None
    pressed_at: datetime | None = None
    held_at_start: bool = False
    battery: int | None = None
    by: str | None = None
    level: Level | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A person says "I am on my way" about `alarm`; where that is empty, about every open alarm of `site`.

    `by` is a recipient's id or name, or any other name.
    """

    at: Moment
    source: Source
    alarm: str = ""
    site: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    """A person gives the all-clear for `alarm`; where that is empty, for every open alarm of `site`."""

    at: Moment
    source: Source
    outcome: Closing
    alarm: str = ""
    site: str = ""
    by: str = ""
    note: str = ""


Answer = Acknowledgement | Close


@dataclass(frozen=True, slots=True)
class HeldDown:
    """A button has been held for `TEST_HOLD_S`: nothing new, unless its press was taken for a test."""

    site: str
    device: str
    at: Moment
    source: Source


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a device, or who carries its messages, says of how it is. None: not said.

    `battery` is in percent; `battery_low` the device's own word for it. `available` is what a last will or a gateway
    says; `teller` names who (a topic), as several may, and the device is there only when all of them say so. `link` is
    the radio's quality as the maker counts it. `tamper`: its case is open. `live` is false for what a broker had kept:
    it may be true, and is no sign of life.
    """

    site: str
    device: str
    received: Moment
    battery: int | None = None
    battery_low: bool | None = None
    available: bool | None = None
    teller: str = ""
    link: int | None = None
    tamper: bool | None = None
    live: bool = True


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something that came in and is no press: kept in the journal, so that a lost press can be found later.

    `reason` is a code (`retained`, `too_large`, `not_json`, `unknown_device`, …); `excerpt` is the start of the
    payload, made printable, at most 200 characters.
    """

    received: Moment
    source: Source
    reason: str
    site: str = ""
    device: str = ""
    topic: str = ""
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault begins (`well` false) or ends (`well` true), named by `kind` and `subject`; e.g. `mqtt`, `broker`.

    `detail` is for the technician and holds no secret. Saying the same again changes nothing.
    """

    kind: str
    subject: str
    well: bool = False
    detail: str = ""
    site: str = ""
    device: str = ""
    data: dict[str, Any] = field(default_factory=dict)


class Door(Protocol):
    """What an input may call, from any thread. Nothing here blocks or raises."""

    def activation(self, activation: Activation, *, confirmed: Callable[[], None] | None = None) -> None:
        """Take a press. `confirmed` is called once it is on disk, from the journal's thread: never before."""
        ...

    def rejected(self, rejected: Rejected, *, confirmed: Callable[[], None] | None = None) -> None:
        """Take a reject; `confirmed` as for a press."""
        ...

    def answered(self, answer: Answer) -> None:
        """Take what a responder says at the site, by the acknowledge key."""
        ...

    def held(self, held: HeldDown) -> None:
        """Hear that a button is held: where its press was taken for a test, it is real."""
        ...

    def heartbeat(self, heartbeat: Heartbeat) -> None:
        """Take a sign of life. Kept in memory only (an SD card wears)."""
        ...

    def trouble(self, trouble: Trouble) -> None:
        """Take the begin or end of a fault."""
        ...


class Listener(Protocol):
    """An input with threads of its own, watched by the turn."""

    name: str

    def start(self) -> None:
        """Begin to listen; return when armed. Raise MachineError where that can never work on this machine."""
        ...

    def stop(self) -> None:
        """End within a second, and leave no press half taken. May be called twice."""
        ...

    def alive(self) -> bool:
        """Tell whether every thread of it lives and moves. A lost broker is no death."""
        ...
