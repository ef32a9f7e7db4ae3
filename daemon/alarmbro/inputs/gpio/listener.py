"""Buttons and acknowledge keys on GPIO pins: every press reaches the door, whichever way the pins' library fails.

Two witnesses watch each pin: edges, which lgpio's one thread puts into our queue, and a poll of our own thread
`gpio-poll`, which also judges. If lgpio's thread dies the poll runs faster and a fault is told. Whatever goes wrong
with one contact is caught, told, and hurts no other. If our thread dies by a bug, `alive` says so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from queue import Empty
from typing import Any

import structlog

from alarmbro.inputs.gpio.contact import EdgeQueue, RawEdge, WiredContact
from alarmbro.inputs.gpio.meaning import NO_KEYS, Button, Key, Meaning
from alarmbro.inputs.gpio.outbox import Outbox
from alarmbro.inputs.gpio.rewiring import Rewiring
from alarmbro.inputs.pins import edges_alive
from alarmbro.judgement.contacts.debounce import SETTLE_LIMIT_S
from alarmbro.model.activation import Door, Trouble
from alarmbro.model.errors import MachineError
from alarmbro.model.moment import Clock
from alarmbro.model.site import AcknowledgeKey, Device

log = structlog.get_logger(__name__)

# Beside lgpio's own 1400 wake-ups a second (2.7 % of a core) 20 more are little: 0.3 % here, most of it the waking. A
# dead thread is noticed in time for a press to alarm within 100 ms, and a press of 70 ms counts without its first edge.
POLL_S = 0.050
POLL_ALONE_S = 0.015  # without edges: two samples in a press of 40 ms, wherever it falls
SOONEST_S = 0.002  # between two samples of a pin that is due, so that no due time can make the loop spin
EDGES_AT_ONCE = 500  # then the pins are polled, however a line chatters
LATEST_TICK_S = 2.0
ARMED_WITHIN_S = SETTLE_LIMIT_S + 2.0
JOIN_S = 0.8
OPEN_AGAIN_S = 30.0  # a pin that could not be claimed: a kernel driver or another program may have let go of it
BUG_OVER_S = 60.0  # so long without it; a bug that comes with each edge must not tell its end each time


class GpioListener:
    """Listens to the devices that have a pin and to the acknowledge `keys`, by site.

    Implements `alarmbro.model.activation.Listener`. `pins` is a gpiozero Factory (see `pins.build_factory`); it stays
    the caller's. `all_needed`: a button whose pin cannot be claimed ends the start; else it is a fault, and the start
    goes on with the others.
    """

    name = "gpio"

    def __init__(
        self,
        devices: Sequence[Device],
        pins: Any,
        door: Door,
        clock: Clock,
        new_key: Callable[[], str],
        *,
        keys: Mapping[str, AcknowledgeKey] = NO_KEYS,
        all_needed: bool = True,
    ) -> None:
        self._pins = pins
        self._all_needed = all_needed
        self._clock = clock
        self._edges: EdgeQueue = EdgeQueue()
        self._outbox = Outbox(door)
        self._new_key = new_key
        self._wired = self._contacts_of(devices, keys)
        self._order: Rewiring | None = None
        self._contacts: list[WiredContact] = []  # those whose pin is claimed
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._armed = threading.Event()
        self._ticked_s = 0.0
        self._polled_s = 0.0
        self._opened_s = 0.0  # when the last claim was tried

    def start(self) -> None:
        """Claim all pins; return when each has been read and believed. Raise MachineError.

        A key whose pin cannot be claimed is a fault only: the buttons must call people without it. It is tried again,
        and so is a button's where not all are needed.
        """
        try:
            self._contacts = [
                contact
                for contact in self._wired
                if self._open(contact, needed=contact.meaning.calls and self._all_needed)
            ]
        except MachineError:
            self._close()
            raise
        self._stopping.clear()
        self._armed.clear()
        self._ticked_s = self._opened_s = self._clock.now().monotonic_s
        self._thread = threading.Thread(target=self._run, name="gpio-poll", daemon=True)
        self._thread.start()
        if not self._armed.wait(ARMED_WITHIN_S):
            self.stop()
            raise MachineError(f"the GPIO pins could not be read within {ARMED_WITHIN_S:.0f} s; restart the machine")
        log.info("buttons armed", pins=len(self._contacts))

    def stop(self) -> None:
        """End the thread within a second and give the pins back. A press that it has begun to take is handed on."""
        self._stopping.set()
        self._edges.put(None)
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(JOIN_S)
            if thread.is_alive():
                log.error("gpio-poll did not end")
        self._close()

    def change(self, devices: Sequence[Device], keys: Mapping[str, AcknowledgeKey] = NO_KEYS) -> None:
        """Listen to these instead; those that stay as they were miss nothing. One at a time may ask; not our thread.

        Returns when each of them has been read and believed.
        Raise MachineError where a pin of theirs cannot be claimed: then all is as it was before.
        """
        order = Rewiring(self._contacts_of(devices, keys))
        self._order = order
        self._edges.put(None)
        try:
            order.wait()
        finally:
            self._armed.wait(ARMED_WITHIN_S)

    def alive(self) -> bool:
        """Tell whether our thread lives and has gone round within two seconds."""
        thread = self._thread
        lives = thread is not None and thread.is_alive()
        return lives and self._clock.now().monotonic_s - self._ticked_s < LATEST_TICK_S

    def _contacts_of(self, devices: Sequence[Device], keys: Mapping[str, AcknowledgeKey]) -> list[WiredContact]:
        outbox, clock = self._outbox, self._clock
        buttons: list[Meaning] = [
            Button(device, device.gpio, outbox, clock, self._new_key) for device in devices if device.gpio is not None
        ]
        turned = [Key(site, key, outbox, clock) for site, key in keys.items()]
        return [WiredContact(each, self._edges, outbox, clock) for each in (*buttons, *turned)]

    def _rewire(self) -> None:
        order, self._order = self._order, None
        if order is None:
            return
        self._armed.clear()
        before, self._wired = self._wired, order.carry_out(self._wired, self._pins)
        for contact in before:
            if contact not in self._wired:
                self._outbox.end_all(contact.meaning.path)
        self._contacts = [contact for contact in self._wired if contact.claimed]

    def _open(self, contact: WiredContact, *, needed: bool = False) -> bool:
        try:
            contact.open(self._pins)
        except MachineError as error:
            if needed:
                raise
            if contact.begin("gpio", str(error)):
                log.error("contact cannot be used", error=str(error))  # noqa: TRY400  # the text says what to do
            return False
        return True

    def _close(self) -> None:
        for contact in self._wired:
            contact.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._tick()
        self._tick()  # what is in the queue is taken before the end

    def _tick(self) -> None:
        self._rewire()
        edges = edges_alive(self._pins)
        self._tell_edges(alive=edges)
        every_s = POLL_S if edges else POLL_ALONE_S
        for edge in self._waiting_edges(self._pause_s(every_s)):
            self._guard(edge.contact, partial(edge.contact.take, edge))
        self._sample(every_s)
        now_s = self._clock.now().monotonic_s
        self._open_again(now_s)
        self._outbox.deliver(now_s)
        self._ticked_s = now_s
        if not self._armed.is_set() and all(contact.known for contact in self._contacts):
            self._armed.set()

    def _open_again(self, now_s: float) -> None:
        if len(self._contacts) == len(self._wired) or now_s - self._opened_s < OPEN_AGAIN_S or self._stopping.is_set():
            return
        self._opened_s = now_s
        for contact in self._wired:
            if contact not in self._contacts and self._open(contact):
                log.warning("contact works now", device=contact.meaning.path)
                self._contacts.append(contact)

    def _pause_s(self, every_s: float) -> float:
        if self._stopping.is_set():
            return 0.0
        now_s = self._clock.now().monotonic_s
        due_s = min((contact.next_due_s for contact in self._contacts), default=now_s + every_s)
        return min(every_s, max(SOONEST_S, min(self._polled_s + every_s, due_s) - now_s))

    def _waiting_edges(self, pause_s: float) -> list[RawEdge]:
        """Wait for an edge, at most `pause_s`; give all that are there."""
        edges: list[RawEdge] = []
        try:
            edge = self._edges.get(timeout=pause_s) if pause_s > 0 else self._edges.get_nowait()
            while edge is not None and len(edges) < EDGES_AT_ONCE:
                edges.append(edge)
                edge = self._edges.get_nowait()
        except Empty:
            return edges
        if edge is not None:
            edges.append(edge)
        return edges

    def _sample(self, every_s: float) -> None:
        now_s = self._clock.now().monotonic_s
        everyone = now_s - self._polled_s >= every_s
        if everyone:
            self._polled_s = now_s
        for contact in self._contacts:
            if everyone or contact.next_due_s <= now_s:
                self._guard(contact, contact.sample)

    def _guard(self, contact: WiredContact, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            contact.known, contact.well, contact.bug_s = True, False, self._clock.now().monotonic_s
            if contact.begin("gpio", f"bug: {error!r}", part="/handling"):
                log.exception("contact not handled", device=contact.meaning.path)
            return
        if contact.bug_s is not None and self._clock.now().monotonic_s - contact.bug_s >= BUG_OVER_S:
            contact.bug_s = None
            contact.end("gpio", part="/handling")

    def _tell_edges(self, *, alive: bool) -> None:
        if alive:
            self._outbox.end("gpio", "edges")
            return
        detail = "lgpio's thread is dead; buttons are polled faster until alarmbro is restarted"
        if self._outbox.begin(Trouble("gpio", "edges", detail=detail)):
            log.error("lgpio's thread is dead; polling faster")
