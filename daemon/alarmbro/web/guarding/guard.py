"""Stands before every page: who asks, from where, how often, by which name; and what a browser may do with the answer.

Promises: what is refused costs next to nothing, changes nothing, and is logged (not more often than once a second for
each reason, so that a flood fills no disk). No answer leaves without the headers that keep scripts, frames and other
sites out.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alarmbro.web.guarding.limits import Limit
from alarmbro.web.guarding.policy import HEADERS, host_name, is_ours

log = structlog.get_logger(__name__)

BODY_LIMIT = 64 * 1024  # bytes
ASKS = Limit(burst=120, each_s=0.05)  # of one address: a page with all that belongs to it, 20 times a second at most
CHANGES = Limit(burst=30, each_s=1.0)  # posts of one address: more than a test round with a phone needs
LOUD_S = 1.0
MACHINES = "/press/"  # asked by services, which have no page of ours open; the token is theirs alone
HEALTH = "/healthz"  # asked by address, too, by whoever watches
YEAR_S = 31536000


@dataclass(slots=True)
class Guard:
    """Lets by who may ask at all. `hosts` are the names that we answer to; of `proxies` their word is taken."""

    app: ASGIApp
    hosts: frozenset[str]
    proxies: frozenset[str]
    user_header: str
    asks: Limit = field(default_factory=lambda: Limit(ASKS.burst, ASKS.each_s))
    changes: Limit = field(default_factory=lambda: Limit(CHANGES.burst, CHANGES.each_s))
    _said: dict[str, float] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a request."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        self._place(scope, headers)
        refused = self._refusal(scope, headers)
        if refused is not None:
            code, why = refused
            self._tell(why, scope)
            # One who is refused is not kept: a body that it still sends is not read.
            await PlainTextResponse(f"{why}\n", code, {"connection": "close"})(
                scope, receive, _with_headers(send, scope)
            )
            return
        await self.app(scope, receive, _with_headers(send, scope))

    def _place(self, scope: Scope, headers: Headers) -> None:
        """Note where the request really comes from, how, and whom a proxy says that it is of."""
        address = scope["client"][0] if scope.get("client") else ""
        state = scope.setdefault("state", {})
        state["proxied"] = ""
        if address in self.proxies:
            forwarded = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
            address = forwarded if _is_address(forwarded) else address
            if headers.get("x-forwarded-proto", "") in {"http", "https"}:
                scope["scheme"] = headers["x-forwarded-proto"]
            state["proxied"] = _text(headers.get(self.user_header, "")) if self.user_header else ""
        elif self.user_header and self.user_header in headers:
            self._tell("somebody who is no proxy says who they are", scope)
        state["address"] = address

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        now_s, who = time.monotonic(), _neighbourhood(scope["state"]["address"])
        if not self.asks.take(who, now_s):
            return 429, "too many requests"
        host = host_name(headers.get("host", ""))
        if host not in self.hosts and scope["path"] != HEALTH:
            return 421, "this name is not ours"
        if scope["method"] not in {"GET", "HEAD", "POST"}:
            return 405, "this method is not known"
        return self._refusal_to_change(scope, headers, who, now_s) if scope["method"] == "POST" else None

    def _refusal_to_change(self, scope: Scope, headers: Headers, who: str, now_s: float) -> tuple[int, str] | None:
        if not self.changes.take(who, now_s):
            return 429, "too many changes"
        length = headers.get("content-length", "")
        if not length.isdecimal() or int(length) > BODY_LIMIT:
            return 413, "this is too long, or does not say how long it is"
        if scope["path"].startswith(MACHINES) or is_ours(headers, scope["scheme"]):
            return None
        return 403, "this form is not of this page"

    def _tell(self, why: str, scope: Scope) -> None:
        now_s = time.monotonic()
        if now_s - self._said.get(why, -LOUD_S) >= LOUD_S:
            self._said[why] = now_s
            address = scope.get("state", {}).get("address") or (scope["client"] or [""])[0]
            log.warning("refused", why=why, method=scope["method"], path=scope["path"][:100], address=address)


def _with_headers(send: Send, scope: Scope) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _headers(scope).items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def _headers(scope: Scope) -> Mapping[str, str]:
    secure = {"strict-transport-security": f"max-age={YEAR_S}"} if scope["scheme"] == "https" else {}
    return HEADERS | secure


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _neighbourhood(address: str) -> str:
    """Give what is counted as one: an address, or the 64-bit network that one person has of IPv6."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    except ValueError:
        return address


def _text(header: str) -> str:
    """Give a header's text: HTTP has Latin-1, and most proxies send UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8").strip()
    except (UnicodeDecodeError, UnicodeEncodeError):
        return header.strip()
