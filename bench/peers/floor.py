"""The floor: what a press costs when it is stored before it is told, and nothing else is done.

paho-mqtt, one fdatasync'd line a press before the broker gets its confirmation, one thread a target with a plain socket
a POST. No retry, no replay. Not a product: what there is to be had on this machine.

    floor.py BROKER_PORT FILE TOPIC TARGET_PORT TARGET_PORT TARGET_PORT
"""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

HOST = "127.0.0.1"


def post(port: int, path: str, body: bytes) -> None:
    """POST on a connection of its own."""
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(head.encode() + body)
        connection.recv(4096)


def tell(waiting: queue.SimpleQueue[bytes], port: int, path: str) -> None:
    """Carry one target's messages, in order."""
    while True:
        post(port, path, waiting.get())


def main() -> None:
    """Listen for ever."""
    broker, file, topic, *ports = sys.argv[1:]
    store = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    queues: list[queue.SimpleQueue[bytes]] = []
    for number, port in enumerate(ports, start=1):
        queues.append(queue.SimpleQueue())
        threading.Thread(target=tell, args=(queues[-1], int(port), f"/t{number}"), daemon=True).start()

    def on_message(_client: mqtt.Client, _userdata: object, message: mqtt.MQTTMessage) -> None:
        words = message.topic.encode() + b" " + message.payload
        os.write(store, words + b"\n")
        os.fdatasync(store)
        for each in queues:
            each.put(words)

    def on_connect(client: mqtt.Client, *_: object) -> None:
        client.subscribe(topic, qos=1)

    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="floor", clean_session=False)
    client.on_message, client.on_connect = on_message, on_connect
    client.connect(HOST, int(broker))
    client.loop_forever(retry_first_connection=True)


if __name__ == "__main__":
    main()
