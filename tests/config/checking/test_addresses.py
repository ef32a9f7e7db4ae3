"""Addresses are ones that Apprise can use, and are named by their scheme only."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from config_files import loaded, refused, with_urls


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("json://{{site.id}}/kanarie", "a brace in the address has no other half"),
        ("json://h/{}kanarie", "what stands in braces is no placeholder"),
        ("json://h/{KANARIE kanarie}", "what stands in braces is no placeholder"),
        ("json://h/{device.navn}/kanarie", 'did you mean "device.name"?'),
        ("json://kanarie@h/?optional=true", "optional=yes"),
        ("ntfy://kanarie@h/t?OPTIONAL=1", "optional=yes"),
        ("jsonss://kanarie@h", 'scheme "jsonss" is not known; did you mean "jsons"?'),
        ("kanarie", "this is no address"),
        ("sia://kanarie@centre.example:12128", "the sia:// address is wrong: the account"),
        ("sia://1234@centre.example:12128/?key=kanarie", "the sia:// address is wrong: the key has 16, 24 or 32"),
        ("twilio://kanarie", "scheme twilio:// is known, but a part is missing or wrong"),
        ("json://[kanarie", "part is missing or wrong"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_without_it(tmp_path: Path, url: str, said: str) -> None:
    """Its scheme, what is wrong with it, and nothing of the rest."""
    found = refused(tmp_path, with_urls(url))
    assert any(said in each.text for each in found), found
    assert "kanarie" not in repr(found).lower()
    assert all((each.line, each.column) == (2, 29) for each in found)


def test_a_secret_address_is_judged_like_one_that_is_written(tmp_path: Path) -> None:
    """At the place of the !secret; a line break inside it is told too."""
    (found,) = refused(tmp_path, with_urls("!secret a"), {"ALARMBRO_SECRET_A": "jsno://kanarie@h"})
    assert 'did you mean "json"?' in found.text
    (found,) = refused(tmp_path, with_urls("!secret a"), {"ALARMBRO_SECRET_A": "json://kanarie\n@h"})
    assert "holds a line break" in found.text


def test_every_placeholder_may_stand_in_an_address(tmp_path: Path) -> None:
    """In the path and in the query; a device with a zone is needed for the zone."""
    names = ["site.id", "site.name", "device.id", "device.name", "device.zone", "alarm.id", "alarm.kind"]
    url = "json://127.0.0.1/" + "/".join(f"{{{name}}}" for name in names) + "?a={alarm.kind}"
    text = with_urls(url).replace("gpio: 17", "gpio: 17, zone: 1")
    target = loaded(tmp_path, text).configuration.recipients["vagt"].targets[0]
    assert (target.url.reveal(), target.scheme) == (url, "json")


def test_apprises_log_lines_about_an_address_are_kept_from_everybody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They hold pieces of it. Other threads' lines still come: a send may be under way."""
    monkeypatch.setattr(logging.getLogger("apprise"), "filters", [])  # as before a channel was made in this process
    with caplog.at_level(logging.DEBUG, logger="apprise"):
        refused(tmp_path, with_urls("twilio://kanarie", "json://kanarie@127.0.0.1"))
        other = threading.Thread(target=logging.getLogger("apprise").warning, args=("of another thread",))
        other.start()
        other.join()
    assert "kanarie" not in caplog.text
    assert "of another thread" in caplog.text


def test_importing_the_loader_does_not_import_apprise() -> None:
    """`alarmbro --help` must not wait for 180 plugins."""
    code = "import sys, alarmbro.config; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0
