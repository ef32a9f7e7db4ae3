"""Signs of life for a watcher outside (a dead man's switch): where they go, if one was taken, when the next is due.

Pure; time is an argument. A watcher alarms when signs stop coming, so one must only be sent while all is well.

Sources: the pinging API of Healthchecks (GET the check's URL; for a UUID that it does not know it answers 200 with
`OK (not found)`, and `OK (rate limited)`); the push monitor of Uptime Kuma (`/api/push/TOKEN?status=up&msg=OK&ping=`;
404 and `{"ok": false}` for a token that it does not know).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from alarmbro.model.activation import Trouble
from alarmbro.model.configuration import WatcherKind

KIND = "watch_me"
TROUBLE_S = 180.0
AGAIN_S, AGAIN_LONGEST_S = 5.0, 60.0
UNWELL_S = 1.0  # how soon it is asked again whether all is well: at the start, a turn is completed within a second
OK_FROM, OK_BELOW = 200, 300


def kind_of(url: str) -> WatcherKind:
    """Guess by its address who watches."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if "/api/push/" in parts.path:
        return WatcherKind.UPTIME_KUMA
    if host in {"hc-ping.com", "hchk.io"} or host.endswith(".healthchecks.io") or parts.path.startswith("/ping/"):
        return WatcherKind.HEALTHCHECKS
    return WatcherKind.PLAIN


def address_of(kind: WatcherKind, url: str) -> str:
    """Give the address of a sign of life, as the watcher wants it."""
    if kind is not WatcherKind.UPTIME_KUMA:
        return url
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True)) | {"status": "up", "msg": "OK"}
    return urlunsplit(parts._replace(query=urlencode(asked)))


def refusal_of(kind: WatcherKind, status: int, body: bytes) -> str:
    """Tell why a sign was not taken; empty where it was. Never repeats what the watcher says."""
    if not OK_FROM <= status < OK_BELOW:
        return f"HTTP {status}"
    if kind is WatcherKind.HEALTHCHECKS and b"not found" in body:
        return "it does not know this check"
    if kind is WatcherKind.UPTIME_KUMA and _says(body) is False:
        return "it does not know this monitor"
    return ""


def _says(body: bytes) -> bool | None:
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):  # not an answer of Uptime Kuma's; its status has said enough
        return None
    return said.get("ok") if isinstance(said, dict) else None


@dataclass(slots=True)
class Signs:
    """When the next sign is due, and from when on it is a fault that none gets through. Seconds are monotonic."""

    host: str
    every_s: float
    next_s: float
    _failing_s: float | None = None
    _failures: int = 0
    _told: bool | None = None

    def due_in_s(self, now_s: float) -> float:
        """Give the seconds until the next sign."""
        return max(0.0, self.next_s - now_s)

    def withheld(self, now_s: float) -> None:
        """Note that all is not well: nothing was sent. It is asked again soon."""
        self.next_s = now_s + min(UNWELL_S, self.every_s)

    def sent(self, refusal: str, now_s: float) -> Trouble | None:
        """Note how a sign went; give the trouble that begins or ends with it."""
        if not refusal:
            self._failing_s, self._failures = None, 0
            self.next_s = now_s + self.every_s
            return self._tell(well=True)
        self._failures += 1
        if self._failing_s is None:
            self._failing_s = now_s
        again_s = AGAIN_S * 2.0 ** min(self._failures - 1, 10)
        self.next_s = now_s + min(again_s, max(AGAIN_LONGEST_S, self.every_s))
        return self._tell(refusal) if now_s - self._failing_s >= TROUBLE_S else None

    def _tell(self, detail: str = "", *, well: bool = False) -> Trouble | None:
        if self._told is well:
            return None
        self._told = well
        return Trouble(KIND, self.host, well=well, detail=detail)
