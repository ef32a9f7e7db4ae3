"""Targets are tried without disturbing anybody; a password that was changed shows."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import pytest
from arrivals import HOST, free_port
from dc09_receiver import scripted
from receivers import HttpReceiver

from alarmbro.delivery.plugins import register
from alarmbro.delivery.probing import line, poll_s, probe, web
from alarmbro.delivery.probing.line import Answer, Asking, Limit, Place
from alarmbro.model.delivery import Outcome, Result
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret

register()

HEALTHY = b'{"healthy": true, "health": "green"}'
NOT_TRIED = Result(Outcome.OK, "not_tried")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine goes through."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def tried(url: str) -> Result:
    """Try a target of this URL."""
    return probe(Target("x", 1, url.partition(":")[0], Secret(url)), {"device.zone": "1"})


def answering(server: HttpReceiver, answers: Mapping[str, tuple[int, bytes]]) -> None:
    """Have a server answer by path; 404 elsewhere."""
    server._become(lambda handler, _over: handler.answer(*answers.get(handler.path, (404, b"")), {}))


def asked(server: HttpReceiver) -> list[tuple[str, str]]:
    """Give what it was asked."""
    return [(each.method, each.path) for each in server.received()]


@pytest.mark.parametrize(
    ("status", "reason"), [(200, "ok"), (403, "ok"), (404, "ok"), (401, "http_401"), (502, "http_502")]
)
@pytest.mark.parametrize(
    ("login", "more", "header"),
    [("tk_token@", "?auth=token", "Bearer tk_token"), ("alarm:kode@", "", "Basic YWxhcm06a29kZQ==")],
)
def test_ntfy_proves_the_login(status: int, reason: str, login: str, more: str, header: str) -> None:
    """By reading, never by writing; whoever may only write is let in."""
    with HttpReceiver() as server:
        answering(server, {"/v1/health": (200, HEALTHY), "/alarm/auth": (status, b"{}")})
        assert tried(f"ntfy://{login}{HOST}:{server.port}/alarm{more}").reason == reason
        assert asked(server) == [("GET", "/v1/health"), ("GET", "/alarm/auth")]
        assert server.received()[1].headers["authorization"] == header


def test_ntfy_without_a_login_is_asked_after_its_health_alone() -> None:
    """As Apprise logs in nowhere either."""
    with HttpReceiver() as server:
        answering(server, {"/v1/health": (200, HEALTHY)})
        assert tried(f"ntfy://{HOST}:{server.port}/alarm").outcome is Outcome.OK
        assert asked(server) == [("GET", "/v1/health")]
        answering(server, {"/v1/health": (200, b'{"healthy": false}')})
        assert tried(f"ntfy://{HOST}:{server.port}/alarm").reason == "rejected"
        answering(server, {"/v1/health": (200, b"<html>Velkommen</html>")})
        assert tried(f"ntfy://{HOST}:{server.port}/alarm").reason == "rejected"


def test_gotify_is_asked_after_its_health() -> None:
    """Which says nothing of the token; also where it is not at the root of its host."""
    with HttpReceiver() as server:
        answering(server, {"/health": (200, HEALTHY), "/varsel/health": (500, b"{}")})
        assert tried(f"gotify://{HOST}:{server.port}/token").outcome is Outcome.OK
        assert tried(f"gotify://{HOST}:{server.port}/varsel/token").reason == "http_500"
        assert asked(server) == [("GET", "/health"), ("GET", "/varsel/health")]
        server.status(302, b"", {"Location": "https://elsewhere.example/"})
        assert tried(f"gotify://{HOST}:{server.port}/token").reason == "http_302"
        assert tried(f"gotify://{HOST}:{server.port}/token?redirect=yes").outcome is Outcome.OK


def test_a_service_of_the_technicians_own_is_connected_to_and_gets_nothing() -> None:
    """A gateway would take a POST for a message."""
    with HttpReceiver() as server:
        for url in (f"json://{HOST}:{server.port}/sms", f"smseagle://token@{HOST}:{server.port}/4512345678"):
            assert tried(url) == Result(Outcome.OK, "ok")
        assert server.received() == []
        port = server.port
    assert tried(f"json://{HOST}:{port}/sms").reason == "refused"


def test_a_certificate_that_does_not_hold_is_told() -> None:
    """A host that speaks no TLS at all."""
    with HttpReceiver() as server:
        result = tried(f"jsons://{HOST}:{server.port}/sms")
        assert (result.outcome, result.reason) == (Outcome.FAILED, "tls")


@pytest.mark.parametrize(
    ("url", "method", "path", "header"),
    [
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", "GET", "/bot123456789:abcdefg_hijklmnop/getMe", None),
        (f"pover://{'u' * 30}@{'a' * 30}", "POST", "/1/users/validate.json", None),
        ("46elks://user:kode@4512345678", "GET", "/a1/me", "Basic dXNlcjprb2Rl"),
        (
            f"twilio://AC{'1' * 32}:{'2' * 32}@+15551234567/4587654321",
            "GET", f"/2010-04-01/Accounts/AC{'1' * 32}.json", "Basic",
        ),
    ],
)  # fmt: skip
def test_a_check_that_the_service_documents_proves_the_token(
    url: str, method: str, path: str, header: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the way there is another here: a server on loopback."""
    with HttpReceiver() as server:

        def here(url: str, *, verify: bool) -> Place | None:
            assert url.startswith("https://")
            assert verify
            return Place(HOST, server.port, secure=False)

        monkeypatch.setattr(line, "place_of", here)
        assert tried(url).outcome is Outcome.OK
        assert asked(server) == [(method, path)]
        assert server.received()[0].headers.get("authorization", "").startswith(header or "")
        server.status(401)
        assert tried(url).reason == "http_401"


def test_pushover_is_asked_whether_it_knows_the_token_and_the_user() -> None:
    """In a form, as its documentation has it."""
    with HttpReceiver() as server:
        asking = Asking(f"http://{HOST}:{server.port}/1/users/validate.json", "POST", web.FORM, "token=a&user=u")
        with Limit() as limit:
            assert line.ask(asking, limit, verify=True) == Answer(200, b"{}")
        (got,) = server.received()
        assert (got.text, got.headers["content-type"]) == ("token=a&user=u", "application/x-www-form-urlencoded")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("bulksms://user:kode@4512345678", "api.bulksms.com"),
        ("json://h.example", "h.example"),
        ("hassio://h.example/token", "h.example"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", None),
        ("mailgun://user@mail.example/" + "a" * 32 + "-" + "b" * 8 + "-" + "c" * 8, None),
        (f"twilio://AC{'1' * 32}:{'2' * 32}@+15551234567/4587654321?apikey=key", "api.twilio.com"),
        ("pushdeer://token", None),
        ("workflows://h.example:443/workflow/signature", "h.example"),
    ],
)
def test_where_a_service_is_comes_from_its_plugin(url: str, host: str | None) -> None:
    """Its own host, that of the URL, or none where that is not certain: no fault where there is none."""
    from apprise import Apprise  # noqa: PLC0415 - slow, and here alone

    found = web.address_of(Apprise.instantiate(url))
    assert (found.host if found else None) == host


def test_an_alarm_centre_is_asked_by_a_null_message() -> None:
    """As often as its address says."""
    with scripted() as centre:
        url = f"sia://1234@{HOST}:{centre.port}/?zone={{device.zone}}&poll=90s"
        assert tried(url).outcome is Outcome.OK
        assert b'"NULL"' in centre.frames[0]
        assert poll_s(Target("x", 1, "sia", Secret(url)), {"device.zone": "1"}) == 90.0


@pytest.mark.parametrize("url", ["syslog://", "json://h.example", "gotify://h.example/token"])
def test_what_cannot_be_tried_is_not_called_well_for_another_reason(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A local log; and what is behind a proxy, where a connection proves nothing."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    assert tried(url) == NOT_TRIED


@pytest.mark.parametrize("url", ["nosuch://x", "json://{nosuch}", "sia://x", ""])
def test_an_address_that_makes_no_channel_raises_nothing(url: str) -> None:
    """It is told where the channels are made."""
    assert tried(url).reason == "unusable"
    assert poll_s(Target("x", 1, "sia", Secret(url)), {}) is None


@pytest.mark.parametrize("behave", ["hang", "drip"])
def test_a_far_end_that_never_ends_does_not_hold_a_try(behave: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One byte a second keeps every single read within its limit."""
    monkeypatch.setattr(Limit.__init__, "__defaults__", (0.3,))
    with HttpReceiver() as server:
        getattr(server, behave)(*([0.05] if behave == "drip" else []))
        result = tried(f"gotify://{HOST}:{server.port}/token")
        assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "timeout")


def test_apprise_logs_nothing_of_an_address_that_is_tried(caplog: pytest.LogCaptureFixture) -> None:
    """It would name pieces of it; others' lines go through."""
    with caplog.at_level(logging.DEBUG):
        tried("gotify://127.0.0.1/")
        tried("pover://hemmelig@kode")
        tried(f"json://bruger:hemmelig@{HOST}:{free_port()}/")
    assert "hemmelig" not in caplog.text


class Strange:
    """A plugin whose own try raises."""

    def probe(self) -> Any:
        raise ZeroDivisionError


def test_whatever_a_plugin_raises_is_a_result() -> None:
    """A try that died would leave its target untried for ever."""
    from alarmbro.delivery.probing.trying import _tried  # noqa: PLC0415 - nobody else needs it

    result = _tried(Strange(), "strange")
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "error")
