"""What systemd hears."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from alarmbro.systemd import Systemd


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """Stand in for systemd's notify socket: a real one."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def test_danish_letters_arrive_as_utf_8(manager: socket.socket) -> None:
    """Systemd drops a STATUS in another encoding."""
    Systemd({"NOTIFY_SOCKET": manager.getsockname()}).notify(STATUS="åbne alarmer: Sønderbro ✓")
    assert manager.recv(4096) == "STATUS=åbne alarmer: Sønderbro ✓".encode()


def test_several_fields_are_one_datagram_and_a_text_cannot_add_one(manager: socket.socket) -> None:
    """A line break in a name is a blank to systemd."""
    Systemd({"NOTIFY_SOCKET": manager.getsockname()}).notify(READY="1", STATUS="klar\nMAINPID=1")
    assert manager.recv(4096) == b"READY=1\nSTATUS=klar MAINPID=1"


def test_half_a_character_in_a_name_costs_itself_alone(manager: socket.socket) -> None:
    """YAML can write one (a lone surrogate), and the thread that decides must not meet an exception here."""
    Systemd({"NOTIFY_SOCKET": manager.getsockname()}).notify(STATUS="Lokale \ud800 klar")
    assert manager.recv(4096) == b"STATUS=Lokale ? klar"


def test_an_abstract_socket_is_understood() -> None:
    """`@name` is how systemd names one without a file."""
    name = f"alarmbro-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name)
        listening.settimeout(5)
        Systemd({"NOTIFY_SOCKET": f"@{name}"}).notify(READY="1")
        assert listening.recv(100) == b"READY=1"


@pytest.mark.parametrize("environ", [{}, {"NOTIFY_SOCKET": "/nonexistent/notify"}, {"NOTIFY_SOCKET": "/" + "x" * 200}])
def test_without_systemd_nothing_happens(environ: dict[str, str]) -> None:
    """Alarms go on without a manager, or with one that is gone."""
    Systemd(environ).notify(READY="1")


def test_a_manager_that_does_not_read_holds_nothing_up(manager: socket.socket) -> None:
    """A full socket costs a line, not a turn."""
    systemd = Systemd({"NOTIFY_SOCKET": manager.getsockname()})
    for _ in range(2000):
        systemd.notify(WATCHDOG="1")


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({"WATCHDOG_USEC": "20000000"}, 20.0),
        ({"WATCHDOG_USEC": "20000000", "WATCHDOG_PID": str(os.getpid())}, 20.0),
        ({"WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "2²"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_s_limit_is_read_where_it_is_ours(environ: dict[str, str], seconds: float | None) -> None:
    """Another process's watchdog is none of ours."""
    assert Systemd(environ).watchdog_s == seconds
