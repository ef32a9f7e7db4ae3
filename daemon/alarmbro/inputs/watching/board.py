"""What stands at the broker for others to read, and what is called out to them once.

Promises: of what stands there the newest is published, again at each connection; a broker that is away, or slow, holds
up nobody and fills no memory. What happened while the broker was away is not called out afterwards: an automation must
not take a press of ten minutes ago for one of now.
Any thread puts in; the link's thread sends. Must never block or raise for who puts in.
"""

from __future__ import annotations

import threading
from collections import deque

import structlog
from paho.mqtt.client import Client
from paho.mqtt.enums import MQTTErrorCode

from alarmbro.inputs.mqtt_client import QOS

log = structlog.get_logger(__name__)

MOST_SENT = 20  # unanswered at once: mosquitto's own limit, and ours of memory
MOST_CALLS = 100


class Board:
    """Retained payloads by topic, those of them that are due, and calls."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._standing: dict[str, str] = {}
        self._due: dict[str, None] = {}  # in the order in which they came
        self._calls: deque[tuple[str, str]] = deque(maxlen=MOST_CALLS)
        self._open = False
        self._unanswered: set[int] = set()

    def put(self, topic: str, payload: str) -> None:
        """Have a payload stand at a topic."""
        with self._lock:
            if self._standing.get(topic) != payload:
                self._standing[topic] = payload
                self._due[topic] = None

    def take_away(self, topic: str) -> None:
        """Have nothing stand at a topic any more."""
        self.put(topic, "")

    def call(self, topic: str, payload: str) -> None:
        """Call something out once, where somebody can hear it now."""
        with self._lock:
            if self._open:
                self._calls.append((topic, payload))

    def standing(self, topic: str) -> str | None:
        """Give what should stand at a topic; None where that is nothing of ours."""
        with self._lock:
            return self._standing.get(topic) or None

    def again(self, topic: str | None = None) -> None:
        """Publish what stands at a topic once more; left out, at every topic."""
        with self._lock:
            self._due.update(dict.fromkeys(self._standing if topic is None else [topic]))

    def connected(self) -> None:
        """Hear of a new connection: a broker may have forgotten everything."""
        with self._lock:
            self._open = True
            self._due = dict.fromkeys(self._standing)

    def lost(self) -> None:
        """Hear that nobody can hear us."""
        with self._lock:
            self._open = False
            self._calls.clear()

    @property
    def idle(self) -> bool:
        """Tell whether the broker has taken everything. In the link's thread."""
        with self._lock:
            return not self._due and not self._unanswered

    def answered(self, mid: int) -> None:
        """Hear that the broker has taken a payload."""
        self._unanswered.discard(mid)

    def send(self, client: Client) -> None:
        """Hand to the client what may go. Only in the link's thread, and only while connected."""
        for topic, payload in self._called():
            # At most once: sent again after a lost connection it would be a lie.
            client.publish(topic, payload.encode("utf-8", "replace"), qos=0)
        while len(self._unanswered) < MOST_SENT and (due := self._next()) is not None:
            topic, payload = due
            info = client.publish(topic, payload.encode("utf-8", "replace"), qos=QOS, retain=True)
            if info.rc in {MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_NO_CONN}:
                self._unanswered.add(info.mid)  # the client sends it at the next connection where it could not now
            else:
                log.warning("message to the broker refused by the client", topic=topic, code=int(info.rc))
            if info.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return

    def _called(self) -> list[tuple[str, str]]:
        with self._lock:
            calls = list(self._calls)
            self._calls.clear()
            return calls

    def _next(self) -> tuple[str, str] | None:
        with self._lock:
            topic = next(iter(self._due), None)
            if topic is None:
                return None
            del self._due[topic]
            payload = self._standing.get(topic, "")
            if not payload:
                self._standing.pop(topic, None)
            return topic, payload
