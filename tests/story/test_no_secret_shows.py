"""The whole daemon with a canary in each secret and every way out broken: nothing that can be read has one.

Searched: the log at DEBUG, the journal and its exports, `status`, `explain`, `check`, `send`, the test report, the
metrics, the messages about faults, every file that the daemon has made, and its command line.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self
from urllib.request import urlopen

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from arrivals import HOST, free_port
from broker import Mosquitto
from dc09_receiver import nak, scripted
from receivers import HttpReceiver
from running import Daemon, until

CANARY = "kanarie"
LOUD = (sys.executable, str(Path(__file__).parent / "with_a_loud_log.py"), "run", "--log-format", "json")
FILE = """
language: da
mqtt: {{url: "mqtt://alarmbro@127.0.0.1:{broker}", password: !secret broker}}
gpio: {{factory: mock}}
metrics: {{listen: "127.0.0.1:{metrics}"}}
watch_me: {{url: !secret watcher, every: 10s}}
supervise: {{targets: 1s}}
recipients:
  teknik: {{name: Teknik, urls: ["json://127.0.0.1:{well}/teknik"]}}
  nul: {{name: Ingen, urls: [!secret refused, !secret resolved]}}
  fire: {{name: Afvist, urls: [!secret denied, !secret token, !secret gotify]}}
  tls: {{name: Usikker, urls: [!secret tls]}}
  post: {{name: Post, urls: [!secret mail, !secret mail-to]}}
  central: {{name: Central, urls: [!secret centre], fallback: [!secret own-broker], fallback_after: 1s}}
routes:
  alle: {{steps: [{{notify: [nul, fire, tls, post, central]}}]}}
faults: {{notify: [teknik]}}
test: {{coordinators: [teknik]}}
sites:
  vraa:
    name: Vrå
    route: alle
    devices:
      knap: {{name: Knap, gpio: 17}}
      lommy: {{name: Lommy, mqtt: true, http: {{token: !secret http-press}}}}
"""


def canary(name: str) -> str:
    """Give a canary of its own for each secret, so that a failure says which."""
    return f"{CANARY}-{name}"


def secrets(ports: dict[str, int]) -> dict[str, str]:
    """Give every secret, with a canary in each part of it that must not be seen."""
    at = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
    mail = f"{at['smtp']}?from=bro@bro.example&to=vagt@kommune.example"
    return {
        "broker": canary("broker"),
        "watcher": f"http://{at['denied']}/ping/{canary('watcher')}",
        "refused": f"json://{canary('user')}:{canary('word')}@127.0.0.1:{ports['dead']}/{canary('path')}?+X={canary('head')}",
        "resolved": f"json://{canary('host')}.invalid/",
        "denied": f"json://{canary('user')}:{canary('word')}@{at['denied']}/{canary('path')}?-token={canary('query')}",
        "token": f"ntfy://tk_{canary('token')}@{at['denied']}/{canary('topic')}",
        "gotify": f"gotify://{at['denied']}/{canary('gotify')}",
        "tls": f"jsons://user:{canary('word')}@{at['denied']}/{canary('path')}",
        "mail": f"mailto://user:{canary('mail')}@{mail}",
        "mail-to": f"mailto://{canary('login')}:word@{mail}".replace("vagt@", f"{canary('to')}@"),
        "centre": f"sia://1234@{at['centre']}/?key={canary('centre-k')[:16]}",
        "own-broker": f"mqtt://user:{canary('target')}@{at['broker']}/{canary('topic')}",
        "http-press": canary("http-press-16-letters"),
    }


class Refusing:
    """A mail server that knows nobody's password."""

    def __init__(self) -> None:
        self.port = free_port()
        self._server = Controller(
            object(), HOST, self.port, auth_required=True, auth_require_tls=False,
            authenticator=lambda *_: AuthResult(success=False, handled=False),
        )  # fmt: skip

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()


class Ground:
    """A daemon none of whose ways out works, but that of faults."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.well, self.denied = stack.enter_context(HttpReceiver()), stack.enter_context(HttpReceiver())
        self.denied.status(401, f'{{"error": "{canary("echo")}"}}'.encode(), {"Location": f"http://{canary('echo')}/"})
        (folder / "passwords").touch()
        broker = Mosquitto(folder, settings=("allow_anonymous false", f"password_file {folder}/passwords"))
        broker.start()
        stack.callback(broker.kill)
        smtp = stack.enter_context(Refusing())
        centre = stack.enter_context(scripted(lambda _frame: nak()))
        ports = {
            "well": self.well.port, "denied": self.denied.port, "broker": broker.port, "smtp": smtp.port,
            "centre": centre.port, "dead": free_port(), "metrics": free_port(),
        }  # fmt: skip
        self.metrics = ports["metrics"]
        self.secrets = secrets(ports)
        self.daemon = Daemon(folder, FILE.format(**ports), self._handed_over(folder))
        stack.callback(self.daemon.end)

    def _handed_over(self, folder: Path) -> dict[str, str]:
        """Give a third of the secrets each way that there is."""
        names = list(self.secrets)
        (folder / "credentials").mkdir()
        for name in names[0::3]:
            (folder / "credentials" / name).write_text(self.secrets[name], encoding="utf-8")
        lines = [f"{name}: '{self.secrets[name]}'\n" for name in names[1::3]]
        (folder / "secrets.yaml").write_text("".join(lines), encoding="utf-8")
        (folder / "secrets.yaml").chmod(0o600)
        given = {f"ALARMBRO_SECRET_{name.upper().replace('-', '_')}": self.secrets[name] for name in names[2::3]}
        return {"CREDENTIALS_DIRECTORY": str(folder / "credentials"), **given}

    def failed(self) -> dict[tuple[str, int], str]:
        """Give the targets at which a try has failed, with the reason."""
        attempts = [record.draft for record in self.daemon.records("attempt")]
        failed = [each for each in attempts if each.data["outcome"] != "ok"]
        return {(each.recipient, each.data["target"]): each.data["reason"] for each in failed}


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    with ExitStack() as stack:
        yield Ground(folder, stack)


REASONS = {
    ("nul", 1): "refused", ("nul", 2): "dns", ("fire", 1): "http_401", ("fire", 2): "http_401", ("fire", 3): "http_401",
    ("tls", 1): "tls", ("post", 1): "smtp_535", ("post", 2): "smtp_535", ("central", 1): "nak",
    ("central", 2): "rejected",
}  # fmt: skip
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("status",), ("status", "--json"), ("explain", "vraa/knap"), ("explain", "vraa/knap", "--json"), ("check",),
    ("check", "--json"), ("journal", "list"), ("journal", "list", "--json"), ("journal", "export"),
    ("journal", "verify"),
    ("test", "report", "--format", "html"), ("test", "report", "--format", "json"), ("test", "status"), ("schema",),
    ("reload",), ("doctor", "--json"), ("doctor",),
    *(("send", name, "--json") for name in ("nul", "fire", "tls", "post")),
)  # fmt: skip


def told(shown: dict[str, str]) -> dict[str, list[str]]:
    """Give the lines that hold a canary, by where they stand."""
    found = {place: [line for line in text.splitlines() if CANARY in line] for place, text in shown.items()}
    return {place: lines for place, lines in found.items() if lines}


def files_of(daemon: Daemon) -> dict[str, str]:
    """Give what stands in every file that the daemon has made, as letters."""
    files = [path for folder in (daemon.state, daemon.run_dir) for path in folder.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes().decode("latin-1") for path in files}


@pytest.mark.timeout(180)
@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the mail server's: there is no TLS on loopback
def test_no_secret_is_anywhere_that_can_be_read(tmp_path: Path) -> None:
    """Every way out fails in its own way, and everything that alarmbro says about it is searched."""
    with ground(tmp_path) as place:
        daemon = place.daemon
        daemon.start(command=LOUD)
        daemon.ask("press", device="vraa/knap", by="Vagten")
        until(lambda: place.failed().keys() >= REASONS.keys(), 60, say=lambda: f"{place.failed()} {daemon.log_text()}")
        assert place.failed() == REASONS
        assert all(canary(name) in repr(place.denied.received()) for name in ("token", "path", "query", "watcher"))
        until(lambda: daemon.records("fault"), 60, say=daemon.log_text)
        shown = {" ".join(words): said(daemon.cli(*words, check=False)) for words in COMMANDS}
        shown["metrics"] = numbers(place.metrics)
        shown["messages"] = "\n".join(each.text for each in until(place.well.received, 60, say=daemon.log_text))
        assert daemon.process is not None
        shown["command line"] = Path(f"/proc/{daemon.process.pid}/cmdline").read_text(encoding="utf-8")
        daemon.config.write_text(daemon.config.read_text(encoding="utf-8") + "recipients: {}\n", encoding="utf-8")
        shown["check of a broken file"] = said(daemon.cli("check", check=False))
        shown["reload of a broken file"] = said(daemon.cli("reload", check=False))
        daemon.stop(signal.SIGTERM, 15)
        shown["log"] = daemon.log_text()
        assert '"level": "debug"' in shown["log"]
        assert told(shown | files_of(daemon)) == {}


def said(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout + done.stderr


def numbers(port: int) -> str:
    """Read the metrics as Prometheus does."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text: str = answer.read().decode()
        return text
