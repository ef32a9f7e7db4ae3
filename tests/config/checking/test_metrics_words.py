"""What the file says about metrics: on this machine, unless somebody wrote that others may read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from config_files import SMALLEST, loaded, refused

from alarmbro.model.configuration import Metrics


def found(folder: Path, words: str) -> Metrics | None:
    done = loaded(folder, f"metrics: {words}\n" + SMALLEST)
    assert not [each for each in done.warnings if "metrics" in each.text or "machine" in each.text]
    return done.configuration.metrics


def test_left_out_there_are_none(tmp_path: Path) -> None:
    """No port is open that nobody asked for."""
    assert loaded(tmp_path, SMALLEST).configuration.metrics is None


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("{}", Metrics("127.0.0.1", 9480)),
        ('{listen: "127.0.0.1:9481"}', Metrics("127.0.0.1", 9481)),
        ('{listen: "127.8.8.8:9480"}', Metrics("127.8.8.8", 9480)),
        ('{listen: "localhost:9480"}', Metrics("localhost", 9480)),
        ('{listen: "[::1]:9480"}', Metrics("::1", 9480)),
    ],
)
def test_this_machine_has_many_names(tmp_path: Path, words: str, meant: Metrics) -> None:
    """Each is written as the web page's is."""
    metrics = found(tmp_path, words)
    assert metrics == meant
    assert metrics is not None
    assert metrics.address in words or words == "{}"


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", "192.168.1.7", "alarm.example", "127.0.0.1.example"])
def test_others_read_them_only_where_that_is_written(tmp_path: Path, host: str) -> None:
    """An address alone may be a slip; with `outside: true` it is meant, and still said."""
    (error,) = refused(tmp_path, f'metrics: {{listen: "{host}:9480"}}\n' + SMALLEST)
    assert (error.line, "outside: true" in error.text) == (1, True)
    refused(tmp_path, f'metrics: {{listen: "{host}:9480", outside: false}}\n' + SMALLEST)
    done = loaded(tmp_path, f'metrics: {{listen: "{host}:9480", outside: true}}\n' + SMALLEST)
    assert [each.line for each in done.warnings if "firewall" in each.text] == [1]
    assert done.configuration.metrics == Metrics(host.strip("[]"), 9480)


@pytest.mark.parametrize(
    "words", ["true", "9480", '{listen: "127.0.0.1"}', '{listen: "127.0.0.1:0"}', '{listen: "a b:1"}', "{port: 9480}"]
)
def test_what_is_no_place_is_refused(tmp_path: Path, words: str) -> None:
    """The one error is about it, where it stands."""
    (error,) = refused(tmp_path, f"metrics: {words}\n" + SMALLEST)
    assert error.line == 1
    assert ";" in error.text  # what is wrong; what would be right
