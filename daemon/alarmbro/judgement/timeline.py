"""What a press of a device would lead to: who is told when, if nobody answers, and with what words.

Pure: the same routing, steps and words as the real thing, asked beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass

from alarmbro.judgement.facts import Facts
from alarmbro.judgement.routing import route_of
from alarmbro.judgement.wording import compose
from alarmbro.model.configuration import Configuration, Device, InTest, Recipient, Route
from alarmbro.model.delivery import Message, MessageKind
from alarmbro.model.moment import Moment

SAMPLE_NUMBER = 1


@dataclass(frozen=True, slots=True)
class Telling:
    """One step as it would be told: when, to whom, in what words. `every_s`: it then repeats."""

    after_s: float
    unless_acknowledged: bool
    recipients: tuple[Recipient, ...]
    withheld: tuple[Recipient, ...]
    message: Message
    every_s: float | None = None


def foretell(configuration: Configuration, device: Device, now: Moment, *, test: bool) -> tuple[Telling, ...]:
    """Give every step that a press of `device` would lead to; the last one again where the route repeats it.

    In a test, recipients who are not told of tests are `withheld`.
    """
    route = route_of(configuration, device.site, device.id)
    if route is None:
        return ()
    steps = [_telling(configuration, device, route, number, now, test=test) for number in range(len(route.steps))]
    if route.repeat is not None and not test:
        steps.append(_repeat(configuration, device, route, now))
    return tuple(steps)


def _telling(
    configuration: Configuration, device: Device, route: Route, number: int, now: Moment, *, test: bool
) -> Telling:
    step = route.steps[number]
    kind = MessageKind.TEST_ALARM if test else MessageKind.ESCALATED if number else MessageKind.ALARM
    named = [configuration.recipients[name] for name in step.notify]
    withheld = tuple(each for each in named if test and each.in_test is InTest.WITHHOLD)
    facts = _facts(configuration, device, route, now, step.after_s)
    return Telling(
        step.after_s,
        step.unless_acknowledged,
        tuple(each for each in named if each not in withheld),
        withheld,
        compose(kind, facts, configuration),
    )


def _repeat(configuration: Configuration, device: Device, route: Route, now: Moment) -> Telling:
    last, repeat = route.steps[-1], route.repeat
    every_s = repeat.every_s if repeat else 0.0
    after_s = last.after_s + every_s
    facts = _facts(configuration, device, route, now, after_s)
    recipients = tuple(configuration.recipients[name] for name in last.notify)
    until_acknowledged = repeat is not None and not repeat.until_closed
    return Telling(
        after_s, until_acknowledged, recipients, (), compose(MessageKind.REPEATED, facts, configuration), every_s
    )


def _facts(configuration: Configuration, device: Device, route: Route, now: Moment, after_s: float) -> Facts:
    site = configuration.sites[device.site]
    return Facts(
        now=now.later(after_s).utc, received=now.utc, waited_s=after_s, alarm=f"{site.id}-{SAMPLE_NUMBER}",
        site=site.name, address=site.address, device=device.name, instruction=route.instruction,
    )  # fmt: skip
