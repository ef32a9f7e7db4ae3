"""Tries a broker that is a target: connects, logs in, leaves. Proves the password, not the right to publish.

Under a name of its own: by that of the target it would throw out a message that is on its way.
"""

from __future__ import annotations

import queue
import ssl
import time
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from alarmbro.delivery.probing.line import LIMIT_S, STEP_S, Limit
from alarmbro.model.delivery import Outcome, Result

DENIED = (134, 135)  # CONNACK of MQTT 5, which paho makes of 3.1.1's 4 and 5: bad user name or password, not authorised
SILENT = Result(Outcome.UNKNOWN, "timeout", "connected, but no answer in time")


def log_in(plugin: Any, limit: Limit) -> Result | None:
    """Connect by the settings of Apprise's MQTT plugin. Raise OSError; None where the broker lets us in."""
    begun_s = time.monotonic()
    answers: queue.SimpleQueue[ReasonCode] = queue.SimpleQueue()
    client = Client(CallbackAPIVersion.VERSION2, protocol=plugin.mqtt_protocol, transport=plugin.mqtt_transport)
    client.on_connect = lambda _client, _userdata, _flags, code, _properties: answers.put(code)
    client.connect_timeout = STEP_S
    if plugin.user:
        client.username_pw_set(plugin.user, plugin.password)
    if plugin.secure:
        _secure(client, plugin)
    limit.watch(client.socket)
    client.connect(plugin.host, plugin.port)
    client.loop_start()
    try:
        code = answers.get(timeout=max(0.1, LIMIT_S - (time.monotonic() - begun_s)))
    except queue.Empty:
        return SILENT
    finally:
        client.disconnect()
        client.loop_stop()
    if not code.is_failure:
        return None
    return Result(Outcome.FAILED, "denied" if code.value in DENIED else "rejected", f"the broker says: {code}")


def _secure(client: Client, plugin: Any) -> None:
    verify = plugin.verify_certificate
    client.tls_set(
        ca_certs=plugin.ca_certs if verify else None, cert_reqs=ssl.CERT_REQUIRED if verify else ssl.CERT_NONE
    )
    client.tls_insecure_set(not verify)
