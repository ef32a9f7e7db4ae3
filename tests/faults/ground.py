"""The ground that faults are tried on: a real broker, three receivers, the real daemon, and a count of what came of it.

Every press is of a device of its own, so that a message names the press that it is about. A press is confirmed when the
broker has said so to its publisher; it is told when each receiver has a message with its device's name.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import paho.mqtt.client as mqtt
from broker import Mosquitto
from costs import ROWS, Row
from paho.mqtt.enums import CallbackAPIVersion
from receivers import HOST, HttpReceiver
from running import RUN, Daemon, until

HERE = Path(__file__).parent
PATIENCE_S = 90.0
STATUS = "alarmbro/hus/status"
FAULTS = "/fejl"  # where news of faults goes: it names buttons, too, and is no alarm
NAME = re.compile(r"Knap (\d+)\b")


def configuration(
    broker: Mosquitto, urls: Sequence[str], devices: int, *, extra: str = "", wires: str = "", route: str = ""
) -> str:
    """Give a site of MQTT devices, a recipient for each URL, one step; news of faults goes to the last host."""
    faults = f"  fejl: {{name: Fejl, urls: ['{urls[-1]}{FAULTS[1:]}']}}\n"
    people = "".join(f"  m{number}: {{name: M{number}, urls: ['{url}']}}\n" for number, url in enumerate(urls))
    named = ", ".join(f"m{number}" for number in range(len(urls)))
    buttons = "".join(f"      k{number}: {{name: Knap {number}, mqtt: true}}\n" for number in range(devices))
    return (
        f"mqtt: {{url: 'mqtt://{HOST}:{broker.port}'}}\n{extra}recipients:\n{people}{faults}"
        f"routes:\n  alt: {{steps: [{{notify: [{named}]}}]{route}}}\n"
        "faults: {notify: [fejl]}\n"
        f"sites:\n  hus:\n    name: Huset\n    route: alt\n    devices:\n{buttons}{wires}"
    )


class Publisher:
    """The buttons: one connection at QoS 1 that keeps what was not confirmed and sends it again."""

    def __init__(self, port: int) -> None:
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="knapper", clean_session=False)
        self._client.max_inflight_messages_set(0)
        self._client.reconnect_delay_set(1, 1)
        self.online = threading.Event()
        self._client.on_connect = lambda client, *_: client.subscribe(STATUS, qos=1)
        self._client.on_message = lambda _client, _userdata, message: self._status(message.payload)
        self._client.connect_async(HOST, port)
        self._sent: dict[int, int] = {}
        self._answered: set[int] = set()
        self._client.on_publish = lambda _client, _userdata, mid, _code, _properties: self._answered.add(mid)
        self._client.loop_start()

    def _status(self, payload: bytes | bytearray) -> None:
        if json.loads(payload)["online"]:
            self.online.set()

    def press(self, device: int, payload: str = "") -> None:
        """Press a button."""
        self._sent[device] = self._client.publish(f"alarmbro/hus/k{device}/press", payload, qos=1).mid

    def press_again(self, device: int, payload: str) -> None:
        """Press a button that has been pressed before; nobody counts when that is confirmed."""
        self._client.publish(f"alarmbro/hus/k{device}/press", payload, qos=1)

    def confirmed(self) -> set[int]:
        """Give the presses that the broker has confirmed."""
        return {device for device, mid in self._sent.items() if mid in self._answered}

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@dataclass
class Ground:
    """One daemon with all around it."""

    folder: Path
    broker: Mosquitto
    receivers: list[HttpReceiver]
    daemon: Daemon
    publisher: Publisher
    pressed: int = 0
    unreachable: set[int] = field(default_factory=set)

    def press(self, number: int) -> None:
        """Press so many buttons that have not been pressed yet."""
        for device in range(self.pressed, self.pressed + number):
            self.publisher.press(device)
        self.pressed += number

    def confirmed(self) -> bool:
        """Tell whether the broker has confirmed all."""
        return len(self.publisher.confirmed()) == self.pressed

    def told(self) -> set[int]:
        """Give the presses that every reachable receiver has heard of."""
        heard = [
            {name for message in named(receiver) for name in message}
            for number, receiver in enumerate(self.receivers)
            if number not in self.unreachable
        ]
        return set.intersection(*heard)

    def all_told(self) -> bool:
        """Tell whether every press has reached everybody."""
        return self.told() >= set(range(self.pressed))

    def settle(self, patience_s: float = PATIENCE_S) -> None:
        """Wait until all presses are confirmed, and told."""
        until(self.confirmed, patience_s, say=self.daemon.log_text)
        until(self.all_told, patience_s, say=self.missing)

    def missing(self) -> str:
        lost = sorted(set(range(self.pressed)) - self.told())
        return f"not told: {lost[:20]} of {self.pressed}; {self.daemon.log_text()[-4000:]}"

    def alarms(self) -> set[str]:
        """Give the devices that the journal has an alarm of."""
        return {record.draft.device for record in self.daemon.records("raised")}

    def journalled(self) -> int:
        """Count the presses in the journal."""
        return len(self.daemon.records("activation"))

    def quiet(self) -> bool:
        """Tell whether the journal has not grown for half a second: nothing is under way."""
        before = self.daemon.ask("status")["journal"]["records"]
        a_moment(0.5)
        return bool(self.daemon.ask("status")["journal"]["records"] == before)

    def twice(self) -> int:
        """Count the messages that told a receiver of a press that it had heard of before."""
        messages = Counter(
            (number, name)
            for number, receiver in enumerate(self.receivers)
            for message in named(receiver)
            for name in message
        )
        return sum(count - 1 for count in messages.values())

    def done(self, fault: str) -> None:
        """Count what came of it, and see that nothing was lost."""
        told = self.told() & set(range(self.pressed))
        ROWS.append(Row(fault, self.pressed, len(told), self.twice()))
        assert len(told) == self.pressed, self.missing()

    def faults(self) -> set[str]:
        """Name the faults that are open."""
        return {fault["fault"] for fault in self.daemon.ask("status")["faults"]}

    def start(self, command: Sequence[str] = RUN) -> None:
        """Start the daemon, and wait until the broker keeps presses for it: before its first session none are."""
        self.daemon.start(command=command)
        assert self.publisher.online.wait(PATIENCE_S), self.daemon.log_text()

    def start_as(self, launcher: str, *words: str) -> None:
        """Start the daemon by one of the launchers here, which breaks something in it."""
        self.start(command=[sys.executable, str(HERE / launcher), *words, "run", "--log-format", "json"])


@contextlib.contextmanager
def prepared(folder: Path, devices: int, *, extra: str = "", wires: str = "", route: str = "") -> Iterator[Ground]:
    """Make everything but start the daemon."""
    broker = Mosquitto(folder, settings=("max_queued_messages 0",))
    broker.start()
    with contextlib.ExitStack() as stack:
        stack.callback(broker.kill)
        receivers = [stack.enter_context(HttpReceiver()) for _ in range(3)]
        urls = [f"json://{HOST}:{receiver.port}/" for receiver in receivers]
        text = configuration(broker, urls, devices, extra=extra, wires=wires, route=route)
        daemon = Daemon(folder, text)
        stack.callback(daemon.end)
        publisher = Publisher(broker.port)
        stack.callback(publisher.close)
        yield Ground(folder, broker, receivers, daemon, publisher)


@contextlib.contextmanager
def ground(folder: Path, devices: int, *, extra: str = "", wires: str = "", route: str = "") -> Iterator[Ground]:
    """Make everything, and start the daemon."""
    with prepared(folder, devices, extra=extra, wires=wires, route=route) as made:
        made.start()
        yield made


def named(receiver: HttpReceiver) -> list[set[int]]:
    """Give the devices that each of its messages of alarms names."""
    return [{int(name) for name in NAME.findall(each.text)} for each in receiver.received() if each.path != FAULTS]


def a_moment(seconds: float) -> None:
    """Let a fault last so long: its length is the case, nothing is waited for."""
    threading.Event().wait(seconds)
