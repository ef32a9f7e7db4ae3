"""Lets Prometheus read the numbers, on a port of this machine.

Promises: whoever asks, and however (a visitor that hangs, drips, floods or goes away), holds up nobody but itself: one
thread serves all, `VISITORS` at once, and lets the one that is there the longest go where another comes; at most one
comes in each `PACE_S`, so that a flood costs little of the processor; `VISIT_S` is all that a visit may take. A port
that somebody else has is a fault, and is tried for again.
Must never: be waited for by anybody, decide, or tell more than the page.
Runs in a thread of its own; `start`, `stop` and `alive` in others.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Callable

import structlog

from alarmbro.metrics.visit import Visit, Wants
from alarmbro.model.activation import Trouble
from alarmbro.model.configuration import Metrics
from alarmbro.model.moment import Clock

log = structlog.get_logger(__name__)

VISITORS = 8
VISIT_S = 5.0
PACE_S = 0.02
WAITING = 8  # connections that the kernel keeps meanwhile
LOOK_S = 0.02  # while somebody waits for the page
REST_S = 1.0
BIND_AGAIN_S = 5.0
HANGS_S = 30.0
JOIN_S = 0.9


class MetricsServer:
    """Implements `alarmbro.model.activation.Listener`; alarms do without it.

    `look` gives the page, None while it is being made, or raises RuntimeError where there is none.
    """

    name = "metrics"

    def __init__(
        self, where: Metrics, look: Callable[[], bytes | None], clock: Clock, trouble: Callable[[Trouble], None]
    ) -> None:
        self._where, self._look, self._clock, self._trouble = where, look, clock, trouble
        self._visits: list[Visit] = []
        self._ending = threading.Event()
        self._waking, self._woken = socket.socketpair()
        self._failed = False
        self._moved_s = clock.now().monotonic_s
        self._thread = threading.Thread(target=self._run, name="metrics", daemon=True)

    def start(self) -> None:
        """Begin; the port is open soon after."""
        self._thread.start()

    def stop(self) -> None:
        """Close the port and end. May be called twice."""
        self._ending.set()
        with contextlib.suppress(OSError):  # it has ended by itself
            self._waking.send(b"!")
        if self._thread.is_alive():
            self._thread.join(JOIN_S)

    def alive(self) -> bool:
        """Tell whether the thread lives and moves."""
        return self._thread.is_alive() and self._clock.now().monotonic_s - self._moved_s < HANGS_S

    def _run(self) -> None:
        try:
            while not self._ending.is_set():
                door = self._open()
                if door is None:
                    self._ending.wait(BIND_AGAIN_S)
                    continue
                with door, selectors.DefaultSelector() as selector:
                    self._serve(door, selector)
        finally:
            self._waking.close()
            self._woken.close()

    def _open(self) -> socket.socket | None:
        self._moved_s = self._clock.now().monotonic_s
        host, port = self._where.host, self._where.port
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            door = socket.create_server((host, port), family=family, backlog=WAITING)
        except (OSError, UnicodeError, OverflowError) as error:  # taken, not ours, or no such address
            self._tell(f"cannot listen on {self._where.address}: {getattr(error, 'strerror', None) or error}")
            return None
        door.setblocking(False)
        self._tell("")
        return door

    def _tell(self, detail: str) -> None:
        if bool(detail) != self._failed:
            self._failed = bool(detail)
            (log.warning if detail else log.info)("metrics", listen=self._where.address, detail=detail)
            self._trouble(Trouble("metrics", self._where.address, well=not detail, detail=detail))

    def _serve(self, door: socket.socket, selector: selectors.BaseSelector) -> None:
        selector.register(door, selectors.EVENT_READ)
        selector.register(self._woken, selectors.EVENT_READ)
        try:
            while not self._ending.is_set():
                self._turn(door, selector)
        finally:
            for visit in self._visits[:]:
                self._part(visit, selector)

    def _turn(self, door: socket.socket, selector: selectors.BaseSelector) -> None:
        awaited = any(visit.wants is Wants.PAGE for visit in self._visits)
        ready = selector.select(LOOK_S if awaited else REST_S)
        now_s = self._moved_s = self._clock.now().monotonic_s
        came = False
        for key, _ in ready:
            if isinstance(key.data, Visit):
                self._go_on(key.data, selector)
            elif key.fileobj is door:
                came = self._welcome(door, selector, now_s)
        self._answer(selector)
        for visit in [visit for visit in self._visits if now_s - visit.since_s >= VISIT_S]:
            self._part(visit, selector)
        if came:
            self._ending.wait(PACE_S)

    def _welcome(self, door: socket.socket, selector: selectors.BaseSelector, now_s: float) -> bool:
        try:
            connection, _ = door.accept()
        except OSError as error:  # it is gone already, or no file handles are left: others close theirs
            log.debug("a scraper could not be taken", error=error.strerror)
            return True
        connection.setblocking(False)
        if len(self._visits) >= VISITORS:
            self._part(self._visits[0], selector)
        visit = Visit(connection, now_s)
        self._visits.append(visit)
        selector.register(connection, selectors.EVENT_READ, visit)
        return True

    def _go_on(self, visit: Visit, selector: selectors.BaseSelector) -> None:
        """Hear or tell, whichever it is about."""
        if visit not in self._visits:
            return  # another that came in this turn took its place
        try:
            if visit.wants is Wants.HEAR:
                visit.tell()
            else:
                visit.hear()
        except BlockingIOError:
            return
        except OSError as error:
            log.debug("a scraper went away", error=error.strerror)
            visit.wants = Wants.NOTHING
        self._settle(visit, selector)

    def _answer(self, selector: selectors.BaseSelector) -> None:
        """Give the page to all who wait for it."""
        waiting = [visit for visit in self._visits if visit.wants is Wants.PAGE]
        if not waiting:
            return
        try:
            page = self._look()
        except RuntimeError as error:
            for visit in waiting:
                visit.answer("500 Internal Server Error", f"{error}; see the log\n".encode())
        else:
            for visit in waiting if page is not None else ():
                visit.page(page or b"")
        for visit in waiting:
            self._settle(visit, selector)

    def _settle(self, visit: Visit, selector: selectors.BaseSelector) -> None:
        """Wait for what comes next; whoever awaits the page is not listened to meanwhile."""
        event = {Wants.SPEAK: selectors.EVENT_READ, Wants.HEAR: selectors.EVENT_WRITE}.get(visit.wants)
        if visit.wants is Wants.NOTHING:
            self._part(visit, selector)
            return
        if visit.connection in selector.get_map():
            selector.unregister(visit.connection)
        if event is not None:
            selector.register(visit.connection, event, visit)

    def _part(self, visit: Visit, selector: selectors.BaseSelector) -> None:
        self._visits.remove(visit)
        if visit.connection in selector.get_map():
            selector.unregister(visit.connection)
        visit.connection.close()
