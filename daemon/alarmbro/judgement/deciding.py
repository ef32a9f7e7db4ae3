"""What follows from a press: a new alarm, or one more press of an alarm that is open.

Pure: gives the record to be written; the ledger does what the record says. The same presses in the same order always
get the same alarms and numbers, so that a crash between the press and the decision changes nothing.
"""

from __future__ import annotations

from typing import Any

from alarmbro.judgement.ledger import Ledger
from alarmbro.judgement.routing import route_of
from alarmbro.model.activation import Activation
from alarmbro.model.alarm import Alarm, State
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind
from alarmbro.model.moment import UNKNOWN_S, Moment, iso
from alarmbro.model.record import Draft, RecordType

LATE_AFTER_S = 60.0  # a press heard of this long after it was made is told as late
TELL_AGAIN_AFTER_S = 60.0  # a frightened person presses many times: told at once, then at most this often


def decide(ledger: Ledger, configuration: Configuration, activation: Activation, now: Moment) -> Draft:
    """Give the decision about an activation: `raised`, or `joined` where its device has an open alarm."""
    alarm = ledger.alarm_of(activation.site, activation.device)
    if alarm is None:
        return _raise(ledger, configuration, activation, now)
    return _join(alarm, activation, now)


def late_s(activation: Activation, now: Moment) -> float | None:
    """Give how long ago the press was made, where that is long; None for one that came in time."""
    made = activation.pressed_at or activation.received.utc
    waited_s = now.since(activation.received)
    age_s = (now.utc - made).total_seconds() if waited_s == UNKNOWN_S or activation.pressed_at else waited_s
    return age_s if age_s > LATE_AFTER_S else None


def _raise(ledger: Ledger, configuration: Configuration, activation: Activation, now: Moment) -> Draft:
    route = route_of(configuration, activation.site, activation.device)
    number = ledger.numbers.get(activation.site, ledger.before_first) + 1
    late = late_s(activation, now)
    data: dict[str, Any] = {
        "number": number,
        "activation": activation.key,
        "source": activation.source.value,
        "route": route.id if route else "",
        "message": (MessageKind.LATE if late else MessageKind.ALARM).value,
        "notice": 1,
        "notify": list(route.steps[0].notify) if route else [],
        "after_ms": after_ms(activation.received, now),
    }
    if late:
        data["late_s"] = round(late)
    if activation.pressed_at:
        data["pressed_at"] = iso(activation.pressed_at)
    return Draft(
        RecordType.RAISED, now, activation.site, activation.device, f"{activation.site}-{number}", data=data,
        ref=activation.key,
    )  # fmt: skip


def _join(alarm: Alarm, activation: Activation, now: Moment) -> Draft:
    data: dict[str, Any] = {"activation": activation.key, "presses": alarm.presses + 1}
    if alarm.state is State.ACKNOWLEDGED or now.since(alarm.notices[-1].at) >= TELL_AGAIN_AFTER_S:
        everyone = dict.fromkeys(name for notice in alarm.notices for name in notice.notify)
        data |= {
            "message": MessageKind.PRESSED_AGAIN.value,
            "notice": len(alarm.notices) + 1,
            "notify": list(everyone),
            "step": alarm.step,
        }
    return Draft(RecordType.JOINED, now, alarm.site, alarm.device, alarm.id, data=data, ref=activation.key)


def after_ms(received: Moment, now: Moment) -> int | None:
    """Give the milliseconds since a press was received; None across a reboot, where nobody knows."""
    seconds = now.since(received)
    return None if seconds == UNKNOWN_S else round(seconds * 1000)
