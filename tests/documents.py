"""What documents show, taken at its word: their commands, typed beside a real daemon on the shipped municipality."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from broker import Mosquitto
from receivers import HttpReceiver
from running import Daemon

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<kind>\w+)(?P<more>[^\n]*)\n(?P<text>.*?)^ *```$", flags=re.DOTALL | re.MULTILINE
)
# Whose answer may be no: here nobody has pressed the buttons, and this machine is not the one that is meant.
MAY_SAY_NO = ("alarmbro doctor", "alarmbro test finish")
FUNCTION = f'alarmbro() {{ "{sys.executable}" -m alarmbro "$@"; }}; '


@dataclass(frozen=True, slots=True)
class Command:
    """A line behind `$`; `stopped`: to be typed where the daemon does not run (a block ```console stopped)."""

    line: str
    stopped: bool = False


def blocks(text: str, kind: str) -> list[tuple[str, str]]:
    """Give each block of a kind: what stands behind the kind, and its text without the indent of a list."""
    found = [match for match in BLOCK.finditer(text) if match["kind"] == kind]
    return [
        (match["more"].strip(), re.sub(f"^{match['indent']}", "", match["text"], flags=re.MULTILINE)) for match in found
    ]


def commands(text: str) -> list[Command]:
    """Give the lines behind `$` in the console blocks."""
    return [
        Command(line.removeprefix("$ "), stopped=more == "stopped")
        for more, block in blocks(text, "console")
        for line in block.splitlines()
        if line.startswith("$ ")
    ]


def municipality(mqtt_port: int) -> str:
    """Give the shipped configuration with mock pins and a broker here."""
    text = (ROOT / "config" / "hjoerring.yaml").read_text(encoding="utf-8")
    text = text.replace("mqtts://alarmbro@broker.example:8883", f"mqtt://127.0.0.1:{mqtt_port}")
    return text.replace("  password: !secret mqtt-password\n", "").replace("factory: lgpio", "factory: mock")


def secrets(url: str) -> dict[str, str]:
    """Give every secret that the shipped configuration names as one address."""
    text = (ROOT / "config" / "secrets.example.yaml").read_text(encoding="utf-8")
    names = re.findall(r"^([a-z-]+):", text, flags=re.MULTILINE)
    return {f"ALARMBRO_SECRET_{name.upper().replace('-', '_')}": url for name in names}


def type_all(folder: Path, found: list[Command]) -> None:
    """Type commands in their order, as they stand, beside a daemon; fail at the first that does not work."""
    broker_folder = folder / "broker"
    broker_folder.mkdir()
    broker, http = Mosquitto(broker_folder), HttpReceiver()
    broker.start()
    daemon = Daemon(folder, municipality(broker.port), secrets(f"json://127.0.0.1:{http.port}/one"))
    (folder / "config").symlink_to(ROOT / "config")  # what a command writes goes into our folder
    daemon.start()
    try:
        for command in found:
            if command.stopped and daemon.process is not None and daemon.process.poll() is None:
                assert daemon.stop() == 0, daemon.log_text()
            _type(daemon, command.line)
    finally:
        daemon.end()
        broker.stop()
        http.stop()


def _type(daemon: Daemon, line: str) -> None:
    assert "alarmbro" in shlex.split(line)
    done = subprocess.run(
        ["bash", "-c", FUNCTION + line],
        capture_output=True, text=True, check=False, cwd=daemon.folder, timeout=60,
        env=daemon.environ | {"ALARMBRO_STATE": str(daemon.state), "ALARMBRO_RUN": str(daemon.run_dir),
                              "ALARMBRO_CONFIG": str(daemon.config)},
    )  # fmt: skip
    right = (0, 1) if line.startswith(MAY_SAY_NO) else (0,)
    assert done.returncode in right, (line, done.stdout, done.stderr, daemon.log_text())
    assert done.stdout, line
