"""Which steps of its route an alarm is owed now, and when the next one comes.

Pure; level-triggered: whatever was missed (a restart, a long turn) is due now. Time counts from the press on the
monotonic clock. Across a reboot that time is unknown: then the next step is due at once, and the ones after it keep
their distance from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from alarmbro.model.alarm import Alarm, Notice, State
from alarmbro.model.configuration import Route
from alarmbro.model.delivery import MessageKind
from alarmbro.model.moment import UNKNOWN_S, Moment

NEVER_S = float("inf")
NOBODY_TOLD_AFTER_S = 30.0  # the site is then told to ring 112 itself


@dataclass(frozen=True, slots=True)
class Due:
    """The next notice of an alarm by its route: `in_s` seconds from now (0: now)."""

    in_s: float
    kind: MessageKind
    step: int
    notify: tuple[str, ...]


def next_notice(alarm: Alarm, route: Route, now: Moment) -> Due | None:
    """Give the next step or repeat of an alarm; None where nothing more comes as things stand."""
    following = alarm.step + 1
    if following < len(route.steps):
        step = route.steps[following]
        if step.unless_acknowledged and alarm.state is State.ACKNOWLEDGED:
            return None
        return Due(_until_step(alarm, route, now), MessageKind.ESCALATED, following, step.notify)
    if route.repeat is None or (alarm.state is State.ACKNOWLEDGED and not route.repeat.until_closed):
        return None
    wait_s = max(0.0, route.repeat.every_s - now.since(_last(alarm).at))
    return Due(wait_s, MessageKind.REPEATED, len(route.steps) - 1, route.steps[-1].notify)


def nobody_told_in_s(alarm: Alarm, now: Moment) -> float:
    """Give the seconds until it is a fault that nobody could be told (0: it is one now); never where somebody was."""
    if alarm.told or alarm.state is not State.RAISED:
        return NEVER_S
    return max(0.0, NOBODY_TOLD_AFTER_S - now.since(alarm.since))


def _until_step(alarm: Alarm, route: Route, now: Moment) -> float:
    after_s = route.steps[alarm.step + 1].after_s
    age_s = now.since(alarm.since)
    if age_s < UNKNOWN_S:
        return max(0.0, after_s - age_s)
    distance_s = after_s - route.steps[min(alarm.step, len(route.steps) - 1)].after_s
    return max(0.0, distance_s - now.since(_last(alarm).at))


def _last(alarm: Alarm) -> Notice:
    """Give the latest notice that the route itself asked for."""
    return next(
        (notice for notice in reversed(alarm.notices) if notice.kind is not MessageKind.PRESSED_AGAIN), alarm.notices[0]
    )
