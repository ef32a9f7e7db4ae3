"""What every system is told, and what the benchmark knows of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from publisher import PREFIX, SITE

HERE = Path(__file__).resolve().parent
TOPIC = f"{PREFIX}/{SITE}/+/press"
PATIENCE_S = 900.0  # for an installation
PATH = re.compile(r"(?:/[\w.+@~-]+){2,}/?")
LONG = 300


@dataclass(frozen=True)
class Place:
    """Where one system runs: its own folder, the broker, its own receivers, the devices that will be pressed.

    `listen` is a port that it may take for a page of its own.
    """

    folder: Path
    broker: int
    ports: tuple[int, ...]
    devices: tuple[str, ...]
    listen: int

    @property
    def urls(self) -> list[str]:
        """Give the three receivers' addresses, without a scheme."""
        return [f"127.0.0.1:{port}/t{number}" for number, port in enumerate(self.ports, start=1)]


@dataclass(frozen=True)
class System:
    """One system. `command` writes what it needs into the place and gives the words that start it.

    `get` installs it, and raises OSError or CalledProcessError where it cannot be had.
    """

    name: str
    note: str
    command: Callable[[Place], list[str]]
    versions: Callable[[], dict[str, str]]
    get: Callable[[], None] = field(default=lambda: None)


def pathless(text: str) -> str:
    """Give what an error says last, for the results: in one line, and without the machine's paths."""
    lines = [line for line in text.splitlines() if line.strip()] or ["it did not say why"]
    return PATH.sub("(path)", lines[-1].strip())[:LONG]
