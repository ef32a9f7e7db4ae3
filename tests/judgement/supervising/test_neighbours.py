"""A machine that is dead cannot say so: the others do, and only when it is so."""

from __future__ import annotations

import pytest

from alarmbro.judgement.supervising.neighbours import NEVER_S, OFFLINE_S, STALE_S, Neighbours, online_in
from alarmbro.model.activation import Trouble

ONLINE, OFFLINE = b'{"online": true, "records": 1}', b'{"online": false}'


class Watch:
    """A machine that watches Vrå, with time that passes when told to; connected from the start."""

    def __init__(self) -> None:
        self.now_s = 5000.0
        self.neighbours = Neighbours(["vraa"])
        self.neighbours.linked(self.now_s)

    def hears(self, payload: bytes, *, kept: bool = False) -> list[Trouble]:
        self.neighbours.heard("vraa", payload, self.now_s, kept=kept)
        return self.passes(0)

    def passes(self, seconds: float) -> list[Trouble]:
        self.now_s += seconds
        return list(self.neighbours.due(self.now_s))

    def is_cut_off_for(self, seconds: float) -> list[Trouble]:
        self.neighbours.unlinked(self.now_s)
        said = self.passes(seconds)
        self.neighbours.linked(self.now_s)
        return said


def down(detail: str) -> list[Trouble]:
    return [Trouble("site", "vraa", detail=detail, site="vraa")]


UP = [Trouble("site", "vraa", well=True, site="vraa")]


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_a_site_that_goes_offline_is_told_after_three_minutes_and_once(watch: Watch) -> None:
    """Its last will said so, and it is not back."""
    assert watch.hears(ONLINE, kept=True) == UP
    assert watch.hears(OFFLINE) == []
    assert watch.passes(OFFLINE_S - 1) == []
    assert watch.passes(1) == down("it is offline")
    assert watch.passes(OFFLINE_S) == []
    assert watch.hears(ONLINE) == UP


def test_a_site_that_restarts_is_nobodys_fault(watch: Watch) -> None:
    """An upgrade takes a minute; each outage counts from its own beginning."""
    watch.hears(ONLINE)
    for _ in range(5):
        assert watch.hears(OFFLINE) == []
        assert watch.passes(OFFLINE_S - 1) == []
        assert watch.hears(ONLINE) == []


def test_a_last_will_that_is_said_again_does_not_begin_anew(watch: Watch) -> None:
    """A machine whose connection comes and goes at the broker is still away."""
    watch.hears(ONLINE)
    watch.hears(OFFLINE)
    watch.passes(OFFLINE_S - 1)
    assert watch.hears(OFFLINE, kept=True) == []
    assert watch.passes(1) == down("it is offline")


def test_a_site_that_was_offline_before_we_came_is_told_too(watch: Watch) -> None:
    """The broker has kept its last will."""
    assert watch.hears(OFFLINE, kept=True) == []
    assert watch.passes(OFFLINE_S) == down("it is offline")


def test_a_site_that_never_said_anything_is_told_after_an_hour(watch: Watch) -> None:
    """It may never have been installed; and it is well from its first word."""
    assert watch.passes(NEVER_S - 1) == []
    assert watch.passes(1) == down("nothing was ever heard from it")
    assert watch.hears(ONLINE) == UP


def test_a_site_of_which_nothing_new_is_heard_for_25_hours_is_told(watch: Watch) -> None:
    """A broker that was killed with it kept `online`, and sends no last will."""
    watch.hears(ONLINE, kept=True)
    assert watch.passes(STALE_S - 1) == []
    assert watch.passes(1) == down("nothing new was heard from it for 25 h")
    assert watch.hears(ONLINE) == UP


def test_the_daily_status_keeps_a_quiet_site_well(watch: Watch) -> None:
    """It says the same again, live."""
    watch.hears(ONLINE)
    for _ in range(10):
        assert watch.passes(STALE_S - 3600) == []
        assert watch.hears(ONLINE) == []


def test_what_the_broker_has_kept_is_no_news(watch: Watch) -> None:
    """Our own reconnecting, however often, keeps no dead site alive; what changed meanwhile is news."""
    watch.hears(ONLINE, kept=True)
    for _ in range(24):
        assert watch.passes(3600) == []
        watch.is_cut_off_for(1)
        assert watch.hears(ONLINE, kept=True) == []
    assert watch.passes(3600) == down("nothing new was heard from it for 25 h")
    assert watch.hears(b'{"online": true, "records": 2}', kept=True) == UP


def test_while_we_hear_nobody_nobody_is_silent(watch: Watch) -> None:
    """A broker that was away for a day makes no site a fault; it has its time again."""
    assert watch.is_cut_off_for(2 * NEVER_S) == []
    assert watch.passes(NEVER_S - 1) == []
    watch.hears(ONLINE, kept=True)
    assert watch.is_cut_off_for(2 * STALE_S) == []
    assert watch.passes(STALE_S - 1) == []
    watch.hears(OFFLINE)
    assert watch.is_cut_off_for(2 * OFFLINE_S) == []
    assert watch.passes(OFFLINE_S - 1) == []
    assert watch.passes(1) == down("it is offline")


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"online",
        b"[]",
        b"{}",
        b'{"online": "true"}',
        b'{"online": 1}',
        b"\xff",
        b"[" * 100_000,
        b'"online"',
        b"null",
    ],
)
def test_what_is_no_status_is_no_sign_of_life(watch: Watch, payload: bytes) -> None:
    """Nor does it upset anybody."""
    assert online_in(payload) is None
    watch.hears(payload)
    assert watch.passes(NEVER_S) == down("nothing was ever heard from it")


def test_the_status_of_another_site_is_not_minded(watch: Watch) -> None:
    """Only those that are watched."""
    watch.neighbours.heard("sindal", OFFLINE, watch.now_s, kept=False)
    assert watch.passes(OFFLINE_S) == []
