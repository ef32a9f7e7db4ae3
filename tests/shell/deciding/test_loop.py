"""The loop: one bad event stops nothing, a dead thread ends the process, the watchdog is fed by turns alone."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from clocks import JumpingClock
from places import municipality
from turning import Story

from alarmbro.judgement.record.ledger import Ledger
from alarmbro.model.activation import Activation, Heartbeat, Source
from alarmbro.model.errors import MachineError
from alarmbro.shell.deciding.loop import Loop
from alarmbro.shell.desk.inbox import Asked, Event, Inbox, Pressed, Stop, Written
from alarmbro.shell.listening.intake import draft_of
from alarmbro.shell.listening.watch import ANEW_WITHIN_S, Post, Watch
from alarmbro.shell.showing.announcer import Announcer
from alarmbro.systemd import Systemd


@dataclass
class Watched:
    """A listener whose life the test decides."""

    name: str = "gpio"
    lives: bool = True

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def alive(self) -> bool:
        return self.lives


@dataclass
class ListeningSystemd(Systemd):
    """Keeps what would be sent."""

    watchdog_s: float | None = 20.0
    said: list[dict[str, str]] = field(default_factory=list)

    def notify(self, **fields: str) -> None:
        self.said.append(fields)


class LoopStory:
    """A loop on the turn of `Story`."""

    def __init__(self) -> None:
        self.story = Story(municipality(), JumpingClock())
        self.inbox: Inbox = queue.SimpleQueue()
        self.listener = Watched()
        self.systemd = ListeningSystemd()
        self.journal_lives = True
        self.answered: list[Asked] = []
        self.loop = Loop(
            self.inbox, self.story.turn, Announcer(self.story.configuration, Ledger(), lambda _site: {}),
            Watch([Post(self.listener, self.another)], lambda: self.journal_lives, self.inbox.put), self.systemd,
            self.story.clock, self.answer, lambda: "klar: 3 knapper",
        )  # fmt: skip

    def another(self) -> Watched:
        raise MachineError("the pins are gone")

    def answer(self, asked: Asked) -> None:
        self.answered.append(asked)

    def run(self, *events: Event) -> Stop:
        for event in events:
            self.inbox.put(event)
        self.inbox.put(Stop("test"))
        return self.loop.run()

    def press(self, key: str) -> Iterator[Event]:
        activation = Activation(key, "vraa", "lommy-1", self.story.clock.now(), Source.MQTT)
        press = Pressed(activation, draft_of(activation))
        yield press
        yield Written(press, repeat=False)


@pytest.fixture
def told() -> LoopStory:
    return LoopStory()


def test_a_fault_in_one_event_is_told_and_the_next_press_is_an_alarm(told: LoopStory) -> None:
    """Whatever raises inside the turn, the press behind it is decided."""
    told.story.turn.supervision.known["vraa/lommy-1"] = None  # type: ignore[assignment]  # what a bug would look like
    broken = Heartbeat("vraa", "lommy-1", told.story.clock.now())
    assert told.run(broken, *told.press("k")).why == "test"
    assert list(told.story.ledger.alarms) == ["vraa-1"]
    assert "listener/turn" in told.story.ledger.faults


def test_a_listener_that_died_and_cannot_be_made_anew_ends_the_process(told: LoopStory) -> None:
    """Systemd then starts it again, and the exit code says that it was no end that was asked for."""
    told.listener.lives = False
    for _ in range(3):
        assert told.loop._look() is None
        told.story.clock.forward(1)
    told.story.clock.forward(ANEW_WITHIN_S)
    assert told.loop.run() == Stop("gpio died", failed=True)


def test_a_dead_journal_writer_ends_the_process(told: LoopStory) -> None:
    """Nothing else writes: without that thread no press is ever on disk again."""
    told.journal_lives = False
    told.loop._look()
    told.story.clock.forward(1)
    assert told.loop.run().failed


def test_a_target_that_hangs_for_good_is_a_fault_until_it_moves(told: LoopStory) -> None:
    """Told once when its every thread hangs, and cleared when one comes back."""
    told.story.sender.hanging = ["serviceteam/1 (json)"]
    told.loop._look()
    assert "target_stuck/serviceteam/1 (json)" in told.story.ledger.faults
    told.story.sender.hanging = []
    told.story.clock.forward(1)
    told.loop._look()
    assert told.story.ledger.faults["target_stuck/serviceteam/1 (json)"].cleared


def test_the_watchdog_is_fed_by_turns_and_not_more_often_than_needed(told: LoopStory) -> None:
    """Each fed turn was completed; within a quarter of the limit once is enough."""
    told.loop._feed()
    told.loop._feed()
    assert told.systemd.said.count({"WATCHDOG": "1"}) == 1
    told.story.clock.forward(5)
    told.loop._feed()
    assert told.systemd.said.count({"WATCHDOG": "1"}) == 2
    told.loop._look()
    assert {"STATUS": "klar: 3 knapper"} in told.systemd.said


def test_a_turn_that_cannot_settle_still_rests(told: LoopStory) -> None:
    """A bug in settling is told, and does not make the loop spin."""
    told.story.turn._troubles = None  # type: ignore[assignment]  # what a bug would look like
    assert told.loop._settle() == 1.0
