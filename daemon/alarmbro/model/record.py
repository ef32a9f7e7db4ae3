"""The journal's words: what happened, as codes and data, never translated text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from alarmbro.model.moment import Moment


class RecordType(StrEnum):
    """Kinds of records. Users rely on these names."""

    STARTED = "started"
    STOPPED = "stopped"
    CONFIG = "config"
    ACTIVATION = "activation"
    RAISED = "raised"
    JOINED = "joined"  # an activation that belongs to an alarm that is open already
    ATTEMPT = "attempt"
    TOLD = "told"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    ARRIVED = "arrived"  # somebody says that they are there; nothing follows from it
    LAPSED = "lapsed"  # acknowledged, and open for too long: raised again
    NOTICED = "noticed"  # one thing more is to be said; the alarm stays what it is
    CLOSED = "closed"
    SETTLED = "settled"  # closed, and nothing more is owed to anybody
    FAULT = "fault"
    FAULT_CLEARED = "fault_cleared"
    REJECTED = "rejected"
    TRIAL = "trial"  # `alarmbro send`
    TEST_STARTED = "test_started"  # a round begins; `alarm` is its id
    TEST_PRESSED = "test_pressed"  # the press that is a device's test; `alarm` is the test alarm's id
    TEST_PASSED = "test_passed"
    TEST_FAILED = "test_failed"
    TEST_FINISHED = "test_finished"  # a round ends
    ON_TEST = "on_test"  # an alarm centre has been told, by telephone, that tests will come
    REMOVED = "removed"  # what named persons was removed from old records


@dataclass(frozen=True, slots=True)
class Draft:
    """A record not yet in the journal.

    `ref` ties a decision to the activation that it decides (its `key`). `once`: where the journal already has a
    record with that text, this one is a repeat and is not written. `personal` holds what names a person (`by`,
    `note`, `position`): the chain covers a commitment to it, so that it can be removed later without breaking.
    """

    type: RecordType
    at: Moment
    site: str = ""
    device: str = ""
    alarm: str = ""
    recipient: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    ref: str = ""
    once: str | None = None
    personal: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """A record in the journal: its draft, its place in the chain, and the hash that closes it (64 hex digits)."""

    seq: int
    draft: Draft
    hash: str
