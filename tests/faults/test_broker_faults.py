"""A broker that is restarted, killed, late, frozen or slow: presses that it has confirmed become alarms."""

from __future__ import annotations

import signal
import socket
import threading
from pathlib import Path

from arrivals import HOST
from ground import a_moment, ground


def test_a_broker_that_is_restarted_loses_no_press(tmp_path: Path) -> None:
    """It keeps what it confirmed; we are back within seconds, and so are the presses of the time between."""
    with ground(tmp_path, 30) as on:
        on.press(10)
        on.broker.stop()
        on.press(10)
        a_moment(1.0)
        on.broker.start()
        on.press(10)
        on.settle()
        on.done("broker restarted")


def test_a_broker_that_is_killed_is_found_again(tmp_path: Path) -> None:
    """What it had confirmed and handed on is told; the buttons send the rest again."""
    with ground(tmp_path, 20) as on:
        on.press(10)
        on.settle()
        a_moment(2.5)  # it saves sessions each second: one that dies sooner has forgotten who listens
        on.broker.kill()
        on.press(10)
        on.broker.start()
        on.settle()
        on.done("broker killed")


def test_a_broker_that_comes_late_is_waited_for(tmp_path: Path) -> None:
    """The daemon is up without it, says so, and takes the presses when it comes: its session is still there."""
    with ground(tmp_path, 20) as on:
        on.press(1)
        on.settle()
        on.daemon.stop()
        on.broker.stop()
        on.daemon.start()
        assert on.daemon.ask("status")["mqtt"] == {"hus": False}
        on.press(10)
        on.broker.start()
        on.settle()
        on.done("broker away at start")


def test_a_broker_that_freezes_is_no_end(tmp_path: Path) -> None:
    """Stopped for three seconds it answers nothing; what was pressed meanwhile comes then."""
    with ground(tmp_path, 20) as on:
        on.press(5)
        on.settle()
        on.broker.signal(signal.SIGSTOP)
        on.press(15)
        a_moment(3.0)
        on.broker.signal(signal.SIGCONT)
        on.settle()
        on.done("broker frozen 3 s")


class Slow:
    """A wire that takes its time: what goes in comes out `delay_s` later, in both directions."""

    def __init__(self, port: int, delay_s: float) -> None:
        self._to, self._delay_s = port, delay_s
        self._listening = socket.create_server((HOST, 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:  # closed: the test is over
                return
            far = socket.create_connection((HOST, self._to))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                a_moment(self._delay_s)
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            return  # one of them is gone, and so is this way

    def close(self) -> None:
        self._listening.close()


def test_a_broker_behind_a_slow_wire_delays_and_loses_nothing(tmp_path: Path) -> None:
    """Each packet takes 300 ms."""
    with ground(tmp_path, 30) as on:
        on.press(1)
        on.settle()
        on.daemon.stop()
        wire = Slow(on.broker.port, 0.3)
        text = on.daemon.config.read_text(encoding="utf-8")
        on.daemon.config.write_text(text.replace(f":{on.broker.port}'", f":{wire.port}'"), encoding="utf-8")
        on.daemon.start()
        on.press(20)
        on.settle()
        on.done("broker behind 300 ms")
        wire.close()
