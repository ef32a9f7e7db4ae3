"""The deciding thread's loop: take what has come, settle what is due, watch the others, feed the watchdog, rest.

Promises: a fault in handling one event is told and the loop goes on; the watchdog is fed by completed turns alone,
and only while the journal's writer answers and every listener lives or is being made anew (`shell.listening.watch`).
Must never: wait for anything but the inbox.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from alarmbro.model.activation import Trouble
from alarmbro.model.moment import Clock
from alarmbro.shell.deciding.turn import Turn
from alarmbro.shell.desk.inbox import Asked, Errand, Event, Inbox, Stop
from alarmbro.shell.listening.watch import Watch
from alarmbro.shell.showing.announcer import Announcer
from alarmbro.systemd import Systemd

log = structlog.get_logger(__name__)

REST_S = 1.0  # the longest rest: listeners are looked at this often
AT_ONCE = 200  # events taken before what is due is settled
FED_PER_LIMIT = 4  # the watchdog is fed this often within its limit


@dataclass(slots=True)
class Loop:
    """Everything the deciding thread does. `words` gives the STATUS line for systemd; `turned` hears of full turns."""

    inbox: Inbox
    turn: Turn
    announcer: Announcer
    watch: Watch
    systemd: Systemd
    clock: Clock
    answer: Callable[[Asked], None]
    words: Callable[[], str]
    turned: Callable[[], None] = field(default=lambda: None)
    _fed_s: float = field(default=float("-inf"))
    _said: str = ""
    _looked_s: float = field(default=float("-inf"))
    _stuck: set[str] = field(default_factory=set)

    def run(self) -> Stop:
        """Turn until told to stop; give the reason."""
        rest_s = 0.0
        while True:
            event = self._wait(rest_s)
            taken = 0
            while event is not None:
                if isinstance(event, Stop):
                    self.turn.finish()
                    return event
                self._take(event)
                taken += 1
                event = self._wait(0) if taken < AT_ONCE else None
            rest_s = min(self._settle(), REST_S)
            if self.turn.pacing.hushed:
                continue
            dead = self._look()
            if dead is not None:
                return Stop(f"{dead} died", failed=True)
            self._feed()

    def _wait(self, seconds: float) -> Event | None:
        try:
            return self.inbox.get(timeout=seconds) if seconds > 0 else self.inbox.get_nowait()
        except queue.Empty:
            return None

    def _take(self, event: Event) -> None:
        try:
            match event:
                case Asked():
                    self.answer(event)
                case Errand():
                    event.run()
                case Stop():
                    pass  # `run` has returned it
                case _:
                    self.turn.take(event)
        except Exception as error:  # noqa: BLE001 - told as a fault; one bad event must not stop the others
            self._own_fault(type(event).__name__, error)

    def _settle(self) -> float:
        try:
            rest_s = self.turn.settle()
            return rest_s if self.turn.pacing.hushed else min(rest_s, self._announce())
        except Exception as error:  # noqa: BLE001 - told as a fault; the next turn tries again
            self._own_fault("settle", error)
            return REST_S

    def _announce(self) -> float:
        return self.announcer.publish(self.clock.now())

    def _own_fault(self, where: str, error: Exception) -> None:
        try:
            self.turn.own_fault(where, error)
        except Exception as second:
            log.critical("a fault of the turn could not be told", where=where, first=repr(error), exc_info=second)

    def _look(self) -> str | None:
        """Look after the others once a second; name what only a restart mends."""
        now_s = self.clock.now().monotonic_s
        if now_s - self._looked_s >= REST_S:
            self._looked_s = now_s
            self._tell_stuck(set(self.turn.sender.stuck()))
            self._say()
        return self.watch.look(now_s)

    def _tell_stuck(self, stuck: set[str]) -> None:
        for target in stuck - self._stuck:
            self.turn.trouble(Trouble("target_stuck", target, detail="every try at it hangs"))
        for target in self._stuck - stuck:
            self.turn.trouble(Trouble("target_stuck", target, well=True))
        self._stuck = stuck

    def _feed(self) -> None:
        self.turned()
        now_s = self.clock.now().monotonic_s
        limit_s = self.systemd.watchdog_s
        if limit_s is not None and now_s - self._fed_s >= limit_s / FED_PER_LIMIT:
            self._fed_s = now_s
            self.systemd.notify(WATCHDOG="1")

    def _say(self) -> None:
        said = self.words()
        if said != self._said:
            self._said = said
            self.systemd.notify(STATUS=said)
