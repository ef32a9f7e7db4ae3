"""Builds the paho client of one site: session, login, TLS, last will, subscriptions.

Promises: the session at the broker outlives us, so presses made while we are away wait there. TLS always checks the
broker's certificate and name. Must never show the password.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from paho.mqtt.client import Client, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from alarmbro.inputs.mqtt_receiving import Receiving
from alarmbro.inputs.mqtt_tls import use_tls
from alarmbro.model.configuration import MqttBroker

QOS = 1
KEEPALIVE_S = 20  # paho asks after one silent interval and gives up after another: a dead link shows within 40 s
CONNECT_TIMEOUT_S = 5.0
SESSION_S = 7 * 86400  # a broker keeps presses for a machine that is away over a weekend, and forgets a removed one
OFFLINE = '{"online": false}'


def build_client(broker: MqttBroker, client_id: str, status_topic: str) -> Client:
    """Make the client; nothing is contacted. Raise MachineError where its TLS files cannot be used."""
    five = broker.protocol == "5"
    client = Receiving(
        CallbackAPIVersion.VERSION2,
        client_id,
        clean_session=None if five else False,
        protocol=MQTTv5 if five else MQTTv311,
        manual_ack=True,
    )
    client.connect_timeout = CONNECT_TIMEOUT_S
    client.will_set(status_topic, OFFLINE, qos=QOS, retain=True)
    if broker.username is not None:
        client.username_pw_set(broker.username, broker.password.reveal() if broker.password else None)
    use_tls(client, broker)
    _aim(client, broker)
    return client


def _aim(client: Client, broker: MqttBroker) -> None:
    if broker.protocol != "5":
        client.connect_async(broker.host, broker.port, KEEPALIVE_S)
        return
    session = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho 2.2 types only its client
    session.SessionExpiryInterval = SESSION_S
    client.connect_async(broker.host, broker.port, KEEPALIVE_S, clean_start=False, properties=session)


def subscribe(client: Client, filters: Iterable[str], protocol: str, kept: Collection[str] = ()) -> int | None:
    """Subscribe to all `filters` in one packet, and ask for what the broker has kept of those in `kept`.

    Give the packet's number, by which the broker answers; None where it could not be sent. MQTT 5 lets us ask not to be
    sent the retained messages of the others; 3.1.1 does not.
    """
    if protocol == "5":
        _, number = client.subscribe([(one, _options(wanted=one in kept)) for one in filters])
    else:
        _, number = client.subscribe([(one, QOS) for one in filters])
    return number


def _options(*, wanted: bool) -> SubscribeOptions:
    handling = SubscribeOptions.RETAIN_SEND_ON_SUBSCRIBE if wanted else SubscribeOptions.RETAIN_DO_NOT_SEND
    return SubscribeOptions(qos=QOS, noLocal=True, retainHandling=handling)
