"""A town for stories: the whole daemon with a real broker and one receiver for everybody, each on a path of its own."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from broker import Mosquitto
from receivers import HttpReceiver, free_port
from running import Daemon, until


class Town:
    """A broker, a receiver, the daemon, and what people heard.

    In `file`, the configuration, {broker}, {http} and {dead} stand for ports: the last one is of nobody.
    """

    def __init__(self, folder: Path, file: str) -> None:
        self.folder = folder
        (folder / "broker").mkdir()
        self.broker = Mosquitto(folder / "broker")
        self.http = HttpReceiver()
        text = file.format(broker=self.broker.port, http=self.http.port, dead=free_port())
        self.daemon = Daemon(folder, text)

    def start(self, *, broker: bool = False) -> None:
        if broker:
            self.broker.start()
        self.daemon.start()
        if broker:
            until(lambda: all(self.daemon.ask("status")["mqtt"].values()))

    def heard(self, name: str) -> list[str]:
        """Give the titles that a recipient has read, in their order."""
        return [each.json["title"] for each in self.http.received() if each.path.split("/")[1] == name]

    def wait(self, name: str, words: str) -> None:
        """Wait until a recipient has read a title that begins so."""
        until(
            lambda: any(title.startswith(words) for title in self.heard(name)),
            say=lambda: f"{name} {words}: {self.heard(name)} {self.daemon.log_text()}",
        )

    @contextlib.contextmanager
    def listening(self, topics: str) -> Iterator[Callable[[str], list[str]]]:
        """Listen to the broker; what it gives tells the payloads on the topics that end so."""
        path = self.folder / "heard"
        command = ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.broker.port), "-q", "1", "-v", "-t", topics]

        def heard(ending: str) -> list[str]:
            lines = [line.split(" ", 1) for line in path.read_text(encoding="utf-8").splitlines()]
            return [line[1] for line in lines if len(line) > 1 and line[0].endswith(ending)]

        with path.open("w", encoding="utf-8") as out, subprocess.Popen(command, stdout=out) as listener:
            until(lambda: heard("/status"))  # it is retained: then we are subscribed
            try:
                yield heard
            finally:
                listener.terminate()

    def publish(self, topic: str, payload: str) -> None:
        command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.broker.port), "-q", "1", "-t", topic]
        subprocess.run([*command, "-m", payload], check=True, timeout=20)


@contextlib.contextmanager
def town_of(folder: Path, file: str) -> Iterator[Town]:
    """Make a town for the length of a story."""
    made = Town(folder, file)
    try:
        yield made
    finally:
        made.daemon.end()
        made.http.stop()
        made.broker.stop()
