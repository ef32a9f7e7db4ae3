"""Home Assistant: an automation on an MQTT trigger, and three REST commands side by side.

Without default_config, so without recorder and history: lighter than any real one. `mode: parallel`, as the default
`single` drops presses that come while one is told.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from place import HERE, PATIENCE_S, TOPIC, Place

VENV = HERE / ".hass" / "bin"
PYTHON = "python3.13"
# The newest release for any 3.13, and the two packages that it would fetch by itself at its first start.
PACKAGES = ("homeassistant==2025.4.4", "home-assistant-frontend==20250411.0", "paho-mqtt==2.1.0")
WHEN = "2025-01-01T00:00:00+00:00"


def command(place: Place) -> list[str]:
    """Write the configuration, and the broker's entry where the web page would have put it."""
    numbers = range(1, len(place.urls) + 1)
    commands = "".join(
        f"  t{number}: {{url: 'http://{url}', method: post, payload: '{{{{ text }}}}'}}\n"
        for number, url in zip(numbers, place.urls, strict=True)
    )
    actions = "".join(
        f"          - {{action: rest_command.t{number}, data: {{text: '{{{{ trigger.payload }}}}'}}}}\n"
        for number in numbers
    )
    (place.folder / "configuration.yaml").write_text(
        f"""\
homeassistant: {{name: Huset, unit_system: metric, time_zone: Europe/Copenhagen, country: DK}}
http: {{server_host: 127.0.0.1, server_port: {place.listen}}}
logger: {{default: warning}}
mqtt: {{}}
rest_command:
{commands}automation:
  - id: press
    alias: press
    mode: parallel
    max: 2000
    triggers: [{{trigger: mqtt, topic: {TOPIC}, qos: 1}}]
    actions:
      - parallel:
{actions}""",
        encoding="utf-8",
    )
    entry = {"domain": "mqtt", "entry_id": "bench", "title": "broker", "source": "user", "unique_id": None}
    entry |= {"created_at": WHEN, "modified_at": WHEN, "disabled_by": None}
    rest = {"version": 1, "minor_version": 2, "options": {}, "discovery_keys": {}, "subentries": []}
    rest |= {"pref_disable_new_entities": False, "pref_disable_polling": False}
    rest |= {"data": {"broker": "127.0.0.1", "port": place.broker}}
    store = {"version": 1, "minor_version": 5, "key": "core.config_entries", "data": {"entries": [{**entry, **rest}]}}
    (place.folder / ".storage").mkdir()
    (place.folder / ".storage" / "core.config_entries").write_text(json.dumps(store), encoding="utf-8")
    return [str(VENV / "hass"), "--config", str(place.folder), "--skip-pip"]


def get() -> None:
    """Install it into an environment of its own; FileNotFoundError where there is no Python for it."""
    if not (VENV / "hass").exists():
        python = next(_pythons(), None)
        if python is None:
            raise FileNotFoundError(f"Home Assistant needs {PYTHON}, which is not here")
        print(f"installing {PACKAGES[0]} into bench/.hass", flush=True)
        subprocess.run([python, "-m", "venv", "--clear", str(VENV.parent)], check=True, timeout=PATIENCE_S)
        subprocess.run([str(VENV / "pip"), "install", "--quiet", *PACKAGES], check=True, timeout=PATIENCE_S)


def versions() -> dict[str, str]:
    """Give what is installed."""
    words = [str(VENV / "pip"), "list", "--format", "json"]
    listing = json.loads(subprocess.run(words, check=True, capture_output=True, timeout=60).stdout)
    found = {each["name"]: each["version"] for each in listing}
    told = subprocess.run([str(VENV / "python"), "--version"], check=True, capture_output=True, text=True, timeout=60)
    return {name: found[name] for name in ("homeassistant", "paho-mqtt")} | {"python": told.stdout.split()[1]}


def _pythons() -> Iterator[str]:
    """Give the Pythons of the version wanted that run: the path's, then pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for each in [shutil.which(PYTHON), *sorted(pyenv.glob(f"versions/3.13*/bin/{PYTHON}"))]:
        if each and subprocess.run([each, "--version"], check=False, capture_output=True, timeout=60).returncode == 0:
            yield str(each)
