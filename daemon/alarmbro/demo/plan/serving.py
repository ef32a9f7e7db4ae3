"""Serves the plan on loopback while the demonstration lasts.

Promises: nobody but a browser on this machine, on a page of ours, changes anything: the host's name and a form's origin
are checked, and a page from elsewhere may not show ours. GET changes nothing.
Threads: one that accepts, one for each connection; at most `PLACES` of them are told of changes.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from types import MappingProxyType
from typing import Self
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from alarmbro.demo.plan.doing import Doing, NoSuchThingError
from alarmbro.demo.plan.drawing import Drawing, Seen, receivers_of
from alarmbro.demo.plan.scene import Scene
from alarmbro.journal import Reader
from alarmbro.journal.file.storage import FILE_NAME
from alarmbro.model.errors import JournalError
from alarmbro.model.record import Draft
from alarmbro.report.gathering import gather
from alarmbro.report.page import STYLE
from alarmbro.report.page import page as report_page
from alarmbro.report.words import ReportWords
from alarmbro.web.guarding.policy import HEADERS, LOOPBACK, host_name, is_ours, with_style
from alarmbro.web.sources.record import last_round

HOST = "127.0.0.1"
PLACES = 16  # browsers that are told of changes; others look every few seconds
LOOK_S = 0.3
BREATH_S = 10.0
PATIENCE_S = 20.0  # for a browser that stalls
LONGEST_FORM = 4096  # bytes
LATELY = timedelta(hours=12)
PART = re.compile(r"[\w-]{1,60}", re.ASCII)
FILES = {
    "/static/style.css": ("alarmbro.web", "static/style.css", "text/css"),
    "/static/live.js": ("alarmbro.web", "static/live.js", "text/javascript"),
    "/static/icon.svg": ("alarmbro.web", "static/icon.svg", "image/svg+xml"),
    "/static/plan.css": ("alarmbro.demo.plan", "plan.css", "text/css"),
}


@dataclass(frozen=True, slots=True)
class House:
    """What the page is made of."""

    scene: Scene
    drawing: Drawing
    doing: Doing
    ending: threading.Event
    places: threading.Semaphore

    def page(self, asked: Mapping[str, str]) -> str:
        """Give the page as things are; `asked` is what stands after the address's question mark."""
        names = receivers_of(self.drawing.configuration, self.drawing.words)
        received = [(name, self.scene.messages(path)) for path, name in names]
        return self.drawing.page(Seen(self.scene.status(), received, self.scene.said, self._last(), _again(asked)))

    def _last(self) -> Draft | None:
        """Give the end of the latest test round."""
        try:
            return last_round(self.scene.state / FILE_NAME, datetime.now(UTC) - LATELY)
        except JournalError:  # the terminal says so
            return None

    def report(self) -> str:
        """Give the report of this year's tests. Raise JournalError where the journal cannot be read."""
        configuration, made = self.drawing.configuration, datetime.now(UTC)
        year = made.astimezone(ZoneInfo(configuration.timezone)).year
        with Reader(self.scene.state / FILE_NAME) as reader:
            found = gather(reader.records(), configuration, year, configuration.serve, made)
        return report_page(found, ReportWords(configuration.language, configuration.timezone))


def _again(asked: Mapping[str, str]) -> str:
    """Give the address by which a browser without scripts asks again.

    Another one each time, at the same part: the same with a `#` in it, it would take for a jump within the page.
    """
    part, again = asked.get("part", ""), "" if asked.get("again") else "&again=1"
    part = part if PART.fullmatch(part) else "main"
    return f"/?part={part}{again}#{part}"


class Serving:
    """Listens on a free port while the context lasts."""

    def __init__(self, scene: Scene, drawing: Drawing, doing: Doing) -> None:
        self._house = House(scene, drawing, doing, threading.Event(), threading.Semaphore(PLACES))
        self._server = ThreadingHTTPServer((HOST, 0), type("Handler", (_Handler,), {"house": self._house}))
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.2,), name="plan", daemon=True)

    @property
    def url(self) -> str:
        """Give the page's address."""
        return f"http://{HOST}:{self.port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._house.ending.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    house: House
    protocol_version = "HTTP/1.0"  # a connection for each request: the end of an answer is its end
    timeout = PATIENCE_S

    def do_GET(self) -> None:
        """Show; changes nothing."""
        path = self.path.partition("?")[0]
        ways: dict[str, Callable[[], None]] = {"/": self._page, "/events": self._events, "/report": self._report}
        if host_name(self.headers.get("host", "")) not in LOOPBACK:
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, "this name is not ours\n")
        elif path in FILES:
            package, name, kind = FILES[path]
            self._answer(HTTPStatus.OK, (resources.files(package) / name).read_text(encoding="utf-8"), kind)
        elif path in ways:
            ways[path]()
        else:
            self._answer(HTTPStatus.NOT_FOUND, "there is no such page\n")

    def do_POST(self) -> None:
        """Do what a form of the page asks for, and show the page."""
        length = self.headers.get("content-length", "")
        if host_name(self.headers.get("host", "")) not in LOOPBACK:
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, "this name is not ours\n")
        elif not is_ours(self.headers, "http"):
            self._answer(HTTPStatus.FORBIDDEN, "this form is not of this page\n")
        elif not length.isdecimal() or int(length) > LONGEST_FORM:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "this is too long, or does not say how long it is\n")
        else:
            self._do(dict(parse_qsl(self.rfile.read(int(length)).decode("utf-8", "replace"))))

    def _do(self, form: dict[str, str]) -> None:
        try:
            done = self.house.doing(self.path.strip("/"), form)
        except NoSuchThingError:
            self._answer(HTTPStatus.BAD_REQUEST, "there is no such thing\n")
            return
        self.house.scene.say(done.said)
        self._answer(HTTPStatus.SEE_OTHER, "", besides={"location": f"/?part={done.part}#{done.part}"})

    def _page(self) -> None:
        self._answer(HTTPStatus.OK, self.house.page(dict(parse_qsl(self.path.partition("?")[2]))), "text/html")

    def _report(self) -> None:
        try:
            self._answer(
                HTTPStatus.OK, self.house.report(), "text/html", {"content-security-policy": with_style(STYLE)}
            )
        except JournalError as error:
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, f"{error}\n")

    def _events(self) -> None:
        """Tell a browser of each change, until it goes or the demonstration ends."""
        if not self.house.places.acquire(blocking=False):
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, "too many\n")
            return
        try:
            self._head(HTTPStatus.OK, "text/event-stream")
            self._tell("retry: 2000\n\n")
            self._tell_changes()
        except OSError:  # it has gone, which is how this ends
            self.close_connection = True
        finally:
            self.house.places.release()

    def _tell_changes(self) -> None:
        last, spoken_s = "", time.monotonic()
        while not self.house.ending.wait(LOOK_S):
            version = self.house.scene.version()
            if version != last or time.monotonic() - spoken_s >= BREATH_S:
                last, spoken_s = version, time.monotonic()
                self._tell(f"data: {version}\n\n")

    def _tell(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()

    def _answer(
        self, status: HTTPStatus, text: str, kind: str = "text/plain", besides: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._head(status, kind, besides)
        self.wfile.write(text.encode())

    def _head(self, status: HTTPStatus, kind: str, besides: Mapping[str, str] = MappingProxyType({})) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, "content-type": f"{kind}; charset=utf-8", **besides}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Keep quiet: the terminal is for what happens."""
