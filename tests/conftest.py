"""The scene of the stories: the shipped municipality, its far ends, and the real daemon; and what faults cost."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
import yaml
from broker import Mosquitto
from costs import table
from receivers import HttpReceiver, SmtpReceiver
from running import Daemon

from alarmbro.delivery.plugins import register

register()  # as the command line does before it reads a configuration

CONFIG = Path(__file__).parents[1] / "config"


# Tracebacks in colour with every variable, which structlog prints unless told otherwise, take seconds each.
_PLAIN = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _PLAIN])


@dataclass
class Scene:
    """A broker, receivers, and a daemon on the shipped configuration; start what the story needs."""

    broker: Mosquitto
    http: HttpReceiver
    smtp: SmtpReceiver
    daemon: Daemon

    def heard(self, number: int, timeout: float = 10.0) -> dict[str, str]:
        """Wait for that many HTTP messages in all; give the last text for each recipient."""
        return {each.path.strip("/"): each.json["message"] for each in self.http.wait_for(number, timeout)}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Set the scene: everything of config/hjoerring.yaml but where it points to; the nearest manager reads mail."""
    broker_folder = tmp_path / "broker"
    broker_folder.mkdir()
    broker = Mosquitto(broker_folder)
    http, smtp = HttpReceiver(), SmtpReceiver()
    text = (CONFIG / "hjoerring.yaml").read_text(encoding="utf-8")
    text = text.replace("mqtts://alarmbro@broker.example:8883", f"mqtt://alarmbro@127.0.0.1:{broker.port}")
    text = text.replace("factory: lgpio", "factory: mock")
    daemon = Daemon(tmp_path, text, environ(http.port, smtp.port))
    yield Scene(broker, http, smtp, daemon)
    daemon.end()
    http.stop()
    smtp.stop()
    broker.stop()


def environ(http_port: int, smtp_port: int) -> dict[str, str]:
    """Give every secret that the configuration names: the URLs by recipient, the manager's and technicians' as mail."""
    names = yaml.safe_load((CONFIG / "secrets.example.yaml").read_text(encoding="utf-8"))
    secrets = {}
    for name in names:
        path = re.sub(r"-(sms|ntfy|mail)$", "", name) if name != "redningsringen-sms" else name
        url = f"json://127.0.0.1:{http_port}/{path}"
        if name in ("leder-sms", "teknik-mail", "koordinator-mail"):
            url = f"mailto://127.0.0.1:{smtp_port}?from=alarm@bro.example&to={path}@hjoerring.example"
        secrets[f"ALARMBRO_SECRET_{name.upper().replace('-', '_')}"] = url if name != "mqtt-password" else "hemmelig"
    return secrets


@pytest.fixture
def full() -> bool:
    """Tell whether faults are tried with all numbers (`make faults`), or with small ones among the other tests."""
    return os.environ.get("ALARMBRO_FAULTS") == "full"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what each fault cost, where faults were tried."""
    lines = table()
    if lines:
        terminalreporter.section("what each fault cost")
        for line in lines:
            terminalreporter.line(line)
