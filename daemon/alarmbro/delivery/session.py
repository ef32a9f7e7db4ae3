"""One `requests` session a thread, instead of one a message: what a message costs is what makes it late.

`requests.post` makes a session, its adapters and its pool anew for each call, reads the environment for proxies, and
closes the connection: about a third of the processor's time that a message takes. Apprise's plugins for HTTP services
all go through it. Here each thread keeps its session. A connection is used again within `IDLE_S` alone, sooner than
any server hangs up on it: two alarms at once, or the next recipients of the same service, need no second handshake.

Promises: a call leaves nothing for the next but that connection: no cookies, no login. Where the environment names a
proxy it is asked each time, as `requests` does.
Must never: share a session between threads.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace, TracebackType
from typing import Any, Self

import requests
import requests.api
import requests.sessions

from alarmbro.delivery.bounded import BoundedAdapter
from alarmbro.delivery.plain import is_plain, prepared

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
OWN_WAYS = frozenset({"apprise.plugins.matrix.base"})  # makes a session of its own
IDLE_S = 1.0  # servers keep an idle connection for 2 s or more (Node 5, Apache 5, nginx 75)


class Here(threading.local):
    """What belongs to one thread: its session."""

    session: KeptSession | None = None


class KeptSession(requests.sessions.Session):
    """A session that survives its `with` block."""

    def __init__(self) -> None:
        super().__init__()
        for beginning in ("https://", "http://"):
            self.mount(beginning, BoundedAdapter())
        self._ended_s = float("-inf")

    def __enter__(self) -> Self:
        if time.monotonic() - self._ended_s > IDLE_S:
            self.hang_up()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.cookies.clear()
        self._ended_s = time.monotonic()
        if kind is not None:
            self.hang_up()

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """Make a request ready, with no look into `~/.netrc`: that disk may hang, and a login stands in the URL."""
        if is_plain(request, self):
            return prepared(request, self)
        with self._without_environment():
            return super().prepare_request(request)

    def hang_up(self) -> None:
        """Close what connections there are."""
        for adapter in self.adapters.values():
            adapter.close()

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """Give the settings of one call; without a proxy in the environment none is looked for."""
        if any(name in os.environ for name in PROXIES):
            return super().merge_environment_settings(url, proxies, stream, verify, cert)
        if verify is True or verify is None:
            verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or verify
        own = {"stream": stream, "verify": verify, "cert": cert}
        given = {name: getattr(self, name) if value is None else value for name, value in own.items()}
        return {"proxies": proxies or self.proxies, **given}

    @contextmanager
    def _without_environment(self) -> Iterator[None]:
        self.trust_env = False
        try:
            yield
        finally:
            self.trust_env = True


here = Here()


def kept() -> KeptSession:
    """Give this thread's session."""
    if here.session is None:
        here.session = KeptSession()
    return here.session


def is_alone(plugin: object) -> bool:
    """Tell whether all that an Apprise plugin says goes through `requests.post` and the like, and so through here."""
    module = sys.modules[type(plugin).__module__]
    return getattr(module, "requests", None) is requests and module.__name__ not in OWN_WAYS


def install() -> None:
    """Have `requests.get`, `post` and the like use the thread's session. What makes a session itself is left alone."""
    vars(requests.api)["sessions"] = SimpleNamespace(Session=kept)  # what `request` looks up
