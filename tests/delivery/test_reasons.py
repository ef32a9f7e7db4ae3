"""Reasons for failures that are rarer than a refusal, each brought about for real where loopback can."""

from __future__ import annotations

import errno
import smtplib
import socket
import ssl
from collections.abc import Iterator

import pytest
import requests
from apprise import NotifyBase
from apprise.manager_plugins import NotificationManager
from receivers import HttpReceiver, free_port

from alarmbro.delivery.channel import Channels
from alarmbro.delivery.overheard import Evidence
from alarmbro.delivery.reasons import CERTIFICATE, of_failure, of_refusal, of_surprise
from alarmbro.model.delivery import Message, Outcome, Result, Urgency
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret

ALARM = Message("Titel", "Tekst", "Kort", Urgency.ALARM)


def say(url: str) -> Result:
    to = Target("serviceteam", 1, url.partition("://")[0], Secret(url))
    channels = Channels([to])
    assert channels.warm({}) == []
    return channels.send(to, {}, ALARM)


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """Give a port whose queue of connections is full, so that connecting gets no answer."""
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
        yield deaf.getsockname()[1]


@pytest.mark.parametrize("scheme", ["json", "mailto"])
def test_no_answer_to_connecting_is_failed_and_not_unknown(deaf_port: int, scheme: str) -> None:
    """Nothing was sent, so nobody can have got it."""
    result = say(f"{scheme}://127.0.0.1:{deaf_port}?from=a@bro.example&to=b@bro.example&cto=0.2")
    assert (result.outcome, result.reason) == (Outcome.FAILED, "timeout")


def test_a_proxy_of_the_environment_that_is_dead_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The technician would otherwise look at the service."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.delenv("no_proxy", raising=False)
    assert say("json://service.example/").reason == "proxy"


def test_an_answer_that_breaks_off_is_unknown() -> None:
    """It said 200 and then was gone."""
    with HttpReceiver() as http:
        http.status(200, headers={"Content-Length": "100"})
        result = say(f"json://127.0.0.1:{http.port}/")
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "reset")


@pytest.mark.parametrize("code", [10, 18, 62, 77])
def test_a_certificate_that_does_not_hold_says_why(code: int) -> None:
    """A wrong clock is the usual reason on a machine without a battery clock."""
    failure = ssl.SSLCertVerificationError(1, "canary")
    failure.verify_code = code
    result = of_failure(failure)
    assert (result.outcome, result.reason) == (Outcome.FAILED, "tls")
    assert result.detail == CERTIFICATE.get(code, "the certificate does not hold: OpenSSL code 77")


@pytest.mark.parametrize(
    ("failure", "outcome", "reason"),
    [
        (OSError(errno.ENETUNREACH, "canary"), Outcome.FAILED, "unreachable"),
        (requests.exceptions.InvalidURL("canary"), Outcome.FAILED, "unusable"),
        (requests.exceptions.SSLError("canary"), Outcome.FAILED, "tls"),
        (smtplib.SMTPAuthenticationError(535, b"canary"), Outcome.FAILED, "smtp_535"),
        (smtplib.SMTPRecipientsRefused({"canary": (550, b""), "b": (451, b"")}), Outcome.FAILED, "smtp_550"),
        (BrokenPipeError("canary"), Outcome.UNKNOWN, "reset"),
        (OSError("canary"), Outcome.UNKNOWN, "error"),
        (RuntimeError("canary"), Outcome.UNKNOWN, "error"),
    ],
    ids=lambda part: type(part).__name__,
)
def test_each_failure_has_a_reason_without_its_text(failure: Exception, outcome: Outcome, reason: str) -> None:
    """Codes and fixed phrases only."""
    result = of_surprise(failure)
    assert (result.outcome, result.reason) == (outcome, reason)
    assert "canary" not in repr(result)


class Breaking(NotifyBase):  # type: ignore[misc]  # Apprise's classes are untyped here
    """A service of our own whose plugin has a fault."""

    service_name = "Breaking"
    protocol = "breaking"

    def url(self, *_privacy: object, **_more: object) -> str:
        """Give the URL, as Apprise demands."""
        return "breaking://"

    def send(self, **_message: object) -> bool:
        """Fail as a plugin with a bug does."""
        raise KeyError("canary")


def test_a_plugin_that_raises_is_unknown_and_says_where() -> None:
    """Nobody knows how far it came; `send` never raises."""
    NotificationManager().add(plugin=Breaking, schemas="breaking")
    result = say("breaking://host")
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "error")
    assert result.detail.startswith("KeyError at test_reasons.py:")


def test_no_evidence_is_a_rejection() -> None:
    """Apprise said no, and nothing else is known."""
    assert of_refusal(Evidence()).reason == "rejected"
