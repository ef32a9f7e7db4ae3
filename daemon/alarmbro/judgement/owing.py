"""Which deliveries a matter is owed now: who is to be told, by which URL, and which tries are due.

Pure; computed anew from what the journal says each time, so that a restart needs no recovery. A delivery is owed
until it gets through or the configuration no longer knows it. Where a recipient has a newer notice of the same
matter, only that one is owed: it says all that the older one said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alarmbro.judgement.escalation import NEVER_S
from alarmbro.judgement.retry import pause_s
from alarmbro.model.alarm import Delivery, Matter, Notice
from alarmbro.model.configuration import Configuration, Recipient, Target
from alarmbro.model.moment import Moment


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


def owing(matter: Matter, configuration: Configuration, now: Moment) -> Owing:
    """Name every delivery that `matter` is owed at `now`."""
    due: list[Owed] = []
    next_in_s = NEVER_S
    for notice, since, recipient in _latest(matter, configuration):
        fallback_in_s = _fallback_in_s(matter, notice, since, recipient, now)
        targets = recipient.targets + (recipient.fallback if fallback_in_s <= 0 else ())
        next_in_s = min(next_in_s, fallback_in_s if fallback_in_s > 0 else NEVER_S)
        for target in targets:
            wait_s, owed = _owed(matter, notice, target, now)
            if wait_s <= 0:
                due.append(owed)
            next_in_s = min(next_in_s, wait_s if wait_s > 0 else NEVER_S)
    return Owing(tuple(due), next_in_s)


def settled(matter: Matter, configuration: Configuration) -> bool:
    """Tell whether every recipient of the latest notices has been told by some URL."""
    return all((notice.number, recipient.id) in matter.told for notice, _, recipient in _latest(matter, configuration))


def _latest(matter: Matter, configuration: Configuration) -> Iterator[tuple[Notice, Moment, Recipient]]:
    """Give each recipient with the latest notice that is for it, and since when it is untold.

    In the order in which they were first named. A newer notice does not start the time anew: with repeats that come
    sooner than `fallback_after`, the fallback would never come.
    """
    latest: dict[str, tuple[Notice, Moment]] = {}
    for notice in matter.notices:
        for name in notice.notify:
            before = latest.get(name)
            untold = before is not None and (before[0].number, name) not in matter.told
            latest[name] = (notice, before[1] if before and untold else notice.at)
    for name, (notice, since) in latest.items():
        recipient = configuration.recipients.get(name)
        if recipient is not None:
            yield notice, since, recipient


def _fallback_in_s(matter: Matter, notice: Notice, since: Moment, recipient: Recipient, now: Moment) -> float:
    if not recipient.fallback or (notice.number, recipient.id) in matter.told:
        return NEVER_S
    return recipient.fallback_after_s - now.since(since)


def _owed(matter: Matter, notice: Notice, target: Target, now: Moment) -> tuple[float, Owed]:
    """Give a delivery and the seconds until its next try is due: never for one that is done."""
    delivery = Delivery(matter.id, notice.number, target.recipient, target.number)
    progress = matter.progress.get(delivery)
    attempts = progress.attempts if progress else 0
    owed = Owed(delivery, notice, target, attempts + 1)
    if progress is None or progress.last is None:
        return 0.0, owed
    if progress.done:
        return NEVER_S, owed
    name = f"{delivery.matter}/{delivery.notice}/{delivery.recipient}/{delivery.target}"
    return pause_s(attempts, name) - now.since(progress.last), owed
