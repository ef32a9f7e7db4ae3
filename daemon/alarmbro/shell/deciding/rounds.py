"""Test rounds: begun and ended by coordinators, judged device by device, silent while an alarm is real.

Promises: a round ends by itself; while a real alarm is open at its site nothing of it is told, and what still waits in
a lane is taken back. An order that is refused changes nothing and says why.
Must never: wait, or touch a real alarm.
Runs in the deciding thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from alarmbro.judgement.record.ledger import Ledger
from alarmbro.judgement.rounds.judging import due, end, next_in_s
from alarmbro.judgement.rounds.starting import put_on_test, start, taken_up
from alarmbro.judgement.telling.owing import NEVER_S, given_up, untold
from alarmbro.model.activation import HeldDown
from alarmbro.model.configuration import Configuration
from alarmbro.model.errors import RefusedError
from alarmbro.model.moment import Moment
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.testing import Ending, EndTest, PutOnTest, Round, StartTest, TestAlarm, TestOrder
from alarmbro.shell.desk.recorder import Recorder
from alarmbro.shell.showing.situation import view_of_round

log = structlog.get_logger(__name__)

STAGES = 5  # one more than there are of what is due one after the other in a round: withheld, judged, warned, ended
HELD_WITHIN_S = 30.0  # longer than it takes from the press to the news that it is held; the next press is another


@dataclass(slots=True)
class Rounds:
    """Moves rounds on. `trusted` tells whether wall time can be believed; `held` makes a press of one that is held."""

    configuration: Configuration
    recorder: Recorder
    trusted: Callable[[], bool]
    held: Callable[[HeldDown], None]
    _pressed: dict[tuple[str, str], Moment] = field(default_factory=dict)

    @property
    def _ledger(self) -> Ledger:
        return self.recorder.ledger

    def silent(self, site: str) -> bool:
        """Tell whether nothing of a test is to be told now: an alarm at the site is real."""
        return any(alarm.site == site for alarm in self._ledger.alarms.values())

    def of_site(self, site: str) -> list[str]:
        """Name the rounds and test alarms of a site, for them to be looked at."""
        testing = self._ledger.testing
        rounds = [each for each in testing.rounds.values() if each.site == site]
        return [*(each.id for each in rounds), *(alarm.id for each in rounds for alarm in testing.awaited(each))]

    def resume(self, now: Moment) -> list[str]:
        """Go on with what ran before the start; name all that is to be looked at."""
        trusted = self.trusted()
        for round_ in list(self._ledger.testing.rounds.values()):
            for draft in taken_up(round_, self._ledger, self.configuration, now, trusted=trusted):
                self._record(draft)
        sites = dict.fromkeys(each.site for each in self._ledger.testing.rounds.values())
        return [name for site in sites for name in self.of_site(site)]

    def go_on(self, round_: Round, now: Moment) -> float:
        """Record all that is due in a round; give the seconds until more is."""
        for _ in range(STAGES):
            for draft in due(round_, self._ledger, self.configuration, now):
                self._record(draft)
        if round_.ended is None:
            return next_in_s(round_, self._ledger, now)
        missing = untold(round_, self.configuration)
        if not missing or given_up(round_, self.configuration):
            data = {"untold": missing} if missing else {}
            self._record(Draft(RecordType.SETTLED, now, round_.site, "", round_.id, data=data))
        return NEVER_S

    def pressed(self, alarm: TestAlarm) -> None:
        """Note a press that was taken for a test."""
        self._pressed[alarm.site, alarm.device] = alarm.since

    def hold(self, held: HeldDown) -> None:
        """Make it real where the press that is held was taken for a test, whatever its verdict has been."""
        pressed = self._pressed.pop((held.site, held.device), None)
        if pressed is not None and held.at.since(pressed) < HELD_WITHIN_S:
            log.warning("a test press is held: it is real", site=held.site, device=held.device)
            self.held(held)

    def ordered(self, order: TestOrder, now: Moment) -> tuple[dict[str, Any], str]:
        """Do what a coordinator asks; give what to answer, and the round to look at. Raise RefusedError."""
        match order:
            case StartTest():
                draft = start(order, self._ledger, self.configuration, now)
                self._record(draft)
                return self._view(draft.alarm), draft.alarm
            case PutOnTest():
                draft = put_on_test(order, self.configuration, now)
                self._record(draft)
                return {"recipient": order.recipient, "until": draft.data["until"]}, ""
            case EndTest():
                return self._end(order, now)

    def _end(self, order: EndTest, now: Moment) -> tuple[dict[str, Any], str]:
        running = [each for each in self._ledger.testing.all_running() if order.site in ("", each.site)]
        if not running:
            raise RefusedError(f"no test round runs{f' at {order.site}' if order.site else ''}")
        if len(running) > 1:
            sites = ", ".join(each.site for each in running)
            raise RefusedError(f"test rounds run at {sites}; say which one ends")
        (round_,) = running
        why = Ending.ABORTED if order.abort else Ending.FINISHED
        for draft in end(round_, self._ledger, self.configuration, now, why, order.by):
            self._record(draft)
        return self._view(round_.id), round_.id

    def _view(self, name: str) -> dict[str, Any]:
        return view_of_round(self._ledger.testing.rounds[name], self._ledger)

    def _record(self, draft: Draft) -> None:
        self.recorder.record(draft)
        where = {"round": draft.data.get("round", draft.alarm), "device": draft.device, "site": draft.site}
        log.info(draft.type.value.replace("_", " "), **where, reason=draft.data.get("reason", ""))
