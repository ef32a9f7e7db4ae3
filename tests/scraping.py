"""Reads metrics as Prometheus does: over HTTP, by its own parser."""

from __future__ import annotations

import http.client
from collections.abc import Iterable

from prometheus_client.parser import text_string_to_metric_families

from alarmbro.metrics.text import Family, written

Numbers = dict[str, float]


def read(text: str) -> Numbers:
    """Give each sample under its name, with the values of its labels behind it: `alarmbro_alarms_total hus assault`."""
    found: Numbers = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            name = " ".join([sample.name, *sample.labels.values()])
            assert name not in found, f"{name} twice"
            found[name] = sample.value
    return found


def numbers(families: Iterable[Family]) -> Numbers:
    """Give the samples of families, over the text that they are written as."""
    return read(written(families))


def fetch(port: int, path: str = "/metrics", method: str = "GET") -> tuple[int, str]:
    """Ask for a page; give the status and the text."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def scrape(port: int) -> Numbers:
    """Scrape, and fail where that is not possible."""
    status, text = fetch(port)
    assert status == 200, text
    return read(text)
