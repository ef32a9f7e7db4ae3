"""Sessions and tokens as signed texts: nothing is kept, so a restart of the page logs nobody out. Pure but for chance.

A session names its user, ends by itself, and ends when the user's password or role changes. Logging out is remembered
until the session would have ended. The key comes from that of the links: whoever has it has the page.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field

LASTS_S = 12 * 3600.0  # a working day
LONGEST = 1000  # letters of a cookie


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has logged in. `mark` is of the user as it was then; times are of the wall clock."""

    id: str
    user: str
    mark: str
    ends: float


@dataclass(slots=True)
class Sessions:
    """Makes sessions and knows them again."""

    key: bytes
    _ended: dict[str, float] = field(default_factory=dict)

    def begin(self, user: str, mark: str, now: float) -> Session:
        """Begin a session."""
        return Session(secrets.token_urlsafe(12), user, mark, now + LASTS_S)

    def end(self, session: Session, now: float) -> None:
        """Make sure that it is not taken again."""
        self._ended = {name: ends for name, ends in self._ended.items() if ends > now}
        self._ended[session.id] = session.ends

    def written(self, session: Session) -> str:
        """Give the cookie's text."""
        body = json.dumps([session.id, session.user, session.mark, session.ends]).encode()
        return f"{_text(body)}.{_text(self._mac('session', body))}"

    def read(self, cookie: str, now: float) -> Session | None:
        """Give the session of a cookie; None for one that is not ours, or is over."""
        body, _, mac = cookie[:LONGEST].partition(".")
        try:
            known = _bytes(body)
            if not hmac.compare_digest(_bytes(mac), self._mac("session", known)):
                return None
            session = Session(*json.loads(known))
        except (ValueError, TypeError):  # not ours
            return None
        return session if session.ends > now and session.id not in self._ended else None

    def token(self, of: str) -> str:
        """Give the token that a form of this session (or other thing) carries."""
        return _text(self._mac("form", of.encode("utf-8", "replace")))

    def is_token(self, token: str, of: str) -> bool:
        """Tell whether a form's token is right."""
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.token(of).encode())

    def _mac(self, what: str, body: bytes) -> bytes:
        return hashlib.blake2b(what.encode() + b"\n" + body, key=self.key, digest_size=24).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
