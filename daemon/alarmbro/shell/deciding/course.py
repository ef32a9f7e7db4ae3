"""The course of alarms: what comes next by the route, what a person's answer changes, and when all is over.

Promises: an answer is taken at once, whatever the journal does; a refused one changes nothing and says why.
Must never: wait, or tell anybody by itself: it records what is to be said, and the deliveries follow from that.
Runs in the deciding thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from alarmbro.judgement.course.answering import acknowledge, close, confirm
from alarmbro.judgement.course.ending import aftercare, settled
from alarmbro.judgement.course.escalation import next_notice, nobody_told_in_s, notice_of
from alarmbro.judgement.telling.owing import NEVER_S
from alarmbro.judgement.telling.routing import route_of_alarm
from alarmbro.model.activation import Acknowledgement, Answer, Close, Trouble
from alarmbro.model.alarm import NOBODY_TOLD, Alarm, State
from alarmbro.model.configuration import Configuration
from alarmbro.model.errors import RefusedError
from alarmbro.model.moment import Moment
from alarmbro.model.record import Draft
from alarmbro.model.route import Route
from alarmbro.model.testing import TestAlarm
from alarmbro.shell.desk.recorder import Recorder

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Course:
    """Moves alarms on, along their routes."""

    configuration: Configuration
    recorder: Recorder
    trouble: Callable[[Trouble], None]

    def go_on(self, alarm: Alarm, now: Moment) -> float:
        """Record all that is due in an alarm's course; give the seconds until more is."""
        route = self._route(alarm)
        if alarm.state is State.CLOSED:
            return self._end(alarm, route, now)
        if route is None:
            self._tell_unroutable(alarm)
            return self._nobody_told(alarm, route, now)
        while (due := next_notice(alarm, route, self.configuration, now)) is not None and due.in_s <= 0:
            self.recorder.record(notice_of(due, alarm, route, now))
            log.warning("alarm goes on", alarm=alarm.id, message=due.kind.value, step=due.step)
        return min(due.in_s if due else NEVER_S, self._nobody_told(alarm, route, now))

    def answered(self, answer: Answer, now: Moment) -> list[Draft]:
        """Take "I am on my way" or the all-clear; give what was recorded. Raise RefusedError."""
        test = self.recorder.ledger.testing.alarm(answer.alarm)
        if test is not None:
            return [self._confirmed(test, answer, now)]
        drafts = []
        for alarm in self._meant(answer):
            if isinstance(answer, Acknowledgement):
                draft = acknowledge(alarm, answer, self.configuration, now)
            else:
                draft = close(alarm, answer, now)
            self.recorder.record(draft)
            self.trouble(Trouble(NOBODY_TOLD, alarm.id, well=True))
            log.warning("alarm answered", alarm=alarm.id, answer=draft.type.value, source=answer.source.value)
            drafts.append(draft)
        return drafts

    def _confirmed(self, test: TestAlarm, answer: Answer, now: Moment) -> Draft:
        if not isinstance(answer, Acknowledgement):
            raise RefusedError(f"{test.id} is a test; it ends by itself, or with alarmbro test finish")
        draft = confirm(test, answer, self.configuration, now)
        self.recorder.record(draft)
        return draft

    def _tell_unroutable(self, alarm: Alarm) -> None:
        """Make it a fault that the configuration knows no route for an alarm."""
        detail = "its site is not in the configuration; nobody is told of it but by this"
        self.trouble(Trouble("unroutable", alarm.id, detail=detail, site=alarm.site, device=alarm.device))

    def _route(self, alarm: Alarm) -> Route | None:
        return route_of_alarm(self.configuration, alarm)

    def _nobody_told(self, alarm: Alarm, route: Route | None, now: Moment) -> float:
        in_s = nobody_told_in_s(alarm, route, self.configuration, now)
        if in_s > 0:
            return in_s
        detail = "no recipient could be told"
        self.trouble(Trouble(NOBODY_TOLD, alarm.id, detail=detail, site=alarm.site, device=alarm.device))
        return NEVER_S

    def _end(self, alarm: Alarm, route: Route | None, now: Moment) -> float:
        due = aftercare(alarm, route, now)
        if due is not None and due.in_s > 0:
            return due.in_s
        if due is not None and route is not None:
            self.recorder.record(notice_of(due, alarm, route, now))
        over = settled(alarm, self.configuration, now)
        if over is not None:
            self.recorder.record(over)
            log.info("alarm settled", alarm=alarm.id, untold=over.data.get("untold", []))
        return NEVER_S

    def _meant(self, answer: Answer) -> list[Alarm]:
        """Give the alarms that an answer is about.

        The key of a site speaks for all of its open alarms that were raised before it was turned; but it closes only
        those that somebody has taken: one that was raised while the key was held has had nobody look at it.
        """
        ledger = self.recorder.ledger
        if not answer.alarm:
            of_site = [alarm for alarm in ledger.alarms.values() if alarm.site == answer.site]
            alarms = [alarm for alarm in of_site if not answer.at.before(alarm.begun)]
            taken = [alarm for alarm in alarms if alarm.state is State.ACKNOWLEDGED]
            return taken if isinstance(answer, Close) else alarms
        alarm = ledger.alarm(answer.alarm)
        if alarm is None or (answer.site and alarm.site != answer.site):
            raise RefusedError(self._why_not(answer))
        return [alarm]

    def _why_not(self, answer: Answer) -> str:
        ledger = self.recorder.ledger
        known = [name for name, alarm in ledger.alarms.items() if answer.site in ("", alarm.site)]
        there_are = f"open: {', '.join(known)}" if known else "no alarm is open"
        if ledger.was(answer.alarm):
            return f"alarm {answer.alarm} is not open any more, or not of this site; {there_are}"
        return f"there is no alarm {answer.alarm!r}; {there_are}"
