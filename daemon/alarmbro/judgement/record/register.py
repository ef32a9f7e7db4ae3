"""The journal's records folded into the rounds and test alarms that are open. The ledger's part for the yearly test.

Used by the deciding thread only. A record about nothing that is open changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from alarmbro.model.alarm import Matter, Notice
from alarmbro.model.delivery import MessageKind
from alarmbro.model.moment import Moment, from_iso
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.testing import Ending, OnTest, Reason, Round, Standing, TestAlarm, Tried


@dataclass(slots=True)
class Register:
    """Rounds until all know of their end, the test alarms of those that run, centres on test, and last passed tests.

    `tested` gives when a device last passed, by `SITE/DEVICE`.
    """

    rounds: dict[str, Round] = field(default_factory=dict)
    on_test: dict[str, OnTest] = field(default_factory=dict)
    tested: dict[str, datetime] = field(default_factory=dict)
    _alarms: dict[str, TestAlarm] = field(default_factory=dict)
    _judged: set[str] = field(default_factory=set)

    def running(self, site: str) -> Round | None:
        """Give the round that runs at a site."""
        return next((each for each in self.rounds.values() if each.site == site and each.ended is None), None)

    def all_running(self) -> list[Round]:
        """Give the rounds that run."""
        return [each for each in self.rounds.values() if each.ended is None]

    def under_test(self, site: str) -> list[str]:
        """Name the devices of a site whose next press is a test, as long as no alarm there is real."""
        round_ = self.running(site)
        return round_.of(Standing.WAITING) if round_ else []

    def alarm(self, name: str) -> TestAlarm | None:
        """Give a test alarm of a round that runs, judged or not: it can still be confirmed."""
        return self._alarms.get(name)

    def awaited(self, round_: Round) -> list[TestAlarm]:
        """Give the test alarms of a round that have no verdict yet; one that has ended awaits none."""
        pressed = [round_.devices[name].alarm for name in round_.of(Standing.PRESSED)]
        return [self._alarms[name] for name in pressed if name in self._alarms]

    def matter(self, name: str) -> Matter | None:
        """Give what somebody is still to be told of: a round, or a test alarm without a verdict."""
        return self.rounds.get(name) or (None if name in self._judged else self._alarms.get(name))

    def take(self, draft: Draft, received: Moment) -> bool:
        """Do what a record of a test says; tell whether it was one. `received` is when its press was."""
        match draft.type:
            case RecordType.TEST_STARTED:
                self._started(draft)
            case RecordType.TEST_PRESSED:
                self._pressed(draft, received)
            case RecordType.TEST_PASSED | RecordType.TEST_FAILED:
                self._verdict(draft)
            case RecordType.TEST_FINISHED:
                self._finished(draft)
            case RecordType.ON_TEST:
                self.on_test[draft.recipient] = OnTest(draft.at, draft.data["for_s"], from_iso(draft.data["until"]))
            case _ if draft.alarm in self.rounds:
                self._noticed(self.rounds[draft.alarm], draft)
            case RecordType.ACKNOWLEDGED if draft.alarm in self._alarms:
                who = draft.recipient or draft.personal.get("by", "")
                self._alarms[draft.alarm].confirmed.setdefault(who, draft.data.get("after_ms"))
            case _:
                return False
        return True

    def _started(self, draft: Draft) -> None:
        data = draft.data
        round_ = Round(
            draft.alarm, draft.site, "", draft.at, begun=draft.at, left_s=data["for_s"], until=from_iso(data["until"]),
            confirm=bool(data.get("confirm")), by=draft.personal.get("by", ""), coordinator=data.get("coordinator", ""),
            devices={name: Tried(name) for name in data["devices"]},
        )  # fmt: skip
        self.rounds[draft.alarm] = round_
        _notice(round_, draft)

    def _pressed(self, draft: Draft, received: Moment) -> None:
        data = draft.data
        alarm = TestAlarm(
            draft.alarm, draft.site, draft.device, received, round=data["round"], wanted=tuple(data["notify"]),
            confirm=tuple(data.get("confirm", ())), withheld=tuple(data.get("withheld", ())),
        )  # fmt: skip
        self._alarms[alarm.id] = alarm
        _notice(alarm, draft)
        tried = self._tried(draft)
        if tried is not None:
            tried.standing, tried.alarm = Standing.PRESSED, alarm.id

    def _verdict(self, draft: Draft) -> None:
        passed = draft.type is RecordType.TEST_PASSED
        tried = self._tried(draft)
        if tried is not None:
            tried.standing = Standing.PASSED if passed else Standing.FAILED
            tried.reason = None if passed else Reason(draft.data["reason"])
        if passed:
            self.tested[f"{draft.site}/{draft.device}"] = draft.at.utc
        if draft.alarm:
            self._judged.add(draft.alarm)

    def _finished(self, draft: Draft) -> None:
        round_ = self.rounds.get(draft.alarm)
        if round_ is None:
            return
        round_.ended = Ending(draft.data["reason"])
        _notice(round_, draft)
        for tried in round_.devices.values():
            self._alarms.pop(tried.alarm, None)
            self._judged.discard(tried.alarm)

    def _noticed(self, round_: Round, draft: Draft) -> None:
        match draft.type:
            case RecordType.NOTICED if "left_s" in draft.data:  # counted anew after a reboot
                round_.begun, round_.left_s = draft.at, draft.data["left_s"]
            case RecordType.NOTICED:
                _notice(round_, draft)
            case RecordType.SETTLED:
                del self.rounds[round_.id]
            case _:
                pass  # of no consequence for what is open

    def _tried(self, draft: Draft) -> Tried | None:
        round_ = self.rounds.get(draft.data["round"])
        return round_.devices.get(draft.device) if round_ else None


def _notice(matter: Matter, draft: Draft) -> None:
    data = draft.data
    notify = tuple(data.get("notify", ()))
    matter.notices.append(Notice(data["notice"], MessageKind(data["message"]), draft.at, notify))
