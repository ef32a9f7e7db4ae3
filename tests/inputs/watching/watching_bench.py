"""A bench for the second connection: a broker, the machine of Vrå, and a client of its own that reads along."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from arrivals import HOST, Arrivals
from broker import Mosquitto
from clocks import JumpingClock
from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.subscribeoptions import SubscribeOptions
from places import municipality
from running import until

from alarmbro.inputs.watching.watcher import Watcher
from alarmbro.model.activation import Trouble
from alarmbro.model.configuration import Configuration, HomeAssistant, MqttBroker

WAIT_S = 15.0
LOMMY = "homeassistant/device/alarmbro_vraa_lommy-1/config"
VRAA = "homeassistant/device/alarmbro_vraa/config"
STATE, EVENT = "alarmbro/vraa/lommy-1/state", "alarmbro/vraa/lommy-1/event"
ONLINE, OFFLINE = b'{"online": true}', b'{"online": false}'


class Reader:
    """Home Assistant, another machine, or a curious hand: a client of its own that keeps what it hears."""

    def __init__(self, port: int) -> None:
        self.heard: Arrivals[tuple[str, bytes, bool]] = Arrivals()
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.connect(HOST, port)
        self._client.loop_start()

    def listen(self, topics: str) -> None:
        self._client.subscribe(topics, options=SubscribeOptions(qos=1))
        assert self._subscribed.wait(WAIT_S)

    def send(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Publish, and wait until the broker has it."""
        info = self._client.publish(topic, payload, qos=1, retain=retain)
        info.wait_for_publish(WAIT_S)
        assert info.is_published()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        self.heard.add((message.topic, bytes(message.payload), message.retain))

    def standing(self) -> dict[str, bytes]:
        """Give what was last said on each topic; not what was emptied."""
        return {topic: payload for topic, payload in dict(each[:2] for each in self.heard.all()).items() if payload}

    def wait_for(self, topic: str) -> bytes:
        """Wait for something to stand at a topic."""
        until(lambda: topic in self.standing(), say=lambda: topic)
        return self.standing()[topic]

    def wait_gone(self, *topics: str) -> None:
        """Wait until nothing stands at these topics any more."""
        until(lambda: not set(topics) & self.standing().keys(), say=lambda: f"gone: {topics}")

    def number(self, topic: str) -> int:
        return sum(1 for each in self.heard.all() if each[0] == topic)


class Scene:
    """A broker and the machine of Vrå, whose file knows Hirtshals too."""

    def __init__(self, mosquitto: Mosquitto, protocol: str) -> None:
        self.mosquitto, self.protocol = mosquitto, protocol
        self.clock = JumpingClock()
        self.troubles: Arrivals[Trouble] = Arrivals()

    def configuration(self, **changes: Any) -> Configuration:
        broker = MqttBroker(HOST, self.mosquitto.port, False, None, None, None, protocol=self.protocol)
        usual = {"serve": ("vraa",), "mqtt": broker, "home_assistant": HomeAssistant()}
        return municipality(**{**usual, **changes})

    @contextmanager
    def watching(self, configuration: Configuration | None = None) -> Iterator[Watcher]:
        watcher = Watcher(configuration or self.configuration(), self.clock, self.troubles.add)
        watcher.start()
        try:
            yield watcher
        finally:
            watcher.stop()

    @contextmanager
    def reading(self, topics: str = "#") -> Iterator[Reader]:
        reader = Reader(self.mosquitto.port)
        reader.listen(topics)
        try:
            yield reader
        finally:
            reader.close()

    def told(self, kind: str, subject: str, *, well: bool) -> Trouble:
        """Wait until the newest word on something is as asked."""

        def newest() -> Trouble | None:
            found = (one for one in reversed(self.troubles.all()) if (one.kind, one.subject) == (kind, subject))
            return next(found, None)

        until(lambda: (last := newest()) is not None and last.well is well, say=lambda: f"{kind}/{subject} well={well}")
        found = newest()
        assert found is not None
        return found

    def silent(self, kind: str) -> bool:
        return all(each.well for each in self.troubles.all() if each.kind == kind)
