"""The receivers: three HTTP/1.1 ports in one process that stamp each request and answer at once, or misbehave.

Started by the benchmark as `sink.py PORT PORT PORT`. Reads one JSON command a line on stdin and answers each with one
JSON line on stdout; ends with stdin. A request counts when its last byte is here, whatever becomes of the answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sys
import time
from typing import Any

MARKER = re.compile(rb"\bk\d{5}\b")
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
CLOSE = re.compile(rb"\r\nconnection:[ \t]*close", re.IGNORECASE)
TARGET = re.compile(rb"^\S+ /t(\d)\b")
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"


class Receivers:
    """What has arrived, and how the ports behave."""

    def __init__(self, ports: list[int]) -> None:
        self.ports = ports
        self.servers: list[asyncio.Server] = []
        self.talks: set[Talk] = set()
        self.arrivals: list[tuple[int, int, list[str]]] = []
        self.pairs: set[tuple[int, str]] = set()
        self.slow_s = 0.0
        self.hangs = 0  # the target that never answers
        self.hanging: list[Talk] = []

    async def listen(self) -> None:
        """Open the ports."""
        loop = asyncio.get_running_loop()
        for port in self.ports if not self.servers else []:
            server = await loop.create_server(lambda: Talk(self), "127.0.0.1", port, reuse_address=True, backlog=4096)
            self.servers.append(server)

    def refuse(self) -> None:
        """Close the ports and what is connected to them."""
        for server in self.servers:
            server.close()
        self.servers.clear()
        for talk in list(self.talks):
            talk.transport.abort()

    def behave(self, slow_s: float, hangs: int) -> None:
        """Answer late, or one never; those who wait for an answer that never comes are hung up on, as by a restart."""
        self.slow_s, self.hangs = slow_s, hangs
        for talk in self.hanging:
            talk.transport.abort()
        self.hanging.clear()

    def arrived(self, at_ns: int, target: int, body: bytes) -> None:
        """Keep one request that names presses, for one of the three targets."""
        markers = sorted({each.decode() for each in MARKER.findall(body)})
        if target and markers:
            self.arrivals.append((at_ns, target, markers))
            if target != self.hangs:
                self.pairs.update((target, marker) for marker in markers)

    async def do(self, command: dict[str, Any]) -> Any:
        """Carry out one command of the benchmark."""
        match command["do"]:
            case "listen":
                await self.listen()
            case "refuse":
                self.refuse()
            case "behave":
                self.behave(command["slow_s"], command["hangs"])
            case "clear":
                self.arrivals, self.pairs = [], set()
            case "news":
                return [len(self.pairs), self.arrivals[-1][0] if self.arrivals else 0]
            case "take":
                return self.arrivals
        return None


class Talk(asyncio.Protocol):
    """One connection, kept open for as many requests as the caller likes."""

    transport: asyncio.Transport

    def __init__(self, receivers: Receivers) -> None:
        self.receivers = receivers
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take part in what happens to all connections."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (a TCP connection has no other)
        self.transport = transport
        self.receivers.talks.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (asyncio's own signature)
        """Be forgotten."""
        self.receivers.talks.discard(self)

    def data_received(self, data: bytes) -> None:
        """Answer each whole request, then look what it says."""
        at_ns = time.monotonic_ns()
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[: end + 2]
            length = LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self.buffer) < whole:
                return
            body, self.buffer = self.buffer[end + 4 : whole], self.buffer[whole:]
            target = TARGET.match(head)
            number = int(target[1]) if target else 0
            self.answer(number, last=bool(CLOSE.search(head)))
            self.receivers.arrived(at_ns, number, head + body)

    def answer(self, target: int, *, last: bool) -> None:
        """Answer now, later or never."""
        if target and target == self.receivers.hangs:
            self.receivers.hanging.append(self)
        elif self.receivers.slow_s:
            asyncio.get_running_loop().call_later(self.receivers.slow_s, self.send, last)
        else:
            self.send(last)

    def send(self, last: bool) -> None:
        """Send the answer, where somebody still waits for it."""
        if not self.transport.is_closing():
            self.transport.write(ANSWER)
            if last:
                self.transport.close()


async def main() -> None:
    """Serve until stdin ends."""
    receivers = Receivers([int(word) for word in sys.argv[1:]])
    await receivers.listen()
    lines = asyncio.StreamReader(limit=2**20)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    print(json.dumps("ready"), flush=True)
    while line := await lines.readline():
        print(json.dumps(await receivers.do(json.loads(line))), flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
