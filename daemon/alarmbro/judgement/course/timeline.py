"""What a press of a device would lead to, moment by moment: who is told when, and with what words.

Three parts: from the press on, if nobody answers; from the moment when somebody answers; from the close on. Pure: the
same routing, steps and words as the real thing, asked beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from alarmbro.judgement.course.escalation import NOBODY_TOLD_AFTER_S
from alarmbro.judgement.telling.routing import level_of, route_of
from alarmbro.judgement.words.facts import Facts
from alarmbro.judgement.words.wording import compose
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import Message, MessageKind
from alarmbro.model.level import Level
from alarmbro.model.moment import Moment
from alarmbro.model.route import InTest, Recipient, Route
from alarmbro.model.site import Device

SAMPLE_NUMBER = 1
SAMPLE_ANSWER_S = 12.0  # how soon somebody answers, in the sample's words


class Part(StrEnum):
    """What a telling's time counts from."""

    PRESSED = "pressed"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Telling:
    """One message as it would be told: when, to whom, in what words. `every_s`: it then repeats.

    `unless_told`: only where nobody could be told until then.
    """

    part: Part
    kind: MessageKind
    after_s: float
    recipients: tuple[Recipient, ...]
    message: Message
    withheld: tuple[Recipient, ...] = ()
    unless_acknowledged: bool = False
    unless_told: bool = False
    every_s: float | None = None


def foretell(
    configuration: Configuration, device: Device, now: Moment, *, test: bool, level: Level | None = None
) -> tuple[Telling, ...]:
    """Give all that a press of `device` at `level` (None: its own) would lead to, in the order of time in each part.

    In a test only the first step: recipients who are not told of tests are `withheld` (an alarm centre, as long as
    nobody has put it on test), and there is nothing to follow.
    """
    route = route_of(configuration, device.site, device.id, level)
    if route is None:
        return ()
    sample = _Sample(configuration, device, route, level or level_of(configuration, device.site, device.id), now)
    if test:
        return (sample.step(0, test=True),)
    steps = [sample.step(number, test=False) for number in range(len(route.steps))]
    pressed = sorted([*steps, *sample.nobody_told(), *sample.repeat()], key=lambda telling: telling.after_s)
    return (*pressed, *sample.answered(), *sample.closed())


@dataclass(frozen=True, slots=True)
class _Sample:
    """One press, imagined."""

    configuration: Configuration
    device: Device
    route: Route
    level: Level
    now: Moment

    def step(self, number: int, *, test: bool) -> Telling:
        step = self.route.steps[number]
        kind = MessageKind.TEST_ALARM if test else MessageKind.ESCALATED if number else MessageKind.ALARM
        named = self._people(step.notify)
        withheld = tuple(each for each in named if test and _withheld(each))
        recipients = tuple(each for each in named if each not in withheld)
        message = self._words(kind, step.after_s)
        return Telling(Part.PRESSED, kind, step.after_s, recipients, message, withheld, step.unless_acknowledged)

    def nobody_told(self) -> Iterator[Telling]:
        people = self._people(self.configuration.faults.notify)
        if people:
            message = self._words(MessageKind.NO_ONE_TOLD, NOBODY_TOLD_AFTER_S)
            kind = MessageKind.NO_ONE_TOLD
            yield Telling(Part.PRESSED, kind, NOBODY_TOLD_AFTER_S, people, message, unless_told=True)

    def repeat(self) -> Iterator[Telling]:
        last, repeat = self.route.steps[-1], self.route.repeat
        if repeat is None:
            return
        after_s = last.after_s + repeat.every_s
        yield Telling(
            Part.PRESSED, MessageKind.REPEATED, after_s, self._people(last.notify),
            self._words(MessageKind.REPEATED, after_s), unless_acknowledged=not repeat.until_closed,
            every_s=repeat.every_s,
        )  # fmt: skip

    def answered(self) -> Iterator[Telling]:
        """Imagine that one of the first step answers: who hears of it, and what comes where nobody closes the alarm."""
        first, one = self._people(self.route.steps[0].notify), self.person
        wait_s = self.route.reminder_s
        for kind, after_s, people in (
            (MessageKind.ACKNOWLEDGED, 0.0, first),
            (MessageKind.REMINDED, wait_s, (one,)),
            (MessageKind.LAPSED, 2 * wait_s, first),
        ):
            message = self._words(kind, SAMPLE_ANSWER_S + after_s, who=one.name, waited_s=after_s)
            yield Telling(Part.ANSWERED, kind, after_s, people, message)

    def closed(self) -> Iterator[Telling]:
        first, care = self._people(self.route.steps[0].notify), self.route.aftercare
        for kind in (MessageKind.CLOSED_REAL, MessageKind.CLOSED_FALSE_ALARM, MessageKind.CLOSED_TEST):
            yield Telling(Part.CLOSED, kind, 0.0, first, self._words(kind, 0.0, who=self.person.name))
        if care is not None:
            message = self._words(MessageKind.AFTERCARE, care.after_s, who=self.person.name)
            yield Telling(Part.CLOSED, MessageKind.AFTERCARE, care.after_s, self._people(care.notify), message)

    @property
    def person(self) -> Recipient:
        """Give one of the first step who answers: one who may, where there is one."""
        first = self._people(self.route.steps[0].notify)
        return next((each for each in first if each.acknowledges), first[0])

    def _people(self, names: tuple[str, ...]) -> tuple[Recipient, ...]:
        return tuple(self.configuration.recipients[name] for name in names)

    def _words(self, kind: MessageKind, after_s: float, who: str = "", waited_s: float | None = None) -> Message:
        site, care = self.configuration.sites[self.device.site], self.route.aftercare
        facts = Facts(
            now=self.now.later(after_s).utc, received=self.now.utc, alarm=f"{site.id}-{SAMPLE_NUMBER}",
            waited_s=after_s, site=site.name, address=site.address, device=self.device.name,
            instruction=self.route.instruction, who=who, level=self.level, answered_s=SAMPLE_ANSWER_S,
            duties=care.duties if care else (),
        )  # fmt: skip
        facts = facts if waited_s is None else replace(facts, waited_s=waited_s)
        return compose(kind, facts, self.configuration)


def _withheld(recipient: Recipient) -> bool:
    return recipient.in_test is InTest.WITHHOLD or recipient.alarm_centre
