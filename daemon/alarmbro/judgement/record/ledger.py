"""The journal's records folded into what is open: alarms, faults, and presses that nothing was decided about yet.

The one place where records become state, live and at a restart alike: replaying the journal gives the same ledger.
Used by the deciding thread only. Applying never fails on a record that alarmbro wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from alarmbro.judgement.record.lifecycle import Event, after
from alarmbro.judgement.record.register import Register
from alarmbro.model.activation import Activation, Source
from alarmbro.model.alarm import Acknowledged, Alarm, Closed, Closing, Delivery, Fault, Matter, Notice, Progress
from alarmbro.model.delivery import MessageKind, Outcome
from alarmbro.model.errors import RefusedError
from alarmbro.model.level import Level
from alarmbro.model.moment import Moment, from_iso
from alarmbro.model.position import read
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.testing import TestAlarm


@dataclass(slots=True)
class Ledger:
    """What is open, and in `ended` the closed alarms whose end somebody is still to be told of.

    `numbers` holds the last alarm number of each site. `before_first` is the number before a site's first alarm: 0,
    but where the past was lost one that is not likely to have been used.
    """

    alarms: dict[str, Alarm] = field(default_factory=dict)
    ended: dict[str, Alarm] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    undecided: dict[str, Activation] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    before_first: int = 0
    testing: Register = field(default_factory=Register)
    _received: dict[str, Moment] = field(default_factory=dict)
    _places: dict[tuple[str, str], str] = field(default_factory=dict)

    def replay(self, drafts: Iterable[Draft], numbers: Iterable[tuple[str, int]]) -> tuple[Draft, ...]:
        """Take up what the journal remembers, in its order; give the records that make no sense.

        One such record must not keep the daemon, and every other alarm, from starting.
        """
        senseless = []
        for draft in drafts:
            try:
                self.apply(draft)
            except (LookupError, TypeError, ValueError, AttributeError, RefusedError):
                senseless.append(draft)
        for site, number in numbers:
            self.numbers[site] = max(number, self.numbers.get(site, 0))
        return tuple(senseless)

    def alarm_of(self, site: str, device: str) -> Alarm | None:
        """Give the open alarm of a device."""
        name = self._places.get((site, device))
        return self.alarms.get(name) if name else None

    def alarm(self, name: str) -> Alarm | None:
        """Give an alarm by its id: an open one, or one that has ended and not settled yet."""
        return self.alarms.get(name) or self.ended.get(name)

    def was(self, name: str) -> bool:
        """Tell whether there ever was an alarm of that id."""
        site, _, number = name.rpartition("-")
        return number.isdecimal() and self.before_first < int(number) <= self.numbers.get(site, 0)

    def matter(self, name: str) -> Matter | None:
        """Give an alarm or a fault by its id."""
        return self.alarm(name) or self.faults.get(name) or self.testing.matter(name)

    def apply(self, draft: Draft) -> None:
        """Do what a record says; a record about nothing that is open changes nothing."""
        match draft.type:
            case RecordType.ACTIVATION:
                self._activation(draft)
            case RecordType.RAISED:
                self._raised(draft)
            case RecordType.JOINED:
                self._joined(draft)
            case RecordType.ATTEMPT:
                self._attempt(draft)
            case RecordType.TOLD:
                self._told(draft)
            case RecordType.FAULT:
                self._fault(draft)
            case RecordType.FAULT_CLEARED:
                self._cleared(draft)
            case _ if self.testing.take(draft, self._pressed(draft)):
                self._number(draft)
                self._decided(draft)
            case _:
                self._moved(draft)

    def forget(self, name: str) -> None:
        """Drop a fault that is cleared and told."""
        self.faults.pop(name, None)

    # --- presses and alarms ----------------------------------------------------------------------------------------

    def _activation(self, draft: Draft) -> None:
        self._received[draft.ref] = draft.at
        self.undecided[draft.ref] = activation_of(draft)

    def _raised(self, draft: Draft) -> None:
        alarm = alarm_from(draft, self._pressed(draft))
        self.alarms[alarm.id] = alarm
        self._places[draft.site, draft.device] = alarm.id
        self._number(draft)
        self._decided(draft)  # last: where this record makes no sense, its press is still to be decided

    def _number(self, draft: Draft) -> None:
        if "number" in draft.data:
            self.numbers[draft.site] = max(draft.data["number"], self.numbers.get(draft.site, 0))

    def _pressed(self, draft: Draft) -> Moment:
        """Give when the press was received that a decision is about."""
        received = self._received.get(draft.ref)
        return received if received is not None else draft.at.later(-(draft.data.get("after_ms") or 0) / 1000)

    def _decided(self, draft: Draft) -> None:
        self.undecided.pop(draft.ref, None)
        self._received.pop(draft.ref, None)

    def _joined(self, draft: Draft) -> None:
        alarm = self.alarms.get(draft.alarm)
        if alarm is None:
            self._decided(draft)
            return
        alarm.state = after(alarm.state, Event.PRESSED)
        alarm.presses += 1
        alarm.position = read(draft.personal.get("position", "")) or alarm.position
        if draft.data.get("begins"):
            alarm.level = max(alarm.level, _level(draft), key=lambda level: level.urgency)
            self._begin(alarm, draft, self._pressed(draft))
        elif "notify" in draft.data:
            alarm.notices.append(_notice(draft, alarm.presses))
        self._decided(draft)

    def _begin(self, alarm: Alarm, draft: Draft, at: Moment) -> None:
        """Let an alarm's steps begin anew."""
        alarm.begun, alarm.step, alarm.first = at, 0, draft.data["notice"]
        alarm.route = draft.data.get("route", alarm.route)
        alarm.notices.append(_notice(draft, alarm.presses))

    def _moved(self, draft: Draft) -> None:
        alarm = self.alarm(draft.alarm)
        if alarm is None:
            return
        match draft.type:
            case RecordType.ESCALATED:
                alarm.step = draft.data["step"]
                alarm.notices.append(_notice(draft, alarm.presses))
            case RecordType.NOTICED:
                alarm.notices.append(_notice(draft, alarm.presses))
            case RecordType.LAPSED:
                alarm.state = after(alarm.state, Event.LAPSED)
                self._begin(alarm, draft, draft.at)
            case RecordType.ACKNOWLEDGED:
                self._acknowledged(alarm, draft)
            case RecordType.CLOSED:
                self._closed(alarm, draft)
            case RecordType.SETTLED:
                self.ended.pop(alarm.id, None)
            case _:
                pass  # of no consequence for what is open

    def _acknowledged(self, alarm: Alarm, draft: Draft) -> None:
        alarm.state = after(alarm.state, Event.ACKNOWLEDGED)
        if "notify" in draft.data:
            alarm.notices.append(_notice(draft, alarm.presses))
        answered = Acknowledged(
            draft.at, len(alarm.notices), draft.personal.get("by", ""), draft.recipient, draft.data.get("source", "")
        )
        alarm.acknowledged.append(answered)

    def _closed(self, alarm: Alarm, draft: Draft) -> None:
        alarm.state = after(alarm.state, Event.CLOSED)
        by, note = draft.personal.get("by", ""), draft.personal.get("note", "")
        alarm.closed = Closed(draft.at, Closing(draft.data["outcome"]), by, note)
        if "notify" in draft.data:
            alarm.notices.append(_notice(draft, alarm.presses))
        self.ended[alarm.id] = self.alarms.pop(alarm.id)
        self._places.pop((alarm.site, alarm.device), None)

    # --- deliveries ------------------------------------------------------------------------------------------------

    def _attempt(self, draft: Draft) -> None:
        matter = self.matter(matter_of(draft))
        if matter is None:
            return
        delivery = Delivery(matter.id, draft.data["notice"], draft.recipient, draft.data["target"])
        progress = matter.progress.setdefault(delivery, Progress())
        progress.attempts = max(progress.attempts, draft.data["attempt"])
        progress.last = draft.at
        if not progress.done:  # an answer after our deadline counts; a later try's failure does not undo it
            progress.outcome, progress.reason = Outcome(draft.data["outcome"]), draft.data.get("reason", "")

    def _told(self, draft: Draft) -> None:
        matter = self.matter(matter_of(draft))
        if matter is None:
            return
        matter.told.add((draft.data["notice"], draft.recipient))
        if isinstance(matter, TestAlarm):
            matter.reached.setdefault(draft.recipient, draft.data.get("after_ms"))

    # --- faults ----------------------------------------------------------------------------------------------------

    def _fault(self, draft: Draft) -> None:
        name = draft.data["fault"]
        fault = self.faults.get(name)
        if fault is None or fault.cleared:
            fault = Fault(
                name, draft.site, draft.device, draft.at,
                kind=draft.data["kind"], subject=draft.data["subject"], detail=draft.data.get("detail", ""),
            )  # fmt: skip
            self.faults[name] = fault
        fault.detail = draft.data.get("detail", fault.detail)
        if draft.data.get("notify"):
            fault.notices.append(_notice(draft))

    def _cleared(self, draft: Draft) -> None:
        fault = self.faults.get(draft.data["fault"])
        if fault is None:
            return
        fault.cleared = True
        if not draft.data.get("notify"):
            self.forget(fault.id)
            return
        fault.notices.append(_notice(draft))


def alarm_from(draft: Draft, received: Moment) -> Alarm:
    """Give the alarm that a `raised` record raises; `received` is when its press was."""
    alarm = Alarm(
        draft.alarm, draft.site, draft.device, received, begun=received, level=_level(draft),
        route=draft.data.get("route", ""), source=draft.data.get("source", ""), late_s=draft.data.get("late_s"),
        pressed_at=_time(draft.data.get("pressed_at")), position=read(draft.personal.get("position", "")),
    )  # fmt: skip
    alarm.notices.append(_notice(draft, 1))
    return alarm


def matter_of(draft: Draft) -> str:
    """Name the matter that a delivery's record is about."""
    return draft.alarm or str(draft.data.get("fault", ""))


def activation_of(draft: Draft) -> Activation:
    """Read a press back from its record."""
    return Activation(
        draft.ref, draft.site, draft.device, draft.at, Source(draft.data["source"]),
        press_id=draft.data.get("press_id"), pressed_at=_time(draft.data.get("pressed_at")),
        held_at_start=bool(draft.data.get("held_at_start")), battery=draft.data.get("battery"),
        by=draft.personal.get("by"), position=read(draft.personal.get("position", "")),
        level=Level(draft.data["level"]) if draft.data.get("level") else None,
    )  # fmt: skip


def _time(text: str | None) -> datetime | None:
    return from_iso(text) if text else None


def _level(draft: Draft) -> Level:
    return Level(draft.data.get("level") or Level.ASSAULT)  # records from before there were levels have none


def _notice(draft: Draft, presses: int = 0) -> Notice:
    data = draft.data
    kind = MessageKind(data["message"])
    return Notice(data["notice"], kind, draft.at, tuple(data.get("notify", ())), data.get("step", 0), presses)
