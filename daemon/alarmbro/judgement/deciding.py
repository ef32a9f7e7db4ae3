"""What follows from a press: a new alarm, or one more press of an alarm that is open.

Pure: gives the record to be written; the ledger does what the record says. The same presses in the same order always
get the same alarms and numbers, so that a crash between the press and the decision changes nothing.
"""

from __future__ import annotations

from typing import Any

from alarmbro.judgement.ledger import Ledger
from alarmbro.judgement.routing import level_of, route_of
from alarmbro.model.activation import Activation
from alarmbro.model.alarm import Alarm, Notice, State
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind
from alarmbro.model.moment import UNKNOWN_S, Moment, iso
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.route import Route

LATE_AFTER_S = 60.0  # a press heard of this long after it was made is told as late
TELL_AGAIN_AFTER_S = 60.0  # a frightened person presses many times: told at once, then at most this often


def decide(ledger: Ledger, configuration: Configuration, activation: Activation, now: Moment) -> Draft:
    """Give the decision about an activation: `raised`, or `joined` where its device has an open alarm."""
    alarm = ledger.alarm_of(activation.site, activation.device)
    if alarm is None:
        return _raise(ledger, configuration, activation, now)
    return _join(alarm, configuration, activation, now)


def late_s(activation: Activation, now: Moment) -> float | None:
    """Give how long ago the press was made, where that is long; None for one that came in time."""
    made = activation.pressed_at or activation.received.utc
    waited_s = now.since(activation.received)
    age_s = (now.utc - made).total_seconds() if waited_s == UNKNOWN_S or activation.pressed_at else waited_s
    return age_s if age_s > LATE_AFTER_S else None


def _raise(ledger: Ledger, configuration: Configuration, activation: Activation, now: Moment) -> Draft:
    level = activation.level or level_of(configuration, activation.site, activation.device)
    route = route_of(configuration, activation.site, activation.device, level)
    number = ledger.numbers.get(activation.site, ledger.before_first) + 1
    late = late_s(activation, now)
    data: dict[str, Any] = {
        "number": number,
        "activation": activation.key,
        "source": activation.source.value,
        "level": level.value,
        "route": route.id if route else "",
        "message": (MessageKind.LATE if late else MessageKind.ALARM).value,
        "notice": 1,
        "notify": list(_first_step(route)),
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


def _join(alarm: Alarm, configuration: Configuration, activation: Activation, now: Moment) -> Draft:
    """Add a press to an alarm.

    One that asks for more than the alarm does, or comes when somebody is on the way already, raises it anew: at once,
    for all. Others are told at most each minute.
    """
    data: dict[str, Any] = {
        "activation": activation.key,
        "presses": alarm.presses + 1,
        "after_ms": after_ms(activation.received, now),
    }
    level = activation.level or level_of(configuration, activation.site, activation.device)
    if level.urgency > alarm.level.urgency:
        data |= _begin(alarm, route_of(configuration, alarm.site, alarm.device, level), MessageKind.ALARM)
        data["level"] = level.value
    elif alarm.state is State.ACKNOWLEDGED:
        data |= _begin(alarm, route_of(configuration, alarm.site, alarm.device, alarm.level), MessageKind.PRESSED_AGAIN)
    elif long_ago := [name for name, call in last_calls(alarm).items() if now.since(call.at) >= TELL_AGAIN_AFTER_S]:
        data |= {
            "message": MessageKind.PRESSED_AGAIN.value,
            "notice": len(alarm.notices) + 1,
            "notify": long_ago,
            "step": alarm.step,
        }
    return Draft(RecordType.JOINED, now, alarm.site, alarm.device, alarm.id, data=data, ref=activation.key)


def _begin(alarm: Alarm, route: Route | None, kind: MessageKind) -> dict[str, Any]:
    return {
        "begins": True,
        "route": route.id if route else alarm.route,
        "message": kind.value,
        "notice": len(alarm.notices) + 1,
        "notify": everybody(alarm, route),
    }


def everybody(alarm: Alarm, route: Route | None) -> list[str]:
    """Name all who are to hear that an alarm is raised again: the route's first step, and who was called before."""
    return list(dict.fromkeys((*_first_step(route), *alarm.alarmed)))


def last_calls(alarm: Alarm) -> dict[str, Notice]:
    """Give for everybody who was called the latest notice that did."""
    return {name: notice for notice in alarm.notices if notice.calls for name in notice.notify}


def after_ms(received: Moment, now: Moment) -> int | None:
    """Give the milliseconds since a press was received; None across a reboot, where nobody knows."""
    seconds = now.since(received)
    return None if seconds == UNKNOWN_S else round(seconds * 1000)


def _first_step(route: Route | None) -> tuple[str, ...]:
    return route.steps[0].notify if route else ()
