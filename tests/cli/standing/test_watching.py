"""`status --watch`: on a terminal, in a pipe, and while the daemon comes and goes."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from running import Daemon, until

FILE = """
gpio: {factory: mock}
recipients:
  leder: {name: Leder, urls: ["json://127.0.0.1:9/leder"], acknowledges: true}
routes:
  alt: {steps: [{notify: [leder]}]}
faults: {notify: [leder]}
sites:
  hus: {name: Huset, route: alt, devices: {skranke: {name: Skranke, gpio: 17}}}
"""

# Whoever types a command can end it by Ctrl-C; in the background of a script, where tests may run, that is ignored.
TYPED = ("env", "--default-signal=INT")


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


class Screen:
    """A terminal with `status --watch` on it."""

    def __init__(self, daemon: Daemon, environ: Mapping[str, str] | None = None, *, without_rich: bool = False) -> None:
        self._text = bytearray()
        self._near, far = pty.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
        clean = {name: text for name, text in os.environ.items() if name != "NO_COLOR"}
        start = ["-m", "alarmbro"]
        if without_rich:
            start = ["-c", "import sys; sys.modules['rich'] = None; from alarmbro.cli.main import main; main()"]
        self.process = subprocess.Popen(
            [*TYPED, sys.executable, *start, *daemon.arguments, "status", "--watch"], stdin=far, stdout=far, stderr=far,
            env=clean | {"TERM": "xterm-256color"} | dict(environ or {}), start_new_session=True,
        )  # fmt: skip
        os.close(far)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                part = os.read(self._near, 65536)
            except OSError:  # the process has gone
                return
            if not part:
                return
            self._text += part

    @property
    def text(self) -> str:
        return bytes(self._text).decode(errors="replace")

    def wait(self, words: str) -> None:
        """Wait until that comes, from now on."""
        begin = len(self.text)
        until(lambda: words in plain(self.text[begin:]), say=lambda: self.text[-3000:])

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(10)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    made = Daemon(tmp_path, FILE)
    try:
        yield made
    finally:
        made.end()


def test_the_screen_outlives_the_daemon(daemon: Daemon) -> None:
    """Before it is there, while it is there, killed, and back: the screen says so each time, and ends well."""
    screen = Screen(daemon)
    screen.wait("INTET SVAR ENDNU")
    daemon.start()
    screen.wait("Ingen åbne alarmer.")
    daemon.ask("press", device="hus/skranke")
    screen.wait("ALARM hus-1")
    daemon.kill()
    screen.wait("INTET SVAR SIDEN")
    screen.wait("ALARM hus-1")  # what it said last
    daemon.start()
    screen.wait("AKTIV, ingen har kvitteret")
    assert "\x1b[?1049h" in screen.text  # a screen of its own
    assert screen.end() == 0
    until(lambda: "\x1b[?1049l" in screen.text)  # … and back
    assert "Traceback" not in screen.text


def test_a_daemon_that_hangs_is_seen_within_seconds(daemon: Daemon) -> None:
    """It takes the question and never answers."""
    daemon.start()
    screen = Screen(daemon)
    screen.wait("Ingen åbne alarmer.")
    assert daemon.process is not None
    daemon.process.send_signal(signal.SIGSTOP)
    try:
        screen.wait("INTET SVAR SIDEN")
    finally:
        daemon.process.send_signal(signal.SIGCONT)
    screen.wait("Ingen åbne alarmer.")
    assert screen.end(signal.SIGTERM) == 128 + signal.SIGTERM
    until(lambda: "\x1b[?1049l" in screen.text)


def test_no_colour_is_used_where_none_is_wanted(daemon: Daemon) -> None:
    """NO_COLOR, as no-color.org has it."""
    daemon.start()
    screen = Screen(daemon, {"NO_COLOR": "1"})
    screen.wait("● ")
    assert screen.end() == 0
    assert not re.search(r"\x1b\[[0-9;]*[34][0-7](;[0-9]+)*m", screen.text)


@pytest.mark.parametrize("dumb", [True, False])
def test_without_rich_or_on_a_dumb_terminal_there_are_lines(daemon: Daemon, *, dumb: bool) -> None:
    """What is missing is said, and what counts is shown."""
    daemon.start()
    screen = Screen(daemon, {"TERM": "dumb"} if dumb else None, without_rich=not dumb)
    screen.wait("Ingen åbne alarmer.")
    assert screen.end() == 0
    assert "\x1b[" not in screen.text
    assert ("alarmbro[watch]" in screen.text) is not dumb


def test_in_a_pipe_there_are_lines_whenever_something_has_changed(daemon: Daemon) -> None:
    """No colours, no screen, no line twice a second; the end is an end."""
    daemon.start()
    command = [*TYPED, sys.executable, "-m", "alarmbro", *daemon.arguments, "status", "--watch"]
    out = daemon.folder / "out"
    with out.open("wb") as file, subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT) as process:

        def shown() -> str:
            return out.read_text(encoding="utf-8")

        until(lambda: "Ingen åbne alarmer." in shown())
        daemon.ask("press", device="hus/skranke")
        until(lambda: "AKTIV, ingen har kvitteret" in shown())
        daemon.kill()
        until(lambda: "INTET SVAR SIDEN" in shown())
        daemon.start()
        until(lambda: shown().rpartition("INTET SVAR SIDEN")[2].count("AKTIV") == 1)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    assert "\x1b" not in shown()
    assert shown().count("INTET SVAR SIDEN") == 1
    assert len(re.findall(r"^--- \d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d$", shown(), re.MULTILINE)) < 15


def test_with_json_there_is_a_document_a_line(daemon: Daemon) -> None:
    """For whoever builds something of their own."""
    daemon.start()
    command = [*TYPED, sys.executable, "-m", "alarmbro", *daemon.arguments, "status", "--watch", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["sites"] == ["hus"]
        daemon.kill()
        documents = (json.loads(line) for line in process.stdout)
        silent = next(each for each in documents if "silent_since" in each)
        assert "no alarmbro daemon answers" in silent["error"]
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
    assert process.returncode == 0


def test_status_by_itself_does_not_load_rich(daemon: Daemon) -> None:
    """A Pi has better things to do."""
    daemon.start()
    script = (
        "import sys\nfrom alarmbro.cli.main import alarmbro\n"
        "try:\n    alarmbro(sys.argv[1:])\nexcept SystemExit as end:\n    assert not end.code\n"
        "assert not any(name.startswith('rich') for name in sys.modules), 'rich'"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *daemon.arguments, "status"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Ingen åbne alarmer." in done.stdout
