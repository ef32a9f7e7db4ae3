"""A real mosquitto for tests, on loopback, that can be stopped, killed and started again on the same port."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from pathlib import Path

from arrivals import HOST, free_port

READY_S = 10.0


class Mosquitto:
    """A broker of the test's own. `settings` are further lines of its configuration file.

    With `persistence` it keeps sessions and messages over a stop; over a kill only what it has saved by itself
    (`autosave_interval` 1 s here). Not started by the constructor.
    """

    def __init__(self, folder: Path, *, persistence: bool = True, settings: tuple[str, ...] = ()) -> None:
        self.port = free_port()
        self._folder = folder / f"mosquitto-{self.port}"
        self._folder.mkdir(parents=True)
        self._file = self._folder / "mosquitto.conf"
        keep = f"persistence true\npersistence_location {self._folder}/\nautosave_interval 1" if persistence else ""
        login = "" if any(line.startswith("allow_anonymous") for line in settings) else "allow_anonymous true"
        # Started by root it would become the user mosquitto, who may not write here.
        user = "user root" if os.getuid() == 0 else ""
        self._file.write_text(
            "\n".join([f"listener {self.port} {HOST}", login, user, keep, *settings, ""]), encoding="utf-8"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it takes connections; RuntimeError with its log where it does not."""
        with (self._folder / "log").open("ab") as output:
            self._process = subprocess.Popen(["mosquitto", "-c", str(self._file)], stdout=output, stderr=output)
        until = time.monotonic() + READY_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise RuntimeError(f"mosquitto did not start: {self.log()}")
            threading.Event().wait(0.02)

    def stop(self) -> None:
        """End it in order (SIGTERM), so that it saves; nothing where it does not run."""
        if self._process is not None:
            self._process.terminate()
            self._wait()

    def kill(self) -> None:
        """End it as a power cut does (SIGKILL)."""
        if self._process is not None:
            self._process.kill()
            self._wait()

    def signal(self, number: int) -> None:
        """Send it a signal, as SIGSTOP and SIGCONT."""
        if self._process is not None:
            self._process.send_signal(number)

    def log(self) -> str:
        """Give what it has logged so far."""
        return (self._folder / "log").read_text(encoding="utf-8", errors="replace")

    def _wait(self) -> None:
        if self._process is not None:
            self._process.wait(READY_S)
            self._process = None

    def _answers(self) -> bool:
        try:
            socket.create_connection((HOST, self.port), timeout=0.5).close()
        except OSError:
            return False
        return True
