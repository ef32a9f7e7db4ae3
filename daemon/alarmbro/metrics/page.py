"""The page that a scraper gets: counted, standing, this process.

Promises: however often it is asked for, it is made once a second at the most; it waits `PATIENCE_S` for the deciding
thread to say how things stand, and then shows what it said last: a scrape never fails because of an alarm.
Runs in the thread of the server.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import structlog

from alarmbro.metrics.process import Process
from alarmbro.metrics.snapshot import Snapshot
from alarmbro.metrics.standing import standing
from alarmbro.metrics.tally import Tally
from alarmbro.metrics.text import Family, Value, written
from alarmbro.model.moment import Clock, Moment

log = structlog.get_logger(__name__)

FRESH_S = 1.0
PATIENCE_S = 1.5  # longer than the deciding thread rests


@dataclass(slots=True)
class Page:
    """`ask` has a snapshot made soon, and does not wait; `latest` gives the last one.

    `trusted` tells whether wall time can be believed, `lost_lines` how many lines of the log nobody read.
    """

    tally: Tally
    clock: Clock
    ask: Callable[[], None]
    latest: Callable[[], Snapshot | None]
    trusted: Callable[[], bool]
    lost_lines: Callable[[], int]
    began: Moment
    _process: Process = field(default_factory=Process)
    _text: bytes | None = None
    _made_s: float = float("-inf")
    _asked_s: float | None = None

    def look(self) -> bytes | None:
        """Give the page, or None while the deciding thread is still awaited: ask again. Raise RuntimeError: no page."""
        now = self.clock.now()
        if now.monotonic_s - self._made_s >= FRESH_S and self._is_ready(now):
            self._asked_s, self._made_s, self._text = None, now.monotonic_s, None
            self._text = self._made(now)
        if self._asked_s is not None:
            return None
        if self._text is None:
            raise RuntimeError("the page could not be made a moment ago")
        return self._text

    def _is_ready(self, now: Moment) -> bool:
        if self._asked_s is None:
            self._asked_s = now.monotonic_s
            self.ask()
        snapshot = self.latest()
        fresh = snapshot is not None and snapshot.at.monotonic_s >= self._asked_s
        return fresh or now.monotonic_s - self._asked_s >= PATIENCE_S

    def _made(self, now: Moment) -> bytes | None:
        try:
            return written(self._families(now)).encode()
        except Exception:  # a fault of ours in what no alarm needs: told in the log, tried again in a second
            log.exception("the metrics could not be written")
            return None

    def _families(self, now: Moment) -> Iterator[Family]:
        snapshot = self.latest()
        yield from self.tally.families(snapshot or Snapshot(now, ()))
        if snapshot is not None:
            yield from standing(snapshot, now)
        yield from self._machine(now)
        yield from self._process.families()

    def _machine(self, now: Moment) -> Iterator[Family]:
        def gauge(name: str, meaning: str, number: float) -> Family:
            return Family(name, "gauge", meaning, [Value(number)])

        yield gauge("alarmbro_uptime_seconds", "Seconds since alarmbro began.", now.since(self.began))
        yield gauge("alarmbro_threads", "Threads that live.", threading.active_count())
        yield gauge("alarmbro_clock_synchronised", "1 while something keeps the clock right.", self.trusted())
        yield Family(
            "alarmbro_log_lines_lost_total", "counter", "Lines of the log that nobody read.", [Value(self.lost_lines())]
        )
