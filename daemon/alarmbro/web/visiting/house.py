"""What every visit shares: the plan, the daemon, the users, the sessions, the templates. Built once, in `app`."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from alarmbro import __version__
from alarmbro.journal.file.storage import FILE_NAME
from alarmbro.judgement.addressing.linking import code_of, is_code, is_good
from alarmbro.machine import link_key
from alarmbro.web.guarding.limits import Limit
from alarmbro.web.guarding.sessions import Sessions
from alarmbro.web.guarding.users import Users
from alarmbro.web.sources.asking import Asking
from alarmbro.web.sources.plan import Plan

if TYPE_CHECKING:
    from alarmbro.web.visiting.visit import Visit

NAVIGATION = (  # path, words, role
    ("/", "nav.overview", "see"),
    ("/test", "nav.test", "test"),
    ("/who", "nav.who", "see"),
    ("/journal", "nav.journal", "test"),
    ("/reports", "nav.reports", "test"),
)
KEY_AGAIN_S = 5.0  # how often a key that is not there yet is looked for
KEPT = 5000  # alarms whose links are known by heart


def templates() -> Environment:
    """Give the pages' templates: everything is escaped, and a name that is missing is an error."""
    made = Environment(
        loader=PackageLoader("alarmbro.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.globals["version"] = __version__
    return made


@dataclass(slots=True)
class Links:
    """Knows the links to answer by again. The key is the daemon's: until it has made one, no link is known."""

    state: Path
    _key: bytes | None = None
    _looked_s: float = float("-inf")
    _known: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)

    @property
    def key(self) -> bytes | None:
        """Give the key."""
        now_s = time.monotonic()
        if self._key is None and now_s - self._looked_s >= KEY_AGAIN_S:
            self._key, self._looked_s = link_key.read(self.state), now_s
        return self._key

    def meant(
        self, code: str, alarms: Mapping[str, datetime], recipients: tuple[str, ...], now: datetime
    ) -> tuple[str, str] | None:
        """Give the alarm and the recipient of a link; None where it is none of ours, or too old."""
        key = self.key
        if key is None or not is_code(code):
            return None
        if len(self._known) > KEPT:
            self._known.clear()
        for alarm, pressed in alarms.items():
            if not is_good(pressed, now):
                continue
            mark = f"{alarm}\n{recipients}"
            if mark not in self._known:
                self._known[mark] = {code_of(key, alarm, name): (alarm, name) for name in recipients}
            if code in self._known[mark]:
                return self._known[mark][code]
        return None


@dataclass(slots=True)
class House:
    """All that the handlers use."""

    plan: Plan
    asking: Asking
    users: Users
    state: Path
    links: Links
    sessions: Sessions
    templates: Environment = field(default_factory=templates)
    tries: Limit = field(default_factory=lambda: Limit(burst=6, each_s=10.0))  # log-ins of one address or name
    guesses: Limit = field(default_factory=lambda: Limit(burst=10, each_s=30.0))  # links of one address, not ours
    presses: Limit = field(default_factory=lambda: Limit(burst=10, each_s=1.0))  # over HTTP, of one device
    strangers: Limit = field(default_factory=lambda: Limit(burst=5, each_s=20.0))  # wrong tokens of one address

    @property
    def journal(self) -> Path:
        """Give the journal's file."""
        return self.state / FILE_NAME

    def names(self, visit: Visit) -> dict[str, Any]:
        """Give what every template may use."""
        url = visit.request.url
        other = "en" if visit.words.language.value == "da" else "da"
        query = {name: value for name, value in visit.request.query_params.items() if name != "lang"}
        return {
            "t": visit.words,
            "visit": visit,
            "path": url.path,
            "language": visit.words.language.value,
            "other": other,
            "other_url": f"{url.path}?{urlencode({**query, 'lang': other})}",
            "navigation": [(path, key) for path, key, role in NAVIGATION if visit.may(role)],
            "refresh_s": 0,
            "token": lambda: Markup('<input type="hidden" name="token" value="{}">').format(visit.token),
        }


def sessions_of(key: bytes | None) -> Sessions:
    """Give the sessions. Without the daemon's key they end with this process."""
    return Sessions(hashlib.blake2b(b"sessions", key=key or secrets.token_bytes(32), digest_size=32).digest())
