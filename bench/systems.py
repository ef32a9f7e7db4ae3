"""The systems side by side: how each is installed, set up on a fresh folder, and started.

Every system gets the same topics (PREFIX/SITE/DEVICE/press), the same broker and the same three receivers, and what its
users would write for it: defaults, save where a line here says why not.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import home_assistant
import node_red
from place import HERE, PATIENCE_S, TOPIC, Place, System
from publisher import PREFIX, SITE

import alarmbro

VENV = HERE / ".venv" / "bin"
MQTTWARN = "mqttwarn==0.36.1"


def _python(*names: str) -> Callable[[], dict[str, str]]:
    """Give the versions of what runs in this program's own Python."""
    return lambda: {"python": sys.version.split()[0], **{name: metadata.version(name) for name in names}}


def _alarmbro(place: Place) -> list[str]:
    devices = "".join(f"      {name}: {{name: {name}, mqtt: true}}\n" for name in place.devices)
    recipients = "".join(
        f'  modtager-{number}: {{name: Modtager {number}, urls: ["json://{url}"]}}\n'
        for number, url in enumerate(place.urls, start=1)
    )
    (place.folder / "alarmbro.yaml").write_text(
        f"""\
mqtt: {{url: "mqtt://127.0.0.1:{place.broker}", prefix: {PREFIX}}}
recipients:
{recipients}  teknik: {{name: Teknik, urls: ["json://127.0.0.1:{place.ports[0]}/teknik"]}}
routes:
  alle: {{steps: [{{notify: [modtager-1, modtager-2, modtager-3]}}]}}
faults: {{notify: [teknik]}}
sites:
  {SITE}:
    name: Huset
    route: alle
    devices:
{devices}""",
        encoding="utf-8",
    )
    folders = ["--state", str(place.folder / "state"), "--run-dir", str(place.folder / "run")]
    return [sys.executable, "-m", "alarmbro", "run", "--config", str(place.folder / "alarmbro.yaml"), *folders]


def _script(name: str, *, stores: bool) -> Callable[[Place], list[str]]:
    def command(place: Place) -> list[str]:
        file = [str(place.folder / "presses")] if stores else []
        ports = [str(port) for port in place.ports]
        return [sys.executable, str(HERE / "peers" / name), str(place.broker), *file, TOPIC, *ports]

    return command


def _compile_alarmbro() -> None:
    """Compile it, as its installation does: a tree that is worked on may be compiled anew at each start."""
    package = Path(alarmbro.__file__).parent
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(package)], check=True, timeout=PATIENCE_S)


def _mqttwarn(place: Place) -> list[str]:
    targets = ", ".join(f"'t{n}': ['post', 'http://{url}', None, None]" for n, url in enumerate(place.urls, start=1))
    (place.folder / "mqttwarn.ini").write_text(
        f"""\
[defaults]
hostname = '127.0.0.1'
port = {place.broker}
clientid = 'mqttwarn'
cleansession = False
loglevel = INFO
num_workers = 1
functions = ''
launch = http
[config:http]
targets = {{ {targets} }}
[{TOPIC}]
targets = http:t1, http:t2, http:t3
qos = 1
""",
        encoding="utf-8",
    )
    return [str(VENV / "mqttwarn"), "--config-file", str(place.folder / "mqttwarn.ini")]


def _get_mqttwarn() -> None:
    if not (VENV / "mqttwarn").exists():
        print(f"installing {MQTTWARN} into bench/.venv", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(VENV.parent)], check=True, timeout=PATIENCE_S)
        subprocess.run([str(VENV / "pip"), "install", "--quiet", MQTTWARN], check=True, timeout=PATIENCE_S)


def _mqttwarn_versions() -> dict[str, str]:
    listing = subprocess.run(
        [str(VENV / "pip"), "list", "--format", "json"], check=True, capture_output=True, timeout=60
    ).stdout
    found = {each["name"]: each["version"] for each in json.loads(listing)}
    return {name: found[name] for name in ("mqttwarn", "paho-mqtt")} | {"python": sys.version.split()[0]}


ALL = (
    System(
        "alarmbro",
        "as `alarmbro run`, MQTT 5, all defaults",
        _alarmbro,
        _python("alarmbro", "paho-mqtt", "apprise"),
        _compile_alarmbro,
    ),
    System(
        "floor",
        "paho, one fdatasync'd line a press, then plain-socket POSTs, a thread a target; no retry, no replay",
        _script("floor.py", stores=True),
        _python("paho-mqtt"),
    ),
    System(
        "floor_apprise",
        "the floor with Apprise's json plugin objects, made once, in place of plain sockets",
        _script("floor_apprise.py", stores=True),
        _python("paho-mqtt", "apprise"),
    ),
    System(
        "naive_apprise",
        "30-line script: Apprise.notify in on_message, the libraries' defaults (clean session)",
        _script("naive_apprise.py", stores=False),
        _python("paho-mqtt", "apprise"),
    ),
    System(
        "mqttwarn",
        "http service, 1 worker and cleansession False (both its defaults), qos 1",
        _mqttwarn,
        _mqttwarn_versions,
        _get_mqttwarn,
    ),
    System(
        "nodered",
        "mqtt in (QoS 1, clean session off, client id) -> 3 http request nodes with keep-alive; no retry nodes",
        node_red.command,
        node_red.versions,
        node_red.get,
    ),
    System(
        "ha",
        "Home Assistant: automation (MQTT trigger, qos 1, mode parallel, max 2000) -> 3 rest_command in parallel; "
        "no default_config, so lighter than any real one",
        home_assistant.command,
        home_assistant.versions,
        home_assistant.get,
    ),
)
