"""Tries services over HTTP: by a check that they document, or by a connection to their host.

No check changes anything, and none is by a POST to where messages are posted.
"""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from alarmbro.delivery.probing.line import Answer, Asking, Limit, Place, ask, opened, place_of
from alarmbro.model.delivery import Outcome, Result

OK, UNAUTHORISED, BROKEN = 200, 401, 500
REDIRECTS = range(300, 400)
NTFY_CLOUD = "https://ntfy.sh"
PUSHOVER = "https://api.pushover.net/1/users/validate.json"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FOREIGN = Result(Outcome.FAILED, "rejected", "HTTP 200, but not as this service answers: is it a proxy, or another?")


def ntfy(plugin: Any, limit: Limit) -> Result | None:
    """Ask an ntfy server after its health, and where we log in whether it knows us (`GET /TOPIC/auth`).

    A wrong password or token is 401; 403 is fine, as who may write need not read.
    """
    base = NTFY_CLOUD if plugin.mode == "cloud" else base_of(plugin)
    wrong = _healthy(ask(Asking(f"{base}/v1/health"), limit, verify=plugin.verify_certificate), plugin, "healthy")
    login = _ntfy_login(plugin)
    if wrong is not None or not login:
        return wrong
    topic = quote(plugin.topics[0], safe="") if plugin.topics else "alarmbro"
    asking = Asking(f"{base}/{topic}/auth", headers=login)
    status = ask(asking, limit, verify=plugin.verify_certificate).status
    return _failed(status) if status == UNAUTHORISED or status >= BROKEN else None


def gotify(plugin: Any, limit: Limit) -> Result | None:
    """Ask a Gotify server after its health (`GET /health`). Says nothing of the token, which can only send."""
    asking = Asking(f"{base_of(plugin)}{plugin.fullpath or '/'}health")
    return _healthy(ask(asking, limit, verify=plugin.verify_certificate), plugin, "health")


# Services that document a question which tells nobody anything, and proves the credentials: 200 is yes.
CHECKS: Mapping[str, Callable[[Any], Asking | None]] = {
    "tgram": lambda plugin: Asking(f"https://api.telegram.org/bot{plugin.bot_token}/getMe"),
    "pover": lambda plugin: Asking(
        PUSHOVER, "POST", FORM, urlencode({"token": plugin.token, "user": plugin.user_key})
    ),
    "46elks": lambda plugin: Asking("https://api.46elks.com/a1/me", headers=basic(plugin.user, plugin.password)),
    # A key of Twilio's may not look at the account, though it may send.
    "twilio": lambda plugin: None if plugin.apikey else Asking(
        f"https://api.twilio.com/2010-04-01/Accounts/{quote(plugin.account_sid, safe='')}.json",
        headers=basic(plugin.account_sid, plugin.auth_token),
    ),
}  # fmt: skip


def check(scheme: str, plugin: Any, limit: Limit) -> Result | None:
    """Ask what the service documents, or else connect to its host. None: well."""
    asking = CHECKS[scheme](plugin)
    if asking is None:
        return is_there(plugin, limit)
    status = ask(asking, limit, verify=plugin.verify_certificate).status
    return None if status == OK else _failed(status)


def is_there(plugin: Any, limit: Limit) -> Result | None:
    """Connect to a service's host, and check its certificate. Raise OSError; None where there is no telling which.

    Proves that the way there is open, and nothing of a password.
    """
    place = address_of(plugin)
    if place is None:
        return None
    with opened(place, limit):
        return Result(Outcome.OK, "ok")


def address_of(plugin: Any) -> Place | None:
    """Give where a plugin sends to: its service's own host, or that of the URL; None where that is not certain."""
    verify = plugin.verify_certificate
    fixed = getattr(plugin, "notify_url", None)
    if isinstance(fixed, str) and fixed.startswith("http"):
        return place_of(fixed, verify=verify)
    # A host that is a mail domain or a token, at other services, goes without a port in all templates.
    if any("{host}:{port}" in template for template in plugin.templates):
        return _own_host(plugin) if all("{host}" in template for template in plugin.templates) else None
    kind = type(plugin)
    urls = [getattr(kind, name) for name in dir(kind) if name.startswith("notify_") and name.endswith("_url")]
    places = {place_of(url, verify=verify) for url in urls if isinstance(url, str)}
    return places.pop() if len(places) == 1 else None


def base_of(plugin: Any) -> str:
    """Give the beginning of a URL to a host of the technicians' own."""
    port = f":{plugin.port}" if plugin.port else ""
    return f"http{'s' if plugin.secure else ''}://{plugin.host}{port}"


def basic(user: str, password: str) -> dict[str, str]:
    """Give the header of a basic log-in."""
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode('ascii')}"}


def _ntfy_login(plugin: Any) -> dict[str, str]:
    """Give what Apprise logs in with: nothing at ntfy.sh itself."""
    if plugin.mode == "cloud":
        return {}
    if plugin.auth == "token":
        return {"Authorization": f"Bearer {plugin.token}"} if plugin.token else {}
    return basic(plugin.user, plugin.password or "") if plugin.user else {}


def _own_host(plugin: Any) -> Place | None:
    odd = any(
        name.endswith("_port") for name in dir(type(plugin))
    )  # a port of its own, which only it knows when to take
    if not plugin.host or (odd and not plugin.port):
        return None
    return Place(plugin.host, plugin.port or (443 if plugin.secure else 80), plugin.secure, plugin.verify_certificate)


def _healthy(answer: Answer, plugin: Any, word: str) -> Result | None:
    """Judge an answer that says in JSON, under `word`, how the server is."""
    if answer.status in REDIRECTS and plugin.redirects:
        return None  # sending will go there, too; where that is, is not our business to find out
    if answer.status != OK:
        return _failed(answer.status)
    try:
        said = json.loads(answer.body)
    except ValueError:
        return FOREIGN
    if not isinstance(said, dict) or word not in said:
        return FOREIGN
    return None if said[word] else Result(Outcome.FAILED, "rejected", "the server says that it is not well")


def _failed(status: int) -> Result:
    phrase = http.client.responses.get(status, "")
    return Result(Outcome.FAILED, f"http_{status}", f"HTTP {status} {phrase}".strip())
