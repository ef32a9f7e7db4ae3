"""A thread that does the same turn again and again, for what watches and no alarm needs.

Promises: it rests as long as the turn says, or until it is woken; stopping does not wait for a turn that hangs.
Must never: hold anything that others wait for. What a turn raises ends it: a turn catches what it can go on after, and
whoever watches over it makes a new one.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

from alarmbro.model.moment import Clock

JOIN_S = 0.9  # a listener has a second to end


class Patrol:
    """The thread part of an `alarmbro.model.activation.Listener`.

    `turn` does one round and gives the seconds to rest; `last` is done at the end, after the last turn. A turn that
    takes `hangs_s`, or comes so late after its rest, counts as dead.
    """

    def __init__(
        self,
        name: str,
        turn: Callable[[], float],
        clock: Clock,
        *,
        hangs_s: float = math.inf,
        last: Callable[[], None] = lambda: None,
    ) -> None:
        self._turn, self._clock, self._hangs_s, self._last = turn, clock, hangs_s, last
        self._moved_s = clock.now().monotonic_s
        self._ended = False
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; the first turn is at once."""
        self._thread.start()

    def wake(self) -> None:
        """End a rest, or let the next one be none. Any thread."""
        self._woken.set()

    def stop(self) -> None:
        """End; wait for a turn that is under way, but no longer than a listener may. May be called twice."""
        self._ended = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_S)

    def alive(self) -> bool:
        """Tell whether the thread lives and moves."""
        return self._thread.is_alive() and self._clock.now().monotonic_s - self._moved_s < self._hangs_s

    def _run(self) -> None:
        while not self._ended:
            self._woken.clear()
            if self._ended:  # stopped between the two lines above: its call to wake is not to be lost
                break
            self._moved_s = self._clock.now().monotonic_s
            rest_s = self._turn()
            self._moved_s += rest_s  # it is not expected to move before
            self._woken.wait(rest_s)
        self._last()
