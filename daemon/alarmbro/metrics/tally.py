"""What is counted from the records, as they come true.

Promises: neither blocks nor raises; a fault in here costs a number and no alarm.
Threads: `record` in the deciding thread, `committed` in the journal's; `families` in any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import structlog

from alarmbro.metrics.counting import Counter, Histogram
from alarmbro.metrics.snapshot import Snapshot
from alarmbro.metrics.text import Family
from alarmbro.model.alarm import Closing
from alarmbro.model.delivery import MessageKind, Outcome
from alarmbro.model.level import Level
from alarmbro.model.record import Draft, RecordType

log = structlog.get_logger(__name__)

FIRST_CALLS = frozenset({MessageKind.ALARM.value, MessageKind.LATE.value})
FIRST = 1  # the notice that the press itself brought; later ones may come hours after it
PRESSES = {RecordType.RAISED: "alarm", RecordType.JOINED: "joined", RecordType.TEST_PRESSED: "test"}
TRIED = (Outcome.OK.value, Outcome.FAILED.value, Outcome.UNKNOWN.value)
# From the fastest that was measured to what nobody would wait for.
TOLD_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
ANSWERED_S = (10.0, 30.0, 60.0, 120.0, 180.0, 300.0, 600.0, 1200.0, 3600.0)
COMMIT_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Tally:
    """Everything that is counted since the process started."""

    def __init__(self) -> None:
        self._alarms = Counter(
            "alarmbro_alarms_total", "Alarms that presses have raised; tests are none.", "site", "level"
        )
        self._presses = Counter(
            "alarmbro_presses_total", "Presses, by what they were taken as: alarm, joined, test.", "site", "taken_as"
        )
        self._closed = Counter(
            "alarmbro_alarms_closed_total", "Alarms that were closed, by what they were.", "site", "outcome"
        )
        self._attempts = Counter(
            "alarmbro_attempts_total", "Tries at telling a target something, by how they ended.", "target", "outcome"
        )
        self._told = Histogram(
            "alarmbro_press_to_told_seconds",
            "Seconds from a press that raised an alarm until a recipient of its first step was told.",
            TOLD_S,
            "site",
        )
        self._answered = Histogram(
            "alarmbro_press_to_acknowledged_seconds",
            "Seconds from the press that raised an alarm until a person said to be on the way, whenever none was.",
            ANSWERED_S,
            "site",
        )
        self._commits = Histogram(
            "alarmbro_journal_commit_seconds", "Seconds that a commit of the journal took.", COMMIT_S
        )
        self._counts: Mapping[RecordType, Callable[[Draft], None]] = {
            RecordType.RAISED: self._raised,
            RecordType.JOINED: self._pressed,
            RecordType.TEST_PRESSED: self._pressed,
            RecordType.CLOSED: lambda draft: self._closed.add(draft.site, str(draft.data["outcome"])),
            RecordType.ATTEMPT: lambda draft: self._attempts.add(target_of(draft), str(draft.data["outcome"])),
            RecordType.TOLD: self._was_told,
            RecordType.ACKNOWLEDGED: self._acknowledged,
        }

    def record(self, draft: Draft) -> None:
        """Count a record that has just come true."""
        count = self._counts.get(draft.type)
        try:
            if count is not None:
                count(draft)
        except Exception:  # nobody who must come waits for a number; told in the log
            log.exception("a record could not be counted", type=draft.type.value)

    def committed(self, seconds: float) -> None:
        """Take how long a commit took."""
        try:
            self._commits.observe(seconds)
        except Exception:  # the journal's writer must not meet a fault of ours; told in the log
            log.exception("a commit could not be counted")

    def families(self, now: Snapshot) -> Iterator[Family]:
        """Give all numbers; what `now` says there is, is there from the start."""
        sites, by_site = now.sites, [(site,) for site in now.sites]
        yield self._alarms.family(product(sites, (level.value for level in Level)))
        yield self._presses.family(product(sites, PRESSES.values()))
        yield self._closed.family(product(sites, (outcome.value for outcome in Closing)))
        yield self._attempts.family(product(now.targets, TRIED))
        yield self._told.family(by_site)
        yield self._answered.family(by_site)
        yield self._commits.family([()])

    def _raised(self, draft: Draft) -> None:
        self._pressed(draft)
        self._alarms.add(draft.site, str(draft.data.get("level") or Level.ASSAULT.value))

    def _pressed(self, draft: Draft) -> None:
        self._presses.add(draft.site, PRESSES[draft.type])

    def _was_told(self, draft: Draft) -> None:
        data, seconds = draft.data, _seconds(draft.data)
        calls = bool(draft.alarm) and data["notice"] == FIRST and data["message"] in FIRST_CALLS
        if calls and seconds is not None:
            self._told.observe(seconds, draft.site)

    def _acknowledged(self, draft: Draft) -> None:
        seconds = _seconds(draft.data)
        if draft.data.get("first") and not draft.data.get("test") and seconds is not None:
            self._answered.observe(seconds, draft.site)


def target_of(draft: Draft) -> str:
    """Name the target of an attempt as faults and the log do: `serviceteam/2 (ntfy)`."""
    return f"{draft.recipient}/{draft.data['target']} ({draft.data['scheme']})"


def _seconds(data: Mapping[str, Any]) -> float | None:
    """Give the time since the press; None where a reboot came between, and nobody knows."""
    after_ms = data.get("after_ms")
    return None if after_ms is None else after_ms / 1000
