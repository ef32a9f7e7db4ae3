"""A bench for the MQTT listener: an honest door, a publisher of its own, and listeners that are always stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from queue import Queue
from typing import Any

from arrivals import HOST, Arrivals
from broker import Mosquitto
from clocks import JumpingClock
from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.subscribeoptions import SubscribeOptions

from alarmbro.inputs.mqtt import MqttListener
from alarmbro.model.activation import Activation, Answer, Heartbeat, HeldDown, Rejected, Trouble
from alarmbro.model.configuration import MqttBroker
from alarmbro.model.site import Condition, Device, Gauge, MqttInput

WAIT_S = 15.0
OWN = Device("vraa", "lommy-1", "Lommy 1", "bibliotek", mqtt=MqttInput(own=True))
ZIGBEE = Device(
    "vraa", "knap-2", "Trykknap", "bibliotek",
    mqtt=MqttInput(
        topics=("zigbee2mqtt/udlaan",), press=((Condition("action", ("single",)),),), battery=(Gauge("battery"),)
    ),
)  # fmt: skip
REFUSED = b'{"do": "nonsense"}'
PRESS = "alarmbro/vraa/lommy-1/press"
BOTH = ("5", "3.1.1")


class FakeDoor:
    """Keeps what comes; confirms from a thread of its own, as the journal does, while `keeping` is set."""

    def __init__(self) -> None:
        self.activations: Arrivals[Activation] = Arrivals()
        self.rejects: Arrivals[Rejected] = Arrivals()
        self.beats: Arrivals[Heartbeat] = Arrivals()
        self.troubles: Arrivals[Trouble] = Arrivals()
        self.keeping = threading.Event()
        self.keeping.set()
        self.failures = 0
        self._owed: Queue[Callable[[], None] | None] = Queue()
        self._journal = threading.Thread(target=self._confirm, name="fake-journal", daemon=True)
        self._journal.start()

    def activation(self, activation: Activation, *, confirmed: Callable[[], None] | None = None) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the door is broken")
        self.activations.add(activation)
        self._owed.put(confirmed)

    def rejected(self, rejected: Rejected, *, confirmed: Callable[[], None] | None = None) -> None:
        self.rejects.add(rejected)
        self._owed.put(confirmed)

    def answered(self, answer: Answer) -> None:
        raise AssertionError(answer)

    def held(self, held: HeldDown) -> None:
        raise AssertionError(held)

    def heartbeat(self, heartbeat: Heartbeat) -> None:
        self.beats.add(heartbeat)

    def trouble(self, trouble: Trouble) -> None:
        self.troubles.add(trouble)

    def wait_trouble(self, subject: str, *, well: bool) -> Trouble:
        """Wait until the newest word on `subject` is as asked."""

        def newest() -> Trouble | None:
            return next((one for one in reversed(self.troubles.all()) if one.subject == subject), None)

        wait_until(lambda: (last := newest()) is not None and last.well is well, f"{subject} well={well}")
        found = newest()
        assert found is not None
        return found

    def _confirm(self) -> None:
        while True:
            confirmed = self._owed.get()
            self.keeping.wait()
            if confirmed is not None:
                confirmed()


def wait_until(holds: Callable[[], bool], what: str, timeout_s: float = WAIT_S) -> None:
    """Wait until `holds()`; AssertionError that says `what` did not happen."""
    until = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < until, f"not within {timeout_s} s: {what}"
        threading.Event().wait(0.02)


class Bench:
    """One broker and one door; makes listeners for the site vraa."""

    def __init__(self, mosquitto: Mosquitto, protocol: str = "5", devices: Sequence[Device] = (OWN, ZIGBEE)) -> None:
        self.devices = devices
        self.mosquitto = mosquitto
        self.protocol = protocol
        self.door = FakeDoor()
        self.commands: Arrivals[tuple[str, bytes]] = Arrivals()
        self._number = count(1)

    def settings(self, **changes: Any) -> MqttBroker:
        parts: dict[str, Any] = {
            "host": HOST, "port": self.mosquitto.port, "tls": False, "username": None, "password": None,
            "ca_file": None, "protocol": self.protocol,
        }  # fmt: skip
        return MqttBroker(**{**parts, **changes})

    def listener(self, door: FakeDoor | None = None, **changes: Any) -> MqttListener:
        return MqttListener(
            self.settings(**changes), "vraa", self.devices, "alarmbro-vraa", door or self.door, JumpingClock(),
            lambda: f"key-{next(self._number)}", self._command,
        )  # fmt: skip

    def _command(self, site: str, payload: bytes, confirmed: Callable[[], None], refuse: Callable[[str], None]) -> None:
        self.commands.add((site, payload))
        if payload == REFUSED:
            threading.Thread(target=refuse, args=("no",)).start()  # by the deciding thread, in the daemon
        else:
            confirmed()

    @contextmanager
    def listening(self, door: FakeDoor | None = None, **changes: Any) -> Iterator[MqttListener]:
        """Run a listener, connected and subscribed, for the block."""
        used = door or self.door
        before = len(used.troubles.all())
        listener = self.listener(used, **changes)
        listener.start()
        try:
            wait_until(
                lambda: any(one.subject == "subscription" for one in used.troubles.all()[before:]), "the subscription"
            )
            yield listener
            if used.keeping.is_set():  # else what is not confirmed yet would rightly come again
                wait_until(lambda: not listener._receipts._open, "the confirmations")
        finally:
            listener.stop()

    @contextmanager
    def publisher(self) -> Iterator[Publisher]:
        publisher = Publisher(self.mosquitto.port)
        try:
            yield publisher
        finally:
            publisher.close()

    def publish(self, *messages: tuple[str, bytes], retain: bool = False) -> None:
        with self.publisher() as publisher:
            for topic, payload in messages:
                publisher.send(topic, payload, retain=retain)


class Publisher:
    """A device, or a machine that listens, with a client of its own."""

    def __init__(self, port: int) -> None:
        self.heard: Arrivals[tuple[str, bytes, bool]] = Arrivals()
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.connect(HOST, port)
        self._client.loop_start()

    def send(self, topic: str, payload: bytes, *, retain: bool = False, wait: bool = True) -> None:
        info = self._client.publish(topic, payload, qos=1, retain=retain)
        if wait:
            info.wait_for_publish(WAIT_S)
            assert info.is_published()

    def listen(self, topic: str) -> None:
        self._client.subscribe(topic, options=SubscribeOptions(qos=1))
        assert self._subscribed.wait(WAIT_S)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        self.heard.add((message.topic, bytes(message.payload), message.retain))
