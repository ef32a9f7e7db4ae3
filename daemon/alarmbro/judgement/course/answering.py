"""What follows when a person answers: "I am on my way", or the all-clear.

Pure: gives the record to be written. Raises RefusedError, which says why, where the alarm's state does not let it.
"""

from __future__ import annotations

from typing import Any

from alarmbro.judgement.pressing.waiting import after_ms
from alarmbro.judgement.record.lifecycle import Event, after
from alarmbro.model.activation import Acknowledgement, Close
from alarmbro.model.alarm import Alarm, State
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind
from alarmbro.model.moment import Moment
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.route import Recipient
from alarmbro.model.testing import TestAlarm

CLOSING = {
    "real": MessageKind.CLOSED_REAL,
    "false_alarm": MessageKind.CLOSED_FALSE_ALARM,
    "test": MessageKind.CLOSED_TEST,
}


def acknowledge(alarm: Alarm, answer: Acknowledgement, configuration: Configuration, now: Moment) -> Draft:
    """Record that somebody is on the way. All who were called hear of it, once for each person."""
    after(alarm.state, Event.ACKNOWLEDGED)
    known = named(answer.by, configuration)
    data: dict[str, Any] = {
        "source": answer.source.value,
        "after_ms": after_ms(alarm.since, now),
        "first": alarm.state is State.RAISED,
    }
    if alarm.state is State.RAISED or not _is_on_the_way(alarm, answer.by, known):
        data |= _said(alarm, MessageKind.ACKNOWLEDGED)
    return Draft(
        RecordType.ACKNOWLEDGED, now, alarm.site, alarm.device, alarm.id, known.id if known else "", data=data,
        personal={"by": answer.by} if answer.by else {},
    )  # fmt: skip


def confirm(alarm: TestAlarm, answer: Acknowledgement, configuration: Configuration, now: Moment) -> Draft:
    """Record that a person has seen a test's message. Nobody hears of it."""
    known = named(answer.by, configuration)
    data = {"source": answer.source.value, "after_ms": after_ms(alarm.since, now), "first": not alarm.confirmed}
    return Draft(
        RecordType.ACKNOWLEDGED, now, alarm.site, alarm.device, alarm.id, known.id if known else "",
        data=data | {"test": True}, personal={"by": answer.by} if answer.by else {},
    )  # fmt: skip


def close(alarm: Alarm, answer: Close, now: Moment) -> Draft:
    """Record the all-clear. All who were called hear of it."""
    after(alarm.state, Event.CLOSED)
    data = {
        "outcome": answer.outcome.value,
        "source": answer.source.value,
        "after_ms": after_ms(alarm.since, now),
    } | _said(alarm, CLOSING[answer.outcome.value])
    personal = {name: text for name, text in (("by", answer.by), ("note", answer.note)) if text}
    return Draft(RecordType.CLOSED, now, alarm.site, alarm.device, alarm.id, data=data, personal=personal)


def named(name: str, configuration: Configuration) -> Recipient | None:
    """Give the recipient that a person's words mean: its id or its name, in any case."""
    wanted = name.strip().casefold()
    return next((each for each in configuration.recipients.values() if wanted in (each.id, each.name.casefold())), None)


def _is_on_the_way(alarm: Alarm, by: str, known: Recipient | None) -> bool:
    return any(each.by == by or (known is not None and each.recipient == known.id) for each in alarm.on_the_way)


def _said(alarm: Alarm, kind: MessageKind) -> dict[str, Any]:
    return {"message": kind.value, "notice": len(alarm.notices) + 1, "notify": list(alarm.alarmed), "step": alarm.step}
