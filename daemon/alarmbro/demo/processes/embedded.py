"""The broker of machines without mosquitto: amqtt, which speaks MQTT 3.1.1, on loopback.

`python -m alarmbro.demo.processes.embedded PORT`, in a process of its own: it brings an event loop, and needs an end by
signal.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys


async def serve(port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    from amqtt.broker import Broker  # noqa: PLC0415 - an extra, asked for by the caller

    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    broker = Broker({
        "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    })  # fmt: skip
    await broker.start()
    await ended.wait()
    await broker.shutdown()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(serve(int(sys.argv[1])))
