"""What the report tells, as data: codes, ids and aware UTC times. Names are those of the configuration of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reached:
    """One recipient of a device's test: `outcome` is `reached`, `not_reached` or `withheld`; times after the press.

    `by` is who confirmed it as they called themselves, empty where that is not known (any more). `reason` is why it was
    withheld (`in_test`, `not_on_test`).
    """

    recipient: str
    name: str
    outcome: str
    after_ms: int | None = None
    confirmed_ms: int | None = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Somebody saw the message of a test; `by` is empty where the name was removed."""

    by: str
    after_ms: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceTest:
    """How the latest test of a device in the year went: `passed`, `failed` (with the reason's code) or `never`.

    `others` are those who confirmed it and are none of its recipients.
    """

    device: str
    name: str
    zone: int | None
    verdict: str = "never"
    reason: str = ""
    pressed: datetime | None = None
    alarm: str = ""
    recipients: tuple[Reached, ...] = ()
    missing: tuple[str, ...] = ()
    others: tuple[Confirmed, ...] = ()

    @property
    def confirmed(self) -> tuple[Confirmed, ...]:
        """Give everybody who confirmed it."""
        told = [each for each in self.recipients if each.confirmed_ms is not None or each.by]
        return (*(Confirmed(each.by, each.confirmed_ms) for each in told), *self.others)

    def of(self, recipient: str) -> Reached | None:
        """Give how one recipient was reached; None where it is none of this device's."""
        return next((each for each in self.recipients if each.recipient == recipient), None)


@dataclass(frozen=True, slots=True)
class RoundHeld:
    """A round of the year. `by` is empty where the name was removed."""

    round: str
    by: str
    started: datetime
    ended: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """The alarms of one month that were closed as real, as false, or are open."""

    real: int = 0
    false_alarm: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took in the year's alarms, in milliseconds; None where that is not known.

    It came about in `count` of `total` alarms: in the others nobody was told, or nobody answered.
    """

    count: int = 0
    total: int = 0
    median_ms: int | None = None
    slowest_ms: int | None = None


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Something that is to be done: `kind` is `alarm` or `fault`, `what` its id."""

    kind: str
    what: str
    since: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that an alarm centre was told, or says that it was told."""

    at: datetime
    zone: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our signals beside the centre's: those that only one side has, and pairs further apart than they should be.

    `outside` are ours from before the list's first or after its last (`first`, `last`): perhaps the list does not reach
    so far, perhaps the centre received nothing any more. Nobody but a person can tell.
    """

    agreed: int
    only_ours: tuple[Signal, ...]
    only_theirs: tuple[Signal, ...]
    apart: tuple[tuple[Signal, Signal], ...]
    outside: tuple[Signal, ...] = ()
    first: datetime | None = None
    last: datetime | None = None

    @property
    def differs(self) -> bool:
        """Tell whether anything has to be looked into."""
        return bool(self.only_ours or self.only_theirs or self.apart or self.outside)


@dataclass(frozen=True, slots=True)
class SiteAccount:
    """One site's year."""

    site: str
    name: str
    address: str
    rounds: tuple[RoundHeld, ...]
    devices: tuple[DeviceTest, ...]
    months: tuple[Month, ...]
    first_told: Times
    first_answer: Times
    open_points: tuple[OpenPoint, ...]

    @property
    def recipients(self) -> dict[str, str]:
        """Give the names of all recipients of its tests, by id, in the order in which they come."""
        return {each.recipient: each.name for test in self.devices for each in test.recipients}

    @property
    def unproven(self) -> tuple[Reached, ...]:
        """Give the recipients that the latest test of every device here withheld: it did not try the way to them."""
        told = [each for test in self.devices for each in test.recipients]
        tried = {each.recipient for each in told if each.outcome != "withheld"}
        return tuple({each.recipient: each for each in told if each.recipient not in tried}.values())

    @property
    def failed(self) -> tuple[DeviceTest, ...]:
        """Give the devices that have not passed."""
        return tuple(each for each in self.devices if each.verdict != "passed")


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report. `records` and `head` are the journal's, so that the paper bears witness to it."""

    year: int
    made: datetime
    sites: tuple[SiteAccount, ...]
    records: int
    head: str
    signals: tuple[Signal, ...] = ()
    centre: Comparison | None = None
