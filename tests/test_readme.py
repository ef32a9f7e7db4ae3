"""Every command that the README shows in a console block is run, in its order, beside a daemon."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from broker import Mosquitto
from receivers import HttpReceiver
from running import Daemon

ROOT = Path(__file__).parents[1]


def commands() -> list[str]:
    """Give the lines behind `$` in the console blocks."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def test_every_command_of_the_readme_works(tmp_path: Path) -> None:
    """A reader types them as they stand; none fails."""
    folder = tmp_path / "broker"
    folder.mkdir()
    broker, http = Mosquitto(folder), HttpReceiver()
    broker.start()
    secrets = (ROOT / "config" / "secrets.example.yaml").read_text(encoding="utf-8")
    names = re.findall(r"^([a-z-]+):", secrets, flags=re.MULTILINE)
    url = f"json://127.0.0.1:{http.port}/one"
    environ = {f"ALARMBRO_SECRET_{name.upper().replace('-', '_')}": url for name in names}
    text = (ROOT / "config" / "hjoerring.yaml").read_text(encoding="utf-8")
    text = text.replace("mqtts://alarmbro@broker.example:8883", f"mqtt://127.0.0.1:{broker.port}")
    text = text.replace("  password: !secret mqtt-password\n", "").replace("factory: lgpio", "factory: mock")
    daemon = Daemon(tmp_path, text, environ)
    (tmp_path / "config").symlink_to(ROOT / "config")  # what a command writes goes into our folder
    daemon.start()
    try:
        found = commands()
        assert len(found) >= 10
        for command in found:
            assert "alarmbro" in shlex.split(command)
            done = subprocess.run(
                ["bash", "-c", f'alarmbro() {{ "{sys.executable}" -m alarmbro "$@"; }}; {command}'],
                capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60,
                env=daemon.environ | {"ALARMBRO_STATE": str(daemon.state), "ALARMBRO_RUN": str(daemon.run_dir),
                                      "ALARMBRO_CONFIG": str(daemon.config)},
            )  # fmt: skip
            assert done.returncode == 0, (command, done.stdout, done.stderr, daemon.log_text())
            assert done.stdout, command
    finally:
        daemon.end()
        broker.stop()
        http.stop()
