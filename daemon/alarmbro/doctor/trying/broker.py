"""Connects to the broker of the buttons under a name of its own, asks for what the daemon asks for, and leaves.

Must never: use the daemon's name, which would throw it out; end a session that is not the visit's own, or confirm what
waits there: a broker that calls each client as its user (mosquitto's `use_username_as_clientid`) hands us the daemon's;
leave a session or a message behind; publish on a topic that anything listens to (the doctor's is that of a device whose
name no device can have).
Threads: the caller's, and paho's own, which ends with the visit.
"""

from __future__ import annotations

import json
import queue
import secrets
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from alarmbro.delivery.reasons import of_surprise
from alarmbro.doctor.judging.broker import BrokerTried, SiteTried
from alarmbro.inputs.mqtt_client import QOS, build_client, subscribe
from alarmbro.inputs.mqtt_tls import use_tls
from alarmbro.inputs.mqtt_topics import Topics
from alarmbro.inputs.watching.client import build_client as build_passing_client
from alarmbro.judgement.expiring.certificates import DerError, ends_at
from alarmbro.model.configuration import Configuration, MqttBroker
from alarmbro.model.delivery import Outcome, Result
from alarmbro.model.errors import MachineError

ANSWER_S = 5.0  # for the log-in, and for each site's subscriptions
ECHO_S = 2.0  # for a message to ourselves; a broker across Europe takes a tenth
NOBODY = "_doctor/feedback"  # ids of devices hold no underscore, and nobody listens to feedback but a device's light
DENIED = 0x80
SILENT = Result(Outcome.UNKNOWN, "timeout", "connected, but no answer in time")


def try_broker(configuration: Configuration, broker: MqttBroker) -> BrokerTried:
    """Try the broker for every site that this machine serves. Raises nothing for what a broker does."""
    begun = BrokerTried(f"{broker.host}:{broker.port}", broker.username or "")
    try:
        client = build_client(broker, f"alarmbro-doctor-{secrets.token_hex(4)}", NOBODY)
        client.will_clear()
        visit = _Visit(client, broker)
        client.reconnect()
    except MachineError as error:
        return replace(begun, line=Result(Outcome.FAILED, "unusable", str(error)))
    except (OSError, ValueError) as error:
        return replace(begun, line=of_surprise(error))
    ends = _ends(client.socket())
    client.loop_start()
    try:
        return _inside(replace(begun, ends=ends), visit, configuration)
    finally:
        visit.leave()


def _inside(begun: BrokerTried, visit: _Visit, configuration: Configuration) -> BrokerTried:
    code = visit.let_in()
    if code is None:
        return replace(begun, line=SILENT)
    if code.is_failure:
        return replace(begun, denied=code.value, said=str(code))
    if visit.anothers:
        return replace(begun, anothers=True)
    sites = {}
    for site in configuration.serve:
        devices = [device for device in configuration.sites[site].devices.values() if device.mqtt is not None]
        sites[site] = visit.of_site(Topics(visit.broker.prefix, site, devices))
    return replace(begun, sites=sites)


@dataclass(slots=True)
class _Visit:
    """One connection. What paho calls back only notes what came, and never raises. Nothing that comes is confirmed.

    `inside`: the broker let us in. `anothers`: with a session that was there before us.
    """

    client: Client
    broker: MqttBroker
    inside: bool = False
    anothers: bool = False
    _codes: queue.SimpleQueue[Any] = field(default_factory=queue.SimpleQueue)
    _came: threading.Condition = field(default_factory=threading.Condition)
    _granted: dict[int, Sequence[Any]] = field(default_factory=dict)
    _taken: dict[int, Any] = field(default_factory=dict)
    _heard: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client.on_connect = self._connected
        self.client.on_subscribe = lambda _c, _userdata, mid, codes, _properties: self._note(self._granted, mid, codes)
        self.client.on_publish = lambda _client, _userdata, mid, code, _properties: self._note(self._taken, mid, code)
        self.client.on_message = self._message

    def let_in(self) -> Any:
        """Give what the broker said to the log-in; None where it said nothing."""
        try:
            return self._codes.get(timeout=ANSWER_S)
        except queue.Empty:
            return None

    def of_site(self, topics: Topics) -> SiteTried:
        """Ask for what the daemon of a site asks for, and see what can be written and read below its topics."""
        tried, ours = SiteTried(), topics.below(NOBODY)
        mid = subscribe(self.client, [*topics.filters, topics.status], self.broker.protocol, {topics.status})
        if mid is None or not self._wait(lambda: mid in self._granted, ANSWER_S):
            return tried
        codes = [code.value for code in self._granted[mid]]
        tried.granted = dict(zip(topics.filters, codes, strict=False))
        self.client.subscribe(ours, QOS)  # apart: the daemon's are `noLocal`, to which nothing of one's own comes back
        sent = self.client.publish(ours, b"", qos=QOS).mid
        self._wait(lambda: ours in self._heard or self._denied(sent), ECHO_S)
        tried.echoed = ours in self._heard
        if self.broker.protocol == "5" and sent in self._taken:
            tried.written = not self._denied(sent)
        tried.online = _online(self._heard.get(topics.status))
        return tried

    def leave(self) -> None:
        """End the visit, and its session where that is our own."""
        ours = self.inside and not self.anothers
        if ours and self.broker.protocol == "5":
            at_once = Properties(PacketTypes.DISCONNECT)  # type: ignore[no-untyped-call]  # paho types only its client
            at_once.SessionExpiryInterval = 0
            self.client.disconnect(properties=at_once)
        else:
            self.client.disconnect()
        self.client.loop_stop()
        if ours and self.broker.protocol != "5":
            self._forget()

    def _forget(self) -> None:
        """Come again for a clean session, which is how MQTT 3.1.1 ends one that was kept."""
        again = build_passing_client(self.broker, self.client._client_id.decode())  # noqa: SLF001  # no public way
        gone = threading.Event()
        again.on_connect = lambda client, *_rest: client.disconnect()
        again.on_disconnect = lambda *_rest: gone.set()
        try:
            use_tls(again, self.broker)
            again.reconnect()
        except OSError:  # the broker has gone meanwhile: it keeps a session that nobody comes back to
            return
        again.loop_start()
        gone.wait(ANSWER_S)
        again.loop_stop()

    def _denied(self, mid: int) -> bool:
        code = self._taken.get(mid)
        return code is not None and code.value >= DENIED

    def _wait(self, holds: Callable[[], bool], seconds: float) -> bool:
        with self._came:
            return self._came.wait_for(holds, seconds)

    def _note(self, notes: dict[int, Any], mid: int, said: Any) -> None:
        with self._came:
            notes[mid] = said
            self._came.notify_all()

    def _connected(self, client: Client, _userdata: Any, flags: Any, code: Any, _properties: Any) -> None:
        self.inside = not code.is_failure
        self.anothers = self.inside and bool(flags.session_present)
        if self.anothers:
            client.disconnect()
        self._codes.put(code)

    def _message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        name = bytes(message._topic).decode("utf-8", "replace")  # noqa: SLF001  # `topic` raises for what is no UTF-8
        with self._came:
            self._heard[name] = bytes(message.payload)
            self._came.notify_all()


def _online(payload: bytes | None) -> bool | None:
    if payload is None:
        return None
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return bool(said.get("online")) if isinstance(said, dict) else None


def _ends(connection: Any) -> datetime | None:
    if not isinstance(connection, ssl.SSLSocket):
        return None
    try:
        return ends_at(connection.getpeercert(binary_form=True) or b"")
    except DerError:
        return None
