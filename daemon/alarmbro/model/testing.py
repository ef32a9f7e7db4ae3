"""The words of the yearly test: rounds, the devices in them, and the alarms that are tests.

A *round* is led by a coordinator at one site for a limited time. Each of its devices goes waiting → pressed → passed or
failed. The first press of a waiting device raises a *test alarm*; every other press, everywhere, is real.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from alarmbro.model.alarm import Matter
from alarmbro.model.moment import Moment


class Standing(StrEnum):
    """Where a device stands in a round."""

    WAITING = "waiting"
    PRESSED = "pressed"
    PASSED = "passed"
    FAILED = "failed"


class Reason(StrEnum):
    """Why a device has failed."""

    NOT_PRESSED = "not_pressed"
    NOT_REACHED = "not_reached"
    TOO_SLOW = "too_slow"
    NOT_CONFIRMED = "not_confirmed"
    REAL = "real"  # it was pressed again, or held, and so became a real alarm
    INTERRUPTED = "interrupted"  # a real alarm came in the middle


class Ending(StrEnum):
    """Why a round has ended."""

    ALL_DONE = "all_done"
    TIME = "time"
    FINISHED = "finished"  # by a person
    ABORTED = "aborted"  # by a person, without a verdict on what was not pressed
    CLOCK = "clock"  # after a reboot nobody can tell what time it is


class Withheld(StrEnum):
    """Why a recipient is not told of a test."""

    IN_TEST = "in_test"  # the configuration says so
    NOT_ON_TEST = "not_on_test"  # an alarm centre that nobody has told that tests will come


@dataclass(slots=True)
class Tried:
    """One device in a round. `alarm` is its test alarm's id, empty while it waits."""

    device: str
    standing: Standing = Standing.WAITING
    alarm: str = ""
    reason: Reason | None = None


@dataclass(slots=True)
class TestAlarm(Matter):
    """A press that is a device's test, until the verdict.

    `wanted` are the recipients that are to be reached, `confirm` those of them of whom a person must confirm it.
    `reached` and `confirmed` hold milliseconds after the press, None where a reboot came between.
    """

    round: str = ""
    wanted: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    reached: dict[str, int | None] = field(default_factory=dict)
    confirmed: dict[str, int | None] = field(default_factory=dict)


@dataclass(slots=True)
class Round(Matter):
    """A test round. `since` is when it was started, `begun` when this boot began to count, for `left_s` seconds.

    `by` is the name as it was given, empty once it is no longer kept; `coordinator` the recipient that it means, empty
    where none.
    """

    begun: Moment = field(kw_only=True)
    left_s: float = 0.0
    until: datetime = field(kw_only=True)
    confirm: bool = False
    by: str = ""
    coordinator: str = ""
    devices: dict[str, Tried] = field(default_factory=dict)
    ended: Ending | None = None

    def of(self, *standings: Standing) -> list[str]:
        """Name the devices that stand so, in the round's order."""
        return [name for name, tried in self.devices.items() if tried.standing in standings]

    def left_in_s(self, now: Moment) -> float:
        """Give the seconds until it ends by itself; 0 where it has ended, or this boot has not begun to count."""
        gone_s = now.since(self.begun)
        return 0.0 if self.ended else max(0.0, self.left_s - gone_s)

    def missing(self) -> list[str]:
        """Name the devices that have not passed."""
        return [name for name, tried in self.devices.items() if tried.standing is not Standing.PASSED]


@dataclass(frozen=True, slots=True)
class OnTest:
    """An alarm centre knows, from `at` on and for `for_s` seconds, that tests will come."""

    at: Moment
    for_s: float
    until: datetime


@dataclass(frozen=True, slots=True)
class StartTest:
    """A coordinator starts a round. `devices` empty: all of the site."""

    site: str
    by: str
    for_s: float
    devices: tuple[str, ...] = ()
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class EndTest:
    """A coordinator ends the round of a site (empty: the only one)."""

    by: str
    site: str = ""
    abort: bool = False


@dataclass(frozen=True, slots=True)
class PutOnTest:
    """A coordinator has told somebody at an alarm centre that tests will come for the next `for_s` seconds."""

    recipient: str
    by: str
    who: str
    for_s: float


TestOrder = StartTest | EndTest | PutOnTest
