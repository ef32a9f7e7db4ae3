"""Whatever becomes of the page: a press is told as without it."""

from __future__ import annotations

import ast
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from running import until
from web_town import WebTown

pytest_plugins = ["web_browser"]
HOUSE = Path(__file__).parents[2] / "daemon" / "alarmbro"
FLOOD_A_S = 1000
PRESSES = 5
TOLD_MS = 1000  # within a second of the press, on two cores that the flood is made on, too


def told_ms(town: WebTown) -> list[int]:
    """Press several times, one device after the other; give after how many milliseconds each recipient was told."""
    for number in range(PRESSES):
        before = len(town.daemon.records("raised"))
        device = ("reception", "skranke", "lokale")[number % 3]  # each is let go before it is pressed again
        town.daemon.ask("pin", device=f"hus/{device}", for_s=0.1, bounce=0)
        (alarm,) = [each.draft.alarm for each in town.daemon.wait_for("raised", before + 1)[before:]]
        town.daemon.wait_for("told", 2, alarm=alarm)
        town.daemon.ask("close", alarm=alarm, outcome="test", by="Vagten")
    tolds = [each.draft for each in town.daemon.records("told") if each.draft.data["message"] == "alarm"]
    return [each.data["after_ms"] for each in tolds[-2 * PRESSES :]]


@contextmanager
def flooded(town: WebTown) -> Iterator[list[int]]:
    """Ask a thousand times a second, from several threads; the list counts."""
    stop, count = threading.Event(), [0]
    request = b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"

    def ask() -> None:
        due_s = time.monotonic()
        while not stop.is_set():
            due_s = max(due_s + 4 / FLOOD_A_S, time.monotonic() - 0.1)
            with suppress(OSError), socket.create_connection(("127.0.0.1", town.port), timeout=1) as connection:
                connection.sendall(request)
                connection.recv(100)
                count[0] += 1
            stop.wait(max(0.0, due_s - time.monotonic()))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield count
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_a_flood_of_requests_does_not_hold_up_a_press(town: WebTown) -> None:
    """A thousand requests a second: each press is told within a second, and the command line is still answered."""
    with flooded(town) as count:
        until(lambda: count[0] > 200)
        assert max(told_ms(town)) < TOLD_MS
        assert town.daemon.ask("status")["version"]
    assert town.page is not None
    assert town.page.poll() is None
    until(town.answers)


def test_a_page_that_hangs_does_not_hold_up_a_press(town: WebTown) -> None:
    """Stopped in the middle of whatever it did (SIGSTOP), with somebody looking."""
    with socket.create_connection(("127.0.0.1", town.port), timeout=5) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n")
        assert town.page is not None
        town.page.send_signal(signal.SIGSTOP)
        try:
            assert max(told_ms(town)) < TOLD_MS
        finally:
            town.page.send_signal(signal.SIGCONT)
    until(town.answers)


def test_a_page_that_is_killed_does_not_hold_up_a_press(town: WebTown) -> None:
    """Killed while it is asked, again and again; what it comes back to is how things stand."""
    assert town.page is not None
    with flooded(town) as count:
        until(lambda: count[0] > 50)
        town.page.kill()
        town.page.wait(5)
        assert max(told_ms(town)) < TOLD_MS
    town.start_page()
    assert town.answers()


def test_a_daemon_that_is_gone_shows_and_comes_back(town: WebTown) -> None:
    """The page says that nobody knows whether the buttons work, and goes on when the daemon is back."""
    town.daemon.kill()
    until(lambda: town.ask("GET", "/healthz")[0] == 503)
    town.daemon.start()
    until(lambda: town.ask("GET", "/healthz")[0] == 200)


def test_it_ends_when_it_is_told_to(town: WebTown) -> None:
    """Within some seconds, though somebody holds a connection open."""
    assert town.page is not None
    with socket.create_connection(("127.0.0.1", town.port), timeout=5) as connection:
        connection.sendall(b"GET /events HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
        town.page.send_signal(signal.SIGTERM)
        town.page.wait(6)


def test_it_writes_no_file(town: WebTown) -> None:
    """It reads the journal, the configuration and its users; of our files it keeps none open but its log."""
    assert town.page is not None
    town.ask("GET", "/healthz")
    handles = Path(f"/proc/{town.page.pid}/fd")
    for handle in handles.iterdir():
        with suppress(FileNotFoundError):
            named = str(handle.readlink())
            if named.startswith(str(town.folder)):
                assert named == str(town.log)


def test_the_alarm_path_imports_nothing_of_it() -> None:
    """The daemon runs where Starlette, uvicorn and Jinja2 are not installed, and none of its files names the page."""
    script = (
        "import sys; [sys.modules.__setitem__(n, None) for n in ('starlette', 'uvicorn', 'jinja2', 'alarmbro.web')]\n"
        "import alarmbro.daemon, alarmbro.cli.main"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    for file in HOUSE.rglob("*.py"):
        if file.relative_to(HOUSE).parts[0] in {"web", "cli", "demo"}:  # the demonstration has its words and looks
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            named = getattr(node, "module", None) or ""
            assert not named.startswith("alarmbro.web"), file
