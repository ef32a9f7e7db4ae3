"""From an open matter to what its message can tell, and to the values for its URL. Pure; in the deciding thread.

The words themselves are made (`judgement.words.wording`) in the thread that sends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypedDict

from alarmbro.judgement.course.answering import named
from alarmbro.judgement.record.register import Register
from alarmbro.judgement.telling.routing import route_of_alarm
from alarmbro.judgement.words.facts import Facts
from alarmbro.judgement.words.wording import compose, fault_words
from alarmbro.model.alarm import Acknowledged, Alarm, Fault, Matter, Notice
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind, Occasion
from alarmbro.model.moment import UNKNOWN_S, Moment
from alarmbro.model.testing import Round, TestAlarm


def ring_112(alarm: Alarm, configuration: Configuration, now: Moment) -> str:
    """Give what the site itself is to read where nobody could be told of its alarm."""
    facts = facts_of(alarm, alarm.notices[0], "", configuration, now)
    return compose(MessageKind.NO_ONE_TOLD, facts, configuration).short


def facts_of(matter: Matter, notice: Notice, recipient: str, configuration: Configuration, now: Moment) -> Facts:
    """Give all that is known for one notice to one recipient (empty: to nobody in particular)."""
    known = configuration.recipients.get(recipient)
    site = configuration.sites.get(matter.site)
    device = configuration.device(matter.site, matter.device)
    place: _Place = {
        "now": _minute(now.utc),
        "site": site.name if site else matter.site,
        "address": site.address if site else "",
        "device": device.name if device else matter.device,
        "received": matter.since.utc,
        "recipient": known.name if known else recipient,
    }
    if isinstance(matter, Fault):
        what, do = fault_words(matter.kind, matter.subject, configuration.language)
        return Facts(**place, what=what, do=do, detail=matter.detail, alarm=matter.alarm)
    if isinstance(matter, Round):
        return _of_round(place, matter, notice, configuration)
    if isinstance(matter, TestAlarm):
        return Facts(**place, alarm=matter.id)
    return _of_alarm(place, matter, notice, configuration, now) if isinstance(matter, Alarm) else Facts(**place)


class _Place(TypedDict):
    """What every message tells: where, when, and to whom."""

    now: datetime
    site: str
    address: str
    device: str
    received: datetime
    recipient: str


def _of_round(place: _Place, round_: Round, notice: Notice, configuration: Configuration) -> Facts:
    """Give how a round stands; when it is announced, all its devices are still to be tested."""
    return Facts(
        **place,
        alarm=round_.id,
        until=round_.until,
        tested=len(round_.devices),
        missing=names_of(round_.site, round_.missing(), configuration),
        who=name_of(round_.by, round_.coordinator, configuration),
        happened_at=_minute(notice.at.utc),
    )


def under_test(facts: Facts, site: str, testing: Register, configuration: Configuration) -> Facts:
    """Add what is under test at a site (empty: anywhere)."""
    rounds = [each for each in testing.all_running() if site in ("", each.site)]
    names = [name for each in rounds for name in names_of(each.site, testing.under_test(each.site), configuration)]
    return replace(facts, testing=tuple(names), until=max(each.until for each in rounds)) if names else facts


def names_of(site: str, devices: list[str], configuration: Configuration) -> tuple[str, ...]:
    """Give what people call devices of a site."""
    known = [(name, configuration.device(site, name)) for name in devices]
    return tuple(device.name if device else name for name, device in known)


def _of_alarm(place: _Place, alarm: Alarm, notice: Notice, configuration: Configuration, now: Moment) -> Facts:
    route = route_of_alarm(configuration, alarm)
    repeats = [other for other in alarm.notices if other.kind is MessageKind.REPEATED and other.number <= notice.number]
    answers = answers_at(alarm, notice)
    return Facts(
        **place,
        alarm=alarm.id,
        level=alarm.level,
        instruction=route.instruction if route else "",
        happened_at=_minute(notice.at.utc),
        presses=alarm.presses,
        count=max(1, len(repeats)),
        waited_s=_whole(now.since(answers[-1].at if answers and notice.kind in _AFTER_AN_ANSWER else alarm.begun)),
        answered_s=answers[-1].at.since(alarm.begun) if answers else 0.0,
        who=_who(alarm, answers, configuration),
        note=alarm.closed.note if alarm.closed else "",
        late_s=alarm.late_s or 0.0,
        pressed_at=alarm.pressed_at,
        position=alarm.position,
        duties=route.aftercare.duties if route and route.aftercare else (),
    )


def _minute(moment: datetime) -> datetime:
    """Give the minute: no text tells more, and so all who are called at once are told the same."""
    return moment.replace(second=0, microsecond=0)


def _whole(seconds: float) -> float:
    return float(round(seconds)) if seconds < UNKNOWN_S else seconds


_AFTER_AN_ANSWER = (MessageKind.REMINDED, MessageKind.LAPSED)


def answers_at(alarm: Alarm, notice: Notice) -> list[Acknowledged]:
    """Give who is on the way; for an alarm that was raised again since nobody closed it, who had been until then."""
    if notice.kind is MessageKind.LAPSED:
        return [each for each in alarm.acknowledged if each.notice < notice.number][-1:]
    return alarm.on_the_way


def name_of(by: str, recipient: str, configuration: Configuration) -> str:
    """Give what people call whoever answered; empty where that is not known (any more)."""
    known = configuration.recipients.get(recipient)
    return known.name if known else by


def _who(alarm: Alarm, answers: list[Acknowledged], configuration: Configuration) -> str:
    if alarm.closed is not None:
        known = named(alarm.closed.by, configuration)
        return known.name if known else alarm.closed.by
    return ", ".join(dict.fromkeys(name_of(each.by, each.recipient, configuration) for each in answers))


def values_of(matter: Matter, configuration: Configuration) -> dict[str, str]:
    """Give what the placeholders of a URL stand for."""
    site = configuration.sites.get(matter.site)
    device = configuration.device(matter.site, matter.device)
    fault, test = isinstance(matter, Fault), isinstance(matter, Round | TestAlarm)
    closed = isinstance(matter, Alarm) and matter.closed
    return {
        "site.id": matter.site,
        "site.name": site.name if site else matter.site,
        "device.id": matter.device,
        "device.name": device.name if device else matter.device,
        "device.zone": str(device.zone) if device and device.zone is not None else "",
        "alarm.id": "" if fault else matter.id,
        "alarm.kind": "fault" if fault else "test" if test else "closed" if closed else "alarm",
    }


def occasion_of(kind: MessageKind, facts: Facts, values: Mapping[str, str], matter: str = "") -> Occasion:
    """Give what a message is about, for targets of codes or contacts. `values` are those of the URL."""
    return Occasion(
        kind,
        level=facts.level,
        matter=matter,
        at=facts.pressed_at or facts.received,
        late=kind is MessageKind.LATE or facts.late_s > 0,
        fault=matter.partition("/")[0] if values.get("alarm.kind") == "fault" else "",
        site=values.get("site.id", ""),
        device=values.get("device.id", ""),
    )
