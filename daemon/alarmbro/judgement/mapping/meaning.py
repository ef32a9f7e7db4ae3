"""The words for what a message of a device can mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from alarmbro.model.position import Position


class TopicKind(StrEnum):
    """Which of a device's topics a message came on."""

    PRESS = "press"  # PREFIX/SITE/DEVICE/press
    HEARTBEAT = "heartbeat"  # PREFIX/SITE/DEVICE/heartbeat
    MAPPED = "mapped"  # a topic that the configuration names
    AVAILABILITY = "availability"  # where others say whether the device is there


@dataclass(frozen=True, slots=True)
class Health:
    """What a message says of how the device is. None: not said. The units are those of `Heartbeat`."""

    battery: int | None = None
    battery_low: bool | None = None
    link: int | None = None
    tamper: bool | None = None

    @property
    def said(self) -> bool:
        """Tell whether anything is said at all."""
        return self != NOTHING_SAID


NOTHING_SAID = Health()


@dataclass(frozen=True, slots=True)
class Press:
    """The device was pressed, or says that it is.

    `state`: it is pressed, which it may have said before. `active` is whether the message says that it stands pressed,
    None where it says neither. `said` are the values that made it a press. `note` is a code for what was left out of
    the message (`too_large`), or empty.
    """

    press_id: str | None = None
    pressed_at: datetime | None = None
    health: Health = NOTHING_SAID
    position: Position | None = None
    state: bool = False
    active: bool | None = None
    said: tuple[Any, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Beat:
    """The device, or who speaks for it, says how it is; nobody pressed it.

    `available` is whether it is there, in the words of `teller`. `test`: its own trial button was pressed. `doubtful`:
    the message may be a press that the device could not put into words.
    """

    health: Health = NOTHING_SAID
    active: bool | None = None
    available: bool | None = None
    teller: str = ""
    test: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Nothing:
    """The message is about another device of the same topic."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """The message cannot be judged: `reason` is `not_json` or `too_large`."""

    reason: str


Meaning = Press | Beat | Nothing | Malformed
