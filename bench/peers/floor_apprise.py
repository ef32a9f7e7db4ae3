"""The floor with Apprise: stores each press, then tells it through Apprise's own plugin objects, made once.

One thread a target, as in `floor.py`; what it costs more than that is the price of Apprise. No retry, no replay.

    floor_apprise.py BROKER_PORT FILE TOPIC TARGET_PORT TARGET_PORT TARGET_PORT
"""

from __future__ import annotations

import os
import queue
import sys
import threading

import apprise
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

HOST = "127.0.0.1"


def tell(waiting: queue.SimpleQueue[str], url: str) -> None:
    """Carry one target's messages, in order."""
    plugin = apprise.Apprise.instantiate(url)
    plugin.request_rate_per_sec = 0
    while True:
        plugin.notify(title="press", body=waiting.get())


def main() -> None:
    """Listen for ever."""
    broker, file, topic, *ports = sys.argv[1:]
    store = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    queues: list[queue.SimpleQueue[str]] = []
    for number, port in enumerate(ports, start=1):
        queues.append(queue.SimpleQueue())
        threading.Thread(target=tell, args=(queues[-1], f"json://{HOST}:{port}/t{number}"), daemon=True).start()

    def on_message(_client: mqtt.Client, _userdata: object, message: mqtt.MQTTMessage) -> None:
        words = message.topic + " " + message.payload.decode()
        os.write(store, words.encode() + b"\n")
        os.fdatasync(store)
        for each in queues:
            each.put(words)

    def on_connect(client: mqtt.Client, *_: object) -> None:
        client.subscribe(topic, qos=1)

    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="floor-apprise", clean_session=False)
    client.on_message, client.on_connect = on_message, on_connect
    client.connect(HOST, int(broker))
    client.loop_forever(retry_first_connection=True)


if __name__ == "__main__":
    main()
