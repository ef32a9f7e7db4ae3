"""Recipients' ways are tried without sending, and their certificates are looked at in time."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from arrivals import HOST, free_port
from broker import Mosquitto
from dc09_receiver import scripted
from loopback_tls import certificate, serving
from receivers import HttpReceiver
from smtp_receiver import SmtpReceiver

from alarmbro.delivery.plugins import register
from alarmbro.delivery.probing.peer import Peer, peer_of
from alarmbro.delivery.session import PROXIES
from alarmbro.doctor.findings import State
from alarmbro.doctor.judging.targets import TargetTried, judge, judge_proxies
from alarmbro.doctor.trying.targets import proxies, try_target
from alarmbro.judgement.expiring.certificates import DerError, ends_at
from alarmbro.model.delivery import Outcome, Result
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret

register()

NOW = datetime.now(UTC)
CANARY = "kanarie-4711"
TO = "to=teknik@hjoerring.example&from=alarm@hjoerring.example"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine goes through."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


def target(url: str) -> Target:
    return Target("teknik", 1, url.partition(":")[0], Secret(url))


def tried(url: str) -> TargetTried:
    """Try a target of this URL."""
    return try_target(target(url))


def codes(found: TargetTried) -> list[tuple[str, State]]:
    return [(each.says, each.state) for each in judge(found, NOW)]


@contextmanager
def https(both: Path) -> Iterator[int]:
    """Serve TLS on loopback; whatever is asked, the answer is 200."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the base class looks for this name
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
            """Say nothing on stderr."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Whoever only looks at the certificate hangs up."""

    server = Server((HOST, 0), Handler)
    server.socket = serving(both).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("days", "code", "state"), [(60, "certificate.holds", State.OK), (5, "certificate.holds", State.WARNING)]
)
def test_a_certificate_is_told_before_it_ends(
    days: int, code: str, state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two weeks before: whatever is renewed by itself has been renewed by then."""
    both = certificate(tmp_path, days)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "cert.pem"))
    with https(both) as port:
        found = tried(f"jsons://alarm:{CANARY}@{HOST}:{port}/sms")
    assert codes(found) == [("target.reached", State.OK), (code, state)]
    assert found.ends is not None
    assert abs((found.ends - NOW).days - days) <= 1
    assert CANARY not in repr(found)


def test_a_certificate_that_is_not_trusted_or_not_checked_is_told(tmp_path: Path) -> None:
    """`verify=no` sends secrets to whoever answers; its certificate's end is told all the same."""
    with https(certificate(tmp_path, 5)) as port:
        assert codes(tried(f"jsons://{HOST}:{port}/sms")) == [("target.tls", State.FAILED)]
        unchecked = tried(f"jsons://{HOST}:{port}/sms?verify=no")
    assert codes(unchecked) == [
        ("target.reached", State.OK), ("target.unverified", State.WARNING), ("certificate.holds", State.WARNING),
    ]  # fmt: skip


def test_a_certificate_that_is_over_is_told(tmp_path: Path) -> None:
    """Where nobody checks it, too."""
    well = Result(Outcome.OK, "ok")
    over = TargetTried("teknik/1 (jsons)", "teknik", well, ends=NOW - timedelta(days=2), verified=False)
    assert codes(over)[-1] == ("certificate.over", State.FAILED)


def test_a_mail_servers_certificate_is_seen_behind_starttls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As mail goes; and nobody gets any."""
    both = certificate(tmp_path, 5)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "cert.pem"))
    box = SmtpReceiver()
    box.stop()
    server = Controller(_Box(), HOST, box.port, tls_context=serving(both))
    server.start()
    try:
        found = tried(f"mailtos://{HOST}:{box.port}?mode=starttls&{TO}")
    finally:
        server.stop()
    assert codes(found) == [("target.reached", State.OK), ("certificate.holds", State.WARNING)]
    assert _Box.mails == []


class _Box:
    """A mailbox that no mail may come to."""

    mails: list[Any] = []  # noqa: RUF012 - one for all

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's own name
        self.mails.append(envelope)
        return "250 OK"


def test_a_mail_server_without_tls_has_no_certificate() -> None:
    """It answers, and that is all."""
    server = SmtpReceiver()
    found = tried(f"mailto://{HOST}:{server.port}?{TO}")
    server.stop()
    assert codes(found) == [("target.reached", State.OK)]
    assert server.received() == []


def test_a_broker_that_is_a_target_proves_its_password(tmp_path: Path) -> None:
    """A wrong one is told as that."""
    file = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(file), "alarm", "right"], check=True, timeout=10)
    file.chmod(0o644)
    broker = Mosquitto(tmp_path, settings=("allow_anonymous false", f"password_file {file}"))
    broker.start()
    try:
        url = f"mqtt://alarm:right@{HOST}:{broker.port}/siren"
        assert codes(tried(url)) == [("target.proved", State.OK)]
        assert codes(tried(url.replace("right", CANARY))) == [("target.denied", State.FAILED)]
    finally:
        broker.kill()


def test_a_gateway_proves_its_token() -> None:
    """By its account; a token that is wrong is told as that."""
    with HttpReceiver() as server:
        server.status(200, b'{"credit": 1000, "currency": "DKK", "id": 1}')
        url = f"gatewayapi://{CANARY}@Alarm/4512345678?host={HOST}&port={server.port}"
        assert codes(tried(url))[0] == ("target.proved", State.OK)
        server.status(401)
        assert codes(tried(url)) == [("target.denied", State.FAILED)]
        assert {each.method for each in server.received()} == {"GET"}


def test_an_alarm_centre_proves_its_account() -> None:
    """By a null message, as the centre itself supervises us."""
    with scripted() as centre:
        found = tried(f"sia://1234@{HOST}:{centre.port}/?zone={{device.zone}}")
        assert codes(found) == [("target.proved", State.OK)]


@pytest.mark.parametrize(
    ("url", "code", "state"),
    [
        (f"json://{HOST}:1/sms", "target.fails", State.FAILED),
        ("json://gateway.invalid/sms", "target.no_way", State.FAILED),
        ("syslog://", "target.not_tried", State.WARNING),
        ("nosuch://x", "target.fails", State.FAILED),
    ],
)
def test_what_does_not_answer_is_told_by_the_reason(url: str, code: str, state: State) -> None:
    """And what cannot be tried without sending is not called well."""
    assert codes(tried(url)) == [(code, state)]


@pytest.mark.parametrize(
    ("url", "proved", "host"),
    [
        ("ntfy://tk_token@h.example/alarm?auth=token", True, "h.example"),
        ("ntfy://h.example/alarm", False, "h.example"),
        ("gotify://h.example/token", False, "h.example"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", True, "api.telegram.org"),
        (f"twilio://AC{'1' * 32}:{'2' * 32}@+15551234567/4587654321?apikey=SK{'3' * 32}", False, "api.twilio.com"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", False, None),
        ("mailtos://alarm:kode@h.example?to=x@h.example", True, "h.example"),
        ("mqtts://h.example/siren", False, "h.example"),
        ("gatewayapi://token@Alarm/4512345678?region=eu", True, "gatewayapi.eu"),
        ("nosuch://x", False, None),
    ],
)
def test_what_a_try_proves_is_not_overstated(url: str, proved: bool, host: str | None) -> None:
    """A service that says to everybody how it is proves nothing of the password."""
    peer = peer_of(target(url), {})
    assert (peer.proved, peer.place.host if peer.place else None) == (proved, host)


def test_a_far_end_without_tls_shows_no_certificate() -> None:
    """And is not connected to for one."""
    assert Peer(None, proved=False).certificate() is None
    peer = peer_of(target(f"json://{HOST}:{free_port()}/sms"), {})
    assert peer.certificate() is None


def test_a_proxy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind one a connection proves nothing; the service goes without."""
    assert list(judge_proxies(proxies())) == []
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    (found,) = judge_proxies(proxies())
    assert (found.says, found.values["names"]) == ("target.proxy", "HTTPS_PROXY")
    assert codes(tried(f"json://{HOST}:{free_port()}/sms")) == [("target.not_tried", State.WARNING)]


@pytest.mark.parametrize("days", [1, 365, 20_000])
def test_a_certificates_end_is_read_as_openssl_reads_it(days: int, tmp_path: Path) -> None:
    """In this century and the next: X.509 writes them in two ways."""
    certificate(tmp_path, days)
    done = subprocess.run(
        ["openssl", "x509", "-in", str(tmp_path / "cert.pem"), "-noout", "-enddate", "-dateopt", "iso_8601"],
        capture_output=True, text=True, check=True, timeout=20,
    )  # fmt: skip
    theirs = done.stdout.strip().partition("=")[2].replace(" ", "T").replace("Z", "+00:00")
    import ssl  # noqa: PLC0415 - here alone

    der = ssl.PEM_cert_to_DER_cert((tmp_path / "cert.pem").read_text(encoding="ascii"))
    assert ends_at(der) == datetime.fromisoformat(theirs)
    for wrong in (b"", der[:40], b"\x30\x82", b"\x00" * 60, der[10:]):
        with pytest.raises(DerError):
            ends_at(wrong)
