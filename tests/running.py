"""The real daemon as a process, for stories: started as systemd starts it, asked as the command line asks it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from alarmbro.control.client import ask
from alarmbro.journal import Reader
from alarmbro.model.errors import AlarmbroError
from alarmbro.model.record import Record

PATIENCE_S = 20.0
RUN = (sys.executable, "-m", "alarmbro", "run", "--log-format", "json")


def until(what: Callable[[], Any], patience_s: float = PATIENCE_S, *, say: Callable[[], str] = str) -> Any:
    """Ask again and again until the answer is true, and give it; fail the test where it never is."""
    end_s = time.monotonic() + patience_s
    while time.monotonic() < end_s:
        answer = what()
        if answer:
            return answer
        threading.Event().wait(0.02)
    raise AssertionError(f"it did not come true within {patience_s} s {say()}")


class Daemon:
    """One `alarmbro run` on a folder of its own; start and stop it as often as the story wants."""

    def __init__(self, folder: Path, configuration: str, environ: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.config = folder / "alarmbro.yaml"
        self.config.write_text(configuration, encoding="utf-8")
        self.state, self.run_dir = folder / "state", folder / "run"
        self.environ = {**os.environ, **(environ or {})}
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def arguments(self) -> list[str]:
        return ["--config", str(self.config), "--state", str(self.state), "--run-dir", str(self.run_dir)]

    def start(self, *, ready: bool = True, command: Sequence[str] = RUN) -> None:
        """Start, and wait until it answers. `command` is what is started in place of `alarmbro run`."""
        with self.log.open("ab") as log:
            words = [*command, *self.arguments]
            self.process = subprocess.Popen(words, stdout=log, stderr=log, cwd="/", env=self.environ)
        if ready:
            until(self.answers, say=self.log_text)

    def answers(self) -> bool:
        """Tell whether it answers, and fail where it has ended instead."""
        assert self.process is not None
        assert self.process.poll() is None, self.log_text()
        try:
            self.ask("status")
        except AlarmbroError:
            return False
        return True

    def stop(self, number: int = signal.SIGTERM, within_s: float = 5.0) -> int:
        """End it by a signal; give its exit code. Fails where it takes longer than `within_s`."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(within_s)

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(5)

    def end(self) -> None:
        """Leave no process behind, whatever the story did."""
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def ask(self, do: str, **words: Any) -> dict[str, Any]:
        """Ask over the control socket."""
        return ask(self.run_dir, {"do": do, **words})

    def cli(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run the command line as a user does."""
        command = [sys.executable, "-m", "alarmbro", *self.arguments, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=self.environ, timeout=60)
        assert not check or done.returncode == 0, done.stdout + done.stderr + self.log_text()
        return done

    def records(self, kind: str | None = None) -> list[Record]:
        """Read the journal."""
        with Reader(self.state / "journal.db") as reader:
            return [record for record in reader.records() if kind in (None, record.draft.type.value)]

    def wait_for(self, kind: str, number: int, patience_s: float = PATIENCE_S, **fields: str) -> list[Record]:
        """Wait until the journal has that many records of a kind."""

        def found() -> list[Record]:
            if not (self.state / "journal.db").exists():
                return []
            records = [
                record
                for record in self.records(kind)
                if all(getattr(record.draft, name) == value for name, value in fields.items())
            ]
            return records if len(records) >= number else []

        records: list[Record] = until(found, patience_s, say=self.log_text)
        return records

    def log_text(self) -> str:
        """Give the log, for a failing test to show."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def log_lines(self) -> list[dict[str, Any]]:
        """Give the log's JSON lines."""
        return [json.loads(line) for line in self.log_text().splitlines() if line.startswith("{")]


@contextlib.contextmanager
def running(folder: Path, configuration: str, environ: Mapping[str, str] | None = None) -> Iterator[Daemon]:
    """Run a daemon for the length of a story."""
    daemon = Daemon(folder, configuration, environ)
    daemon.start()
    try:
        yield daemon
    finally:
        daemon.end()
