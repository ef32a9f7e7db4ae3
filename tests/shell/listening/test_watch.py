"""A listener that dies is made anew, in real threads; what will not live ends the process."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from alarmbro.model.activation import Listener, Trouble
from alarmbro.shell.listening.watch import ANEW_WITHIN_S, PROVEN_AFTER_S, Post, Watch

WAIT_S = 10.0


@dataclass
class Listens:
    """A listener whose life the test decides."""

    name: str = "mqtt:vraa"
    lives: bool = True
    ended: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None: ...

    def stop(self) -> None:
        self.ended.set()

    def alive(self) -> bool:
        return self.lives


class Guarded:
    """A watch over one listener, and what it tells."""

    def __init__(self, anew: Callable[[], Listener], *, vital: bool = True) -> None:
        self.told: queue.SimpleQueue[Trouble] = queue.SimpleQueue()
        self.first = Listens()
        self.post = Post(self.first, anew, vital)
        self.journal = True
        self.watch = Watch([self.post], lambda: self.journal, self.told.put)
        self.now_s = 0.0

    def look(self, after_s: float = 1.0) -> str | None:
        self.now_s += after_s
        return self.watch.look(self.now_s)

    def troubles(self) -> list[tuple[str, bool]]:
        found = []
        while not self.told.empty():
            trouble = self.told.get()
            found.append((f"{trouble.kind}/{trouble.subject}", trouble.well))
        return found


def test_a_dead_listener_is_made_anew_with_a_fault_that_ends_when_it_has_proved_itself() -> None:
    """The old one is ended first; the process goes on."""
    made: queue.SimpleQueue[Listens] = queue.SimpleQueue()

    def anew() -> Listens:
        made.put(Listens())
        return Listens()

    guarded = Guarded(anew)
    assert guarded.look() is None
    guarded.first.lives = False
    assert [guarded.look(), guarded.look()] == [None, None]
    made.get(timeout=WAIT_S)
    assert guarded.first.ended.wait(WAIT_S)
    _until(lambda: guarded.post.begun_s is None)
    assert guarded.troubles() == [("listener/mqtt:vraa", False)]
    assert guarded.look(PROVEN_AFTER_S) is None
    assert guarded.troubles() == [("listener/mqtt:vraa", True)]


def test_a_pause_of_the_whole_process_is_no_death() -> None:
    """After SIGCONT the turn may wake first: the listener that moves a moment later is well."""
    guarded = Guarded(Listens)
    for lives in (False, True, False, True):
        guarded.first.lives = lives
        assert guarded.look() is None
    assert guarded.troubles() == []


def test_one_that_dies_again_at_once_ends_the_process() -> None:
    """Making it anew does not mend it: a new process may."""
    guarded = Guarded(lambda: Listens(lives=False))
    guarded.first.lives = False
    guarded.look()
    guarded.look()
    _until(lambda: guarded.post.begun_s is None)
    assert guarded.look() is None
    assert guarded.look() == "mqtt:vraa"


def test_one_that_cannot_be_made_in_time_ends_the_process() -> None:
    """A pin that hangs in the kernel, for one: the deciding thread does not wait for it."""
    gate = threading.Event()

    def hangs() -> Listens:
        gate.wait(WAIT_S)
        return Listens()

    guarded = Guarded(hangs)
    guarded.first.lives = False
    assert [guarded.look(), guarded.look(), guarded.look(ANEW_WITHIN_S - 1)] == [None, None, None]
    assert guarded.look() == "mqtt:vraa"
    gate.set()


def test_what_buttons_can_do_without_is_a_fault_only() -> None:
    """Without the control socket alarms go out all the same."""
    guarded = Guarded(lambda: Listens(lives=False), vital=False)
    guarded.first.lives = False
    guarded.look()
    guarded.look()
    _until(lambda: guarded.post.begun_s is None)
    assert [guarded.look(), guarded.look(), guarded.look()] == [None, None, None]
    assert guarded.troubles() == [("listener/mqtt:vraa", False)] * 2


def test_a_journal_that_does_not_answer_twice_running_ends_the_process() -> None:
    """Its thread is dead or waits for nothing: nothing would ever be written again."""
    guarded = Guarded(Listens)
    guarded.journal = False
    assert [guarded.look(), guarded.look()] == [None, "the journal's writer"]


def _until(true: Callable[[], bool]) -> None:
    for _ in range(1000):
        if true():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not come true")
