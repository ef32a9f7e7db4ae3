"""From the journal's records to the account of a year, in one pass. Pure; a year is one of the configuration's zone.

A record that does not fit is passed over: the report of a year must not fail for one line. What the records of a test
say is in `alarmbro.judgement.rounds`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from statistics import median
from zoneinfo import ZoneInfo

from alarmbro.model.alarm import Closing
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import CALLS, MessageKind, Outcome
from alarmbro.model.record import Draft, Record, RecordType
from alarmbro.model.site import Device
from alarmbro.report.account import (
    Confirmed,
    DeviceTest,
    Month,
    OpenPoint,
    Reached,
    Report,
    RoundHeld,
    Signal,
    SiteAccount,
    Times,
)

SIGNALS = CALLS | {MessageKind.TEST_ALARM}  # what an alarm centre's own list has, too; not the news of them


@dataclass(slots=True)
class _Test:
    """A press that was a test, and what became of it."""

    draft: Draft
    verdict: Draft
    told: dict[str, int | None] = field(default_factory=dict)
    confirmed: dict[str, tuple[int | None, str]] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Raised:
    """A real alarm of the year. `told` and `answers` are milliseconds after the press, None where unknown."""

    draft: Draft
    told: list[int | None] = field(default_factory=list)
    answers: list[int | None] = field(default_factory=list)
    outcome: str = ""


class Gathering:
    """Takes records in the journal's order; `report` gives what they come to."""

    def __init__(self, configuration: Configuration, year: int) -> None:
        self._configuration = configuration
        self._zone = ZoneInfo(configuration.timezone)
        self._year = year
        self._rounds: dict[str, RoundHeld] = {}
        self._round_site: dict[str, str] = {}
        self._presses: dict[str, _Test] = {}
        self._latest: dict[tuple[str, str], _Test] = {}
        self._alarms: dict[str, _Raised] = {}
        self._open: dict[str, Draft] = {}
        self._faults: dict[str, Draft] = {}
        self._signals: list[Signal] = []
        self._records = 0
        self._head = ""

    def take(self, record: Record) -> None:
        """Take one record."""
        self._records, self._head = record.seq, record.hash
        draft = record.draft
        match draft.type:
            case RecordType.STARTED | RecordType.FAULT | RecordType.FAULT_CLEARED:
                self._fault(draft)
            case RecordType.RAISED:
                self._open[draft.alarm] = draft
                if self._in_year(draft.at.utc):
                    self._alarms[draft.alarm] = _Raised(draft)
            case RecordType.TEST_STARTED | RecordType.TEST_FINISHED:
                self._round(draft)
            case RecordType.TEST_PRESSED | RecordType.TEST_PASSED | RecordType.TEST_FAILED:
                self._test(draft)
            case RecordType.ATTEMPT if draft.data.get("outcome") == Outcome.WITHHELD and draft.alarm in self._presses:
                self._presses[draft.alarm].withheld[draft.recipient] = str(draft.data.get("reason", ""))
            case RecordType.TOLD:
                self._told(draft)
            case RecordType.ACKNOWLEDGED | RecordType.CLOSED:
                self._moved(draft)
            case _:
                pass  # says nothing that the report tells

    def report(self, sites: Iterable[str], made: datetime) -> Report:
        """Give the account of the sites that are named."""
        accounts = tuple(self._site(site) for site in sites)
        return Report(self._year, made, accounts, self._records, self._head, tuple(self._signals))

    # --- records ---------------------------------------------------------------------------------------------------

    def _round(self, draft: Draft) -> None:
        if draft.type is RecordType.TEST_STARTED and self._in_year(draft.at.utc):
            self._rounds[draft.alarm] = RoundHeld(draft.alarm, draft.personal.get("by", ""), draft.at.utc)
            self._round_site[draft.alarm] = draft.site
        elif (held := self._rounds.get(draft.alarm)) is not None:
            reason = str(draft.data.get("reason", ""))
            self._rounds[draft.alarm] = RoundHeld(held.round, held.by, held.started, draft.at.utc, reason)

    def _test(self, draft: Draft) -> None:
        if draft.type is RecordType.TEST_PRESSED:
            self._presses[draft.alarm] = _Test(draft, draft)
            return
        test = self._presses.get(draft.alarm) or _Test(draft, draft)
        if self._in_year(draft.at.utc):
            test.verdict = draft
            self._latest[draft.site, draft.device] = test

    def _fault(self, draft: Draft) -> None:
        name = str(draft.data.get("fault"))
        if draft.type is RecordType.STARTED:
            self._faults.clear()  # what still is wrong is found, and recorded, again
        elif draft.type is RecordType.FAULT:
            self._faults[name] = replace(draft, at=self._faults.get(name, draft).at)
        else:
            self._faults.pop(name, None)

    def _told(self, draft: Draft) -> None:
        if draft.data.get("message") not in SIGNALS:
            return  # news of an alarm, or of a round
        self._signal(draft)
        test, alarm = self._presses.get(draft.alarm), self._alarms.get(draft.alarm)
        if test is not None:
            test.told.setdefault(draft.recipient, draft.data.get("after_ms"))
        if alarm is not None:
            alarm.told.append(draft.data.get("after_ms"))

    def _moved(self, draft: Draft) -> None:
        ms = draft.data.get("after_ms")
        test, alarm = self._presses.get(draft.alarm), self._alarms.get(draft.alarm)
        if draft.type is RecordType.CLOSED:
            self._open.pop(draft.alarm, None)
            if alarm is not None:
                alarm.outcome = str(draft.data.get("outcome", ""))
        elif test is not None:
            by = draft.personal.get("by", "")
            test.confirmed.setdefault(draft.recipient or by, (ms, by))
        elif alarm is not None:
            alarm.answers.append(ms)

    def _signal(self, draft: Draft) -> None:
        """Note what an alarm centre was told."""
        recipient = self._configuration.recipients.get(draft.recipient)
        if recipient is None or not recipient.alarm_centre or not self._in_year(draft.at.utc):
            return
        device = self._configuration.device(draft.site, draft.device)
        zone = str(device.zone) if device is not None and device.zone is not None else ""
        self._signals.append(Signal(draft.at.utc, zone, f"{draft.alarm} {draft.site}/{draft.device}"))

    def _in_year(self, at: datetime) -> bool:
        return at.astimezone(self._zone).year == self._year

    # --- the account -----------------------------------------------------------------------------------------------

    def _site(self, site: str) -> SiteAccount:
        place = self._configuration.sites[site]
        alarms = [each for each in self._alarms.values() if each.draft.site == site]
        answerable = [each for each in alarms if each.outcome != Closing.TEST]
        devices = sorted(
            (self._device(each) for each in place.devices.values()), key=lambda each: each.verdict == "passed"
        )
        return SiteAccount(
            site, place.name, place.address,
            tuple(held for name, held in self._rounds.items() if self._round_site[name] == site),
            tuple(devices), self._months(alarms),
            times([each.told[:1] for each in answerable]), times([each.answers[:1] for each in answerable]),
            tuple(self._open_points(site)),
        )  # fmt: skip

    def _device(self, device: Device) -> DeviceTest:
        test = self._latest.get((device.site, device.id))
        if test is None:
            return DeviceTest(device.id, device.name, device.zone)
        pressed = test.draft.type is RecordType.TEST_PRESSED
        verdict, reason = test.verdict, str(test.verdict.data.get("reason", ""))
        return DeviceTest(
            device.id, device.name, device.zone, "failed" if reason else "passed", reason,
            test.draft.at.utc if pressed else None, test.draft.alarm if pressed else "",
            tuple(self._recipients(test)) if pressed else (), tuple(verdict.data.get("missing") or ()),
            tuple(self._others(test)),
        )  # fmt: skip

    def _recipients(self, test: _Test) -> Iterable[Reached]:
        for name in test.draft.data.get("notify") or ():
            told, confirmed = name in test.told, test.confirmed.get(name)
            ms, by = confirmed or (None, "")
            yield Reached(
                name, self._name(name), "reached" if told else "not_reached", test.told.get(name), ms, by or
                (self._name(name) if confirmed else ""),
            )  # fmt: skip
        for name in test.draft.data.get("withheld") or ():
            yield Reached(name, self._name(name), "withheld", reason=test.withheld.get(name, ""))

    def _others(self, test: _Test) -> Iterable[Confirmed]:
        """Give those who confirmed it without being told of it: somebody who stood beside."""
        for name, (ms, by) in test.confirmed.items():
            if name not in (test.draft.data.get("notify") or ()):
                yield Confirmed(by or self._name(name), ms)

    def _name(self, recipient: str) -> str:
        known = self._configuration.recipients.get(recipient)
        return known.name if known else recipient

    def _months(self, alarms: list[_Raised]) -> tuple[Month, ...]:
        counts = Counter((alarm.draft.at.utc.astimezone(self._zone).month, alarm.outcome) for alarm in alarms)
        return tuple(
            Month(counts[month, Closing.REAL], counts[month, Closing.FALSE_ALARM], counts[month, ""])
            for month in range(1, 13)
        )

    def _open_points(self, site: str) -> Iterable[OpenPoint]:
        for name, draft in self._open.items():
            if draft.site == site:
                yield OpenPoint("alarm", name, draft.at.utc, draft.device)
        for name, draft in self._faults.items():
            if draft.site in ("", site):
                yield OpenPoint("fault", name, draft.at.utc, str(draft.data.get("detail", "")))


def gather(
    records: Iterable[Record], configuration: Configuration, year: int, sites: Iterable[str], made: datetime
) -> Report:
    """Give the report of a year on the sites that are named."""
    gathering = Gathering(configuration, year)
    for record in records:
        gathering.take(record)
    return gathering.report(sites, made)


def times(given: list[list[int | None]]) -> Times:
    """Give median and slowest of what is known; each alarm's is empty where it never came about."""
    known = [ms for each in given for ms in each if ms is not None]
    count = sum(map(bool, given))
    return Times(count, len(given), round(median(known)), max(known)) if known else Times(count, len(given))
