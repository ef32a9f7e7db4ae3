"""Sends signs of life to a watcher outside, which alarms when they stop: a machine that is dead cannot say so itself.

Promises: a sign goes out only while the daemon is really well (`well` says so), so that a process that merely runs does
not count as life. A watcher that is slow or away holds up this thread alone, and after some minutes is a fault.
Must never: raise out of its thread, or show an address: whoever knows it can send signs in our name.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import requests
import structlog
from requests.exceptions import RequestException

from alarmbro import __version__
from alarmbro.judgement.supervising.signs import Signs, refusal_of
from alarmbro.machine.patrol import Patrol
from alarmbro.model.activation import Trouble
from alarmbro.model.configuration import WatchMe
from alarmbro.model.moment import Clock
from alarmbro.model.secret import Secret

log = structlog.get_logger(__name__)

CONNECT_S, READ_S = 5.0, 10.0
HANGS_S = 600.0  # with every name server and every address of a watcher dead, one sign can take a minute or two
ANSWER_BYTES = 512  # of an answer, what is looked at
AGENT = {"User-Agent": f"alarmbro/{__version__}"}


class Beacon:
    """Implements `alarmbro.model.activation.Listener`; alarms do without it.

    `well` says True while the daemon does its work, else False or why not; it must not block, and is called in this
    thread. `push` is one turn of the thread.
    """

    name = "beacon"

    def __init__(
        self, watch_me: WatchMe, well: Callable[[], bool | str], clock: Clock, trouble: Callable[[Trouble], None]
    ) -> None:
        self._watch_me, self._well, self._clock, self._trouble = watch_me, well, clock, trouble
        host = urlsplit(watch_me.urls[0].reveal()).hostname or "?"
        self._signs = Signs(host, watch_me.every_s, clock.now().monotonic_s)
        self._withholding = ""
        self._patrol = Patrol(self.name, self._turn, clock, hangs_s=HANGS_S)

    def start(self) -> None:
        """Begin; the first sign is sent as soon as all is well."""
        self._patrol.start()

    def stop(self) -> None:
        """End; a sign that is on its way is left to end by itself. May be called twice."""
        self._patrol.stop()

    def alive(self) -> bool:
        """Tell whether the thread lives and moves."""
        return self._patrol.alive()

    def push(self) -> float:
        """Send a sign where one is due and all is well; give the seconds until it should be asked again."""
        now_s = self._clock.now().monotonic_s
        if self._signs.due_in_s(now_s) <= 0:
            if self._is_well():
                refusal = self._send_all()
                self._tell(self._signs.sent(refusal, self._clock.now().monotonic_s))
            else:
                self._signs.withheld(now_s)
        return self._signs.due_in_s(self._clock.now().monotonic_s)

    def _turn(self) -> float:
        try:
            return self.push()
        except Exception:  # a fault of ours in what no alarm needs: told in the log, tried again
            log.exception("a sign of life could not be sent")
            return self._watch_me.every_s

    def _is_well(self) -> bool:
        answer = self._well()
        why = "" if answer is True else answer or "no turn was completed"
        if why and why != self._withholding:
            log.warning("signs of life are withheld", why=why)
        self._withholding = why
        return not why

    def _send_all(self) -> str:
        """Send every sign, though one be refused; give why the first of them was."""
        refusals = [self._send(url) for url in self._watch_me.urls]
        return next(filter(None, refusals), "")

    def _send(self, url: Secret) -> str:
        """Send one sign; tell why it was not taken, or nothing. An error's own text holds the address: never shown."""
        try:
            # A redirect is no answer: a page to log in to would pass for one. No session is kept for the next sign.
            with (
                requests.Session() as session,
                session.get(
                    url.reveal(), timeout=(CONNECT_S, READ_S), allow_redirects=False, headers=AGENT, stream=True
                ) as answer,
            ):
                body = next(answer.iter_content(ANSWER_BYTES), b"")
                return refusal_of(self._watch_me.kind, answer.status_code, body)
        except (RequestException, OSError, ValueError) as error:  # ValueError: an address that urllib3 cannot use
            return type(error).__name__

    def _tell(self, trouble: Trouble | None) -> None:
        if trouble is not None:
            log.info("watcher", host=trouble.subject, well=trouble.well, detail=trouble.detail)
            self._trouble(trouble)
