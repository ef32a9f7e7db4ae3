"""What is said to a recipient, and how one try at saying it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from alarmbro.model.level import Level


class MessageKind(StrEnum):
    """Why somebody is told; each has its texts under the same name."""

    ALARM = "alarm"
    LATE = "late"
    PRESSED_AGAIN = "pressed_again"
    ESCALATED = "escalated"
    REPEATED = "repeated"
    NO_ONE_TOLD = "no_one_told"
    ACKNOWLEDGED = "acknowledged"
    REMINDED = "reminded"  # to who acknowledged: it is still open
    SEVERAL = "several"  # calls of several alarms that waited for one slow target
    LAPSED = "lapsed"  # acknowledged long ago and never closed: raised again
    CLOSED_REAL = "closed_real"
    CLOSED_FALSE_ALARM = "closed_false_alarm"
    CLOSED_TEST = "closed_test"
    AFTERCARE = "aftercare"
    TEST_ALARM = "test_alarm"
    TEST_STARTED = "test_started"  # to all in the routes of the devices that will be tested
    TEST_WARNING = "test_warning"
    TEST_ENDED = "test_ended"
    TEST_DUE = "test_due"  # to the coordinators: devices that must be tested
    TRIAL = "trial"
    FAULT = "fault"
    FAULT_CLEARED = "fault_cleared"


CALLS = frozenset({
    MessageKind.ALARM, MessageKind.LATE, MessageKind.PRESSED_AGAIN, MessageKind.ESCALATED, MessageKind.REPEATED,
    MessageKind.LAPSED,
})  # fmt: skip  # those that call people to come


class Urgency(StrEnum):
    """How loud a message is; services that have levels show it."""

    ALARM = "alarm"
    INFO = "info"
    FAULT = "fault"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Message:
    """One message in two forms.

    `title` and `body` are for channels with room; `short` is one SMS part of GSM-7 for those without. `parts`: what is
    too long for one may be sent in several (else its end is cut, since the first words matter most).
    """

    title: str
    body: str
    short: str
    urgency: Urgency
    parts: bool = False


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a message is about, for targets that speak in codes (an alarm centre) or contacts (a siren).

    `matter` is the number of the alarm, test or fault. `at` is when the press was received, or what the press itself
    says; `late` where that is so long ago that a receiver should hear of it. `fault` is the kind of a fault
    (`battery`, `device`, …), empty for everything else; `site` and `device` are ids, perhaps empty.
    """

    kind: MessageKind
    level: Level = Level.ASSAULT
    matter: str = ""
    at: datetime | None = None
    late: bool = False
    fault: str = ""
    site: str = ""
    device: str = ""


class Outcome(StrEnum):
    """How an attempt ended. Only `ok` is delivered: `failed` and `unknown` are both tried again."""

    OK = "ok"
    FAILED = "failed"  # the far end did not take it
    UNKNOWN = "unknown"  # it may have got it; twice is allowed, never is not
    WITHHELD = "withheld"  # not sent on purpose: a test, to one who must not get tests


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one attempt.

    `reason` is a code: `ok`, `refused`, `unreachable`, `dns`, `tls`, `proxy`, `timeout`, `reset`, `http_401`,
    `smtp_550`, `rejected` (the service answered and said no), `unusable` (the URL makes no channel), `error`.
    `detail` is one line for the technician, perhaps empty, and holds no secret.
    """

    outcome: Outcome
    reason: str
    detail: str = ""
