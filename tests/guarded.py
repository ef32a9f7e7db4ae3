"""The broker that config/mosquitto/ describes: exactly its files, with nothing changed but paths, ports and the log."""

from __future__ import annotations

import os
import ssl
import subprocess
import threading
from pathlib import Path
from typing import Any, Self

from arrivals import HOST, Arrivals, free_port
from broker import Mosquitto
from paho.mqtt.client import Client, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

EXAMPLE = Path(__file__).parents[1] / "config" / "mosquitto"
SCRIPT = EXAMPLE / "certificates"
TLS_HOST = "localhost"
PASSWORD = "example-password"
USERS = ("hirtshals", "vraa", "sindal", "vraa/lommy-1", "vraa/lommy-2", "sindal/lommy-1", "homeassistant")
WITNESS = "witness"  # reads and writes everything, so that the tests know what has really passed
WAIT_S = 10.0


def certificates(folder: Path, kind: str, *names: str) -> None:
    """Make certificates as the technician does; the authority with the first ones."""
    subprocess.run([str(SCRIPT), str(folder), kind, *names], check=True, capture_output=True)


class Guarded(Mosquitto):
    """That broker. `local`, `tls` and `machines` are the ports of its three doors; `authority` the certificates."""

    def __init__(self, folder: Path, authority: Path) -> None:
        super().__init__(folder)
        self.local, self.tls, self.machines = self.port, free_port(), free_port()
        self.authority = authority
        self.here = self._folder / "etc"
        self.here.mkdir()
        text = (EXAMPLE / "mosquitto.conf").read_text(encoding="utf-8")
        for written, meant in (
            ("/etc/mosquitto/alarmbro/", f"{self.here}/"),
            ("/var/lib/mosquitto/", f"{self._folder}/"),
            ("listener 1883 127.0.0.1", f"listener {self.local} {HOST}"),
            ("listener 8883", f"listener {self.tls}"),
            ("listener 8884", f"listener {self.machines}"),
            ("log_dest syslog", "log_dest stdout"),
        ):
            assert written in text
            text = text.replace(written, meant)
        self._file.write_text(text + ("user root\n" if os.getuid() == 0 else ""), encoding="utf-8")
        for name in ("ca.pem", "broker.pem", "broker.key"):
            (self.here / name).write_bytes((authority / name).read_bytes())
        rights = (EXAMPLE / "acl").read_text(encoding="utf-8")
        (self.here / "acl").write_text(f"{rights}\nuser {WITNESS}\ntopic readwrite #\n", encoding="utf-8")
        passwords = self.here / "passwords"
        passwords.touch(0o600)
        for user in (*USERS, WITNESS):
            subprocess.run(["mosquitto_passwd", "-b", str(passwords), user, PASSWORD], check=True)

    def context(self, machine: str | None = None) -> ssl.SSLContext:
        """Give what a client trusts, and the certificate that it shows."""
        context = ssl.create_default_context(cafile=self.authority / "ca.pem")
        if machine is not None:
            context.load_cert_chain(self.authority / f"{machine}.pem", self.authority / f"{machine}.key")
        return context


class Visitor:
    """A client that notes what the broker says to it. Open it with `with`; a refusal stands in `code`."""

    def __init__(
        self,
        port: int,
        user: str | None,
        *,
        password: str = PASSWORD,
        context: ssl.SSLContext | None = None,
        client_id: str = "",
        keep: bool = False,
        protocol: str = "5",
    ) -> None:
        self.heard: Arrivals[tuple[str, bytes]] = Arrivals()
        self.code: ReasonCode | None = None
        self.gone = threading.Event()
        self._answered, self._subscribed = threading.Event(), threading.Event()
        self._taken: dict[int, ReasonCode] = {}
        self._came = threading.Condition()
        five = protocol == "5"
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id, clean_session=None if five else not keep,
            protocol=MQTTv5 if five else MQTTv311, reconnect_on_failure=False,
        )  # fmt: skip
        if user is not None:
            self._client.username_pw_set(user, password)
        if context is not None:
            self._client.tls_set_context(context)
        self._client.on_connect = self._let_in
        self._client.on_disconnect = lambda *_: self._left()
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_publish = self._published
        host = HOST if context is None else TLS_HOST
        if five:
            session = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho types only its client
            session.SessionExpiryInterval = 3600 if keep else 0
            self._client.connect(host, port, clean_start=not keep, properties=session)
        else:
            self._client.connect(host, port)
        self._client.loop_start()
        self._answered.wait(WAIT_S)

    @property
    def inside(self) -> bool:
        """Tell whether the broker let us in."""
        return self.code is not None and not self.code.is_failure and not self.gone.is_set()

    def listen(self, *topics: str) -> None:
        """Subscribe, and wait until the broker has said so. It always grants; what it then sends is another matter."""
        self._client.subscribe([(topic, 1) for topic in topics])
        assert self._subscribed.wait(WAIT_S)

    def say(self, topic: str, payload: str | bytes = "x", *, retain: bool = False) -> bool:
        """Publish, and tell whether the broker took it."""
        info = self._client.publish(topic, payload, qos=1, retain=retain)
        with self._came:
            assert self._came.wait_for(lambda: info.mid in self._taken or self.gone.is_set(), WAIT_S)
            return info.mid in self._taken and not self._taken[info.mid].is_failure

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _let_in(self, _client: Client, _userdata: Any, _flags: Any, code: ReasonCode, _properties: Any) -> None:
        self.code = code
        self._answered.set()

    def _left(self) -> None:
        self.gone.set()
        self._answered.set()
        with self._came:
            self._came.notify_all()

    def _published(self, _client: Client, _userdata: Any, mid: int, code: ReasonCode, _properties: Any) -> None:
        with self._came:
            self._taken[mid] = code
            self._came.notify_all()

    def _hear(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        self.heard.add((message.topic, bytes(message.payload)))
