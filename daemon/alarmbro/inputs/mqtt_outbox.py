"""What goes out to the broker: best effort, bounded, never in the way of what comes in.

Any thread puts in; the link's thread sends. Must never block or raise for who puts in.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

import structlog
from paho.mqtt.client import Client
from paho.mqtt.enums import MQTTErrorCode

from alarmbro.inputs.mqtt_client import QOS

log = structlog.get_logger(__name__)

MOST_WAITING = 1000  # an hour of a busy site; older news is of no use to a light on a button
MOST_SENT = 20  # unanswered at once, so that the memory of the client stays as small as ours


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way out."""

    topic: str
    payload: str
    retain: bool = False


class Outbox:
    """Messages waiting for the broker, and the one status that is sent again at each connection."""

    def __init__(self, status_topic: str) -> None:
        self._status_topic = status_topic
        self._lock = threading.Lock()
        self._waiting: deque[Outgoing] = deque()
        self._status: Outgoing | None = None
        self._status_due = False
        self._unanswered: set[int] = set()
        self._dropping = False

    def put(self, outgoing: Outgoing) -> None:
        """Queue a message; drop it, and say so, when too many wait."""
        with self._lock:
            full, first = len(self._waiting) >= MOST_WAITING, not self._dropping
            self._dropping = full
            if not full:
                self._waiting.append(outgoing)
        if full and first:
            log.warning("messages to the broker are dropped; too many wait", topic=outgoing.topic)

    def put_status(self, payload: str) -> None:
        """Keep the status; a newer one replaces one that has not gone yet."""
        with self._lock:
            self._status = Outgoing(self._status_topic, payload, retain=True)
            self._status_due = True

    def connected(self) -> None:
        """Hear of a new connection: the last will may have spoken, so the status is due again."""
        with self._lock:
            self._status_due = self._status is not None

    def answered(self, mid: int) -> None:
        """Hear that the broker has taken a message."""
        self._unanswered.discard(mid)

    def send(self, client: Client) -> None:
        """Hand to the client what may go. Only in the link's thread, and only while connected."""
        while len(self._unanswered) < MOST_SENT and (outgoing := self._next()) is not None:
            payload = outgoing.payload.encode("utf-8", "replace")  # half a letter costs itself, not the connection
            info = client.publish(outgoing.topic, payload, qos=QOS, retain=outgoing.retain)
            if info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
                self._unanswered.add(info.mid)
            elif info.rc == MQTTErrorCode.MQTT_ERR_NO_CONN:
                self._unanswered.add(info.mid)  # the client keeps it and sends it at the next connection
                return
            else:
                log.warning("message to the broker refused by the client", topic=outgoing.topic, code=int(info.rc))

    def _next(self) -> Outgoing | None:
        with self._lock:
            if self._status_due:
                self._status_due = False
                return self._status
            return self._waiting.popleft() if self._waiting else None
