"""One connection to a broker, kept up for ever by one thread of our own.

Promises: only that thread ever touches the paho client. Others hand it work by `post`, which never blocks, so that an
acknowledgement from the journal's thread and a message on its way in cannot mix their bytes on the socket. (paho's own
`loop_forever` in a foreign thread writes from whichever thread calls `publish` or `ack`: paho 2.2, `_packet_queue`.)
An exception from anywhere ends at most the connection; the thread goes on after a wait.
Must never take "connected" for a sign that it works: `alive` asks whether the loop moves.
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import LogLevel, MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from alarmbro.inputs.mqtt_backoff import Backoff

log = structlog.get_logger(__name__)

TURN_S = 1.0
STALLED_S = 30.0  # a turn takes a second at the most; the rest is for a machine that swaps
CONNECTING_S = 120.0  # asking several name servers, then trying several addresses, can take a minute
FAREWELL_S = 0.5
ERROR = 200  # characters of why the line failed
TAKEN_OVER = 0x8E  # MQTT 5, section 3.14.2.1: Session taken over
OK = MQTTErrorCode.MQTT_ERR_SUCCESS


class Events(Protocol):
    """What the link tells its owner, always from the link's thread."""

    def linked(self, *, session_present: bool) -> None:
        """Hear that the broker let us in."""
        ...

    def unlinked(self, reason: str, *, contested: bool) -> None:
        """Hear that there is no connection, and why; `contested` where another client seems to use our id."""
        ...

    def steady(self, *, contested: bool) -> None:
        """Hear, once a turn, that the connection stands."""
        ...

    def message(self, message: MQTTMessage) -> None:
        """Take a message."""
        ...


class Link:
    """Keeps `client` connected. `generation` counts connections: what belongs to an earlier one is void."""

    def __init__(self, client: Client, name: str, events: Events, goodbye: Callable[[], None]) -> None:
        self.generation = 0
        self.connected = False
        self._client = client
        self._events = events
        self._goodbye = goodbye
        self._backoff = Backoff()
        self._work: deque[Callable[[], None]] = deque()
        self._wake_r, self._wake_w = socket.socketpair()
        self._wake_r.setblocking(False)
        self._wake_w.setblocking(False)
        self._woken = False
        self._ending = threading.Event()
        self._due_by_s = float("inf")
        self._why = ""
        self._error = ""
        self._taken_over = False
        self._again_at_s = float("inf")
        self._thread = threading.Thread(target=self._run, name=f"{name}-loop", daemon=True)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = lambda _client, _userdata, message: events.message(message)
        client.on_log = self._on_log

    def start(self) -> None:
        """Start the thread; the connection comes when it comes."""
        self._due_by_s = time.monotonic() + CONNECTING_S
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """Say goodbye and end. The thread is left to die with the process where it hangs in a connection attempt."""
        self._ending.set()
        self.wake()
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout_s)

    def alive(self) -> bool:
        """Tell whether the thread lives and moves."""
        return self._thread.is_alive() and time.monotonic() < self._due_by_s

    def post(self, work: Callable[[], None]) -> None:
        """Have `work` done in the link's thread while it is connected. Any thread; never blocks."""
        self._work.append(work)
        self.wake()

    def reconnect_in(self, seconds: float) -> None:
        """Drop the connection after `seconds`, so that the broker sends again what we did not confirm."""
        self._again_at_s = min(self._again_at_s, time.monotonic() + seconds)

    def wake(self) -> None:
        """Make the thread look for something to do. Any thread; once for all that comes before it looks."""
        if self._woken:
            return
        self._woken = True
        with contextlib.suppress(BlockingIOError, OSError):  # full: it wakes anyway; closed: nobody is left to wake
            self._wake_w.send(b"\0")

    def _run(self) -> None:
        while not self._ending.is_set():
            wait_s = self._one_connection()
            if not self._ending.is_set():
                self._due_by_s = time.monotonic() + wait_s + STALLED_S
                self._ending.wait(wait_s)
        log.info("MQTT link ended", link=self._thread.name)

    def _one_connection(self) -> float:
        """Connect and serve until it is over; give the seconds to wait."""
        try:
            self._serve()
        except OSError as error:
            self._why = self._why or f"{type(error).__name__}: {error.strerror or error}"
        except Exception as error:  # a library's bug, a host name that is none: back off and go on
            log.exception("MQTT link stumbled", link=self._thread.name)
            self._why = f"{type(error).__name__}"
        self._close()
        wanted = self._again_at_s <= time.monotonic()
        wait_s = 0.0 if wanted else self._backoff.lost(time.monotonic(), taken_over=self._taken_over)
        if not wanted and not self._ending.is_set():
            self._tell_unlinked()
        return wait_s

    def _tell_unlinked(self) -> None:
        try:
            self._events.unlinked(self._why or self._error or "connection lost", contested=self._backoff.contested)
        except Exception:  # the owner's bug must not end the thread that presses come in by
            log.exception("MQTT link's owner failed", link=self._thread.name)

    def _serve(self) -> None:
        self.generation += 1
        self._why, self._error, self._taken_over = "", "", False
        self._again_at_s = float("inf")
        self._due_by_s = time.monotonic() + CONNECTING_S
        self._client.reconnect()
        _send_at_once(self._client.socket())
        while not self._ending.is_set() and time.monotonic() < self._again_at_s:
            if not self._turn():
                return
        self._farewell()

    def _turn(self) -> bool:
        """Do what there is to do, at most for a second; False when the connection is over."""
        self._due_by_s = time.monotonic() + STALLED_S
        connection = self._client.socket()
        if connection is None:
            return False
        if self._await(connection):
            if self._client.loop_read() != OK:
                return False
            _acknowledge(connection)
        if self.connected:
            self._do_work()
            self._backoff.steady(time.monotonic())
            self._events.steady(contested=self._backoff.contested)
        if self._client.want_write() and self._client.loop_write() != OK:
            return False
        return self._client.loop_misc() == OK

    def _await(self, connection: Any) -> bool:
        """Wait for something to do; tell whether the broker has something for us."""
        pending = connection.pending() if hasattr(connection, "pending") else 0  # TLS: read from the network already
        poll = select.poll()
        poll.register(self._wake_r, select.POLLIN)
        poll.register(connection, select.POLLIN | (select.POLLOUT if self._client.want_write() else 0))
        ready = poll.poll(0 if pending else TURN_S * 1000)
        with contextlib.suppress(BlockingIOError):  # nothing to read is the usual case
            self._wake_r.recv(4096)
        self._woken = False  # after the byte is taken: whoever was content with it put in before, and we look after
        return bool(pending) or any(
            number == connection.fileno() and events & ~select.POLLOUT for number, events in ready
        )

    def _do_work(self) -> None:
        for _ in range(len(self._work)):  # what comes meanwhile waits for the next turn: reading goes on
            self._work.popleft()()

    def _farewell(self) -> None:
        """Leave in order, so that the last will is not sent; what cannot be written at once is given up."""
        if self.connected:
            self._do_work()
            if self._ending.is_set():
                self._goodbye()
        self._client.disconnect()
        until_s = time.monotonic() + FAREWELL_S
        while self._client.want_write() and self._client.socket() is not None and time.monotonic() < until_s:
            self._client.loop_write()
            select.select([], [], [], 0.01)

    def _close(self) -> None:
        self.connected = False
        left = self._client.socket()
        if left is not None:
            with contextlib.suppress(OSError):  # it is given up either way
                left.close()

    def _on_connect(
        self, _client: Client, _userdata: Any, flags: ConnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        if code.is_failure:
            self._why = f"refused: {code}"
            return
        self.connected = True
        self._backoff.connected(time.monotonic())
        self._events.linked(session_present=flags.session_present)

    def _on_disconnect(
        self, _client: Client, _userdata: Any, flags: DisconnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        self.connected = False
        said = str(code) if flags.is_disconnect_packet_from_server else f"connection lost ({self._error or code})"
        self._why = self._why or said
        self._taken_over = self._taken_over or code.value == TAKEN_OVER

    def _on_log(self, _client: Client, _userdata: Any, level: int, text: str) -> None:
        """Keep why the line failed: paho says that here alone, and some brokers refuse a certificate by hanging up."""
        if level == LogLevel.MQTT_LOG_ERR and text.startswith("failed to "):
            self._error = text[:ERROR]


def _send_at_once(connection: Any) -> None:
    """Have small packets leave singly, not held until the one before has been acknowledged (Nagle, RFC 896)."""
    if connection is None:  # lost as it was made, by a broker that does not like our certificate: the loop finds out
        return
    with contextlib.suppress(OSError):  # already closed, or no TCP: the loop finds out
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _acknowledge(connection: Any) -> None:
    """Have the kernel acknowledge what has come now, not within the next 40 ms (tcp(7), TCP_QUICKACK: not permanent).

    mosquitto, whose sockets have Nagle's rule on by default, holds a press back until what it sent before is
    acknowledged: an answer to some news of ours would make the next press that much later.
    """
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
