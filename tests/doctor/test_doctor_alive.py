"""The daemon is asked how it is; one that does not answer is told from one that is not there."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from alarmbro.control.protocol import SOCKET_NAME
from alarmbro.control.server import ControlServer
from alarmbro.doctor.findings import State
from alarmbro.doctor.judging.alive import Alive, Sign, judge
from alarmbro.doctor.trying.alive import LOCKS, locked, look
from alarmbro.journal.file.lock import LOCK_NAME
from alarmbro.model.errors import RefusedError

NOBODY = 65534
STATUS: dict[str, Any] = {
    "version": "0.1.0", "devices": [{"site": "vraa", "device": "knap"}], "alarms": [], "faults": [], "mqtt": {},
    "test_rounds": [],
}  # fmt: skip


def codes(alive: Alive, version: str = "0.1.0") -> list[tuple[str, State]]:
    return [(each.says, each.state) for each in judge(alive, version, "/run/alarmbro", "pi")]


def test_nothing_there_is_away(tmp_path: Path) -> None:
    """Neither socket nor lock; and a socket that a daemon left when it was killed."""
    assert look(tmp_path, tmp_path, active=False).sign is Sign.AWAY
    assert look(tmp_path / "nowhere", tmp_path / "nowhere", active=False).sign is Sign.AWAY
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / SOCKET_NAME))
    assert look(tmp_path, tmp_path, active=False).sign is Sign.AWAY
    assert codes(Alive(Sign.AWAY)) == [("daemon.away", State.FAILED)]


def test_a_daemon_that_holds_its_folder_and_does_not_answer_is_silent(tmp_path: Path) -> None:
    """By the kernel's list of locks; the lock itself is never touched."""
    if not LOCKS.exists():
        pytest.skip("this machine does not list its locks")
    lock = tmp_path / LOCK_NAME
    assert not locked(lock)
    with lock.open("a") as held:
        assert not locked(lock)
        fcntl.flock(held, fcntl.LOCK_EX)
        assert locked(lock)
        assert look(tmp_path, tmp_path, active=False).sign is Sign.SILENT
    assert not locked(lock)
    assert not locked(lock, tmp_path / "nowhere")


def test_a_daemon_that_hangs_is_silent(tmp_path: Path) -> None:
    """It takes the connection and never answers; systemd says that it runs, though nothing listens."""
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(str(tmp_path / SOCKET_NAME))
        hanging.listen()
        alive = look(tmp_path, tmp_path, active=False, patience_s=0.2)
    assert (alive.sign, alive.error) == (Sign.SILENT, "TimeoutError")
    assert look(tmp_path / "nowhere", tmp_path, active=True).sign is Sign.SILENT
    assert codes(alive) == [("daemon.silent", State.FAILED)]


def test_a_daemon_that_fails_to_answer_is_silent(tmp_path: Path) -> None:
    """It is there, and says that it could not."""

    def refuse(_request: dict[str, Any], _uid: int) -> dict[str, Any]:
        raise RefusedError("no")

    server = ControlServer(tmp_path, refuse)
    server.start()
    try:
        assert look(tmp_path, tmp_path, active=True).sign is Sign.SILENT
    finally:
        server.stop()


def test_a_user_who_may_not_ask_is_told_so(tmp_path: Path) -> None:
    """And nothing is concluded of the daemon."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody who may not")
    server = ControlServer(tmp_path, lambda _request, _uid: STATUS)
    server.start()
    script = (
        "import os, pathlib, sys; from alarmbro.doctor.trying.alive import look;"
        f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY}); run = pathlib.Path(sys.argv[1]);"
        "print(look(run, run, active=False).sign.value)"
    )
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    try:
        words = [sys.executable, "-c", script, str(tmp_path)]
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=30, cwd="/")
    finally:
        server.stop()
    assert done.stdout.strip() == "barred"
    assert codes(Alive(Sign.BARRED)) == [("daemon.barred", State.WARNING)]


def test_what_the_daemon_says_of_itself_is_told(tmp_path: Path) -> None:
    """Each fault in its own line: one that keeps alarms away has failed, one that does not is a warning."""
    faults = [
        {"kind": "mqtt", "subject": "broker", "detail": "refused"},
        {"kind": "battery", "subject": "vraa/knap", "detail": ""},
        {"kind": "quite_new", "subject": "x", "detail": None},
    ]
    said = {
        **STATUS, "faults": faults, "mqtt": {"vraa": False, "sindal": True},
        "test_rounds": [{"site": "vraa", "until": "2026-11-23T10:00:00Z"}],
    }  # fmt: skip
    server = ControlServer(tmp_path, lambda _request, _uid: said)
    server.start()
    try:
        alive = look(tmp_path, tmp_path, active=True)
    finally:
        server.stop()
    assert codes(alive, "0.2.0") == [
        ("daemon.answers", State.OK), ("daemon.older", State.WARNING), ("daemon.fault", State.FAILED),
        ("daemon.fault", State.WARNING), ("daemon.fault", State.FAILED), ("daemon.unlinked", State.FAILED),
        ("daemon.test", State.WARNING),
    ]  # fmt: skip
    assert json.dumps([dict(each.values) for each in judge(alive, "0.2.0", "/run", "pi")])


def test_a_daemon_of_another_version_may_say_less() -> None:
    """An upgrade leaves the old one running until it is restarted."""
    assert codes(Alive(Sign.ANSWERS, {"version": "0.1.0"})) == [("daemon.answers", State.OK)]
    assert Alive(Sign.ANSWERS, {}).device("vraa/knap") is None
