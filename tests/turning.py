"""The turn with all that it needs, to tell stories with: a clock that jumps and a sender that answers when told to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from clocks import JumpingClock
from places import municipality

from alarmbro.judgement.record.ledger import Ledger
from alarmbro.judgement.words.wording import compose
from alarmbro.model.activation import Acknowledgement, Activation, Close, HeldDown, Source
from alarmbro.model.alarm import Alarm, Closing
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import Message, Outcome, Result
from alarmbro.model.level import Level
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.testing import StartTest, TestOrder
from alarmbro.shell.deciding.pacing import Pacing
from alarmbro.shell.deciding.turn import Turn
from alarmbro.shell.desk.inbox import Finished, Pressed, Written
from alarmbro.shell.desk.job import Job
from alarmbro.shell.listening.intake import draft_of

OK = Result(Outcome.OK, "ok")
REFUSED = Result(Outcome.FAILED, "refused")


@dataclass
class ListJournal:
    """A journal in memory."""

    drafts: list[Draft] = field(default_factory=list)

    removals: list[datetime] = field(default_factory=list)

    def write(self, drafts: list[Draft]) -> None:
        self.drafts.extend(drafts)

    def remove(self, before: datetime) -> None:
        self.removals.append(before)


@dataclass
class TestSender:
    """Keeps jobs until they are answered."""

    __test__ = False
    jobs: list[Job] = field(default_factory=list)
    late: list[Job] = field(default_factory=list)
    hanging: list[str] = field(default_factory=list)

    def submit(self, job: Job) -> None:
        self.jobs.append(job)

    def recall(self, job: Job) -> bool:
        waits = job in self.jobs
        if waits:
            self.jobs.remove(job)
        return waits

    def overdue(self) -> list[Job]:
        late, self.late = self.late, []
        return late

    def next_overdue_in_s(self) -> float:
        return float("inf")

    def stuck(self) -> list[str]:
        return self.hanging


class Story:
    """The turn with all that it needs, and words to tell a story in."""

    def __init__(self, configuration: Configuration | None = None, clock: JumpingClock | None = None) -> None:
        self.clock = clock or JumpingClock()
        self.configuration = configuration or municipality()
        self.journal = ListJournal()
        self.dead: set[str] = set()
        self.trusted = True
        self.told: list[tuple[str, str]] = []
        self.texts: list[tuple[str, Message]] = []
        self.announced: list[tuple[Draft, Alarm | None]] = []
        self.begin()

    def begin(self) -> None:
        """Start as the daemon does, with what the journal holds."""
        self.sender = TestSender()
        self.ledger = Ledger()
        self.ledger.replay(self.journal.drafts, ())
        self.turn = Turn(
            self.configuration,
            self.ledger,
            self.journal,
            self.sender,
            self.clock,
            lambda draft, alarm: self.announced.append((draft, alarm)),
            trusted=lambda: self.trusted,
            held=self.pressed_on,
            pacing=Pacing(0.0, 0.0),
        )
        self.turn.resume()

    def pressed_on(self, held: HeldDown) -> None:
        """Make a press of a button that is held, as the daemon does."""
        self.press(f"{held.site}/{held.device}")

    def order(self, order: TestOrder) -> dict[str, Any]:
        """Order something of a test."""
        answer = self.turn.ordered(order)
        self.settle()
        return answer

    def test(self, site: str = "hirtshals", *devices: str, for_s: float = 7200.0, confirm: bool = False) -> str:
        """Start a round; give its id."""
        return str(self.order(StartTest(site, "Koordinator", for_s, devices, confirm))["round"])

    def hold(self, device: str = "hirtshals/lokale-1") -> None:
        """Hear that a button is held."""
        site, _, name = device.partition("/")
        self.turn.take(HeldDown(site, name, self.clock.now(), Source.GPIO))
        self.settle()

    def send(self, job: Job) -> Result:
        """Do what a lane's thread does."""
        target, kind, facts = job.owed.target, job.owed.notice.kind, job.facts
        if target.label.split(" ")[0] in self.dead or target.recipient in self.dead:
            return REFUSED
        self.told.append((target.recipient, kind.value))
        self.texts.append((target.recipient, compose(kind, facts, self.configuration)))
        return OK

    def press(
        self,
        device: str = "hirtshals/lokale-1",
        *,
        journalled: bool = True,
        key: str = "",
        level: Level | None = None,
        source: Source = Source.GPIO,
        pressed_at: datetime | None = None,
    ) -> None:
        """Press a button; the journal takes it at once unless said otherwise."""
        site, _, name = device.partition("/")
        key = key or f"key-{len(self.journal.drafts)}-{self.clock.monotonic_s}"
        activation = Activation(key, site, name, self.clock.now(), source, level=level, pressed_at=pressed_at)
        draft = draft_of(activation)
        press = Pressed(activation, draft)
        self.pressed = press
        self.turn.pressed(press)
        if journalled:
            self.journal.write([draft])
            self.turn.written(Written(press, repeat=False))
        self.settle()

    def ack(self, alarm: str = "hirtshals-1", by: str = "Vagten") -> list[Draft]:
        """Say "I am on my way"."""
        drafts = self.turn.answered(Acknowledgement(self.clock.now(), Source.COMMAND, alarm, by=by))
        self.settle()
        return drafts

    def close(
        self, alarm: str = "hirtshals-1", outcome: Closing = Closing.REAL, by: str = "Vagten", note: str = ""
    ) -> list[Draft]:
        """Give the all-clear."""
        drafts = self.turn.answered(Close(self.clock.now(), Source.COMMAND, outcome, alarm, by=by, note=note))
        self.settle()
        return drafts

    def settle(self) -> float:
        """Turn until nothing is due, each job answered at once."""
        rest_s = self.turn.settle()
        while leaving := [job for job in self.sender.jobs if job.gate is None or job.gate.opened]:
            for job in leaving:
                self.sender.jobs.remove(job)
                self.turn.finished(Finished(job, self.send(job)))
            rest_s = self.turn.settle()
        return rest_s

    def forward(self, seconds: float) -> None:
        """Let time pass in the steps that the turn asks for, as the loop does."""
        end_s = self.clock.monotonic_s + seconds
        while (rest_s := self.settle()) < end_s - self.clock.monotonic_s:
            self.clock.forward(max(rest_s, 0.01))
        self.clock.forward(end_s - self.clock.monotonic_s)
        self.settle()

    def heard(self) -> list[tuple[str, str]]:
        """Give who was told what since the last time."""
        told, self.told = self.told, []
        return told

    def records(self, kind: RecordType) -> list[Draft]:
        return [draft for draft in self.journal.drafts if draft.type is kind]
