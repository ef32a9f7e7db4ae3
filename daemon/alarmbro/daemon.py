"""The daemon: builds everything, starts and joins every thread, and ends cleanly.

Order of start: the lock, the journal and what it remembers, the channels (everything that a first alarm needs is
loaded now), the control socket, the inputs; only then READY. Order of end: inputs first (so that no press is half
taken), then the journal (so that what is known is on disk); what was not yet told is told after the next start.
"""

from __future__ import annotations

import contextlib
import gc
import pwd
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from alarmbro import __version__
from alarmbro.clock import SystemClock, synchronised
from alarmbro.config import Loaded
from alarmbro.delivery.channel import Channels
from alarmbro.delivery.plugins import sia
from alarmbro.journal import Journal
from alarmbro.journal.file.lock import hold
from alarmbro.journal.file.storage import FILE_NAME
from alarmbro.journal.reading.remembering import Remembered
from alarmbro.journal.writing.opening import open_within
from alarmbro.judgement.record.ledger import Ledger
from alarmbro.judgement.words.facts import Facts
from alarmbro.logs import lost_lines
from alarmbro.machine import heard
from alarmbro.machine.pulse import Pulse
from alarmbro.metrics.page import Page
from alarmbro.metrics.tally import Tally
from alarmbro.model.activation import Activation, HeldDown, Trouble
from alarmbro.model.alarm import Alarm
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind, Result
from alarmbro.model.errors import JournalError
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.route import Target
from alarmbro.shell.asking.answers import Answers
from alarmbro.shell.asking.commands import Commands
from alarmbro.shell.asking.requests import Requests
from alarmbro.shell.deciding.loop import Loop
from alarmbro.shell.deciding.turn import Turn
from alarmbro.shell.desk.inbox import Errand, Finished, Inbox, Recalled, Stop
from alarmbro.shell.desk.job import Job
from alarmbro.shell.listening.intake import Intake
from alarmbro.shell.listening.listeners import Listening, new_key
from alarmbro.shell.listening.reloading import Reloading
from alarmbro.shell.listening.watch import Watch
from alarmbro.shell.showing.announcer import Announcer
from alarmbro.shell.showing.mirror import Mirror
from alarmbro.shell.showing.situation import Situation
from alarmbro.shell.telling import relays
from alarmbro.shell.telling.composer import Composer, said_in
from alarmbro.shell.telling.composing import occasion_of
from alarmbro.shell.telling.links import Links
from alarmbro.shell.telling.sender import Sender
from alarmbro.shell.watching.sampling import Sampler
from alarmbro.shell.watching.watchers import SAMPLES, Watchers, targets_here, targets_of
from alarmbro.systemd import Systemd

log = structlog.get_logger(__name__)

NUMBERS = 1_000_000  # where the past is lost, alarms are numbered from the minute of the start: none is used twice


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the journal lives, and where the control socket and lgpio's pipe are."""

    state: Path
    run: Path


class Daemon:
    """One machine's alarmbro. `run` does everything and returns the exit code."""

    def __init__(self, configuration: Configuration, folders: Folders, load: Callable[[], Loaded]) -> None:
        self.configuration = configuration
        self.folders = folders
        self.clock = SystemClock()
        self.inbox: Inbox = Inbox()
        self.systemd = Systemd()
        self.journal = Journal(folders.state / FILE_NAME, self.clock, self.inbox.put)
        self.intake = Intake(self.journal, self.inbox)
        self.ledger, self.links = Ledger(), Links(configuration, folders.state)
        self.channels = Channels(targets_of(configuration))
        self.situation = Situation(
            configuration, self.ledger, self.journal.path, lambda: self.journal.head, self._connected, self.clock.now()
        )
        self.announcer = Announcer(configuration, self.ledger, self.situation.of_site)
        self.mirror = self.announcer.mirror = Mirror(lambda: self.situation.whole()["devices"])
        self.pulse, self.tally = Pulse(self.clock), Tally()
        self.journal.took = self.tally.committed
        self.composer = Composer(configuration)
        self.sender = Sender(
            self.clock, self._send, lambda job, result: self.inbox.put(Finished(job, result)), self.channels.together
        )
        self.turn = Turn(
            configuration, self.ledger, self.journal, self.sender, self.clock, self._announce, trusted=synchronised,
            held=self._held, link=self.links.of,
        )  # fmt: skip
        self._build_around(configuration, load)

    def _build_around(self, configuration: Configuration, load: Callable[[], Loaded]) -> None:
        """Build what listens, answers and watches."""
        self.sampler = Sampler(self.situation, self.clock, self.inbox.put, self._living)
        page = Page(
            self.tally, self.clock, self.sampler.ask, self.sampler.latest, synchronised, lost_lines,
            self.situation.started,
        )  # fmt: skip
        self.watchers = Watchers(
            configuration, self.folders.state, self.clock, self.inbox.put, self.turn.supervision, self.mirror,
            self.pulse, page, synchronised,
        )  # fmt: skip
        self.requests = Requests(configuration, self.clock, new_key)
        self.commands = Commands(self.requests, self.inbox, self.intake, self.journal)
        self.answers = Answers(
            self.requests, self.inbox, self.intake, self.journal, self.clock, self._make, self.situation.whole,
            self.turn.answered, self.turn.ordered,
        )  # fmt: skip
        self.turn.decided = self.answers.decided
        self.situation.known, self.situation.due = self.turn.supervision.known, self.turn.dues.devices
        self.listening = Listening(
            configuration, self.folders.run, self.clock, self.intake, self.commands, self.announcer, self.answers,
            self._answer, self.inbox.put, self.watchers.makers,
        )  # fmt: skip
        self.reloading = Reloading(
            self.inbox, self.systemd, load, self.listening.rewire, self._prepare, self._decide_by, self._follow
        )
        self.answers.reload = self.reloading.reload

    def run(self) -> int:
        """Run until a signal; 0 for an end that was asked for, 1 for one that was not.

        Raise MachineError where this machine cannot do what the configuration asks.
        """
        with self._lock():
            signal.signal(signal.SIGTERM, lambda *_: self.inbox.put(Stop("SIGTERM")))
            signal.signal(signal.SIGHUP, lambda *_: self.inbox.put(Errand(self.reloading.signalled)))
            signal.signal(signal.SIGINT, lambda *_: self.inbox.put(Stop("SIGINT")))
            try:
                self._start()
                stop = self._loop().run()
            finally:
                self.listening.stop()
                relays.stop()
            self._end(stop)
            return 1 if stop.failed else 0

    # --- start -----------------------------------------------------------------------------------------------------

    def _lock(self) -> contextlib.AbstractContextManager[object]:
        """Make sure that we are the only writer; where there is nothing to write on, alarms go out all the same."""
        try:
            return hold(self.folders.state)
        except JournalError as error:
            log.critical("starting without a journal", error=str(error))
            self.inbox.put(Trouble("journal", "write", detail=str(error)))
            return contextlib.nullcontext()

    def _start(self) -> None:
        self.systemd.notify(STATUS="starting")
        sia.configure(self.folders.state)
        self.links.adopt(self.configuration)
        remembered = self._open_journal()
        if remembered.lost:
            self.ledger.before_first = int(self.clock.now().utc.timestamp() / 60) % NUMBERS
        self.turn.remember(remembered)
        if not remembered.lost:
            self.turn.supervision.recall(heard.read(self.folders.state))
        self.journal.write(self._started())
        self._warm(self.configuration)
        self.listening.start()
        self._start_relays()
        self.turn.resume()
        self.announcer.resume()
        gc.freeze()  # what is there now stays: looking through it all again would take 20 ms in the middle of an alarm
        self.systemd.notify(READY="1")
        log.info(
            "ready", version=__version__, sites=list(self.configuration.serve), open_alarms=len(self.ledger.alarms)
        )

    def _open_journal(self) -> Remembered:
        remembered = open_within(self.journal, lambda remembered: self.inbox.put(Recalled(remembered)))
        if remembered is None:
            log.critical("the journal's disk does not answer; starting without the past")
            self.inbox.put(Trouble("journal", "opening", detail="the disk does not answer"))
            return Remembered(lost=True)
        return remembered

    def _warm(self, configuration: Configuration) -> None:
        """Load all that a first alarm needs, and make each target's first thread."""
        for target, reason in self.channels.warm(SAMPLES):
            self.inbox.put(Trouble("target", target.label, detail=reason))
        self.sender.prepare(targets_of(configuration))

    def _start_relays(self) -> None:
        alarms = list(self.ledger.alarms.values())
        relays.start(targets_here(self.configuration), alarms, SAMPLES, self.listening.pins, self.inbox.put)

    def _loop(self) -> Loop:
        watch = Watch(self.listening.posts, self.journal.answers, self.inbox.put)
        return Loop(
            self.inbox, self.turn, self.announcer, watch, self.systemd, self.clock, self.answers.asked,
            self.situation.words, self._turned,
        )  # fmt: skip

    def _started(self) -> list[Draft]:
        """Say that we began, and by which configuration: a change of it shows between two starts."""
        return [Draft(RecordType.STARTED, self.clock.now(), data={"version": __version__}), self._in_force("")]

    def _in_force(self, by: str) -> Draft:
        data = {"digest": self.configuration.digest, "sites": list(self.configuration.serve)}
        return Draft(RecordType.CONFIG, self.clock.now(), data=data, personal={"by": by} if by else {})

    # --- what others call ------------------------------------------------------------------------------------------

    def _make(self, target: Target, kind: MessageKind, facts: Facts, values: Mapping[str, str]) -> Result:
        """Compose and send one message; in the asker's thread."""
        return self.channels.send(
            target, values, self.composer.message(kind, facts), None, occasion_of(kind, facts, values)
        )

    def _send(self, jobs: Sequence[Job]) -> Result:
        """Compose and send one message of one job or several; in a lane's thread."""
        first = jobs[0]
        kind, facts = said_in(jobs)
        occasion = occasion_of(first.owed.notice.kind, first.facts, first.values, first.owed.delivery.matter)
        return self.channels.send(
            first.owed.target, first.values, self.composer.message(kind, facts), first.gate, occasion
        )

    def _announce(self, draft: Draft, alarm: Alarm | None) -> None:
        self.tally.record(draft)
        self.situation.record(draft)
        self.announcer.record(draft, alarm)

    def _turned(self) -> None:
        self.pulse.beat()
        self.sampler.turned()

    def _living(self) -> dict[str, bool]:
        return {post.listener.name: post.listener.alive() for post in list(self.listening.posts)}

    def _held(self, held: HeldDown) -> None:
        self.intake.activation(Activation(new_key(), held.site, held.device, held.at, held.source))

    def _connected(self) -> dict[str, bool]:
        return self.listening.connected()

    def _answer(self, request: dict[str, Any], uid: int) -> dict[str, Any]:
        answer = self.answers.request(request, user_name(uid))
        return answer | {"language": self.configuration.language.value, "timezone": self.configuration.timezone}

    # --- another configuration -------------------------------------------------------------------------------------

    def _prepare(self, configuration: Configuration) -> None:
        """Make the ways out ready, in the asker's thread."""
        self.channels.adopt(targets_of(configuration))
        self._warm(configuration)

    def _decide_by(self, configuration: Configuration, by: str) -> None:
        """Take it over where it is decided, in the deciding thread."""
        self.configuration = self.situation.configuration = self.requests.configuration = configuration
        self.watchers.configuration = configuration
        self.links.adopt(configuration)
        self.composer.adopt(configuration)
        self.turn.adopt(configuration)
        self.announcer.adopt(configuration)
        self.journal.write([self._in_force(by)])

    def _follow(self, configuration: Configuration) -> None:
        """Have all others go by it, in the asker's thread."""
        self.listening.adopt(configuration)
        self._start_relays()
        self.inbox.put(Errand(self.announcer.resume))

    # --- end -------------------------------------------------------------------------------------------------------

    def _end(self, stop: Stop) -> None:
        self.systemd.notify(STOPPING="1", STATUS=f"ending: {stop.why}")
        log.info("ending", why=stop.why, open_alarms=len(self.ledger.alarms))
        self.journal.write([Draft(RecordType.STOPPED, self.clock.now(), data={"why": stop.why})])
        if not self.journal.stop():
            log.error("the journal did not take everything in time")


def user_name(uid: int) -> str:
    """Give the login name of a user id, or the number where there is none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
