"""A town with its page: the daemon, everybody's receiver, `alarmbro web` as a process of its own, and its users."""

from __future__ import annotations

import contextlib
import http.client
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

from receivers import HttpReceiver, free_port
from running import Daemon, until

from alarmbro.judgement.addressing.linking import code_of
from alarmbro.machine import link_key
from alarmbro.web.guarding.users import Role, User, hashed, write

PASSWORD = "rolig hest batteri"
TOKEN = "0123456789abcdef-lommy"
FILE = """
gpio: {{factory: mock}}
web: {{listen: "127.0.0.1:{web}", public_url: "http://127.0.0.1:{web}"}}
recipients:
  serviceteam: {{name: Serviceteam, urls: ["json://127.0.0.1:{http}/serviceteam"], acknowledges: true}}
  leder: {{name: Nærmeste leder, urls: ["json://127.0.0.1:{http}/leder"], acknowledges: true}}
  centralen: {{name: Centralen, urls: ["json://127.0.0.1:{http}/centralen"], alarm_centre: true}}
  teknik: {{name: IT-drift, urls: ["json://127.0.0.1:{http}/teknik"]}}
routes:
  raadhus:
    steps:
      - notify: [serviceteam, centralen]
      - {{after: 1h, unless: acknowledged, notify: [leder]}}
    repeat: {{every: 1h, until: acknowledged}}
    instruction: Backoffice går ikke ud i borgerområdet.
faults: {{notify: [teknik]}}
test: {{coordinators: [leder]}}
sites:
  hus:
    name: Huset
    address: Torvet 1
    route: raadhus
    devices:
      reception: {{name: Reception, gpio: 17}}
      skranke: {{name: Skranke 1, gpio: 27}}
      lokale: {{name: Mødelokale, gpio: 5}}
      lommy: {{name: Lommy 1, http: {{token: "{token}"}}}}
"""


class WebTown:
    """The daemon with its page. In `file`, {web}, {http} and {token} stand for ports and the token."""

    def __init__(self, folder: Path, file: str = FILE, more: str = "") -> None:
        self.folder = folder
        self.http = HttpReceiver()
        self.port = free_port()
        self.address = "127.0.0.1"  # from which it is asked
        text = file.format(web=self.port, http=self.http.port, token=TOKEN)
        text = text.replace("web: {", f"web: {{{more}")  # further keys of the page
        self.daemon = Daemon(folder, text)
        self.users = folder / "web-users.json"
        self.log = folder / "web.log"
        self.page: subprocess.Popen[bytes] | None = None
        kept = hashed(PASSWORD)
        write(self.users, {role.value: User(role.value, role, kept) for role in Role})
        self.daemon.state.mkdir(exist_ok=True)
        self.key = link_key.make(self.daemon.state) or b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.daemon.start()
        self.start_page()

    def start_page(self) -> None:
        """Start the page, and wait until it answers."""
        with self.log.open("ab") as log:
            words = [sys.executable, "-m", "alarmbro", *self.daemon.arguments, "web", "--log-format", "json"]
            self.page = subprocess.Popen(words, stdout=log, stderr=log, cwd="/", env=self.daemon.environ)
        until(self.answers, say=self.log_text)

    def answers(self) -> bool:
        assert self.page is not None
        assert self.page.poll() is None, self.log_text()
        with contextlib.suppress(OSError):
            return self.ask("GET", "/healthz")[0] == 200
        return False

    def link(self, alarm: str, recipient: str) -> str:
        """Give the link that a message has."""
        return f"/{code_of(self.key, alarm, recipient)}"

    def ask(
        self, method: str, path: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, Mapping[str, str]]:
        """Ask the page as a program does; give the status, the body and the headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10, source_address=(self.address, 0))
        own = {"content-type": "application/x-www-form-urlencoded"} if form is not None else {}
        body = urlencode(form) if form is not None else "" if method == "POST" else None
        connection.request(method, path, body, own | dict(headers or {}))
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, text, {name.lower(): value for name, value in answer.getheaders()}

    def log_text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def end(self) -> None:
        if self.page is not None and self.page.poll() is None:
            self.page.kill()
            self.page.wait(5)
        self.daemon.end()
        self.http.stop()


@contextlib.contextmanager
def web_town(folder: Path, more: str = "") -> Iterator[WebTown]:
    """Make a town for the length of a story."""
    made = WebTown(folder, more=more)
    try:
        made.start()
        yield made
    finally:
        made.end()
