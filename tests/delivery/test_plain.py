"""A plain request made ready quickly is the one that `requests` makes, header by header."""

from __future__ import annotations

from typing import Any

import pytest
from requests import Request, Session
from requests.exceptions import InvalidHeader, InvalidURL

from alarmbro.delivery.plain import is_plain, prepared

PLAIN: list[dict[str, Any]] = [
    {"data": "{}", "headers": {"Content-Type": "application/json", "User-Agent": "alarmbro"}},
    {"data": "ærø", "headers": {"title": "Overfaldsalarm", "X-Priority": b"5"}},
    {"data": b"\x00\xff", "headers": {"content-length": "7", "Accept": "text/plain"}},
    {"data": "a=1&b=2", "headers": {}},
    {"data": "tekst", "headers": {"Accept-Encoding": None, "x-none": None}},
]
ADDRESSES = [
    "http://vagt.example/",
    "https://vagt.example:8443/a b/æ?x=1&y=å#del",
    "https://bruger:hem%20lig@vagt.example/api",
    "http://[::1]:8080",
    "https://blåbærgrød.example/",
]
SPECIAL: list[dict[str, Any]] = [
    {"data": {"a": "1"}},
    {"json": {"a": 1}},
    {"data": "x", "files": {"f": b"1"}},
    {"data": "x", "auth": ("bruger", "hemmelig")},
    {"data": "x", "params": {"a": "1"}},
    {"data": "x", "cookies": {"a": "1"}},
    {"data": "x", "hooks": {"response": print}},
    {"data": iter([b"x"])},
    {},
]


@pytest.mark.parametrize("url", ADDRESSES)
@pytest.mark.parametrize("given", PLAIN, ids=range(len(PLAIN)))
def test_it_is_what_requests_makes(given: dict[str, Any], url: str) -> None:
    """Should `requests` come to make something else of it, this says so."""
    session = Session()
    session.trust_env = False
    request = Request("post", url, **given)
    assert is_plain(request, session)
    ours, theirs = prepared(request, session), session.prepare_request(request)
    assert (ours.method, ours.url, ours.body) == (theirs.method, theirs.url, theirs.body)
    assert dict(ours.headers.lower_items()) == dict(theirs.headers.lower_items())
    assert ours.hooks == theirs.hooks
    assert list(ours._cookies or []) == []


@pytest.mark.parametrize("given", SPECIAL, ids=range(len(SPECIAL)))
def test_what_is_special_is_left_to_requests(given: dict[str, Any]) -> None:
    """Files, logins, forms: it knows how."""
    assert not is_plain(Request("POST", "http://vagt.example/", **given), Session())


def test_a_session_with_settings_of_its_own_is_left_to_requests() -> None:
    """As one that has kept a cookie, or a login."""
    for name, value in (("auth", ("a", "b")), ("params", {"a": "1"})):
        session = Session()
        setattr(session, name, value)
        assert not is_plain(Request("POST", "http://vagt.example/", data="x"), session)
    session = Session()
    session.cookies.set("a", "1")
    assert not is_plain(Request("POST", "http://vagt.example/", data="x"), session)


def test_a_header_cannot_begin_a_line_of_its_own() -> None:
    """A title stands in a header at some services."""
    with pytest.raises(InvalidHeader):
        prepared(Request("POST", "http://vagt.example/", data="x", headers={"Title": "a\r\nX: b"}), Session())


def test_an_address_that_is_none_is_refused_each_time() -> None:
    """Not only the first."""
    for _ in range(2):
        with pytest.raises(InvalidURL):
            prepared(Request("POST", "http://", data="x"), Session())
