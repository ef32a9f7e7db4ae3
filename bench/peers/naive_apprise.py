"""What an afternoon gives: thirty lines from the two libraries' own examples, with their defaults.

naive_apprise.py BROKER_PORT TOPIC TARGET_PORT TARGET_PORT TARGET_PORT
"""

from __future__ import annotations

import sys

import apprise
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

broker, topic, *ports = sys.argv[1:]
people = apprise.Apprise()
for number, port in enumerate(ports, start=1):
    people.add(f"json://127.0.0.1:{port}/t{number}")


def on_connect(client: mqtt.Client, *_: object) -> None:
    """Subscribe, again after each reconnection."""
    client.subscribe(topic, qos=1)


def on_message(_client: mqtt.Client, _userdata: object, message: mqtt.MQTTMessage) -> None:
    """Tell everybody."""
    people.notify(title="ALARM", body=f"{message.topic} {message.payload.decode()}")


client = mqtt.Client(CallbackAPIVersion.VERSION2)
client.on_connect, client.on_message = on_connect, on_message
client.connect("127.0.0.1", int(broker))
client.loop_forever()
