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
from alarmbro.delivery.channel import Channels
from alarmbro.delivery.plugins import sia
from alarmbro.delivery.probing import poll_s, probe
from alarmbro.inputs.watching.watcher import Watcher, is_wanted
from alarmbro.journal import Journal
from alarmbro.journal.lock import hold
from alarmbro.journal.opening import open_within
from alarmbro.journal.remembering import Remembered
from alarmbro.journal.storage import FILE_NAME
from alarmbro.judgement.ledger import Ledger
from alarmbro.judgement.routing import recipients_here
from alarmbro.judgement.words.facts import Facts
from alarmbro.machine import heard
from alarmbro.machine.beacon import Beacon
from alarmbro.machine.pulse import Pulse
from alarmbro.machine.surveyor import Surveyor
from alarmbro.model.activation import Activation, HeldDown, Listener, Trouble
from alarmbro.model.alarm import Alarm
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind, Result
from alarmbro.model.errors import JournalError, MachineError
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.route import Target
from alarmbro.shell import relays
from alarmbro.shell.asking.answers import Answers
from alarmbro.shell.asking.commands import Commands
from alarmbro.shell.asking.requests import Requests
from alarmbro.shell.inbox import Finished, Inbox, Recalled, Stop
from alarmbro.shell.intake import Intake
from alarmbro.shell.listening import Listening, new_key
from alarmbro.shell.loop import Loop
from alarmbro.shell.prober import Prober
from alarmbro.shell.telling.announcer import Announcer
from alarmbro.shell.telling.composer import Composer, said_in
from alarmbro.shell.telling.composing import occasion_of
from alarmbro.shell.telling.job import Job
from alarmbro.shell.telling.mirror import Mirror
from alarmbro.shell.telling.sender import Sender
from alarmbro.shell.telling.situation import Situation
from alarmbro.shell.turn import Turn
from alarmbro.shell.watch import Watch
from alarmbro.systemd import Systemd

log = structlog.get_logger(__name__)

NUMBERS = 1_000_000  # where the past is lost, alarms are numbered from the minute of the start: none is used twice
WARM_VALUES = {
    "site.id": "site", "site.name": "Site", "device.id": "device", "device.name": "Device", "device.zone": "1",
    "alarm.id": "site-1", "alarm.kind": "alarm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the journal lives, and where the control socket and lgpio's pipe are."""

    state: Path
    run: Path


class Daemon:
    """One machine's alarmbro. `run` does everything and returns the exit code."""

    def __init__(self, configuration: Configuration, folders: Folders) -> None:
        self.configuration = configuration
        self.folders = folders
        self.clock = SystemClock()
        self.inbox: Inbox = Inbox()
        self.systemd = Systemd()
        self.journal = Journal(folders.state / FILE_NAME, self.clock, self.inbox.put)
        self.intake = Intake(self.journal, self.inbox)
        self.ledger = Ledger()
        self.targets = [
            target
            for recipient in configuration.recipients.values()
            for target in recipient.targets + recipient.fallback
        ]
        here = recipients_here(configuration)
        self.targets_here = [target for target in self.targets if target.recipient in here]
        self.channels = Channels(self.targets)
        self.situation = Situation(
            configuration, self.ledger, self.journal.path, lambda: self.journal.head, self._connected, self.clock.now()
        )
        self.announcer = Announcer(configuration, self.ledger, self.situation.of_site)
        self.mirror = self.announcer.mirror = Mirror(lambda: self.situation.whole()["devices"])
        self.pulse = Pulse(self.clock)
        self.composer = Composer(configuration)
        self.sender = Sender(
            self.clock, self._send, lambda job, result: self.inbox.put(Finished(job, result)), self.channels.together
        )
        self.turn = Turn(
            configuration, self.ledger, self.journal, self.sender, self.clock, self._announce, trusted=synchronised,
            held=self._held,
        )  # fmt: skip
        requests = Requests(configuration, self.clock, new_key)
        self.commands = Commands(requests, self.inbox, self.intake, self.journal, self.clock)
        self.answers = Answers(
            requests, self.inbox, self.intake, self.journal, self.clock, self._make, self.situation.whole,
            self.turn.answered, self.turn.ordered,
        )  # fmt: skip
        self.turn.decided = self.answers.decided
        self.situation.known, self.situation.due = self.turn.supervision.known, self.turn.dues.devices
        self.listening = Listening(
            configuration, folders.run, self.clock, self.intake, self.commands, self.announcer, self.answers,
            self._answer, self.inbox.put, self._watchers(),
        )  # fmt: skip

    def run(self) -> int:
        """Run until a signal; 0 for an end that was asked for, 1 for one that was not.

        Raise MachineError where this machine cannot do what the configuration asks.
        """
        with self._lock():
            signal.signal(signal.SIGTERM, lambda *_: self.inbox.put(Stop("SIGTERM")))
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a terminal's or a curious hand's: no reason to leave a site
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
        remembered = self._open_journal()
        if remembered.lost:
            self.ledger.before_first = int(self.clock.now().utc.timestamp() / 60) % NUMBERS
        self.turn.remember(remembered)
        if not remembered.lost:
            self.turn.supervision.recall(heard.read(self.folders.state))
        self.journal.write(self._started())
        for target, reason in self.channels.warm(WARM_VALUES):
            self.inbox.put(Trouble("target", target.label, detail=reason))
        self.sender.prepare(self.targets)
        self.listening.start()
        relays.start(
            self.targets_here, self.ledger.alarms.values(), WARM_VALUES, self.listening.pins, self.inbox.put
        )  # fmt: skip
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

    def _watchers(self) -> list[Callable[[], Listener]]:
        """Name what watches without being needed for an alarm: this machine itself, targets, other machines."""
        watchers: list[tuple[Callable[[], Listener], bool]] = [
            (self._surveyor, True),
            (self._prober, self.configuration.targets_every_s > 0),
            (self._watcher, is_wanted(self.configuration)),
            (self._beacon, self.configuration.watch_me is not None),
        ]
        return [make for make, wanted in watchers if wanted]

    def _surveyor(self) -> Surveyor:
        return Surveyor(self.folders.state, synchronised, self.clock, self.inbox.put, self.turn.supervision.kept)

    def _prober(self) -> Prober:
        return Prober(self.targets_here, self._probe, self._probed_every_s, self.clock, self.inbox.put)

    def _watcher(self) -> Watcher:
        watcher = Watcher(self.configuration, self.clock, self.inbox.put)
        self.mirror.shows = watcher if self.configuration.home_assistant is not None else None
        return watcher

    def _beacon(self) -> Beacon:
        if self.configuration.watch_me is None:  # unreachable: says so to the type checker
            raise MachineError("no watcher is configured")
        return Beacon(self.configuration.watch_me, self.pulse.well, self.clock, self.inbox.put)

    def _loop(self) -> Loop:
        watch = Watch(self.listening.posts, self.journal.answers, self.inbox.put)
        return Loop(
            self.inbox, self.turn, self.announcer, watch, self.systemd, self.clock, self.answers.asked,
            self.situation.words, self.pulse.beat,
        )  # fmt: skip

    def _started(self) -> list[Draft]:
        """Say that we began, and by which configuration: a change of it shows between two starts."""
        now, sites = self.clock.now(), list(self.configuration.serve)
        return [
            Draft(RecordType.STARTED, now, data={"version": __version__}),
            Draft(RecordType.CONFIG, now, data={"digest": self.configuration.digest, "sites": sites}),
        ]

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

    def _probe(self, target: Target) -> Result:
        return probe(target, WARM_VALUES)

    def _probed_every_s(self, target: Target) -> float:
        return poll_s(target, WARM_VALUES) or self.configuration.targets_every_s

    def _announce(self, draft: Draft, alarm: Alarm | None) -> None:
        self.situation.record(draft)
        self.announcer.record(draft, alarm)

    def _held(self, held: HeldDown) -> None:
        self.intake.activation(Activation(new_key(), held.site, held.device, held.at, held.source))

    def _connected(self) -> dict[str, bool]:
        return self.listening.connected()

    def _answer(self, request: dict[str, Any], uid: int) -> dict[str, Any]:
        answer = self.answers.request(request, user_name(uid))
        return answer | {"language": self.configuration.language.value, "timezone": self.configuration.timezone}

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
