"""What the file says about watching: Home Assistant, other sites, and a watcher outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from config_files import SMALLEST, loaded, refused

from alarmbro.model.configuration import Configuration, HomeAssistant, WatcherKind, WatchMe
from alarmbro.model.secret import Secret

MQTT = 'mqtt: {url: "mqtts://broker.example"}\n'
TWO_SITES = SMALLEST + (
    "  hal: {name: Hallen, route: alt, devices: {knap: {name: Knap, gpio: 18}}}\n"  # in the same `sites`
)


def configured(folder: Path, more: str, base: str = SMALLEST, **more_words: str) -> Configuration:
    return loaded(folder, MQTT + more + base, **more_words).configuration  # type: ignore[arg-type]  # serve is a text


def test_left_out_neighbours_are_watched_and_nothing_else(tmp_path: Path) -> None:
    """Nobody has to think of it for a dead machine to be missed."""
    configuration = configured(tmp_path, "")
    assert configuration.watch_sites
    assert configuration.home_assistant is None
    assert configuration.watch_me is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", HomeAssistant()),
        ("false", HomeAssistant(wanted=False)),
        ("{}", HomeAssistant()),
        ("{discovery: ha/hus}", HomeAssistant("ha/hus")),
    ],
)
def test_home_assistant_is_written_short_or_with_its_prefix(tmp_path: Path, written: str, meant: HomeAssistant) -> None:
    """Most write true."""
    assert configured(tmp_path, f"home_assistant: {written}\n").home_assistant == meant


def test_neighbours_are_not_watched_where_the_file_says_so(tmp_path: Path) -> None:
    """Where somebody else does."""
    assert not configured(tmp_path, "watch_sites: false\n").watch_sites


def test_a_watcher_has_an_address_a_kind_and_a_pace(tmp_path: Path) -> None:
    """What is left out is usual: told by the address, once a minute."""
    found = configured(tmp_path, 'watch_me: {url: "https://hc-ping.com/kanarie-4711"}\n').watch_me
    assert found == WatchMe((Secret("https://hc-ping.com/kanarie-4711"),), WatcherKind.HEALTHCHECKS, 60.0)
    assert "kanarie" not in repr(found)
    words = 'watch_me: {url: "https://kuma.example/api/push/AbC", every: 30s, kind: plain}\n'
    found = configured(tmp_path, words).watch_me
    assert found == WatchMe((Secret("https://kuma.example/api/push/AbC"),), WatcherKind.PLAIN, 30.0)
    found = configured(tmp_path, 'watch_me: {url: "https://kuma.example/api/push/AbC"}\n').watch_me
    assert found == WatchMe((Secret("https://kuma.example/api/push/AbC?status=up&msg=OK"),), WatcherKind.UPTIME_KUMA)


def test_each_served_site_has_its_own_sign_where_the_address_names_it(tmp_path: Path) -> None:
    """One file on every machine, and a check for each site."""
    words = 'watch_me: {url: "https://hc-ping.com/key/{site.id}"}\n'
    both = configured(tmp_path, words, TWO_SITES).watch_me
    assert both is not None
    assert [url.reveal() for url in both.urls] == ["https://hc-ping.com/key/hus", "https://hc-ping.com/key/hal"]
    one = configured(tmp_path, words, TWO_SITES, serve="hal").watch_me
    assert one is not None
    assert [url.reveal() for url in one.urls] == ["https://hc-ping.com/key/hal"]


def test_the_same_sign_from_every_machine_is_doubtful(tmp_path: Path) -> None:
    """A dead machine would not be missed while another sends its sign. A secret is each machine's own."""
    written = 'watch_me: {url: "https://hc-ping.com/one"}\n'
    (warning,) = [each for each in loaded(tmp_path, written + TWO_SITES).warnings if "sign" in each.text]
    assert (warning.line, warning.column) == (1, 17)
    assert "write !secret NAME" in warning.text
    secret = "watch_me: {url: !secret watcher}\n"
    environ = {"ALARMBRO_SECRET_WATCHER": "https://hc-ping.com/one"}
    assert not [each for each in loaded(tmp_path, secret + TWO_SITES, environ).warnings if "sign" in each.text]
    assert not [each for each in loaded(tmp_path, written + SMALLEST).warnings if "sign" in each.text]


@pytest.mark.parametrize(
    "url",
    [
        "", "hc-ping.com/kanarie-4711", "ftp://kanarie-4711.example", "https://", "https:///kanarie-4711",
        "https://[kanarie-4711", "https://host.example:99999/kanarie-4711", "https://host.example/kana rie-4711",
        "https://{site.id}.example/kanarie-4711", "https://host.example/{kanarie-4711", "https://host.example/{}",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_is_refused_without_being_repeated(tmp_path: Path, url: str) -> None:
    """Whoever knows it can send signs in our name."""
    found = refused(tmp_path, "watch_me: {url: !secret watcher}\n" + SMALLEST, {"ALARMBRO_SECRET_WATCHER": url})
    assert found
    assert all("kanarie" not in str(each) and "kana" not in str(each) for each in found)
