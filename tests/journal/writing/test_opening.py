"""A disk that does not answer keeps nobody waiting; what it remembers is taken up when it does."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass, field

from alarmbro.journal import Journal
from alarmbro.journal.reading.remembering import Remembered
from alarmbro.journal.writing.opening import open_within

WAIT_S = 10.0


@dataclass
class Card(Journal):
    """A journal on a card that answers when the test lets it."""

    answers_now: threading.Event = field(default_factory=threading.Event)
    started: threading.Event = field(default_factory=threading.Event)

    def open(self) -> Remembered:
        self.answers_now.wait(WAIT_S)
        return Remembered(numbers=(("vraa", 7),))

    def start(self) -> None:
        self.started.set()


def test_a_disk_that_answers_gives_the_past_at_once() -> None:
    """Opened and started, and nobody is told twice."""
    card = Card()
    card.answers_now.set()
    late: queue.SimpleQueue[Remembered] = queue.SimpleQueue()
    remembered = open_within(card, late.put, WAIT_S)
    assert remembered is not None
    assert remembered.numbers == (("vraa", 7),)
    assert card.started.is_set()
    assert late.empty()


def test_a_disk_that_hangs_is_not_waited_for() -> None:
    """The start goes on without the past, which comes when the disk answers."""
    card = Card()
    late: queue.SimpleQueue[Remembered] = queue.SimpleQueue()
    assert open_within(card, late.put, 0.05) is None
    card.answers_now.set()
    assert late.get(timeout=WAIT_S).numbers == (("vraa", 7),)
    assert card.started.is_set()
