"""A secret comes from one of three places and is never shown."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest
from config_files import loaded, refused, with_urls

from alarmbro.config.secrets import variable

CANARY = "json://kanarie-4711@127.0.0.1/a"
OTHER = "json://kanarie-4712@127.0.0.1/b"
TEXT = with_urls("!secret vagt-sms")


def url_of(folder: Path, environ: dict[str, str]) -> str:
    """Give the one address of the configuration."""
    return loaded(folder, TEXT, environ).configuration.recipients["vagt"].targets[0].url.reveal()


def beside(folder: Path, text: str, mode: int = 0o600) -> Path:
    """Write secrets.yaml beside the configuration."""
    path = folder / "secrets.yaml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def credentials(folder: Path, text: bytes) -> dict[str, str]:
    """Give the environment of a unit that has the secret as a credential."""
    place = folder / "credentials"
    place.mkdir()
    (place / "vagt-sms").write_bytes(text)
    return {"CREDENTIALS_DIRECTORY": str(place)}


def test_the_credential_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    """In this order; the newline at the end is not part of it."""
    beside(tmp_path, f"vagt-sms: {OTHER}\n")
    assert url_of(tmp_path, {}) == OTHER
    environ = {"ALARMBRO_SECRET_VAGT_SMS": f"{CANARY}x\n"}
    assert url_of(tmp_path, environ) == f"{CANARY}x"
    assert url_of(tmp_path, environ | credentials(tmp_path, f"{CANARY}\n".encode())) == CANARY


def test_the_environments_name_is_in_capitals_without_hyphens() -> None:
    """As people and shells can write it."""
    assert variable("leder-sms") == "ALARMBRO_SECRET_LEDER_SMS"


def test_a_missing_secret_names_the_three_places(tmp_path: Path) -> None:
    """At the place where it is asked for."""
    (found,) = refused(tmp_path, TEXT, {"CREDENTIALS_DIRECTORY": str(tmp_path / "none")})
    assert (found.line, found.column) == (2, 29)
    for place in ("CREDENTIALS_DIRECTORY", "ALARMBRO_SECRET_VAGT_SMS", "secrets.yaml"):
        assert place in found.text


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """With the command that mends it; once, however many secrets are asked of it."""
    beside(tmp_path, f"vagt-sms: {CANARY}\n", mode)
    (found,) = refused(tmp_path, with_urls("!secret vagt-sms", "!secret leder-sms"))
    assert "chmod 600" in found.text
    assert "kanarie" not in str(found)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    """They could change whom an alarm tells."""
    os.chown(beside(tmp_path, f"vagt-sms: {CANARY}\n"), 12345, 12345)
    (found,) = refused(tmp_path, TEXT)
    assert "belongs to another user" in found.text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_root_may_check_what_belongs_to_the_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service wants the file to be its own; root, who checks before it is started, must not want otherwise."""
    service = pwd.struct_passwd(("alarmbro", "x", 12345, 12345, "", "/", "/bin/false"))
    monkeypatch.setattr(pwd, "getpwnam", {"alarmbro": service}.__getitem__)
    path = beside(tmp_path, f"vagt-sms: {CANARY}\n")
    os.chown(path, 12345, 12345)
    assert url_of(tmp_path, {}) == CANARY
    os.chown(path, 12346, 12346)
    (found,) = refused(tmp_path, TEXT)
    assert "belongs to another user" in found.text
    monkeypatch.setattr(os, "geteuid", lambda: 12346)
    os.chown(path, 12345, 12345)
    (found,) = refused(tmp_path, TEXT)
    assert "belongs to another user" in found.text


def test_the_file_is_not_even_looked_at_when_it_is_not_needed(tmp_path: Path) -> None:
    """A machine with credentials may have an old one lying about."""
    beside(tmp_path, "{ broken", 0o644)
    assert url_of(tmp_path, {"ALARMBRO_SECRET_VAGT_SMS": CANARY}) == CANARY


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"vagt-sms: '{CANARY}\n", "secrets.yaml:1:11: this quote is never closed"),
        ("vagt-sms: 4711\n", "secrets.yaml:1:11: the secret vagt-sms is no text; put it in quotes"),
        ("vagt-sms: *kanarie\n", "secrets.yaml:1:11: an alias"),
        ("vagt-sms: !kanarie x\n", "secrets.yaml:1:11: this tag"),
        (f"vagt-sms: {CANARY}\nvagt-sms: {OTHER}\n", "secrets.yaml:2:1: the key"),
        ("- kanarie\n", "secrets.yaml:1:1: secrets are written as NAME: text"),
        ("vagt-sms: ' '\n", "the secret vagt-sms is empty"),
        ("", "there is no secret vagt-sms"),
    ],
)
def test_a_faulty_file_is_told_with_its_own_place_and_without_its_text(tmp_path: Path, text: str, said: str) -> None:
    """Its name, line and column; never what stands there."""
    beside(tmp_path, text)
    found = refused(tmp_path, TEXT)
    assert any(said in str(each) for each in found)
    assert "kanarie" not in repr(found)


def test_a_secret_that_is_empty_or_no_text_is_told(tmp_path: Path) -> None:
    """An empty credential is a mistake of the unit's."""
    assert "is empty" in refused(tmp_path, TEXT, {"ALARMBRO_SECRET_VAGT_SMS": "\n"})[0].text
    assert "UTF-8" in refused(tmp_path, TEXT, credentials(tmp_path, b"\xff\xfe"))[0].text


def test_a_folder_in_the_files_place_is_refused(tmp_path: Path) -> None:
    """Whatever it is, it holds no secret."""
    (tmp_path / "secrets.yaml").mkdir(mode=0o700)
    assert "secrets.yaml" in refused(tmp_path, TEXT)[0].text


def test_no_secret_is_shown_by_a_configuration(tmp_path: Path) -> None:
    """Neither those fetched nor those written into the file."""
    text = "mqtt: {url: mqtts://broker.example, password: kanarie-4711}\n" + with_urls("!secret vagt-sms", OTHER)
    configuration = loaded(tmp_path, text, {"ALARMBRO_SECRET_VAGT_SMS": CANARY}).configuration
    assert "kanarie" not in repr(configuration)
    assert "kanarie" not in str(configuration.recipients)
