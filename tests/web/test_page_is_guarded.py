"""Whom the page lets do what: scanners, other sites, other names, forged links, wrong roles, wrong tokens."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from urllib.parse import quote

import pytest
from running import until
from web_town import PASSWORD, TOKEN, WebTown

from alarmbro.judgement.addressing.linking import ALPHABET, code_of

pytest_plugins = ["web_browser"]
CHANGES = {"activation", "raised", "acknowledged", "arrived", "closed", "test_started", "test_finished", "on_test"}


ADDRESSES = itertools.count(2)


@pytest.fixture(autouse=True)
def from_elsewhere(shared_town: WebTown) -> None:
    """Ask from an address of one's own: what one test asks too often is not held against the next."""
    shared_town.address = f"127.0.1.{next(ADDRESSES)}"


def entered(town: WebTown, role: str) -> tuple[str, str]:
    """Log in as a program does; give the cookie and the token of a form."""
    _, page, _ = town.ask("GET", "/login")
    token = token_in(page)
    headers = {"origin": town.url}
    form = {"name": role, "password": PASSWORD, "token": token, "next": "/"}
    status, _, got = town.ask("POST", "/login", form, headers)
    assert status == 303, town.log_text()
    cookie = got["set-cookie"].partition(";")[0]
    assert "httponly" in got["set-cookie"].lower()
    assert "samesite=lax" in got["set-cookie"].lower()
    _, page, _ = town.ask("GET", "/who", headers={"cookie": cookie})
    return cookie, token_in(page)


def token_in(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found, page
    return found[1]


def changes(town: WebTown) -> int:
    return sum(record.draft.type.value in CHANGES for record in town.daemon.records())


def raised(town: WebTown) -> str:
    """Have an open alarm; give its name."""
    if not town.daemon.ask("status")["alarms"]:
        town.daemon.ask("press", device="hus/reception")
    return str(town.daemon.ask("status")["alarms"][0]["alarm"])


def refused(town: WebTown, why: str) -> None:
    until(lambda: f'"why": "{why}' in town.log_text(), say=town.log_text)


def test_what_a_scanner_fetches_changes_nothing(shared_town: WebTown) -> None:
    """Every address that any page or message names, fetched by GET and HEAD: with and without a log-in."""
    town = shared_town
    alarm = raised(town)
    cookie, _ = entered(town, "administer")
    before = changes(town)
    seen: set[str] = set()
    waiting = ["/", "/login", town.link(alarm, "serviceteam"), f"/alarms/{alarm}/ack", f"/alarms/{alarm}/close"]
    waiting += ["/test/hus/end", "/press/hus/lommy", f"/press/hus/lommy?token={TOKEN}", "/logout", "/test/on-test"]
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith("/events"):
            continue
        seen.add(path)
        for headers in ({}, {"cookie": cookie}):
            status, body, _ = town.ask("GET", path, headers=headers)
            if status == 429:  # it asks as no person would
                town.address = f"127.0.2.{next(ADDRESSES)}"
                _, body, _ = town.ask("GET", path, headers=headers)
            waiting += [each.replace("&amp;", "&") for each in re.findall(r'(?:href|action)="(/[^"]*)"', body)]
    assert len(seen) > 30
    assert changes(town) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:1"},
        {"referer": "https://elsewhere.example/"},
    ],
)
def test_a_form_of_another_site_is_refused(shared_town: WebTown, headers: Mapping[str, str]) -> None:
    """With the cookie, and even with the token of a form: what was not sent from our own page changes nothing."""
    town = shared_town
    alarm = raised(town)
    cookie, token = entered(town, "answer")
    before = changes(town)
    for path in (f"/alarms/{alarm}/ack", town.link(alarm, "serviceteam")):
        status, _, _ = town.ask("POST", path, {"token": token}, dict(headers) | {"cookie": cookie})
        assert status == 403
    assert changes(town) == before
    refused(town, "this form is not of this page")


def test_a_form_without_its_token_is_refused(shared_town: WebTown) -> None:
    """The right site and the right session are not enough; nor is somebody else's token."""
    town = shared_town
    alarm = raised(town)
    cookie, _ = entered(town, "answer")
    _, other = entered(town, "administer")
    before = changes(town)
    for form in ({}, {"token": "x"}, {"token": other}):
        headers = {"cookie": cookie, "origin": town.url}
        assert town.ask("POST", f"/alarms/{alarm}/ack", form, headers)[0] == 403
    assert changes(town) == before
    refused(town, "token")


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "", "169.254.1.1:80"])
def test_another_name_of_the_machine_is_refused(shared_town: WebTown, host: str) -> None:
    """A name that somebody lets point to us (DNS rebinding) shows nothing and takes nothing."""
    status, body, _ = shared_town.ask("GET", "/login", headers={"host": host})
    assert status in {400, 421}
    assert "token" not in body
    refused(shared_town, "this name is not ours")


def test_links_are_good_for_one_alarm_and_one_person(town: WebTown) -> None:
    """A forged one, one of another key, and one whose alarm is closed change nothing; guessing is held up."""
    alarm = raised(town)
    link, headers = town.link(alarm, "leder"), {"origin": town.url}
    forged = [f"/{code_of(bytes(32), alarm, 'leder')}", link[:-1] + ALPHABET[(ALPHABET.index(link[-1]) + 1) % 57]]
    forged += [town.link("hus-2", "leder"), town.link(alarm, "ingen")]
    for path in forged:
        assert town.ask("POST", path, {"do": "ack"}, headers)[0] == 404
    assert town.daemon.records("acknowledged") == []
    assert town.ask("POST", link, {"do": "ack"}, headers)[0] == 303
    town.daemon.wait_for("acknowledged", 1, recipient="leder")
    town.daemon.cli("close", alarm, "--outcome", "real", "--by", "Vagten")
    assert town.ask("POST", link, {"do": "ack"}, headers)[0] == 404  # replayed
    assert len(town.daemon.records("acknowledged")) == 1
    statuses = [town.ask("GET", f"/{code_of(bytes(32), str(number), 'x')}")[0] for number in range(12)]
    assert statuses[-1] == 429
    refused(town, "link")


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("see", "/alarms/{alarm}/ack"),
        ("see", "/alarms/{alarm}/close"),
        ("see", "/test/hus/start"),
        ("answer", "/test/hus/start"),
        ("answer", "/test/on-test"),
        ("answer", "/test/hus/end"),
    ],
)
def test_a_role_that_is_not_enough_is_refused(shared_town: WebTown, role: str, path: str) -> None:
    """The server says no, whatever the page shows."""
    town = shared_town
    alarm = raised(town)
    cookie, token = entered(town, role)
    before = changes(town)
    form = {"token": token, "outcome": "real", "for": "1h", "device-skranke": "yes", "who": "x", "how": "abort"}
    status, _, _ = town.ask("POST", path.format(alarm=alarm), form, {"cookie": cookie, "origin": town.url})
    assert status == 403
    assert changes(town) == before
    refused(town, "role")


@pytest.mark.parametrize(("role", "path"), [("answer", "/journal"), ("see", "/reports"), ("test", "/journal/export")])
def test_what_others_may_read_is_not_shown(shared_town: WebTown, role: str, path: str) -> None:
    """Names and notes are for who needs them."""
    cookie, _ = entered(shared_town, role)
    assert shared_town.ask("GET", path, headers={"cookie": cookie})[0] == 403


def test_a_session_of_somebody_else_s_making_is_none(shared_town: WebTown) -> None:
    """A changed cookie, an empty one and nonsense lead to the log-in."""
    cookie, _ = entered(shared_town, "see")
    for wrong in (cookie[:-3] + "abc", "alarmbro=", "alarmbro=x.y", "alarmbro=" + "A" * 3000):
        status, _, headers = shared_town.ask("GET", "/", headers={"cookie": wrong})
        assert (status, headers["location"][:6]) == (303, "/login")


def test_logging_out_ends_the_session_for_good(town: WebTown) -> None:
    """Whoever kept the cookie has nothing."""
    cookie, token = entered(town, "see")
    headers = {"cookie": cookie, "origin": town.url}
    assert town.ask("POST", "/logout", {"token": token}, headers)[0] == 303
    assert town.ask("GET", "/", headers={"cookie": cookie})[0] == 303


def test_log_ins_are_held_up(town: WebTown) -> None:
    """After some wrong ones nobody from there gets in for a while, not even with the right password."""
    _, page, _ = town.ask("GET", "/login")
    form, headers = {"name": "see", "token": token_in(page)}, {"origin": town.url}
    statuses = [town.ask("POST", "/login", form | {"password": f"forkert {n}"}, headers)[0] for n in range(7)]
    assert statuses[0] == 403
    assert statuses[-1] == 429
    assert town.ask("POST", "/login", form | {"password": PASSWORD}, headers)[0] == 429
    refused(town, "too many log-ins")


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", ""])
def test_a_log_in_leads_nowhere_else(shared_town: WebTown, wanted: str) -> None:
    """The address to go on to is one of ours."""
    _, page, _ = shared_town.ask("GET", f"/login?next={quote(wanted)}")
    found = re.search(r'name="next" value="([^"]*)"', page)
    assert found
    assert found[1] == "/"


def test_every_answer_keeps_others_out(shared_town: WebTown) -> None:
    """No inline script or style, no frame, no cache, no type that a browser guesses."""
    cookie, _ = entered(shared_town, "administer")
    for path in ("/", "/login", "/nowhere", "/healthz", "/static/live.js", "/reports/2026.html"):
        _, body, headers = shared_town.ask("GET", path, headers={"cookie": cookie})
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "server" not in headers
        assert not re.search(r"<script(?![^>]*src=\"/static/)|\son\w+=|<[^>]+style=", body)


def test_health_says_nothing_more_than_ok(town: WebTown) -> None:
    """Nobody logs in for it; where the daemon is gone it says so."""
    assert town.ask("GET", "/healthz")[:2] == (200, "ok\n")
    town.daemon.stop()
    until(lambda: town.ask("GET", "/healthz")[:2] == (503, "not ok\n"))


def test_a_press_over_http_is_in_the_journal_when_it_is_answered(town: WebTown) -> None:
    """The token is the device's own; the same id twice is one press; what is refused presses nothing."""
    path, bearer = "/press/hus/lommy", {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    assert town.ask("POST", f"{path}?id=1", headers=bearer)[0] == 202
    (record,) = town.daemon.records("activation")
    assert record.draft.data["source"] == "http"
    assert town.ask("POST", f"{path}?id=1", headers=bearer)[0] == 202
    assert len(town.daemon.records("activation")) == 1
    assert town.ask("POST", path, {"token": TOKEN, "id": "2"})[0] == 202
    town.daemon.wait_for("activation", 2)
    for wrong, place in ((f"{TOKEN}x", "lommy"), ("", "lommy"), (TOKEN, "reception"), (TOKEN, "ingen")):
        headers = {"authorization": f"Bearer {wrong}"}
        assert town.ask("POST", f"/press/hus/{place}", headers=headers)[0] == 403
    assert len(town.daemon.records("activation")) == 2
    assert town.ask("GET", f"{path}?token={TOKEN}")[0] in {404, 405}
    assert TOKEN not in town.log_text() + town.daemon.log_text()


def test_presses_over_http_are_counted(town: WebTown) -> None:
    """A service that has gone mad gets 429, and the daemon is left alone."""
    headers = {"authorization": f"Bearer {TOKEN}"}
    statuses = [town.ask("POST", "/press/hus/lommy?id=1", headers=headers)[0] for _ in range(15)]
    assert statuses[0] == 202
    assert statuses[-1] == 429
    wrong = [town.ask("POST", "/press/hus/skranke", headers={"authorization": "Bearer x"})[0] for _ in range(8)]
    assert wrong[-1] == 429
