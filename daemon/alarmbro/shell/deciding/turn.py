"""The turn: the one place that decides. Takes what has happened, records what follows, and starts what is owed.

Promises: level-triggered: what is due is computed from the ledger, not remembered in timers, so that a restart is the
recovery. A press is decided when it is on disk, or `JOURNAL_PATIENCE_S` after it came, whatever the journal does. A
fault in handling one event does not stop the others.
Must never: wait for the journal, a target, or anybody.
Runs in the deciding thread (the main one) only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog

from alarmbro.journal.reading.remembering import Remembered
from alarmbro.judgement.pressing.deciding import decide
from alarmbro.judgement.record.ledger import Ledger
from alarmbro.judgement.telling.owing import NEVER_S
from alarmbro.model.activation import Acknowledgement, Answer, Close, Heartbeat, HeldDown, Trouble
from alarmbro.model.alarm import Alarm, Matter
from alarmbro.model.configuration import Configuration
from alarmbro.model.moment import Clock, Moment
from alarmbro.model.record import Draft
from alarmbro.model.testing import Round, TestAlarm, TestOrder
from alarmbro.shell.deciding.agenda import Agenda
from alarmbro.shell.deciding.course import Course
from alarmbro.shell.deciding.pacing import Pacing
from alarmbro.shell.deciding.presses import Fresh, Presses
from alarmbro.shell.deciding.rounds import Rounds
from alarmbro.shell.desk.inbox import Finished, Happened, Pressed, Recalled, Written
from alarmbro.shell.desk.ports import Record, Sends, Told
from alarmbro.shell.desk.recorder import Recorder
from alarmbro.shell.supervising.chatter import Chatter
from alarmbro.shell.supervising.dues import Dues
from alarmbro.shell.supervising.faults import Faults
from alarmbro.shell.supervising.lookout import Lookout
from alarmbro.shell.supervising.retaining import Retaining
from alarmbro.shell.supervising.reviews import Reviews
from alarmbro.shell.supervising.supervision import Supervision
from alarmbro.shell.supervising.troubles import Troubles
from alarmbro.shell.telling.deliveries import Deliveries
from alarmbro.shell.telling.landings import Landings

log = structlog.get_logger(__name__)

AGAIN_S = 1.0  # after a fault of ours in tending a matter


@dataclass(slots=True)
class Turn:
    """Everything that decides, and what it decides with.

    `announce` hears of each record after it was applied, `decided` what became of a press. `trusted` tells whether wall
    time can be believed. `held` makes a press of a button that is held in its test, `link` the link to answer by.
    """

    configuration: Configuration
    ledger: Ledger
    journal: Record
    sender: Sends
    clock: Clock
    announce: Told
    decided: Callable[[str, str, int], None] = field(default=lambda _key, _alarm, _presses: None)
    trusted: Callable[[], bool] = field(default=lambda: True)
    held: Callable[[HeldDown], None] = field(default=lambda _held: None)
    link: Callable[[Matter, str], str] = field(default=lambda _matter, _recipient: "")
    pacing: Pacing = field(default_factory=Pacing)
    faults: Faults = field(init=False)
    supervision: Supervision = field(init=False)
    dues: Dues = field(init=False)
    _recorder: Recorder = field(init=False)
    _deliveries: Deliveries = field(init=False)
    _course: Course = field(init=False)
    _rounds: Rounds = field(init=False)
    _troubles: Troubles = field(init=False)
    _presses: Presses = field(init=False)
    _landings: Landings = field(init=False)
    _agenda: Agenda = field(default_factory=Agenda)

    def __post_init__(self) -> None:
        self.faults = Faults(self.configuration, self.ledger)
        self._recorder = Recorder(self.ledger, self.journal, self.announce)
        self._deliveries = Deliveries(
            self.configuration, self._recorder, self.sender, self.trouble, self._look_at_all, self.link
        )
        self._course = Course(self.configuration, self._recorder, self.trouble)
        self._rounds = Rounds(self.configuration, self._recorder, self.trusted, self.held)
        self.dues = Dues(self.configuration, self.ledger, self.trusted)
        self.supervision = Supervision(self.configuration, self.clock)
        retaining = Retaining(self.configuration, self.journal, self.trusted)
        lookout = Lookout(Reviews(self.configuration), self.dues, Chatter(), retaining, self.supervision)
        self._troubles = Troubles(
            self.faults, lookout, self.ledger, self._recorder, self.clock,
            lambda fault: self._tend(fault, self.clock.now()),
        )  # fmt: skip
        self._presses = Presses(
            self.configuration, self._recorder, self._deliveries, self.pacing, self.clock, self.trouble, self._guarded,
            lambda key: self.decided(key, "", 0),
        )  # fmt: skip
        self._landings = Landings(
            self._deliveries, self.sender, self.clock, self._presses.awaits, self._guarded, self._tend
        )

    def remember(self, remembered: Remembered) -> None:
        """Take up what the journal remembers. A record that makes no sense is a fault, and keeps no other out."""
        self.ledger.testing.tested |= {f"{site}/{device}": at for site, device, at in remembered.tested}
        self.faults.told |= dict(remembered.told)
        self.dues.begun = remembered.begun
        self.faults.carry((record.draft for record in remembered.faults), self.clock.now())
        for draft in self.ledger.replay((record.draft for record in remembered.records), remembered.numbers):
            log.error("a record makes no sense", type=draft.type.value, alarm=draft.alarm, at=str(draft.at.utc))
            self.trouble(Trouble("journal", "senseless", detail=f"a record of {draft.at.utc} makes no sense"))

    def recalled(self, remembered: Remembered) -> None:
        """Take up the past after all: the disk has answered long after the start."""
        self.remember(remembered)
        self.trouble(Trouble("journal", "opening", well=True))
        self.resume()

    def resume(self) -> None:
        """Go on where the journal says we were: decide what is undecided, and look at every alarm."""
        now = self.clock.now()
        for activation in list(self.ledger.undecided.values()):
            try:
                self._recorder.record(decide(self.ledger, self.configuration, activation, now))
            except Exception as error:  # noqa: BLE001 - told; one that cannot be decided must not keep the others from starting
                self.own_fault(f"press {activation.key}", error)
        for alarm in (*self.ledger.alarms.values(), *self.ledger.ended.values()):
            self._agenda.put(alarm.id, now.monotonic_s)
        self._look_at(self._rounds.resume(now))
        self._recorder.flush()

    def adopt(self, configuration: Configuration) -> None:
        """Decide by another configuration from now on. What is open goes on; what nobody is owed any more ends."""
        self.configuration = configuration
        for part in (self.faults, self._deliveries, self._course, self._rounds, self._presses):
            part.configuration = configuration
        self._troubles.adopt(configuration)
        self._look_at_all()

    # --- what has happened -----------------------------------------------------------------------------------------

    def take(self, event: Happened) -> None:
        """Take what has happened."""
        match event:
            case Pressed():
                self.pressed(event)
            case Written():
                self.written(event)
            case Finished():
                self.finished(event)
            case Trouble():
                self.trouble(event)
            case HeldDown():
                self._rounds.hold(event)
            case Heartbeat():
                self.heard(event)
            case Recalled():
                self.recalled(event.remembered)
            case Acknowledgement() | Close():
                self.answered(event)

    def pressed(self, press: Pressed) -> None:
        """Take a press: see `Presses`."""
        self._presses.pressed(press)

    def written(self, event: Written) -> None:
        """Hear from the journal about a press: see `Presses`."""
        self._presses.written(event)

    def answered(self, answer: Answer) -> list[Draft]:
        """Take "I am on my way" or the all-clear; give what was recorded. Raise RefusedError: nothing was changed."""
        now = self.clock.now()
        drafts = self._course.answered(answer, now)
        for draft in drafts:
            alarm = self.ledger.alarm(draft.alarm)
            if alarm is not None:
                if alarm.closed:
                    self._deliveries.over(alarm)
                self._guarded(alarm.id, partial(self._tend, alarm, now))
            self._look_at(self._rounds.of_site(draft.site))
        self._recorder.flush()  # whoever answered is told that it is taken; the journal has it in hand before that
        return drafts

    def ordered(self, order: TestOrder) -> dict[str, Any]:
        """Do what a coordinator asks; give the answer. Raise RefusedError: nothing was changed."""
        answer, round_ = self._rounds.ordered(order, self.clock.now())
        self._look_at([round_])
        self._recorder.flush()
        return answer

    def finished(self, event: Finished) -> None:
        """Take the end of a try; what follows from it waits for the first messages of a new alarm to be gone."""
        self._landings.ended(event)
        self.pacing.landed()

    def trouble(self, trouble: Trouble) -> None:
        """Take the begin or end of a fault."""
        self._troubles.take(trouble)

    def heard(self, said: Heartbeat) -> None:
        """Take what a device says of itself."""
        self._troubles.heard(said)

    def settle(self) -> float:
        """Do all that is due; give the seconds until there is more to do."""
        now = self.clock.now()
        self._presses.lose_patience(now)
        follow_in_s = self.pacing.followers_in_s(now.monotonic_s)
        if follow_in_s <= 0:
            self._presses.follow(now)
        if not self._presses.busy() and self._landings.all_here():
            self.pacing.over()
        ready_in_s = self._presses.make_ready(now)
        rest_s = self.pacing.rest_in_s(now.monotonic_s)
        if rest_s > 0:
            return min(rest_s, follow_in_s or rest_s, self._presses.patience_s(now), ready_in_s)
        return min(self._do_the_rest(now), ready_in_s)

    def finish(self) -> None:
        """Leave nothing undone that was begun: the process ends."""
        now = self.clock.now()
        self._presses.follow(now)
        self._do_the_rest(now)

    def _do_the_rest(self, now: Moment) -> float:
        for fresh in self._presses.fresh():
            self._guarded(fresh.alarm.id, partial(self._aftermath, fresh))
        self._landings.take()
        self._guarded("troubles", partial(self._troubles.due, now))
        for name in list(self._agenda.take(now.monotonic_s)):
            matter = self.ledger.matter(name)
            if matter is not None:
                self._guarded(name, partial(self._tend, matter, now))
        self._recorder.flush()
        return self._rest_s(now)

    def _guarded(self, name: str, work: Callable[[], object]) -> None:
        """Do what one matter wants; where that fails it is looked at again in a second, and the others go on."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - told as a fault of its own
            self._agenda.put(name, self.clock.now().monotonic_s + AGAIN_S)
            self.own_fault(name, error)

    def own_fault(self, where: str, error: Exception) -> None:
        """Tell a bug of ours."""
        self._troubles.own(where, error)

    def _aftermath(self, fresh: Fresh) -> None:
        """Do what a decision brings besides the messages."""
        alarm, draft = fresh.alarm, fresh.draft
        self._tend(alarm, self.clock.now())
        log.warning("alarm", alarm=alarm.id, decision=draft.type.value, device=f"{alarm.site}/{alarm.device}")
        if isinstance(alarm, TestAlarm):
            self._rounds.pressed(alarm)
        self._troubles.pressed(fresh.press.activation)
        self.decided(fresh.press.activation.key, alarm.id, draft.data.get("presses", 1))
        self._look_at(self._rounds.of_site(alarm.site))  # last: whatever a test is about, an alarm comes before it

    def _look_at_all(self) -> None:
        """Look at every matter in this turn: a target that had failed takes messages again."""
        ledger = self.ledger
        matters = (*ledger.alarms.values(), *ledger.ended.values(), *ledger.faults.values())
        self._look_at([matter.id for matter in matters])
        self._look_at([name for site in self.configuration.serve for name in self._rounds.of_site(site)])

    def _look_at(self, names: Iterable[str]) -> None:
        now_s = self.clock.now().monotonic_s
        for name in names:
            self._agenda.put(name, now_s)

    def _tend(self, matter: Matter, now: Moment) -> None:
        """Do what a matter is owed now, and note when it wants to be looked at again."""
        in_s = NEVER_S
        match matter:
            case Alarm():
                in_s = self._course.go_on(matter, now)
            case Round():
                in_s = self._rounds.go_on(matter, now)
                if matter.ended:
                    self.dues.look_again()
            case TestAlarm():
                self._look_at([matter.round])  # what became of a try may be its verdict
            case _:
                pass  # a fault goes on by itself
        if isinstance(matter, Round | TestAlarm) and self._rounds.silent(matter.site):
            self._deliveries.hold(matter.id)
        elif self.ledger.matter(matter.id) is matter:
            in_s = min(in_s, self._deliveries.start(matter, now))
        self._agenda.put(matter.id, now.monotonic_s + in_s)

    def _rest_s(self, now: Moment) -> float:
        agenda_s = self._agenda.next_s() - now.monotonic_s
        rest = (self._presses.patience_s(now), agenda_s, self._troubles.next_in_s(now))
        return max(0.0, min(*rest, self.sender.next_overdue_in_s()))
