"""How the single values of the page are read: tokens, names of machines, proxies. See `readers`. Any thread."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any

from alarmbro.config.values.readers import WrongError, secret, text
from alarmbro.model.secret import Secret

TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{16,200}")  # what a Bearer token may have (RFC 6750)
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?|\[[0-9a-f:.]+\]")


def token(written: Any) -> Secret:
    """Read what a caller must know: long enough that nobody guesses it."""
    found = secret(written)
    if found.reveal() and not TOKEN.fullmatch(found.reveal()):
        raise WrongError("a token has 16 to 200 letters, digits, - _ . ~ + / or =; make one with: openssl rand -hex 16")
    return found


def host(written: Any) -> str:
    """Read a name or an address by which people reach the page, without a port."""
    words = text(written).lower()
    if not HOST.fullmatch(words):
        raise WrongError("this is no name of a machine; write it without https:// and port, as in alarm.example")
    return words


def address(written: Any) -> str:
    """Read the IP address of a reverse proxy."""
    try:
        return str(ip_address(text(written)))
    except ValueError:
        raise WrongError("this is no IP address; write the proxy's, as in 127.0.0.1") from None


def header(written: Any) -> str:
    """Read the name of an HTTP header."""
    words = text(written).lower()
    if not re.fullmatch(r"[a-z0-9-]{1,60}", words):
        raise WrongError("this is no name of a header; write it as in X-Remote-User")
    return words
