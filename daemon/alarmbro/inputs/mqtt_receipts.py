"""What came from the broker and is not confirmed to it yet.

Promises: a message is confirmed when all that was made of it is in the journal, on the connection that brought it; a
packet id means nothing on another connection. A message that the broker sends again while we still have it in hand is
not taken twice. A journal that stalls does not close the way in: the broker sends no more than a number of unconfirmed
messages (mosquitto: 20), so before that the oldest is confirmed although it is not on disk; its alarm went out already.
Runs in the link's thread; only the functions that `promise` gives are called from others.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from paho.mqtt.client import MQTTMessage

log = structlog.get_logger(__name__)

MOST = 16  # unconfirmed at once; mosquitto holds back at 20
PATIENCE_S = 0.5  # alarms go out after half a second without the journal: the 21st press must not wait longer


@dataclass(eq=False)
class Receipt:
    """One message in hand. `waiting` counts what the journal still owes; `topic` is as it came, undecoded."""

    mid: int
    topic: bytes
    payload: bytes
    generation: int
    since_s: float
    waiting: int = 0
    taken: bool = False  # the handler is through with it


class Receipts:
    """`acknowledge(mid)` confirms to the broker; `post` has work done in the link's thread."""

    def __init__(self, acknowledge: Callable[[int], None], post: Callable[[Callable[[], None]], None]) -> None:
        self._acknowledge = acknowledge
        self._post = post
        self._open: dict[int, Receipt] = {}
        self._generation = 0

    def connected(self, generation: int, *, session_present: bool) -> None:
        """Hear of a new connection. Without the old session the broker has forgotten what it sent."""
        self._generation = generation
        if not session_present:
            self._open.clear()

    def begin(self, message: MQTTMessage) -> Receipt | None:
        """Take a message in hand; None where it is one that we have already.

        Only a message that we have not confirmed can be that: once it is, its packet id may stand for a new press.
        """
        topic, payload = bytes(message._topic), bytes(message.payload)  # noqa: SLF001  # `topic` raises on bad UTF-8
        if message.qos == 0:
            return Receipt(0, topic, payload, 0, time.monotonic())
        known = self._open.get(message.mid)
        if known is not None and message.dup and known.taken and (known.topic, known.payload) == (topic, payload):
            known.generation = self._generation
            self._settle(known)
            return None
        self._open[message.mid] = receipt = Receipt(message.mid, topic, payload, self._generation, time.monotonic())
        return receipt

    def promise(self, receipt: Receipt) -> Callable[[], None]:
        """Give what is to be called, once, when a thing made of this message is in the journal. Any thread."""
        receipt.waiting += 1
        return lambda: self._post(lambda: self._kept(receipt))

    def taken(self, receipt: Receipt) -> None:
        """Hear that all is handed on. What the journal does not need to keep is confirmed at once."""
        receipt.taken = True
        self._settle(receipt)

    def failed(self, receipt: Receipt) -> None:
        """Hear that the message could not be handed on: it stays unconfirmed, and is new when it comes again."""
        if self._open.get(receipt.mid) is receipt:
            del self._open[receipt.mid]

    def relieve(self) -> None:
        """Confirm the oldest where the journal has stalled and the broker is about to hold back new presses."""
        while len(self._open) >= MOST:
            oldest = min(self._open.values(), key=lambda receipt: receipt.since_s)
            if not oldest.taken or time.monotonic() - oldest.since_s < PATIENCE_S:
                return
            log.error("journal stalls; message confirmed to the broker before it is on disk", mid=oldest.mid)
            oldest.waiting = 0
            self._open.pop(oldest.mid)
            if oldest.generation == self._generation:
                self._acknowledge(oldest.mid)

    def _kept(self, receipt: Receipt) -> None:
        receipt.waiting -= 1
        self._settle(receipt)

    def _settle(self, receipt: Receipt) -> None:
        current = self._open.get(receipt.mid) is receipt and receipt.generation == self._generation
        if current and receipt.taken and receipt.waiting <= 0:
            del self._open[receipt.mid]
            self._acknowledge(receipt.mid)
