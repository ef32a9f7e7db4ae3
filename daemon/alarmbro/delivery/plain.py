"""Requests that ask for nothing special, made ready by `requests`' own parts, without what they do not need.

Theory: of the processor's time that a message takes, a fifth goes into merging settings that are empty and into reading
an address again that was read for the message before. Apprise's plugins post a text or bytes, with headers.

Promises: what is made is what `requests` would have made, header by header (and headers are checked as it does: no
value begins a line of its own). Whatever is not plain is left to `requests`.
Any thread.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from requests import PreparedRequest, Request, Session
from requests.structures import CaseInsensitiveDict

ADDRESSES = 256  # that are kept read: those of a municipality's targets


def is_plain(request: Request, session: Session) -> bool:
    """Tell whether a request is of the kind that `prepared` makes ready."""
    special = (
        request.files, request.json, request.cookies, request.auth, request.params,
        session.auth, session.params, len(session.cookies), any(request.hooks.values()),
    )  # fmt: skip
    return not any(special) and isinstance(request.data, str | bytes) and type(request.headers) is dict


def prepared(request: Request, session: Session) -> PreparedRequest:
    """Make a plain request ready. Raises what `requests` raises of an address or a header."""
    headers: CaseInsensitiveDict[Any] = CaseInsensitiveDict(session.headers)
    headers.update(request.headers)
    ready = PreparedRequest()
    ready.prepare_method(request.method)
    ready.url = url = _address(request.url)
    ready.prepare_headers({name: value for name, value in headers.items() if value is not None})
    ready.prepare_cookies({})
    ready.prepare_body(request.data, None)
    ready.prepare_auth(None, url)
    ready.prepare_hooks(request.hooks)
    return ready


@lru_cache(ADDRESSES)
def _address(url: str) -> str:
    """Give an address as it is asked for: quoted, its host in ASCII."""
    read = PreparedRequest()
    read.prepare_url(url, None)
    return read.url or url
