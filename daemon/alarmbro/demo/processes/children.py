"""The processes that the demonstration starts, and how they end.

Promises: each is ended by its own process id, within `PATIENCE_S` and a kill; one that dies says why in its log; none
outlives the demonstration. They have process groups of their own, so that a Ctrl-C reaches them from us, in order.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from alarmbro.model.errors import MachineError

PATIENCE_S = 1.5  # from the request to end to the kill; two children in turn stay below 5 s
TAIL_LINES = 15
# What would lead a child elsewhere: another daemon's settings, a service manager's, a proxy for loopback's own posts.
FOREIGN = (
    "ALARMBRO_", "NOTIFY_SOCKET", "WATCHDOG_", "CREDENTIALS_DIRECTORY", "STATE_DIRECTORY", "RUNTIME_DIRECTORY",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
)  # fmt: skip


class Child:
    """A running process with its output in `log`. Raise MachineError where it cannot be started."""

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self.name = name
        self.log = log
        leash = [sys.executable, "-m", "alarmbro.demo.processes.leash", str(os.getpid())]
        try:
            with log.open("wb") as output:
                self._process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
                    [*leash, *command],
                    stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                    env=own_environment(os.environ), start_new_session=True,
                )  # fmt: skip
        except OSError as error:
            raise MachineError(f"cannot start the demonstration's {name}: {error.strerror}") from error

    @property
    def pid(self) -> int:
        """Give its process id."""
        return self._process.pid

    def ended(self) -> bool:
        """Tell whether it has ended, by whatever cause."""
        return self._process.poll() is not None

    def tail(self) -> str:
        """Give the last lines that it said."""
        try:
            lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError as error:
            return f"({self.log}: {error.strerror})"
        return "\n".join(lines[-TAIL_LINES:])

    def end(self) -> None:
        """End it and wait until it is gone: at most `PATIENCE_S`, then by force."""
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def own_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Give the environment without what would lead a child away from this machine or this demonstration."""
    return {name: value for name, value in environ.items() if not name.upper().startswith(FOREIGN)}
