"""Which deliveries a matter is owed now: who is to be told, by which URL, and which tries are due.

Pure; computed anew from what the journal says each time, so that a restart needs no recovery. A delivery is owed
until it gets through or the configuration no longer knows it. Of several notices of one matter that its addresses can
say at all, a recipient is owed the newest alone, for it says all that the older ones said; but news (somebody is on the
way) never takes the place of a call that the recipient has not had. Once an alarm is closed nobody is called any more:
only its end is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alarmbro.judgement.addressing.coded import can_be_told, can_say
from alarmbro.judgement.telling.retry import LAST_S, LAST_WHEN_OVER_S, pause_s
from alarmbro.model.alarm import Alarm, Delivery, Matter, Notice, Progress, State
from alarmbro.model.configuration import Configuration
from alarmbro.model.moment import Moment
from alarmbro.model.route import Recipient, Target
from alarmbro.model.testing import Round

NEVER_S = float("inf")
NOBODY: Mapping[Target, Moment] = {}
FRUITLESS_AFTER = 3  # tries at each URL, as many as make it a fault: one lost packet must not call the whole chain
GIVEN_UP_AFTER = 300  # tries at telling that it is over: about a day


@dataclass(frozen=True, slots=True)
class Owed:
    """One delivery that is due, with all that is needed to make it."""

    delivery: Delivery
    notice: Notice
    target: Target
    attempt: int  # counted from 1


@dataclass(frozen=True, slots=True)
class Owing:
    """What is due now, in order of urgency, and the seconds until something more is (infinite: nothing will be)."""

    now: tuple[Owed, ...]
    next_in_s: float


def owing(matter: Matter, configuration: Configuration, now: Moment, well: Mapping[Target, Moment] = NOBODY) -> Owing:
    """Name every delivery that `matter` is owed at `now`.

    `well` tells of targets that had failed when they took something again: what failed before that is due at once.
    """
    due: list[Owed] = []
    next_in_s = NEVER_S
    for notice, since, recipient in _latest(matter, configuration):
        fallback_in_s = _fallback_in_s(matter, notice, since, recipient, now)
        targets = recipient.targets + (recipient.fallback if fallback_in_s <= 0 else ())
        next_in_s = min(next_in_s, fallback_in_s if fallback_in_s > 0 else NEVER_S)
        for target in targets:
            delivery = _delivery(matter, notice, target)
            progress = matter.progress.get(delivery)
            if progress is not None and (progress.done or (recipient.fallback and progress.hopeless)):
                continue
            if not can_say(target, notice.kind):
                continue
            wait_s = _wait_s(matter, delivery, progress, now, well.get(target)) if progress else 0.0
            if wait_s <= 0:
                due.append(Owed(delivery, notice, target, (progress.attempts if progress else 0) + 1))
            else:
                next_in_s = min(next_in_s, wait_s)
    return Owing(tuple(due), next_in_s)


def untold(matter: Matter, configuration: Configuration) -> list[str]:
    """Name the recipients who have not been told the latest, by any URL."""
    return [
        recipient.id
        for notice, _, recipient in _latest(matter, configuration)
        if (notice.number, recipient.id) not in matter.told
    ]


def given_up(matter: Matter, configuration: Configuration) -> bool:
    """Tell whether each URL of everybody who is untold has been tried for about a day."""
    missing = set(untold(matter, configuration))
    return all(
        _tries(matter, target, notice.number) >= GIVEN_UP_AFTER
        for notice, _, recipient in _latest(matter, configuration)
        if recipient.id in missing
        for target in recipient.targets
    )


def fruitless(matter: Matter, notice: Notice, configuration: Configuration) -> bool:
    """Tell whether a notice can tell nobody: each URL of each of its recipients was tried in vain, and more than once.

    A fallback does not count: whoever is to hear next need not wait for it.
    """
    known = [configuration.recipients[name] for name in notice.notify if name in configuration.recipients]
    names = {recipient.id for recipient in known}
    if any(number >= notice.number and name in names for number, name in matter.told):
        return False
    return all(
        _tries(matter, target, notice.number) >= FRUITLESS_AFTER for recipient in known for target in recipient.targets
    )


def _tries(matter: Matter, target: Target, since: int) -> int:
    """Count the tries at a URL with the notice `since` and those after it."""
    return sum(
        progress.attempts
        for delivery, progress in matter.progress.items()
        if delivery.notice >= since and (delivery.recipient, delivery.target) == (target.recipient, target.number)
    )


def _latest(matter: Matter, configuration: Configuration) -> Iterator[tuple[Notice, Moment, Recipient]]:
    """Give each recipient with the notice that is owed to it, and since when it is untold.

    In the order in which they were first named. A newer notice does not start the time anew: with repeats that come
    sooner than `fallback_after`, the fallback would never come.
    """
    over = _is_over(matter)
    latest: dict[str, tuple[Notice, Moment]] = {}
    for notice in matter.notices:
        if over and notice.calls:
            continue
        for name in notice.notify:
            known = configuration.recipients.get(name)
            if known is None or not can_be_told(known, notice.kind):
                continue
            before = latest.get(name)
            missed = before is not None and (before[0].number, name) not in matter.told
            if before and missed and before[0].calls and not notice.calls:
                continue
            latest[name] = (notice, before[1] if before and missed else notice.at)
    for name, (notice, since) in latest.items():
        yield notice, since, configuration.recipients[name]


def _is_over(matter: Matter) -> bool:
    return (isinstance(matter, Alarm) and matter.state is State.CLOSED) or (
        isinstance(matter, Round) and matter.ended is not None
    )


def _fallback_in_s(matter: Matter, notice: Notice, since: Moment, recipient: Recipient, now: Moment) -> float:
    if not recipient.fallback or (notice.number, recipient.id) in matter.told:
        return NEVER_S
    progresses = [matter.progress.get(_delivery(matter, notice, target)) for target in _says(recipient, notice)]
    if all(each is not None and each.hopeless for each in progresses):
        return 0.0  # nothing to wait for
    return recipient.fallback_after_s - now.since(since)


def _says(recipient: Recipient, notice: Notice) -> list[Target]:
    return [target for target in recipient.targets if can_say(target, notice.kind)]


def _delivery(matter: Matter, notice: Notice, target: Target) -> Delivery:
    return Delivery(matter.id, notice.number, target.recipient, target.number)


def _wait_s(matter: Matter, delivery: Delivery, progress: Progress, now: Moment, well: Moment | None) -> float:
    """Give the seconds until the next try of a delivery that has not got through; 0 or less: it is due."""
    if progress.last is None or (well is not None and progress.last.before(well)):
        return 0.0
    name = f"{delivery.matter}/{delivery.notice}/{delivery.recipient}/{delivery.target}"
    longest_s = LAST_WHEN_OVER_S if _is_over(matter) else LAST_S
    return pause_s(progress.attempts, name, longest_s) - now.since(progress.last)
