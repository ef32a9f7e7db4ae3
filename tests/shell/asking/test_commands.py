"""Commands that come by MQTT: done and confirmed, or given back with the reason."""

from __future__ import annotations

import json
import queue
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from clocks import JumpingClock
from places import municipality

from alarmbro.model.errors import RefusedError
from alarmbro.shell.asking.commands import COMMAND_LIMIT, Commands
from alarmbro.shell.asking.requests import Requests
from alarmbro.shell.desk.inbox import Asked, Inbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from alarmbro.journal import Journal
    from alarmbro.model.activation import Activation, Door


@dataclass
class Desk:
    """Door, inbox and journal of commands; notes what came of each."""

    presses: list[str] = field(default_factory=list)
    inbox: queue.SimpleQueue[Any] = field(default_factory=queue.SimpleQueue)
    came_of: list[str] = field(default_factory=list)

    def activation(self, activation: Activation, *, confirmed: Callable[[], None]) -> None:
        self.presses.append(activation.device)
        confirmed()

    def write(self, _drafts: object, done: Callable[[object], None]) -> None:
        done([])

    def take(self, payload: bytes) -> list[str]:
        requests = Requests(municipality(serve=("hirtshals",)), JumpingClock(), lambda: "key")
        commands = Commands(requests, cast("Inbox", self.inbox), cast("Door", self), cast("Journal", self))
        commands.command("hirtshals", payload, lambda: self.came_of.append("confirmed"), self.came_of.append)
        return self.came_of


def test_what_is_not_understood_is_given_back_with_the_reason_and_not_confirmed() -> None:
    """Whoever brought it keeps it or counts it, and confirms it then."""
    for payload in (b"{", b"[]", b'{"do": "dance"}', b" " * (COMMAND_LIMIT + 1), b'{"do": "press", "device": "a/b"}'):
        (reason,) = Desk().take(payload)
        assert reason != "confirmed"


def test_a_press_is_a_press() -> None:
    """Confirmed as any other."""
    desk = Desk()
    assert desk.take(json.dumps({"do": "press", "device": "lokale-1"}).encode()) == ["confirmed"]
    assert desk.presses == ["lokale-1"]


def test_an_answer_is_confirmed_when_it_is_kept_and_given_back_where_it_is_refused() -> None:
    """Only the deciding thread knows which."""
    for outcome, expected in (({"alarm": "hirtshals-1"}, ["confirmed"]), (RefusedError("is closed"), ["is closed"])):
        desk = Desk()
        assert desk.take(b'{"do": "ack", "alarm": "hirtshals-1"}') == []
        asked = desk.inbox.get_nowait()
        assert isinstance(asked, Asked)
        asked.reply(cast("dict[str, Any] | Exception", outcome))
        assert desk.came_of == expected
