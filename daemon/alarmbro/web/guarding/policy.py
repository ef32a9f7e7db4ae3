"""What a browser may do with our pages, and whose forms are taken. Pure; used by every page that alarmbro serves.

Promises: no script, style or frame of another site; no form that another site has sent.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Protocol
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # without one, browsers would send no Origin with a form
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "no-store",
}


class Headers(Protocol):
    """A request's headers, by whatever server; names in any case."""

    def get(self, name: str, default: str, /) -> str:
        """Give a header, or `default` where there is none."""
        ...


def with_style(style: str) -> str:
    """Give the policy of a page that has this style, and no other, in itself: a report that is one file."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return POLICY.replace("style-src 'self'", f"style-src 'sha256-{digest}'")


def is_ours(headers: Headers, scheme: str) -> bool:
    """Tell whether a form was sent from a page of ours, as every browser says since 2020."""
    site = headers.get("sec-fetch-site", "")
    if site not in {"", "same-origin"}:
        return False
    origin = urlsplit(headers.get("origin", ""))
    if not origin.scheme:
        return site == "same-origin"
    return (origin.scheme, origin.netloc) == (scheme, headers.get("host", ""))


def host_name(host: str) -> str:
    """Give the name of a Host header, without the port."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower().rstrip(".")
