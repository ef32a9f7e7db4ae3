"""The page behind a reverse proxy, with TLS of its own, and what the file may say of it."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from running import until
from web_town import PASSWORD, WebTown, web_town

from alarmbro.config import load
from alarmbro.model.errors import ConfigurationError


def test_a_proxy_says_who_it_is(tmp_path: Path) -> None:
    """From the proxy's address alone; whoever is not among the users is nobody, whatever the proxy says."""
    more = "proxies: [127.0.0.1], user_header: X-Remote-User, hosts: [alarm.example], "
    with web_town(tmp_path, more) as town:
        headers = {"x-remote-user": "see", "x-forwarded-for": "10.1.2.3, 192.0.2.7", "host": "alarm.example"}
        status, body, _ = town.ask("GET", "/", headers=headers)
        assert status == 200
        assert "Logget ind som see" in body
        assert town.ask("GET", "/", headers=headers | {"x-remote-user": "ingen"})[0] == 303
        assert town.ask("POST", "/test/hus/start", {}, headers | {"origin": "http://alarm.example"})[0] == 403
        assert '"address": "192.0.2.7"' in town.log_text() or '"user": "see"' in town.log_text()
        town.address = "127.0.0.9"
        assert town.ask("GET", "/", headers=headers)[0] == 303
        until(lambda: "somebody who is no proxy says who they are" in town.log_text())


def test_it_speaks_tls_itself(tmp_path: Path) -> None:
    """Its cookies then travel no other way."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here, which makes the certificate")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", "page.key", "-out", "page.pem", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        cwd=tmp_path, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    town = WebTown(tmp_path, more="certificate: page.pem, key: page.key, ")
    context = ssl.create_default_context(cafile=str(tmp_path / "page.pem"))
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))

    def answers() -> bool:
        try:
            with opener.open(f"https://127.0.0.1:{town.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    town.answers = answers  # type: ignore[method-assign]  # the same question by another way
    try:
        town.start()
        with opener.open(f"https://127.0.0.1:{town.port}/login?lang=en", timeout=5) as answer:
            headers = dict(answer.getheaders())
        assert "Secure" in headers["set-cookie"]
        assert headers["strict-transport-security"].startswith("max-age=")
    finally:
        town.end()


@pytest.mark.parametrize(
    ("web", "words"),
    [
        ("{certificate: a.pem}", "go together"),
        ("{user_header: X-Remote-User}", "anybody could say"),
        ("{proxies: [alarm.example]}", "no IP address"),
        ('{hosts: ["https://alarm.example"]}', "without https://"),
    ],
)
def test_what_does_not_fit_together_is_refused(tmp_path: Path, web: str, words: str) -> None:
    """At the place where it stands, saying what would be right."""
    town = WebTown(tmp_path)
    town.http.stop()
    text = town.daemon.config.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("web:"))
    town.daemon.config.write_text(text.replace(line, f"web: {web}"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=words):
        load(town.daemon.config, environ={})


def test_a_token_is_long_and_a_device_s_own(tmp_path: Path) -> None:
    """Else one device could press another, or anybody guess it."""
    town = WebTown(tmp_path)
    town.http.stop()
    text = town.daemon.config.read_text(encoding="utf-8")
    for wrong, words in (
        (text.replace("0123456789abcdef-lommy", "kort"), "16 to 200"),
        (text.replace("gpio: 5}", 'http: {token: "0123456789abcdef-lommy"}}'), "same token"),
    ):
        town.daemon.config.write_text(wrong, encoding="utf-8")
        with pytest.raises(ConfigurationError, match=words):
            load(town.daemon.config, environ={})


def test_the_page_reads_no_secret(tmp_path: Path) -> None:
    """The configuration is read for it without any: a file of secrets that is not there does not matter."""
    town = WebTown(tmp_path)
    town.http.stop()
    text = town.daemon.config.read_text(encoding="utf-8")
    text = text.replace('"0123456789abcdef-lommy"', "!secret lommy").replace(
        "name: IT-drift, urls: [", "name: IT-drift, urls: [!secret x, "
    )
    town.daemon.config.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="there is no secret"):
        load(town.daemon.config, environ={})
    found = load(
        town.daemon.config, environ={"ALARMBRO_SECRET_X": "json://hemmelig.example"}, secrets=False
    ).configuration
    assert found.recipients["teknik"].targets[0].url.reveal() == ""
    assert found.sites["hus"].devices["lommy"].http_token is not None


def test_users_are_added_listed_and_removed(tmp_path: Path) -> None:
    """By the command line; the password comes from standard input or is asked for."""
    (tmp_path / "alarmbro.yaml").write_text("", encoding="utf-8")
    base = [sys.executable, "-m", "alarmbro", "--config", str(tmp_path / "alarmbro.yaml"), "web", "user"]

    def run(*words: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run([*base, *words], input=said, capture_output=True, text=True, check=False, timeout=60)

    assert run("add", "Leder", "--role", "answer", "--password-stdin", said=f"{PASSWORD}\n").returncode == 0
    assert run("add", "Vagten", "--role", "see", "--no-password").returncode == 0
    assert run("add", "Kort", "--role", "see", "--password-stdin", said="kort\n").returncode == 1
    listed = json.loads(run("list", "--json").stdout)
    assert listed == {"users": [{"name": "Leder", "role": "answer"}, {"name": "Vagten", "role": "see"}]}
    assert run("remove", "Leder").returncode == 0
    assert run("remove", "Leder").returncode == 1
    assert run("list").stdout == "Vagten: see (by the proxy)\n"
