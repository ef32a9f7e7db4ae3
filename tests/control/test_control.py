"""The control socket, with real sockets: every request gets an answer, and no peer holds up another."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from running import until

from alarmbro.control.client import ask
from alarmbro.control.protocol import LINE_LIMIT, SOCKET_NAME, WordsError
from alarmbro.control.server import CONNECTIONS, PER_USER, REQUEST_S, ControlServer
from alarmbro.model.errors import AlarmbroError, MachineError, RefusedError, UnreachableError


def answer(request: dict[str, Any], uid: int) -> dict[str, Any]:
    """Do what the request says, errors too."""
    raisable: dict[str, Exception] = {
        "refuse": RefusedError("an alarm that is closed cannot be acknowledged"),
        "words": WordsError("there is no device x"),
        "fail": AlarmbroError("the daemon did not answer"),
        "bug": ZeroDivisionError("kanariefugl"),
    }
    if request.get("do") in raisable:
        raise raisable[str(request["do"])]
    return {"echo": request, "uid": uid}


@pytest.fixture
def run_dir(tmp_path: Path) -> Iterator[Path]:
    server = ControlServer(tmp_path, answer)
    server.start()
    yield tmp_path
    server.stop()


def raw(run_dir: Path, content: bytes) -> bytes:
    """Send bytes as they are, and give what comes back."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(10)
        connection.connect(str(run_dir / SOCKET_NAME))
        try:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))
        except (BrokenPipeError, ConnectionResetError):
            return b""  # the server has heard enough and hung up


def test_a_request_is_answered_and_the_peer_is_known(run_dir: Path) -> None:
    """Danish letters pass, and the kernel says who asks."""
    got = ask(run_dir, {"do": "press", "by": "Vagten på Hjørring"})
    assert got == {"echo": {"do": "press", "by": "Vagten på Hjørring"}, "uid": os.getuid()}


@pytest.mark.parametrize(
    ("do", "error", "text"),
    [
        ("refuse", RefusedError, "cannot be acknowledged"),
        ("words", WordsError, "there is no device"),
        ("fail", AlarmbroError, "did not answer"),
        ("bug", AlarmbroError, "ZeroDivisionError"),
    ],
)
def test_errors_keep_their_kind_and_a_bug_shows_no_more_than_its_type(
    run_dir: Path, do: str, error: type[Exception], text: str
) -> None:
    """The command line turns them into exit codes."""
    with pytest.raises(error, match=text) as caught:
        ask(run_dir, {"do": do})
    assert "kanariefugl" not in str(caught.value)


@pytest.mark.parametrize("content", [b"not json\n", b"[1]\n", b"\xff\xfe\n", b'{"do"', b"", b"[" * 100_000 + b"\n"])
def test_what_is_no_request_is_told_so(run_dir: Path, content: bytes) -> None:
    """Garbage gets an error that says what the socket wants, and the next request is answered."""
    reply = json.loads(raw(run_dir, content))
    assert (reply["ok"], reply["kind"]) == (False, "words")
    assert ask(run_dir, {"do": "status"})


def test_a_line_without_end_is_not_read_to_its_end(run_dir: Path) -> None:
    """Memory is bounded by the longest line that is allowed."""
    reply = raw(run_dir, b"x" * (4 * LINE_LIMIT))
    assert reply == b"" or json.loads(reply)["kind"] == "words"
    assert ask(run_dir, {"do": "status"})


def connected(run_dir: Path) -> socket.socket:
    """Connect and say nothing."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(2 * REQUEST_S)
    connection.connect(str(run_dir / SOCKET_NAME))
    return connection


def answers(run_dir: Path) -> bool:
    """Tell whether there is a place for one more."""
    try:
        return bool(ask(run_dir, {"do": "status"}))
    except UnreachableError:
        return False


def test_silent_peers_do_not_hold_up_others(run_dir: Path) -> None:
    """All places but one are taken by peers that say nothing, and the next one is answered at once."""
    with contextlib.ExitStack() as stack:
        for _ in range(CONNECTIONS - 1):
            stack.enter_context(connected(run_dir))
        began_s = time.monotonic()
        assert ask(run_dir, {"do": "status"})
        assert time.monotonic() - began_s < REQUEST_S / 2


def test_one_peer_too_many_is_hung_up_on_and_places_come_free_again(run_dir: Path) -> None:
    """The number of threads has a bound; a peer that leaves gives its place back."""
    with contextlib.ExitStack() as stack:
        for _ in range(CONNECTIONS):
            stack.enter_context(connected(run_dir))
        assert connected_and_heard(run_dir) == b""
        with pytest.raises(UnreachableError):
            ask(run_dir, {"do": "status"})
    until(lambda: answers(run_dir))


def connected_and_heard(run_dir: Path) -> bytes:
    """Connect, say nothing, and give what the server says."""
    with connected(run_dir) as connection:
        return connection.recv(100)


def test_a_peer_that_drips_its_request_loses_its_place(run_dir: Path) -> None:
    """Sixteen peers with a byte a second each must not keep everybody else from pressing by hand."""
    with connected(run_dir) as connection:
        began_s = time.monotonic()
        with contextlib.suppress(BrokenPipeError):
            while time.monotonic() - began_s < 2 * REQUEST_S:
                connection.sendall(b" ")
                threading.Event().wait(0.2)
        assert REQUEST_S / 2 < time.monotonic() - began_s < 1.5 * REQUEST_S


def test_what_follows_the_line_is_not_waited_for(run_dir: Path) -> None:
    """The request ends with its line; the peer may keep its side open."""
    with connected(run_dir) as connection:
        connection.sendall(b'{"do": "status"}\nmore')
        assert json.loads(connection.makefile("rb").readline())["ok"]


def test_the_socket_is_for_its_group_and_nobody_else(run_dir: Path) -> None:
    """Coordinators are in the group; others cannot connect."""
    assert stat.S_IMODE((run_dir / SOCKET_NAME).stat().st_mode) == 0o660


STRANGER = 64_321  # a user and group of nobody
AS_ANOTHER = """
import json, os, socket, sys
path, uid, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[4])
gids = [int(each) for each in sys.argv[3].split(",")]
os.setgroups(gids[1:])
os.setgid(gids[0])
os.setuid(uid)
open_ones = []
for _ in range(number):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(20)
    connection.connect(path)
    open_ones.append(connection)
print("connected", flush=True)
if number == 1:
    open_ones[0].sendall(b'{"do": "who"}\\n')
    print(open_ones[0].makefile().readline(), flush=True)
sys.stdin.readline()
"""
by_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def grouped() -> Iterator[tuple[Path, int]]:
    """Run a server as the unit does: in a folder that strangers can see, owned by a group. Give both."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder, group = Path(name), STRANGER + 1
        folder.chmod(0o755)
        server = ControlServer(folder, answer)
        server.start()
        os.chown(folder / SOCKET_NAME, 0, group)
        yield folder, group
        server.stop()


def as_another(folder: Path, *groups: int, number: int = 1) -> subprocess.Popen[str]:
    """Connect as a user in these groups."""
    words = [str(folder / SOCKET_NAME), str(STRANGER), ",".join(map(str, groups)), str(number)]
    return subprocess.Popen(
        [sys.executable, "-c", AS_ANOTHER, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env={},  # whoever measures our tests would write as that user, too
    )  # fmt: skip


@by_root
def test_a_user_outside_the_group_cannot_connect(grouped: tuple[Path, int]) -> None:
    """Whoever has another account on the machine can neither press nor close."""
    folder, _ = grouped
    out, error = as_another(folder, STRANGER).communicate("\n", timeout=20)
    assert out == ""
    assert "PermissionError" in error


@by_root
def test_a_user_of_the_group_is_heard_and_known_by_the_kernel(grouped: tuple[Path, int]) -> None:
    """Whatever name it gives."""
    folder, group = grouped
    out, error = as_another(folder, STRANGER, group).communicate("\n", timeout=20)
    assert error == ""
    connected_, reply = out.splitlines()[:2]
    assert connected_ == "connected"
    assert json.loads(reply)["answer"]["uid"] == STRANGER


@by_root
def test_one_user_cannot_take_every_place(grouped: tuple[Path, int]) -> None:
    """The page is a user, too: whoever has taken it over must not keep a technician from acknowledging."""
    folder, group = grouped
    with as_another(folder, STRANGER, group, number=CONNECTIONS) as greedy:
        assert greedy.stdout is not None
        assert greedy.stdout.readline() == "connected\n"
        for _ in range(3 * PER_USER):
            assert ask(folder, {"do": "status"})
        greedy.communicate("\n", timeout=20)


@pytest.mark.parametrize(
    "line",
    [
        b'{"do": [[[[[1]]]]]}', b'{"a": ' + b'{"a": ' * 50 + b"1" + b"}" * 51, b'{"for_s": NaN}',
        b'{"for_s": -Infinity}', b'{"for_s": 1e999}', b'{"n": ' + b"9" * 5000 + b"}", b'"status"', b"null",
    ],
)  # fmt: skip
def test_what_no_request_holds_is_refused(run_dir: Path, line: bytes) -> None:
    """Depth, numbers that are none or have no end, other things than an object."""
    reply = json.loads(raw(run_dir, line + b"\n"))
    assert (reply["ok"], reply["kind"]) == (False, "words")


def test_half_a_letter_and_signs_that_steer_a_terminal_do_not_come_in(run_dir: Path) -> None:
    """A press by a name that a terminal of another alphabet has spoilt is a press; a message can be made of it."""
    reply = json.loads(raw(run_dir, b'{"do": "press", "by": "B\\udcf8rge\\u001b[2J\\u202e\\r", "note": "a\\n\\tb"}\n'))
    assert reply["answer"]["echo"] == {"do": "press", "by": "B?rge [2J  ", "note": "a\n\tb"}


def test_who_asked_for_what_is_in_the_log(run_dir: Path) -> None:
    """By user id; reading alone is not, and neither is anything else of the request."""
    with structlog.testing.capture_logs() as said:
        ask(run_dir, {"do": "status"})
        ask(run_dir, {"do": "ack", "alarm": "kanariefugl", "by": "kanariefugl"})
    assert said == [{"event": "asked", "do": "ack", "uid": os.getuid(), "log_level": "info"}]


def test_a_socket_left_by_a_killed_daemon_is_replaced_and_a_clean_end_leaves_none(tmp_path: Path) -> None:
    """A restart after a power cut works, and a stopped daemon is seen to be stopped."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(tmp_path / SOCKET_NAME))
    server = ControlServer(tmp_path, answer)
    server.start()
    assert server.alive()
    assert ask(tmp_path, {"do": "status"})
    server.stop()
    with pytest.raises(UnreachableError, match="--run-dir"):
        ask(tmp_path, {"do": "status"})


def test_a_server_that_never_started_removes_nobody_else_s_socket(run_dir: Path) -> None:
    """A second daemon that fails at its start must not cut off the first."""
    ControlServer(run_dir, answer).stop()
    assert ask(run_dir, {"do": "status"})


def test_a_folder_with_too_long_a_name_is_told(tmp_path: Path) -> None:
    """Linux allows 107 bytes for a socket's name."""
    with pytest.raises(MachineError, match="shorter --run-dir"):
        ControlServer(tmp_path / ("x" * 100), answer).start()
