"""What follows from a press: a new alarm, one more press of an alarm that is open, or a device's test.

Pure: gives the record to be written; the ledger does what the record says. The same presses in the same order always
get the same alarms and numbers, so that a crash between the press and the decision changes nothing.
"""

from __future__ import annotations

from typing import Any

from alarmbro.judgement.pressing.testing import leaders, press_of_test, test_of
from alarmbro.judgement.pressing.waiting import after_ms, late_s
from alarmbro.judgement.record.ledger import Ledger
from alarmbro.judgement.telling.routing import first_step, level_of, route_of
from alarmbro.model.activation import Activation
from alarmbro.model.alarm import Alarm, Notice, State
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind
from alarmbro.model.moment import Moment, iso
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.route import Route

TELL_AGAIN_AFTER_S = 60.0  # a frightened person presses many times: told at once, then at most this often


def decide(ledger: Ledger, configuration: Configuration, activation: Activation, now: Moment) -> Draft:
    """Give the decision about an activation: `raised`, `joined` where its device has an open alarm, `test_pressed`."""
    alarm = ledger.alarm_of(activation.site, activation.device)
    if alarm is not None:
        return _join(alarm, configuration, activation, now)
    try:
        round_ = test_of(ledger, configuration, activation, now)
        if round_ is not None:
            return press_of_test(ledger, configuration, round_, activation, now)
    except (LookupError, TypeError, ValueError, AttributeError):
        pass  # a fault of ours in judging a test must not cost an alarm: in doubt it is real, and all hear that it is
    return _raise(ledger, configuration, activation, now)


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
        "notify": list(dict.fromkeys((*_leading(ledger, configuration, activation.site), *first_step(route)))),
        "after_ms": after_ms(activation.received, now),
    }
    if late:
        data["late_s"] = round(late)
    if activation.pressed_at:
        data["pressed_at"] = iso(activation.pressed_at)
    return Draft(
        RecordType.RAISED, now, activation.site, activation.device, f"{activation.site}-{number}", data=data,
        ref=activation.key, personal=_where(activation),
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
    return Draft(
        RecordType.JOINED, now, alarm.site, alarm.device, alarm.id, data=data, ref=activation.key,
        personal=_where(activation),
    )  # fmt: skip


def _where(activation: Activation) -> dict[str, str]:
    return {"position": activation.position.written()} if activation.position else {}


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
    return list(dict.fromkeys((*first_step(route), *alarm.alarmed)))


def last_calls(alarm: Alarm) -> dict[str, Notice]:
    """Give for everybody who was called the latest notice that did."""
    return {name: notice for notice in alarm.notices if notice.calls for name in notice.notify}


def _leading(ledger: Ledger, configuration: Configuration, site: str) -> tuple[str, ...]:
    """Name who leads the test that runs at a site: they hear first that an alarm is real."""
    round_ = ledger.testing.running(site)
    return leaders(round_, configuration) if round_ else ()
