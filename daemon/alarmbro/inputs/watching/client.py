"""Builds the paho client that watches: no session that outlives it, no last will, nothing that a press could come by.

TLS always checks the broker's certificate and name. Must never show the password.
"""

from __future__ import annotations

import hashlib

from paho.mqtt.client import Client, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from alarmbro.inputs.mqtt_client import CONNECT_TIMEOUT_S, KEEPALIVE_S
from alarmbro.inputs.mqtt_receiving import Receiving
from alarmbro.model.configuration import Configuration, MqttBroker


def client_id(configuration: Configuration) -> str:
    """Give the name of this machine's second connection: always the same, and no other machine's."""
    sites = ",".join(sorted(configuration.serve))
    return f"alarmbro-watch-{configuration.serve[0]}-{hashlib.sha256(sites.encode()).hexdigest()[:8]}"


def build_client(broker: MqttBroker, name: str) -> Client:
    """Make the client; nothing is contacted, no file is read yet."""
    five = broker.protocol == "5"
    client = Receiving(
        CallbackAPIVersion.VERSION2,
        name,
        clean_session=None if five else True,
        protocol=MQTTv5 if five else MQTTv311,
    )
    client.connect_timeout = CONNECT_TIMEOUT_S
    if broker.username is not None:
        client.username_pw_set(broker.username, broker.password.reveal() if broker.password else None)
    if five:  # paho's usual `clean_start` is so for the first connection alone
        client.connect_async(broker.host, broker.port, KEEPALIVE_S, clean_start=True)
    else:
        client.connect_async(broker.host, broker.port, KEEPALIVE_S)
    return client
