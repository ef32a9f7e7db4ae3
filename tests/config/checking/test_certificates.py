"""The broker's certificate files: what is wrong or doubtful with them is told where it stands, and no key is shown."""

from __future__ import annotations

import contextlib
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from config_files import SMALLEST, loaded, refused
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.config.checking.certificates import digest_of
from alarmbro.judgement.expiring.certificates import DerError, ends_at
from alarmbro.model.errors import Finding

MQTTS = "mqtt: {url: mqtts://broker.example, cert: me.pem, key: me.key}\n"
CERT, KEY = (1, 43), (1, 56)  # where the values stand


def make(folder: Path, name: str = "me", days: int = 365, key: str = "rsa:2048") -> None:
    """Make a certificate that signs itself, and its key, for so many days from now on."""
    command = ["openssl", "req", "-x509", "-newkey", key, "-nodes", "-subj", "/CN=vraa", "-days", str(days)]
    files = ["-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")]
    subprocess.run([*command, *files], check=True, capture_output=True)
    (folder / f"{name}.key").chmod(0o600)


def told(folder: Path, text: str = MQTTS, environ: dict[str, str] | None = None) -> tuple[tuple[int, int], str]:
    """Give the place and the words of the one error."""
    (found,) = refused(folder, text + SMALLEST, environ)
    return (found.line, found.column), found.text


def doubts(folder: Path, text: str = MQTTS) -> list[Finding]:
    """Give what is doubtful with the certificate."""
    return [each for each in loaded(folder, text + SMALLEST).warnings if "certificate" in each.text]


def test_a_sound_certificate_with_its_key_is_taken(tmp_path: Path) -> None:
    """Relative to the file, and without any doubt."""
    make(tmp_path)
    found = loaded(tmp_path, MQTTS + SMALLEST)
    broker = found.configuration.mqtt
    assert broker is not None
    assert (broker.cert, broker.key) == (tmp_path / "me.pem", tmp_path / "me.key")
    assert found.warnings == ()


def test_a_renewed_certificate_is_another_broker(tmp_path: Path) -> None:
    """So a reload connects anew, and does not go on with the one that ends; without files nothing is read."""
    make(tmp_path)
    first = loaded(tmp_path, MQTTS + SMALLEST).configuration
    assert loaded(tmp_path, MQTTS + SMALLEST).configuration.mqtt == first.mqtt
    make(tmp_path)
    second = loaded(tmp_path, MQTTS + SMALLEST).configuration
    assert second.mqtt != first.mqtt
    assert second.digest == first.digest
    assert digest_of([None, None]) == ""
    assert digest_of([tmp_path / "gone.pem"])


@pytest.mark.parametrize(("one", "other"), [("cert: me.pem", "key"), ("key: me.key", "cert")])
def test_one_without_the_other_is_an_error(tmp_path: Path, one: str, other: str) -> None:
    """At the one that is there."""
    make(tmp_path)
    place, text = told(tmp_path, f"mqtt: {{url: mqtts://broker.example, {one}}}\n")
    assert place == (1, 37)
    assert f"without {other}" in text


def test_a_certificate_without_tls_is_an_error(tmp_path: Path) -> None:
    """It would never be shown to anybody."""
    make(tmp_path)
    place, text = told(tmp_path, "mqtt: {url: mqtt://127.0.0.1, cert: me.pem, key: me.key}\n")
    assert place == (1, 37)
    assert "mqtts://" in text


@pytest.mark.parametrize(("name", "place"), [("me.pem", CERT), ("me.key", KEY)])
def test_a_file_that_is_not_there_is_told_at_its_name(tmp_path: Path, name: str, place: tuple[int, int]) -> None:
    """With why."""
    make(tmp_path)
    (tmp_path / name).unlink()
    found, text = told(tmp_path)
    assert found == place
    assert "No such file" in text


def test_a_folder_in_the_key_s_place_is_told(tmp_path: Path) -> None:
    """Whatever it is, it is no key."""
    make(tmp_path)
    (tmp_path / "me.key").unlink()
    (tmp_path / "me.key").mkdir()
    assert told(tmp_path)[0] == KEY


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """Who has it is this machine."""
    make(tmp_path)
    (tmp_path / "me.key").chmod(mode)
    place, text = told(tmp_path)
    assert place == KEY
    assert "chmod 600" in text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_of_another_user_is_refused(tmp_path: Path) -> None:
    """They know it, and can put another in its place."""
    make(tmp_path)
    os.chown(tmp_path / "me.key", 12345, 12345)
    assert "belongs to another user" in told(tmp_path)[1]


def test_a_key_that_systemd_hands_over_has_the_rights_that_systemd_gives_it(tmp_path: Path) -> None:
    """A credential is readable through an access list, which shows as rights of the group."""
    make(tmp_path)
    folder = tmp_path / "credentials"
    folder.mkdir()
    (tmp_path / "me.key").rename(folder / "mqtt-key")
    (folder / "mqtt-key").chmod(0o440)
    text = MQTTS.replace("me.key", str(folder / "mqtt-key")) + SMALLEST
    assert loaded(tmp_path, text, {"CREDENTIALS_DIRECTORY": str(folder)}).warnings == ()
    assert "chmod 600" in refused(tmp_path, text)[0].text


def test_a_locked_key_is_told_and_nobody_is_asked_for_the_passphrase(tmp_path: Path) -> None:
    """OpenSSL would ask on the terminal, and wait."""
    make(tmp_path)
    command = ["openssl", "pkey", "-aes256", "-passout", "pass:kanarie", "-in", str(tmp_path / "me.key")]
    subprocess.run([*command, "-out", str(tmp_path / "locked.key")], check=True, capture_output=True)
    (tmp_path / "locked.key").chmod(0o600)
    place, text = told(tmp_path, MQTTS.replace("me.key", "locked.key"))
    assert place == KEY
    assert "passphrase" in text


def test_the_key_of_another_certificate_is_told(tmp_path: Path) -> None:
    """In words, not in OpenSSL's."""
    make(tmp_path)
    make(tmp_path, "other")
    place, text = told(tmp_path, MQTTS.replace("me.key", "other.key"))
    assert place == CERT
    assert "not this certificate's" in text


def test_what_is_no_certificate_is_told_without_showing_it(tmp_path: Path) -> None:
    """A key in the certificate's place, or anything else."""
    make(tmp_path)
    (tmp_path / "me.pem").write_text("kanarie-4711\n", encoding="utf-8")
    place, text = told(tmp_path)
    assert place == CERT
    assert "PEM" in text
    assert "kanarie" not in text


@pytest.mark.parametrize(("days", "warned"), [(400, False), (31, False), (29, True), (1, True)])
def test_a_certificate_that_soon_ends_is_a_warning(tmp_path: Path, days: int, warned: bool) -> None:
    """From 30 days before; it says on which day."""
    make(tmp_path, days=days)
    found = doubts(tmp_path)
    assert bool(found) is warned
    if warned:
        assert (found[0].line, found[0].column) == CERT
        assert f"{datetime.now(UTC) + timedelta(days=days):ends on %Y-%m}" in found[0].text


def test_a_certificate_that_has_ended_keeps_nobody_from_starting(tmp_path: Path) -> None:
    """Buttons on pins work without a broker, and a daemon that does not start has none."""
    make(tmp_path)
    cert, key = str(tmp_path / "me.pem"), str(tmp_path / "me.key")
    command = ["openssl", "x509", "-in", cert, "-signkey", key, "-days", "-1", "-out", cert]
    subprocess.run(command, check=True, capture_output=True)
    (found,) = doubts(tmp_path)
    assert "ended on" in found.text


def test_the_authority_counts_by_the_last_of_its_certificates(tmp_path: Path) -> None:
    """A file of several is given while one follows the other."""
    text = "mqtt: {url: mqtts://broker.example, ca_file: ca.pem}\n"
    make(tmp_path, "old", days=5)
    make(tmp_path, "new", days=500)
    old, new = ((tmp_path / f"{name}.pem").read_text(encoding="ascii") for name in ("old", "new"))
    (tmp_path / "ca.pem").write_text(old, encoding="ascii")
    (found,) = doubts(tmp_path, text)
    assert (found.line, found.column) == (1, 46)
    (tmp_path / "ca.pem").write_text(f"# both\n{old}{new}", encoding="ascii")
    assert doubts(tmp_path, text) == []


@given(st.binary(max_size=400))
def test_bytes_that_are_no_certificate_have_no_end(content: bytes) -> None:
    """Whatever they are, that is told in one way."""
    with pytest.raises(DerError):
        ends_at(content)


@given(st.data())
def test_a_damaged_certificate_has_an_end_or_none(data: st.DataObject) -> None:
    """Bytes are changed in a real one; nothing but `DerError` comes out."""
    whole = bytearray(bytes.fromhex(REAL))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(DerError):
        assert ends_at(bytes(whole)).tzinfo is UTC


# A certificate of a throw-away key, from 2026-11-23 to 2056-11-15 (whose year is written with four digits).
REAL = (
    "3082016e30820115a00302010202147b592fd60c68c1e53c274e8fea09b0d7b83fa384300a06082a8648ce3d040302300c310a30080603"
    "5504030c01783020170d3236313132333233323733315a180f32303536313131353233323733315a300c310a300806035504030c017830"
    "59301306072a8648ce3d020106082a8648ce3d030107034200045195a23c183453179e7f30628d18e705eed4392acc297b646cfa7824b6"
    "a3712817f25f5ece834f32c7a92b7391049db58a81080b94f6c61703f522bef908685ca3533051301d0603551d0e041604142613970477"
    "f2102b6e98e8d2a9b61feeb98a77cd301f0603551d230418301680142613970477f2102b6e98e8d2a9b61feeb98a77cd300f0603551d13"
    "0101ff040530030101ff300a06082a8648ce3d04030203470030440220784dc1e1ba431f18805a2974d9c2b0356bf1f42109baa64a2928"
    "0a45a85efd0e022007457a42820a941fbc46dd6918ba606d7f02b4f8292be00f0f6a0f7192bd83f8"
)
