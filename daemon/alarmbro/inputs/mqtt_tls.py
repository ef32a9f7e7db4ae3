"""What TLS trusts, and what it shows, on the way to the broker: the same for both connections of a machine.

Promises: the broker's certificate and name are always checked; nothing older than TLS 1.2 is spoken; nobody is ever
asked for a passphrase, which would hold up whoever asks. Any thread.
"""

from __future__ import annotations

import ssl

from paho.mqtt.client import Client

from alarmbro.model.configuration import MqttBroker
from alarmbro.model.errors import MachineError


def use_tls(client: Client, broker: MqttBroker) -> None:
    """Have the client speak TLS where the broker wants it. Raise MachineError where its files cannot be used."""
    if broker.tls:
        client.tls_set_context(context_of(broker))


def context_of(broker: MqttBroker) -> ssl.SSLContext:
    """Give the settings for a connection to the broker. Raise MachineError where its files cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # checks certificate and name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _trust(context, broker)
    _show(context, broker)
    return context


def _trust(context: ssl.SSLContext, broker: MqttBroker) -> None:
    if broker.ca_file is None:
        context.load_default_certs()
        return
    try:
        context.load_verify_locations(broker.ca_file)
    except (OSError, ValueError) as error:
        raise MachineError(
            f"cannot use the certificate file {broker.ca_file} ({type(error).__name__}); "
            "give mqtt.ca_file a PEM file that alarmbro may read"
        ) from error


def _show(context: ssl.SSLContext, broker: MqttBroker) -> None:
    if broker.cert is None or broker.key is None:
        return
    try:
        context.load_cert_chain(broker.cert, broker.key, password=lambda: "")
    except (OSError, ValueError) as error:
        raise MachineError(
            f"cannot use the certificate {broker.cert} with its key ({type(error).__name__}); "
            "give mqtt.cert and mqtt.key PEM files that alarmbro may read"
        ) from error
