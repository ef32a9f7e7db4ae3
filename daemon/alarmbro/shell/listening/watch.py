"""Watches those who listen: a listener that has died is made anew; where that fails, the process ends.

Promises: a listener is found dead only when it is so twice running, a second apart: after the whole process was stopped
for a while (SIGSTOP, a machine that slept) the deciding thread may wake before the others have moved. Making one anew
is done in a thread of its own and has a limit. A listener that the machine cannot do without (`vital`) and that will
not live ends the process, and systemd starts it again: presses that wait at the broker and contacts that are held are
then found. A broker that is away, or a disk that does not answer, is no death.
Must never: wait.
Runs in the deciding thread, but for `_make_anew`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog

from alarmbro.model.activation import Listener, Trouble

log = structlog.get_logger(__name__)

EVERY_S = 1.0
ANEW_WITHIN_S = 15.0  # ending the old one may take 2 s, arming pins 4 s; the watchdog has 20
PROVEN_AFTER_S = 60.0  # one that dies again sooner has not been mended by it


@dataclass(slots=True, eq=False)
class Post:
    """One listener's place: who fills it, and how another is made, which starts it and puts it in the other's place."""

    listener: Listener
    anew: Callable[[], Listener]
    vital: bool = True
    suspect: bool = False
    begun_s: float | None = None  # being made anew since
    back_s: float | None = None  # made anew at
    given_up: bool = False


@dataclass(slots=True)
class Watch:
    """Looks after `posts`, and after the journal's writer. `trouble` tells faults; any thread may call it."""

    posts: Sequence[Post]
    journal_answers: Callable[[], bool]
    trouble: Callable[[Trouble], None]
    _looked_s: float = field(default=float("-inf"))
    _journal_suspect: bool = False

    def look(self, now_s: float) -> str | None:
        """Look once a second; name what only a restart of the process can mend."""
        if now_s - self._looked_s < EVERY_S:
            return None
        self._looked_s = now_s
        lost = [post.listener.name for post in self.posts if self._look_at(post, now_s)]
        silent = not self.journal_answers()
        suspect, self._journal_suspect = self._journal_suspect, silent
        return next(iter(lost), "the journal's writer" if silent and suspect else None)

    def _look_at(self, post: Post, now_s: float) -> bool:
        """Tell whether a post is lost for good and the machine cannot do without it."""
        if post.begun_s is not None:
            late = now_s - post.begun_s >= ANEW_WITHIN_S and not post.given_up
            return late and self._give_up(post, f"it could not be made anew within {ANEW_WITHIN_S:.0f} s")
        if post.given_up or post.listener.alive():
            self._proven(post, now_s)
            return False
        suspect, post.suspect = post.suspect, not post.suspect
        return suspect and self._dead(post, now_s)

    def _dead(self, post: Post, now_s: float) -> bool:
        if not post.given_up and post.back_s is not None and now_s - post.back_s < PROVEN_AFTER_S:
            return self._give_up(post, "it died again at once")
        self._begin(post, now_s)
        return False

    def _proven(self, post: Post, now_s: float) -> None:
        post.suspect = False
        if post.back_s is not None and now_s - post.back_s >= PROVEN_AFTER_S:
            post.back_s = None
            self.trouble(Trouble("listener", post.listener.name, well=True))

    def _begin(self, post: Post, now_s: float) -> None:
        log.critical("a listener died and is made anew", listener=post.listener.name)
        self.trouble(Trouble("listener", post.listener.name, detail="it died, and is made anew"))
        post.begun_s = post.back_s = now_s
        try:
            threading.Thread(target=partial(self._make_anew, post), name="anew", daemon=True).start()
        except RuntimeError:  # "can't start new thread": the limit above ends the wait
            log.exception("no thread to make a listener anew", listener=post.listener.name)

    def _make_anew(self, post: Post) -> None:
        try:
            post.listener.stop()
            post.listener = post.anew()
        except Exception:  # whatever it is: it is not there, and `look` gives it up at its limit
            log.exception("a listener could not be made anew", listener=post.listener.name)
        else:
            post.begun_s = None
            log.warning("a listener was made anew", listener=post.listener.name)

    def _give_up(self, post: Post, why: str) -> bool:
        post.given_up = True
        log.critical("a listener is lost", listener=post.listener.name, why=why)
        self.trouble(Trouble("listener", post.listener.name, detail=why))
        return post.vital
