"""`alarmbro demo` as a process of its own, and what it has printed so far."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

READY, READY_ENGLISH = "slutter.", r"q \(or Ctrl-C\) ends\."
NARROW = {"COLUMNS": "70"}  # the messages stand below each other, so that a line is one reader's


class Running:
    """A demonstration in a process of its own, and what it has printed so far."""

    def __init__(self, where: Path, *, keyboard: bool, language: str, environment: dict[str, str]) -> None:
        self.where = where
        self._process = subprocess.Popen(
            [sys.executable, "-m", "alarmbro", "demo", *(["--language", language] if language else [])],
            cwd=where, stdin=subprocess.PIPE if keyboard else subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, encoding="utf-8", env=os.environ | NARROW | environment,
        )  # fmt: skip
        self._text = ""
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._changed:
                self._text += line
                self._changed.notify_all()

    @property
    def text(self) -> str:
        """Give all that it printed."""
        with self._changed:
            return self._text

    def until(self, pattern: str, within_s: float = 30.0) -> re.Match[str]:
        """Wait until a pattern is printed, and give the match."""
        with self._changed:
            self._changed.wait_for(lambda: re.search(pattern, self._text, re.DOTALL) is not None, within_s)
            found = re.search(pattern, self._text, re.DOTALL)
            assert found, self._text
            return found

    def type(self, text: str) -> None:
        """Type a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{text}\n")
        self._process.stdin.flush()

    def signal(self, number: int) -> None:
        """Send a signal to the demonstration alone."""
        self._process.send_signal(number)

    def children(self) -> list[int]:
        """Give the process ids of the daemon and the broker."""
        pid = self._process.pid
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return [int(child) for child in found]

    def end(self, within_s: float = 5.0) -> int:
        """Wait for the end and give the exit code."""
        code = self._process.wait(within_s)
        self._reader.join(5)
        return code

    def close(self) -> None:
        """Leave nothing behind, whatever a test found."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(10)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()


@contextmanager
def demonstration(where: Path, *, keyboard: bool = False, language: str = "", **environment: str) -> Iterator[Running]:
    """Start a demonstration and wait until it says how to press."""
    running = Running(where, keyboard=keyboard, language=language, environment=environment)
    try:
        running.until(READY_ENGLISH if language == "en" else READY)
        yield running
    finally:
        running.close()
