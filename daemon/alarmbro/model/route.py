"""Who can be told, and in which order: recipients with their targets, routes with their steps. Seconds in `_s`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from alarmbro.model.secret import Secret


class InTest(StrEnum):
    """What a recipient gets when a press is a test."""

    SEND = "send"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class Target:
    """One Apprise URL of a recipient, possibly with `{device.zone}`-like placeholders.

    `number` counts from 1 over `urls` and then `fallback`; with `scheme` it names the target where people read.
    """

    recipient: str
    number: int
    scheme: str
    url: Secret

    @property
    def label(self) -> str:
        """Name the target without its secret: `serviceteam/2 (ntfy)`."""
        return f"{self.recipient}/{self.number} ({self.scheme})"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person, team or alarm centre. One of `targets` that gets through makes it told.

    An `alarm_centre` acts on what it gets: tests go there only when somebody has told it that they will come.
    """

    id: str
    name: str
    targets: tuple[Target, ...]
    fallback: tuple[Target, ...] = ()
    fallback_after_s: float = 30.0
    acknowledges: bool = False
    in_test: InTest = InTest.SEND
    reviewed: date | None = None
    alarm_centre: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Who is told `after_s` seconds after the press, unless the alarm is already in the state `unless`."""

    notify: tuple[str, ...]
    after_s: float = 0.0
    unless_acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """The last step is told again every `every_s` until somebody acknowledges (or, so asked, until it is closed)."""

    every_s: float
    until_closed: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to be done after an episode. `who` does it; `source` is where the plan says so."""

    what: str
    who: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Aftercare:
    """The list that `notify` gets `after_s` seconds after a real alarm was closed."""

    after_s: float
    notify: tuple[str, ...]
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """The steps of an alarm, in order of time, and the instruction that goes into its message.

    `reminder_s` after an acknowledgement whoever took the alarm is reminded that it is still open, and as long after
    that it is raised again.
    """

    id: str
    steps: tuple[Step, ...]
    repeat: Repeat | None = None
    instruction: str = ""
    reminder_s: float = 600.0
    aftercare: Aftercare | None = None
