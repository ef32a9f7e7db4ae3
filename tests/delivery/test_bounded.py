"""Far ends that answer without end: memory is bounded, the outcome is right, and the next message goes its way."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import pytest
from arrivals import HOST
from receivers import HttpReceiver

from alarmbro.delivery.channel import Channels
from alarmbro.delivery.dc09.exchange import Receiver, ask
from alarmbro.model.delivery import Message, Outcome, Result, Urgency
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret

ALARM = Message("Titel", "Tekst", "Kort", Urgency.ALARM)
MEGABYTE = 1 << 20
FLOOD = b"x" * 65_536
PATIENCE_S = 60.0


@contextmanager
def far_end(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """Run a server that talks so to each who comes; give its port."""
    with socket.create_server((HOST, 0)) as server:

        def serve() -> None:
            with suppress(OSError):  # the test is over
                while True:
                    line, _ = server.accept()
                    threading.Thread(target=_talk, args=(talk, line), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


def _talk(talk: Callable[[socket.socket], None], line: socket.socket) -> None:
    with closing(line), suppress(OSError):  # hung up on, which is what is tried
        line.settimeout(PATIENCE_S)
        talk(line)


def for_ever(line: socket.socket, content: bytes) -> None:
    """Send the same until the other side hangs up."""
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        line.sendall(content)


def send(url: str) -> tuple[Result, int]:
    """Send once; give the outcome, and the memory that it took at its height."""
    target = Target("vagt", 1, url.partition("://")[0], Secret(url))
    channels = Channels([target])
    channels.warm({})
    tracemalloc.start()
    try:
        result = channels.send(target, {}, ALARM)
        return result, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("status", "outcome"), [(b"200 OK", Outcome.OK), (b"500 No", Outcome.FAILED)])
@pytest.mark.parametrize("length", [b"", b"Content-Length: 99999999999\r\n"])
def test_a_service_that_answers_without_end_is_cut_short(status: bytes, outcome: Outcome, length: bytes) -> None:
    """Its status counts; the rest is not waited for."""

    def talk(line: socket.socket) -> None:
        line.recv(65_536)
        line.sendall(b"HTTP/1.1 " + status + b"\r\n" + length + b"\r\n")
        for_ever(line, FLOOD)

    with far_end(talk) as port:
        result, peak = send(f"json://{HOST}:{port}/")
    assert result.outcome is outcome
    assert peak < 8 * MEGABYTE


def test_an_answer_in_pieces_without_end_is_cut_short() -> None:
    """Chunked, as a stream is."""

    def talk(line: socket.socket) -> None:
        line.recv(65_536)
        line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for_ever(line, b"10000\r\n" + FLOOD + b"\r\n")

    with far_end(talk) as port:
        result, peak = send(f"ntfy://{HOST}:{port}/topic")
    assert result.outcome is Outcome.OK
    assert peak < 8 * MEGABYTE


def test_an_answer_that_unpacks_to_gigabytes_is_cut_short() -> None:
    """A thousand times as large as what is sent."""
    packed = gzip.compress(b"\0" * (200 * MEGABYTE), 9)
    with HttpReceiver() as http:
        http.status(200, packed, {"Content-Encoding": "gzip"})
        result, peak = send(f"json://{HOST}:{http.port}/")
    assert result.outcome is Outcome.OK
    assert peak < 64 * MEGABYTE


def test_a_redirect_s_own_answer_is_cut_short() -> None:
    """Where an address allows redirects the first answer is read before the next is asked."""

    def talk(line: socket.socket) -> None:
        line.recv(65_536)
        line.sendall(b"HTTP/1.1 307 There\r\nLocation: /there\r\n\r\n")
        for_ever(line, FLOOD)

    with far_end(talk) as port:
        result, peak = send(f"json://{HOST}:{port}/?redirect=yes")
    assert result.outcome is not Outcome.OK
    assert peak < 64 * MEGABYTE  # thirty of them, one after the other


def test_after_an_answer_that_was_cut_the_next_message_goes_out() -> None:
    """By a connection of its own."""
    with HttpReceiver() as http:
        target = Target("vagt", 1, "json", Secret(f"json://{HOST}:{http.port}/"))
        channels = Channels([target])
        http.status(200, b" " * (3 * MEGABYTE))
        assert channels.send(target, {}, ALARM).outcome is Outcome.OK
        http.ok()
        assert channels.send(target, {}, ALARM).outcome is Outcome.OK
        assert len(http.received()) == 2


@pytest.mark.parametrize("begin", [b"", b"220 mail.example\r\n"])
def test_a_mail_server_that_does_not_stop_is_hung_up_on(begin: bytes) -> None:
    """At its greeting, or when it tells what it can do: a reply goes on while its lines have a hyphen."""

    def talk(line: socket.socket) -> None:
        if begin:
            line.sendall(begin)
            line.recv(1000)
        code = b"250-" if begin else b"220-"
        for_ever(line, (code + b"x" * 4000 + b"\r\n") * 16)

    with far_end(talk) as port:
        result, peak = send(f"mailto://{HOST}:{port}?from=a@bro.example&to=b@kommune.example")
    assert result.outcome is not Outcome.OK
    assert peak < 8 * MEGABYTE


def test_an_alarm_centre_that_sends_noise_without_end_is_left_at_its_time() -> None:
    """With the memory of one frame."""

    def talk(line: socket.socket) -> None:
        line.recv(4096)
        for_ever(line, b'\n0000"ACK"' + FLOOD)

    with far_end(talk) as port:
        begun_s = time.monotonic()
        tracemalloc.start()
        try:
            reply = ask(Receiver(HOST, port), b"\nframe\r", 1, 1.0, begun_s + 1.5)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert reply is None
    assert time.monotonic() - begun_s < 3
    assert peak < MEGABYTE
