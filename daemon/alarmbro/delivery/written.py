"""Requests over HTTP that leave as a whole: head and body in one write, behind the thread's gate.

Theory: urllib3 writes a request's head, and then its body: two packets, and twice the interpreter's lock is given away
and waited for, in the middle of an alarm. And whoever waits for a disk can find the far end meanwhile: its name, the
connection, the handshake of TLS take longer than the message, over a mobile network many times as long.

Promises: not one byte of a request leaves before the gate is open that the thread stands at (`gate.behind`);
everything that comes before its first byte is done by then. Through a proxy, too.
Any thread; a connection belongs to one.
"""

from __future__ import annotations

from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from alarmbro.delivery import gate

HELD = 1 << 18  # bytes: alarms have some thousand; what is larger leaves in parts


class _Written(HTTPConnection):
    """Holds what a request writes until it is whole."""

    _held: bytearray | None = None

    def request(self, *given: Any, **settings: Any) -> None:
        """Write a request, as urllib3 does, at once."""
        self._held = bytearray()
        try:
            super().request(*given, **settings)
        except BaseException:
            self._held = None  # nothing of a half one
            raise
        self._let_go()

    def send(self, data: Any) -> None:
        """Hold what belongs to a request; all else (a proxy's tunnel) leaves at once."""
        if self._held is None or not isinstance(data, bytes | bytearray):
            self._let_go()
            super().send(data)
            return
        self._held += data
        if len(self._held) > HELD:
            self._let_go()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held:
            if self.sock is None:
                self.connect()
            gate.wait_here()
            super().send(bytes(held))


class _WrittenHTTPS(_Written, HTTPSConnection):
    pass


class _PoolHTTP(HTTPConnectionPool):
    ConnectionCls = _Written


class _PoolHTTPS(HTTPSConnectionPool):
    ConnectionCls = _WrittenHTTPS


POOLS = {"http": _PoolHTTP, "https": _PoolHTTPS}


class WrittenAdapter(HTTPAdapter):
    """Sends by such connections, with a proxy or without."""

    def init_poolmanager(self, *given: Any, **settings: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*given, **settings)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *given: Any, **settings: Any) -> Any:
        """Make, once, the pools of a proxy's connections."""
        pools = super().proxy_manager_for(*given, **settings)
        pools.pool_classes_by_scheme = POOLS
        return pools
