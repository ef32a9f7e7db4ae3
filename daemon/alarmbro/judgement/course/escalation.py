"""What an open alarm is owed next by its route, and when.

Pure; level-triggered: whatever was missed (a restart, a long turn) is due now. Time counts on the monotonic clock from
when the alarm was last raised. Across a reboot that time is unknown: then the next thing is due at once, and those
after it keep their distance from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alarmbro.judgement.pressing.deciding import TELL_AGAIN_AFTER_S, everybody, last_calls
from alarmbro.judgement.pressing.waiting import after_ms
from alarmbro.judgement.telling.owing import NEVER_S, fruitless
from alarmbro.model.alarm import Alarm, Notice, State
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind
from alarmbro.model.moment import UNKNOWN_S, Moment
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.route import Route

NOBODY_TOLD_AFTER_S = 30.0  # the site is then told to ring 112 itself
GROUPED = 2  # presses beyond the told one that are told together: a person who presses twice does not flood others


@dataclass(frozen=True, slots=True)
class Due:
    """The next thing to be said of an alarm: `in_s` seconds from now (0: now)."""

    in_s: float
    kind: MessageKind
    step: int
    notify: tuple[str, ...]


def next_notice(alarm: Alarm, route: Route, configuration: Configuration, now: Moment) -> Due | None:
    """Give what comes next; None where nothing more comes as things stand."""
    following = (
        _next_step(alarm, route, configuration, now),
        _presses(alarm, now),
        _reminder(alarm, route, configuration, now),
    )
    return min((due for due in following if due is not None), key=lambda due: due.in_s, default=None)


def notice_of(due: Due, alarm: Alarm, route: Route, now: Moment) -> Draft:
    """Give the record by which what is due is said."""
    kind = {MessageKind.ESCALATED: RecordType.ESCALATED, MessageKind.REPEATED: RecordType.ESCALATED}.get(
        due.kind, RecordType.LAPSED if due.kind is MessageKind.LAPSED else RecordType.NOTICED
    )
    data = {
        "message": due.kind.value,
        "notice": len(alarm.notices) + 1,
        "step": due.step,
        "notify": list(due.notify),
        "after_ms": after_ms(alarm.since, now),
    }
    if kind is RecordType.LAPSED:
        data["route"] = route.id
    return Draft(kind, now, alarm.site, alarm.device, alarm.id, data=data)


def nobody_told_in_s(alarm: Alarm, route: Route | None, configuration: Configuration, now: Moment) -> float:
    """Give the seconds until it is a fault that nobody could be told (0: it is one now); never where somebody was.

    Sooner than after half a minute where there is nobody left to try.
    """
    if alarm.heard or alarm.state is not State.RAISED:
        return NEVER_S
    calls = [notice for notice in alarm.notices if notice.calls and notice.number >= alarm.first]
    nobody_left = route is None or alarm.step >= len(route.steps) - 1
    if nobody_left and all(fruitless(alarm, notice, configuration) for notice in calls):
        return 0.0
    return max(0.0, NOBODY_TOLD_AFTER_S - now.since(alarm.begun))


# --- the steps --------------------------------------------------------------------------------------------------------


def _next_step(alarm: Alarm, route: Route, configuration: Configuration, now: Moment) -> Due | None:
    following = alarm.step + 1
    if following < len(route.steps):
        step = route.steps[following]
        if step.unless_acknowledged and alarm.state is State.ACKNOWLEDGED:
            return None
        in_s = 0.0 if fruitless(alarm, _last(alarm), configuration) else _until_step(alarm, route, now)
        return Due(in_s, MessageKind.ESCALATED, following, step.notify)
    if route.repeat is None or (alarm.state is State.ACKNOWLEDGED and not route.repeat.until_closed):
        return None
    wait_s = max(0.0, route.repeat.every_s - now.since(_last(alarm).at))
    return Due(wait_s, MessageKind.REPEATED, len(route.steps) - 1, route.steps[-1].notify)


def _until_step(alarm: Alarm, route: Route, now: Moment) -> float:
    after_s = route.steps[alarm.step + 1].after_s
    age_s = now.since(alarm.begun)
    if age_s < UNKNOWN_S:
        return max(0.0, after_s - age_s)
    distance_s = after_s - route.steps[min(alarm.step, len(route.steps) - 1)].after_s
    return max(0.0, distance_s - now.since(_last(alarm).at))


def _last(alarm: Alarm) -> Notice:
    """Give the latest notice that the route itself asked for, or that raised the alarm anew."""
    asked = (MessageKind.ALARM, MessageKind.LATE, MessageKind.ESCALATED, MessageKind.REPEATED, MessageKind.LAPSED)
    return next(
        (notice for notice in reversed(alarm.notices) if notice.kind in asked or notice.number == alarm.first),
        alarm.notices[0],
    )


# --- presses that nobody was told of yet ------------------------------------------------------------------------------


def _presses(alarm: Alarm, now: Moment) -> Due | None:
    """Presses that came within a minute of the last call are told together when it is over."""
    waits_s = {
        name: max(0.0, TELL_AGAIN_AFTER_S - now.since(call.at))
        for name, call in last_calls(alarm).items()
        if alarm.presses - call.presses >= GROUPED
    }
    if not waits_s or alarm.state is not State.RAISED:
        return None
    soonest_s = min(waits_s.values())
    notify = tuple(name for name, wait_s in waits_s.items() if wait_s <= soonest_s)
    return Due(soonest_s, MessageKind.PRESSED_AGAIN, alarm.step, notify)


# --- acknowledged, and still open -------------------------------------------------------------------------------------


def _reminder(alarm: Alarm, route: Route, configuration: Configuration, now: Moment) -> Due | None:
    """Remind whoever took the alarm; as long after that, raise it again, for all."""
    if alarm.state is not State.ACKNOWLEDGED:
        return None
    answer = alarm.on_the_way[-1]
    reminded = next((each for each in reversed(alarm.notices) if each.kind is MessageKind.REMINDED), None)
    if reminded is None or reminded.number <= answer.notice:
        wait_s = max(0.0, route.reminder_s - now.since(answer.at))
        return Due(wait_s, MessageKind.REMINDED, alarm.step, tuple(_takers(alarm, configuration)))
    wait_s = max(0.0, route.reminder_s - now.since(reminded.at))
    return Due(wait_s, MessageKind.LAPSED, 0, tuple(everybody(alarm, route)))


def _takers(alarm: Alarm, configuration: Configuration) -> Iterator[str]:
    """Name who took the alarm; where the configuration knows none of them, those who may, else all who were called."""
    known = dict.fromkeys(each.recipient for each in alarm.on_the_way if each.recipient in configuration.recipients)
    may = [
        name for name in alarm.alarmed if (each := configuration.recipients.get(name)) is not None and each.acknowledges
    ]
    yield from known or may or alarm.alarmed
