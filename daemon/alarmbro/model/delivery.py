"""What is said to a recipient, and how one try at saying it went."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MessageKind(StrEnum):
    """Why somebody is told; each has its texts under the same name."""

    ALARM = "alarm"
    LATE = "late"
    PRESSED_AGAIN = "pressed_again"
    ESCALATED = "escalated"
    REPEATED = "repeated"
    NO_ONE_TOLD = "no_one_told"
    ACKNOWLEDGED = "acknowledged"
    CLOSED_REAL = "closed_real"
    CLOSED_FALSE_ALARM = "closed_false_alarm"
    CLOSED_TEST = "closed_test"
    TEST_ALARM = "test_alarm"
    TRIAL = "trial"
    FAULT = "fault"
    FAULT_CLEARED = "fault_cleared"


class Urgency(StrEnum):
    """How loud a message is; services that have levels show it."""

    ALARM = "alarm"
    INFO = "info"
    FAULT = "fault"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Message:
    """One message in two forms.

    `title` and `body` are for channels with room; `short` is one SMS part of GSM-7 for those without.
    """

    title: str
    body: str
    short: str
    urgency: Urgency


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
