"""A request leaves as a whole, behind its gate, and with all that comes before its first byte done by then."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from receivers import HOST, HttpReceiver

from alarmbro.delivery.channel import Channels
from alarmbro.delivery.gate import Gate
from alarmbro.delivery.session import install
from alarmbro.delivery.written import HELD
from alarmbro.model.delivery import Message, Outcome, Result, Urgency
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret

WORDS = Message("Titel", "Brødtekst", "Kort", Urgency.ALARM)
LONG_S = 10.0
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with HttpReceiver() as made:
        yield made


def channel(port: int, scheme: str = "json") -> tuple[Channels, Target]:
    target = Target("leder", 1, scheme, Secret(f"{scheme}://{HOST}:{port}/"))
    channels = Channels([target])
    assert channels.warm({}) == []
    return channels, target


class Sending(threading.Thread):
    """A message that is being sent."""

    def __init__(self, port: int, gate: Gate) -> None:
        super().__init__(daemon=True)
        self.results: list[Result] = []
        self._channel, self._gate = channel(port), gate

    def run(self) -> None:
        channels, target = self._channel
        self.results.append(channels.send(target, {}, WORDS, self._gate))


def test_head_and_body_are_one_write(receiver: HttpReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two would be two packets, and the interpreter's lock twice given away."""
    written: list[bytes] = []
    original = http.client.HTTPConnection.send

    def counted(connection: http.client.HTTPConnection, data: Any) -> None:
        written.append(bytes(data))
        original(connection, data)

    channels, target = channel(receiver.port)
    monkeypatch.setattr(http.client.HTTPConnection, "send", counted)
    assert channels.send(target, {}, WORDS).outcome is Outcome.OK
    assert len(written) == 1
    assert written[0].startswith(b"POST / HTTP/1.1")
    assert receiver.wait_for(1)[0].body in written[0]


def test_the_far_end_is_found_while_the_gate_is_closed_and_hears_nothing() -> None:
    """The handshake takes longer than the message; the disk takes its time meanwhile."""
    gate = Gate()
    with socket.create_server((HOST, 0)) as server:
        server.settimeout(LONG_S)
        sending = Sending(server.getsockname()[1], gate)
        sending.start()
        line, _ = server.accept()
        with line:
            line.settimeout(0.3)
            with pytest.raises(TimeoutError):
                line.recv(1)
            gate.open()
            line.settimeout(LONG_S)
            assert line.recv(65_536).startswith(b"POST / HTTP/1.1")
            line.sendall(ANSWER)
        sending.join(LONG_S)
    assert [each.outcome for each in sending.results] == [Outcome.OK]


def test_what_is_called_off_there_never_leaves() -> None:
    """The far end sees a connection that says nothing, and its end."""
    gate = Gate()
    with socket.create_server((HOST, 0)) as server:
        server.settimeout(LONG_S)
        sending = Sending(server.getsockname()[1], gate)
        sending.start()
        line, _ = server.accept()
        with line:
            line.settimeout(LONG_S)
            gate.call_off()
            assert line.recv(1) == b""
        sending.join(LONG_S)
    assert sending.results == [Result(Outcome.FAILED, "called_off")]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_through_a_proxy_nothing_leaves_before_the_gate_is_open(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tunnel may be made: it says where to, not what."""
    gate = Gate()
    with socket.create_server((HOST, 0)) as server:
        server.settimeout(LONG_S)
        monkeypatch.setenv(f"{scheme}_proxy", f"http://{HOST}:{server.getsockname()[1]}")
        monkeypatch.delenv("no_proxy", raising=False)
        target = Target("leder", 1, "json", Secret(f"json{scheme[4:]}://vagt.example/"))
        channels = Channels([target])
        channels.warm({})
        sending = threading.Thread(target=lambda: channels.send(target, {}, WORDS, gate), daemon=True)
        sending.start()
        line, _ = server.accept()
        with line:
            line.settimeout(0.3)
            try:
                said = line.recv(65_536)
            except TimeoutError:
                said = b""
            gate.call_off()
        sending.join(LONG_S)
    assert said == b"" if scheme == "http" else said.startswith(b"CONNECT vagt.example:443")
    assert b"Titel" not in said


def test_a_large_body_arrives_whole(receiver: HttpReceiver) -> None:
    """It leaves in parts: memory is for more than one message."""
    install()
    body = b"x" * (3 * HELD)
    assert requests.post(f"http://{HOST}:{receiver.port}/", data=body, timeout=LONG_S).ok
    assert requests.post(f"http://{HOST}:{receiver.port}/", data=iter([body, body]), timeout=LONG_S).ok
    assert requests.get(f"http://{HOST}:{receiver.port}/", timeout=LONG_S) is not None
    assert receiver.received()[0].body == body
