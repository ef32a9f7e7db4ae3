"""MQTT as a way out: the plugin that would hold a connection open, against a real broker."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
from collections.abc import Iterator

import pytest
from receivers import HOST, free_port

from alarmbro.delivery.channel import Channels
from alarmbro.model.delivery import Message, Outcome, Urgency
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret

ALARM = Message("Titel", "Tekst", "Kort", Urgency.ALARM)


def listens(port: int) -> bool:
    """Tell whether somebody takes connections on that port."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


@pytest.fixture
def broker() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run mosquitto on a free port."""
    port = free_port()
    with subprocess.Popen(["mosquitto", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as ran:
        pause = threading.Event()
        assert any(listens(port) or pause.wait(0.05) for _ in range(200))
        yield ran, port
        ran.kill()


def test_a_broker_that_has_died_since_the_last_alarm_is_not_ok(broker: tuple[subprocess.Popen[bytes], int]) -> None:
    """With QoS 0, Apprise's default, a write to a broker that no longer answers would pass for delivered."""
    process, port = broker
    to = Target("skilt", 1, "mqtt", Secret(f"mqtt://{HOST}:{port}/alarm?rto=0.3"))
    channels = Channels([to])
    assert channels.warm({}) == []
    assert channels.send(to, {}, ALARM).outcome is Outcome.OK
    process.send_signal(signal.SIGSTOP)
    assert channels.send(to, {}, ALARM).outcome is not Outcome.OK
    process.send_signal(signal.SIGCONT)
    assert channels.send(to, {}, ALARM).outcome is Outcome.OK
