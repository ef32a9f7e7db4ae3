"""The demonstration's MQTT broker, on loopback only: mosquitto where it is installed, else one in Python."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable

from alarmbro.demo.processes.children import Child
from alarmbro.demo.processes.folder import Folder
from alarmbro.model.errors import MachineError

HOST = "127.0.0.1"
USUAL_PORT = 1883  # so that `mosquitto_pub` needs no -p
CHOICE = "ALARMBRO_DEMO_BROKER"  # mosquitto | amqtt; else the first that there is
READY_WITHIN_S = 15.0  # amqtt on a slow machine
POLL_S = 0.05
MOSQUITTO = """\
listener {port} 127.0.0.1
allow_anonymous true
persistence false
log_dest stderr
"""


def start_broker(folder: Folder, pause: Callable[[float], bool]) -> tuple[Child, int]:
    """Start a broker and give it with its port once it listens (or `pause` says that the end was asked for).

    Raise MachineError where there is none, or it does not start.
    """
    kind = _kind()
    for port in (_usual_if_free(), _free_port()):  # the second where another took the first meanwhile
        broker = Child("broker", _command(kind, port, folder), folder.log("broker"))
        if _listens(broker, port, pause):
            return broker, port
        broker.end()
    raise MachineError(f"the broker ({kind}) does not start; it said:\n{broker.tail()}")


def _mosquitto() -> str | None:
    """Debian puts it where only root's PATH looks."""
    return shutil.which("mosquitto", path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"]))


def _kind() -> str:
    choice = os.environ.get(CHOICE) or ("mosquitto" if _mosquitto() else "amqtt")
    if choice == "amqtt" and importlib.util.find_spec("amqtt") is None:
        raise MachineError("there is no MQTT broker here: install mosquitto, or `pip install alarmbro[demo]`")
    if choice == "mosquitto" and _mosquitto() is None:
        raise MachineError(f"mosquitto is not installed; install it, or set {CHOICE}=amqtt")
    if choice not in ("mosquitto", "amqtt"):
        raise MachineError(f"{CHOICE} is {choice!r}; it can be mosquitto or amqtt")
    return choice


def _command(kind: str, port: int, folder: Folder) -> list[str]:
    if kind == "amqtt":
        return [sys.executable, "-m", "alarmbro.demo.processes.embedded", str(port)]
    configuration = folder.path / "mosquitto.conf"
    # Started by root it would become another user, and the kernel would then no longer end it with us.
    folder.write(configuration, MOSQUITTO.format(port=port) + ("user root\n" if os.geteuid() == 0 else ""))
    return [_mosquitto() or "mosquitto", "-c", str(configuration)]


def _listens(broker: Child, port: int, pause: Callable[[float], bool]) -> bool:
    until_s = time.monotonic() + READY_WITHIN_S
    while not broker.ended() and time.monotonic() < until_s:
        with socket.socket() as probe:
            probe.settimeout(1.0)
            if probe.connect_ex((HOST, port)) == 0:
                return not broker.ended()  # else somebody else's
        if pause(POLL_S):
            return True
    return False


def _usual_if_free() -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the broker does: the last one's end lingers
        try:
            probe.bind((HOST, USUAL_PORT))
        except OSError:  # told by the header, which names the port
            return _free_port()
    return USUAL_PORT


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
