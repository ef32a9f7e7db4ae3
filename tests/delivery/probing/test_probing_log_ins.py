"""Mail servers and brokers prove the password, and nobody gets anything."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from arrivals import HOST, free_port
from broker import Mosquitto
from loopback_tls import certificate as made
from loopback_tls import serving
from smtp_receiver import SmtpReceiver

from alarmbro.delivery.plugins import register
from alarmbro.delivery.probing import probe
from alarmbro.model.delivery import Outcome, Result
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret

register()
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # aiosmtpd's advice, for loopback too

TO = "to=teknik@hjoerring.example&from=alarm@hjoerring.example"


def tried(url: str) -> Result:
    """Try a target of this URL."""
    return probe(Target("x", 1, url.partition(":")[0], Secret(url)), {})


class Nobody:
    """A mailbox that no mail may come to."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, _address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's own name
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for loopback, signed by itself, with its key in the same file."""
    return made(tmp_path_factory.mktemp("certificate"), days=2)


@contextmanager
def mail_server(password: bytes, **settings: Any) -> Iterator[tuple[int, Nobody]]:
    """Run a mail server that wants a log-in."""

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, said: Any) -> AuthResult:
        return AuthResult(success=isinstance(said, LoginPassword) and said.password == password, handled=False)

    box, port = Nobody(), free_port()
    server = Controller(
        box, HOST, port, authenticator=check, auth_required=True, auth_require_tls="tls_context" in settings, **settings
    )
    server.start()
    try:
        yield port, box
    finally:
        server.stop()


def test_a_mail_server_proves_the_password_and_gets_no_mail() -> None:
    """535 is what a changed password looks like."""
    with mail_server(b"right") as (port, box):
        good = tried(f"mailto://alarm:right@{HOST}:{port}?{TO}")
        assert (good.outcome, good.reason) == (Outcome.OK, "ok")
        bad = tried(f"mailto://alarm:wrong@{HOST}:{port}?{TO}")
        assert (bad.outcome, bad.reason) == (Outcome.FAILED, "smtp_535")
        assert box.mails == []


def test_a_mail_server_is_logged_in_to_behind_starttls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password goes to nobody whose certificate does not hold."""
    with mail_server(b"right", tls_context=serving(certificate), require_starttls=True) as (port, box):
        url = f"mailtos://alarm:right@{HOST}:{port}?mode=starttls&{TO}"
        assert tried(url).reason == "tls"
        assert tried(f"{url}&verify=no").outcome is Outcome.OK
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        assert tried(url).outcome is Outcome.OK
        assert tried(url.replace("right", "wrong")).reason == "smtp_535"
        assert box.mails == []


def test_a_mail_server_is_logged_in_to_over_tls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where TLS comes before all else."""
    box = SmtpReceiver()
    box.stop()
    server = Controller(Nobody(), HOST, box.port, ssl_context=serving(certificate))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    # The controller tries whether it answers, by a context that it makes itself: this one trusts all.
    monkeypatch.setattr(ssl, "create_default_context", _lenient(ssl.create_default_context))
    server.start()
    monkeypatch.undo()
    try:
        url = f"mailtos://{HOST}:{box.port}?mode=ssl&{TO}"
        assert tried(url).reason == "tls"
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        assert tried(url).outcome is Outcome.OK
    finally:
        server.stop()


def _lenient(make: Any) -> Any:
    def made(*args: Any, **settings: Any) -> ssl.SSLContext:
        context: ssl.SSLContext = make(*args, **settings)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    return made


def test_a_mail_server_without_log_in_proves_that_it_is_there() -> None:
    """And that it is gone."""
    server = SmtpReceiver()
    url = f"mailto://{HOST}:{server.port}?{TO}"
    assert tried(url).outcome is Outcome.OK
    server.stop()
    assert tried(url).reason == "refused"
    assert server.received() == []


def test_a_broker_proves_the_password(tmp_path: Path) -> None:
    """Of a target on MQTT, in each version; nothing is published."""
    passwords = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(passwords), "alarm", "right"], check=True, timeout=10)
    passwords.chmod(0o644)
    broker = Mosquitto(tmp_path, settings=("allow_anonymous false", f"password_file {passwords}", "log_type all"))
    broker.start()
    try:
        for version in ("v3.1.1", "v3.1"):
            url = f"mqtt://alarm:right@{HOST}:{broker.port}/siren?version={version}"
            assert tried(url).outcome is Outcome.OK
            denied = tried(url.replace("right", "wrong"))
            assert (denied.outcome, denied.reason) == (Outcome.FAILED, "denied")
        assert tried(f"mqtt://{HOST}:{broker.port}/siren").reason == "denied"
        assert "PUBLISH" not in broker.log()
    finally:
        broker.kill()
    assert tried(f"mqtt://alarm:right@{HOST}:{broker.port}/siren").reason == "refused"


def test_a_broker_is_tried_by_another_name_than_the_targets(tmp_path: Path) -> None:
    """By the same name it would throw out a message that is on its way."""
    broker = Mosquitto(tmp_path, settings=("log_type all",))
    broker.start()
    try:
        assert tried(f"mqtt://{HOST}:{broker.port}/siren?client_id=sirene").outcome is Outcome.OK
        assert "as sirene" not in broker.log()
    finally:
        broker.kill()
