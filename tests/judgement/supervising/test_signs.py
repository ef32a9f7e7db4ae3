"""Signs of life go where the watcher wants them, often enough, and their failing is told in time."""

from __future__ import annotations

import pytest

from alarmbro.judgement.supervising.signs import AGAIN_LONGEST_S, TROUBLE_S, Signs, address_of, kind_of, refusal_of
from alarmbro.model.activation import Trouble
from alarmbro.model.configuration import WatcherKind

HEALTHCHECKS, KUMA, PLAIN = WatcherKind.HEALTHCHECKS, WatcherKind.UPTIME_KUMA, WatcherKind.PLAIN


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://hc-ping.com/5d7e9a2c-0000-0000-0000-000000000000", HEALTHCHECKS),
        ("https://hc-ping.com/ping-key/alarmbro-vraa", HEALTHCHECKS),
        ("https://checks.example/ping/5d7e9a2c-0000-0000-0000-000000000000", HEALTHCHECKS),
        ("https://kuma.example/api/push/AbCdEf", KUMA),
        ("https://kuma.example/api/push/AbCdEf?status=up&msg=OK&ping=", KUMA),
        ("https://watcher.example/alive?token=1", PLAIN),
        ("http://127.0.0.1:9/", PLAIN),
    ],
)
def test_who_watches_is_told_by_the_address(url: str, kind: WatcherKind) -> None:
    """Those two are what most have; every other gets a plain GET."""
    assert kind_of(url) is kind


def test_uptime_kuma_is_told_that_we_are_up() -> None:
    """With or without the query that it shows for copying; its token stays."""
    bare, copied = "https://kuma.example/api/push/AbC", "https://kuma.example/api/push/AbC?status=up&msg=OK&ping="
    assert address_of(KUMA, bare) == "https://kuma.example/api/push/AbC?status=up&msg=OK"
    assert address_of(KUMA, copied) == copied
    assert address_of(KUMA, bare + "?status=down") == bare + "?status=up&msg=OK"


@pytest.mark.parametrize("kind", [HEALTHCHECKS, PLAIN])
def test_other_addresses_are_used_as_they_are_written(kind: WatcherKind) -> None:
    """Nothing is added."""
    assert address_of(kind, "https://watcher.example/a?b=%2F&c") == "https://watcher.example/a?b=%2F&c"


@pytest.mark.parametrize(
    ("kind", "status", "body", "refusal"),
    [
        (HEALTHCHECKS, 200, b"OK", ""),
        (HEALTHCHECKS, 200, b"OK (not found)", "it does not know this check"),
        (HEALTHCHECKS, 200, b"OK (rate limited)", ""),
        (HEALTHCHECKS, 404, b"not found", "HTTP 404"),
        (KUMA, 200, b'{"ok":true}', ""),
        (KUMA, 200, b'{"ok":false,"msg":"Monitor not found or not active."}', "it does not know this monitor"),
        (KUMA, 404, b'{"ok":false}', "HTTP 404"),
        (KUMA, 200, b"<html>", ""),
        (PLAIN, 204, b"", ""),
        (PLAIN, 200, b"not found", ""),
        (PLAIN, 302, b"", "HTTP 302"),
        (PLAIN, 500, b"", "HTTP 500"),
    ],
)
def test_only_a_sign_that_was_taken_counts(kind: WatcherKind, status: int, body: bytes, refusal: str) -> None:
    """A page to log in to, or a check that was deleted, is no watcher."""
    assert refusal_of(kind, status, body) == refusal


def test_signs_come_as_often_as_asked() -> None:
    """The first at once."""
    signs = Signs("watcher.example", 60.0, 100.0)
    assert signs.due_in_s(100.0) == 0
    assert signs.sent("", 100.0) == Trouble("watch_me", "watcher.example", well=True)
    assert signs.due_in_s(100.0) == 60
    assert signs.sent("", 160.0) is None


def test_a_watcher_that_fails_is_tried_again_soon_and_then_less_often() -> None:
    """Soon, as it will alarm; less often, as it may be down for hours. Never less often than asked for, or a minute."""
    signs, now_s, waits = Signs("watcher.example", 30.0, 0.0), 0.0, []
    for _ in range(6):
        signs.sent("HTTP 500", now_s)
        waits.append(signs.due_in_s(now_s))
        now_s += waits[-1]
    assert waits == [5, 10, 20, 40, AGAIN_LONGEST_S, AGAIN_LONGEST_S]
    signs.sent("", now_s)
    assert signs.due_in_s(now_s) == 30
    assert signs.sent("HTTP 500", now_s) is None
    assert signs.due_in_s(now_s) == 5
    slow = Signs("watcher.example", 3600.0, 0.0)
    for _ in range(2000):
        slow.sent("HTTP 500", 0.0)
    assert slow.due_in_s(0.0) == 3600


def test_it_is_a_fault_after_three_minutes_once_and_over_with_the_next_sign() -> None:
    """A watcher that restarts is none."""
    signs = Signs("watcher.example", 60.0, 0.0)
    signs.sent("", 0.0)
    assert signs.sent("ConnectTimeout", 60.0) is None
    assert signs.sent("ConnectTimeout", 60.0 + TROUBLE_S - 1) is None
    told = Trouble("watch_me", "watcher.example", detail="HTTP 502")
    assert signs.sent("HTTP 502", 60.0 + TROUBLE_S) == told
    assert signs.sent("HTTP 502", 1000.0) is None
    assert signs.sent("", 1060.0) == Trouble("watch_me", "watcher.example", well=True)
    assert signs.sent("HTTP 502", 1120.0) is None


def test_what_was_withheld_is_asked_for_again_soon() -> None:
    """The moment that all is well, the watcher hears so."""
    signs = Signs("watcher.example", 60.0, 0.0)
    signs.withheld(0.0)
    assert signs.due_in_s(0.0) == 1
