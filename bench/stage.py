"""The stage: a broker, the buttons, and one or more systems, each with receivers of its own, on a fresh folder.

One system at a time where time is measured; all together where only what arrived counts.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from place import HERE, Place, System
from processes import Process
from publisher import HOST, Publisher

TARGETS = 3
START_S = 60.0
CALM_S = 0.6
WARM = 8  # devices that are pressed before anything counts
Pair = tuple[int, str]


def marker(number: int) -> str:
    """Give the name of a device, which is what is looked for in the messages."""
    return f"k{number:05}"


class StageError(Exception):
    """A system or the broker did not come up; the text says what its log says."""


class Broker:
    """A mosquitto with persistence, that can be stopped and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_ports(1)[0], folder
        user = "user root" if os.getuid() == 0 else ""  # else it would become a user who may not write here
        lines = [f"listener {self.port} {HOST}", "allow_anonymous true", user, "persistence true"]
        lines += [f"persistence_location {folder}/", "log_type error", ""]
        (folder / "mosquitto.conf").write_text("\n".join(lines), encoding="utf-8")
        self.process: Process | None = None

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        words = ["mosquitto", "-c", str(self.folder / "mosquitto.conf")]
        self.process = Process(words, self.folder, self.folder / "mosquitto.log")
        end = time.monotonic() + START_S
        while not _listens(self.port):
            if time.monotonic() > end or self.process.child.poll() is not None:
                raise StageError((self.folder / "mosquitto.log").read_text(encoding="utf-8"))
            time.sleep(0.005)

    def stop(self) -> None:
        """End it in order, so that it saves what it holds."""
        if self.process is not None:
            self.process.stop()
            self.process = None


class Actor:
    """One system on the stage, and its receivers."""

    def __init__(self, system: System, folder: Path, broker: int, devices: tuple[str, ...]) -> None:
        self.system, self.folder = system, folder
        *ports, listen = free_ports(TARGETS + 1)
        words = [sys.executable, str(HERE / "sink.py"), *map(str, ports)]
        self.sink = Process(words, folder, folder / "sink.log", piped=True)
        self._hear()
        self.command = system.command(Place(folder, broker, tuple(ports), devices, listen))
        self.process: Process | None = None

    def start(self) -> None:
        """Start the system; it is not yet ready then."""
        self.process = Process(self.command, self.folder, self.folder / "system.log")

    def running(self) -> Process:
        """Give the process, which must not have ended by itself."""
        if self.process is None or self.process.child.poll() is not None:
            raise StageError(f"{self.system.name} does not run: {self.log()[-2000:]}")
        return self.process

    def ask(self, do: str, **words: Any) -> Any:
        """Tell the receivers something; give their answer."""
        assert self.sink.child.stdin is not None  # noqa: S101 (it was made with pipes)
        self.sink.child.stdin.write(json.dumps({"do": do, **words}).encode() + b"\n")
        self.sink.child.stdin.flush()
        return self._hear()

    def behave(self, *, slow_s: float = 0.0, hangs: int = 0) -> None:
        """Have the receivers answer late, or one of them never."""
        self.ask("behave", slow_s=slow_s, hangs=hangs)

    def arrivals(self) -> dict[Pair, list[int]]:
        """Give the times at which each press reached each target, by (target, device)."""
        found: dict[Pair, list[int]] = {}
        for at_ns, target, markers in self.ask("take"):
            for each in markers:
                found.setdefault((target, each), []).append(at_ns)
        return found

    def log(self) -> str:
        """Give what the system has said."""
        return (self.folder / "system.log").read_text(encoding="utf-8", errors="replace")

    def _hear(self) -> Any:
        assert self.sink.child.stdout is not None  # noqa: S101 (it was made with pipes)
        line = self.sink.child.stdout.readline()
        if not line:
            raise StageError(f"the receivers ended: {(self.folder / 'sink.log').read_text(encoding='utf-8')}")
        return json.loads(line)


class Stage:
    """A fresh broker and the systems named, for a `with` block. `devices`: how many there are to press."""

    def __init__(self, systems: Sequence[System], devices: int) -> None:
        self._folder = TemporaryDirectory(prefix="alarmbro-bench-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        self.devices = tuple(marker(number) for number in range(devices + WARM))
        self.fresh = list(self.devices[WARM:])
        self.broker = Broker(folder)
        self.actors: list[Actor] = []
        for system in systems:
            (folder / system.name).mkdir()
            self.actors.append(Actor(system, folder / system.name, self.broker.port, self.devices))

    def __enter__(self) -> Self:
        self.broker.start()
        self.buttons = Publisher(self.broker.port)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.buttons.end()
        for actor in self.actors:
            if actor.process is not None:
                actor.process.kill()
            actor.sink.kill()
        self.broker.stop()
        self._folder.cleanup()

    def take(self, number: int) -> list[str]:
        """Give devices that nobody has pressed."""
        taken, self.fresh = self.fresh[:number], self.fresh[number:]
        return taken

    def arm(self) -> dict[str, float]:
        """Start all, press until each has told somebody, wait for calm; give the seconds from start to first told."""
        for actor in self.actors:
            actor.start()
        armed = self.wait_armed()
        for device in self.devices[1:WARM]:
            self.buttons.press(device)
            time.sleep(0.05)
        self.calm()
        for actor in self.actors:
            actor.ask("clear")
        return armed

    def wait_armed(self, every_s: float = 0.02) -> dict[str, float]:
        """Press the first device until each system has told somebody of it; give the seconds since its start."""
        armed: dict[str, float] = {}
        end = time.monotonic() + START_S
        while len(armed) < len(self.actors):
            self.buttons.press(self.devices[0])
            time.sleep(every_s)
            for actor in self.actors:
                started_ns = actor.running().started_ns
                if actor.system.name not in armed and actor.ask("news")[0]:
                    armed[actor.system.name] = (min(each for each, *_ in actor.ask("take")) - started_ns) / 1e9
            if time.monotonic() > end:
                late = [actor for actor in self.actors if actor.system.name not in armed]
                raise StageError(f"{late[0].system.name} tells nobody: {late[0].log()[-2000:]}")
        return armed

    def calm(self, calm_s: float = CALM_S, patience_s: float = 10.0) -> None:
        """Wait until nothing has arrived anywhere for a while."""
        end = time.monotonic() + patience_s
        before: list[Any] = []
        while (now := [actor.ask("news") for actor in self.actors]) != before and time.monotonic() < end:
            before = now
            time.sleep(calm_s)

    def collect(self, devices: Sequence[str], targets: int, quiet_s: float, limit_s: float) -> None:
        """Wait until all presses have reached `targets` targets each at every system, or nothing new comes."""
        want, begun = len(devices) * targets, time.monotonic()
        last, heard = begun, [-1]
        while time.monotonic() < min(begun + limit_s, last + quiet_s):
            news = [actor.ask("news")[0] for actor in self.actors]
            if news != heard:
                last, heard = time.monotonic(), news
            if all(number >= want for number in news):
                break
            time.sleep(0.05)
        self.calm(0.3, 1.0)  # what comes twice


def free_ports(number: int) -> list[int]:
    """Give ports of loopback that nobody listens on at the moment."""
    probes = [socket.socket() for _ in range(number)]
    for probe in probes:
        probe.bind((HOST, 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=0.5).close()
    except OSError:
        return False
    return True
