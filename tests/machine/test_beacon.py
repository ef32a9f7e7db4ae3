"""A watcher on loopback gets signs of life while the daemon is well, and none when it is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from clocks import JumpingClock
from receivers import Arrivals, HttpReceiver
from running import until

from alarmbro.judgement.supervising.signs import TROUBLE_S
from alarmbro.machine import beacon as module
from alarmbro.machine.beacon import HANGS_S, Beacon
from alarmbro.machine.pulse import TURN_S, Pulse
from alarmbro.model.activation import Trouble
from alarmbro.model.configuration import WatcherKind, WatchMe
from alarmbro.model.secret import Secret

TOKEN = "kanarie-4711"


class Scene:
    """A watcher, and a beacon whose thread is not started unless the test does."""

    def __init__(self, watcher: HttpReceiver) -> None:
        self.watcher = watcher
        self.clock = JumpingClock()
        self.well: bool | str = True
        self.troubles: Arrivals[Trouble] = Arrivals()
        self.beacon = self.make()

    def make(self, kind: WatcherKind = WatcherKind.PLAIN, *paths: str) -> Beacon:
        urls = tuple(Secret(f"http://127.0.0.1:{self.watcher.port}/{path}") for path in paths or (TOKEN,))
        return Beacon(WatchMe(urls, kind, 60.0), lambda: self.well, self.clock, self.troubles.add)

    def pushes(self, seconds: float = 0.0) -> float:
        self.clock.forward(seconds)
        return self.beacon.push()

    def paths(self) -> list[str]:
        return [each.path for each in self.watcher.received()]

    def told(self) -> list[tuple[str, bool]]:
        return [(each.detail, each.well) for each in self.troubles.all()]


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr(module, "CONNECT_S", 0.3)
    monkeypatch.setattr(module, "READ_S", 0.3)
    with HttpReceiver() as watcher:
        yield Scene(watcher)


def test_a_sign_goes_out_at_once_and_then_as_often_as_asked(scene: Scene) -> None:
    """A plain GET of the address as it is."""
    assert scene.pushes() == 60
    assert scene.pushes(59) == 1
    assert len(scene.paths()) == 1
    assert scene.pushes(1) == 60
    assert scene.paths() == [f"/{TOKEN}"] * 2
    sign = scene.watcher.received()[0]
    assert (sign.method, sign.body) == ("GET", b"")
    assert sign.headers["user-agent"].startswith("alarmbro/")
    assert scene.told() == [("", True)]


@pytest.mark.parametrize("why", [False, "the last turn was completed 40 s ago"])
def test_nothing_goes_out_while_all_is_not_well(scene: Scene, *, why: bool | str) -> None:
    """A process that runs and decides nothing must be missed; the moment that it decides again it is heard."""
    scene.well = why
    for _ in range(20):
        assert scene.pushes(5) == 1
    assert scene.paths() == []
    assert scene.told() == []
    scene.well = True
    scene.pushes(5)
    assert len(scene.paths()) == 1


def test_each_site_has_its_own_sign(scene: Scene) -> None:
    """Where the address names the site; one that is refused keeps no other back, and is a failure."""
    scene.watcher.status(404)
    beacon = scene.make(WatcherKind.HEALTHCHECKS, "ping/key/hirtshals", "ping/key/vraa")
    assert beacon.push() == 5
    assert scene.paths() == ["/ping/key/hirtshals", "/ping/key/vraa"]


def test_a_watcher_that_does_not_know_us_is_told_after_three_minutes(scene: Scene) -> None:
    """Healthchecks says 200 to a check that was deleted."""
    scene.beacon = scene.make(WatcherKind.HEALTHCHECKS)
    scene.watcher.status(200, b"OK (not found)")
    scene.pushes()
    for _ in range(int(TROUBLE_S) // 10 - 1):
        scene.pushes(10)
    assert scene.told() == []
    scene.pushes(60)
    assert scene.troubles.all() == [Trouble("watch_me", "127.0.0.1", detail="it does not know this check")]
    scene.watcher.status(200, b"OK")
    scene.pushes(60)
    assert scene.told()[1:] == [("", True)]


def misbehaviours(watcher: HttpReceiver) -> Iterator[str]:
    """Make a watcher misbehave in every way that one can, and say what should be told of it."""
    watcher.status(500)
    yield "HTTP 500"
    watcher.status(302, headers={"Location": f"http://127.0.0.1:{watcher.port}/login"})
    yield "HTTP 302"
    watcher.reset()
    yield "ConnectionError"
    watcher.hang()
    yield "ReadTimeout"
    watcher.stop()
    yield "ConnectionError"


def test_every_way_to_fail_is_told_without_the_address(scene: Scene) -> None:
    """By its kind alone: the library's own words hold the address, and that is a secret."""
    for expected in misbehaviours(scene.watcher):
        scene.beacon = scene.make()
        with structlog.testing.capture_logs() as logs:
            scene.pushes()
            scene.pushes(TROUBLE_S)
        assert scene.told()[-1] == (expected, False)
        assert TOKEN not in repr(logs) + repr(scene.troubles.all()) + repr(vars(scene.beacon))


def test_a_redirect_is_not_followed(scene: Scene) -> None:
    """The page of a network that wants a login would pass for a watcher."""
    scene.watcher.status(302, headers={"Location": f"http://127.0.0.1:{scene.watcher.port}/login"})
    scene.pushes()
    assert scene.paths() == [f"/{TOKEN}"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/", "http://\u2024./", "ftp://127.0.0.1/"])
def test_an_address_that_cannot_be_used_is_a_failure_and_no_crash(scene: Scene, url: str) -> None:
    """The configuration refuses it; should one come through, the thread lives."""
    beacon = Beacon(WatchMe((Secret(url),)), lambda: True, scene.clock, scene.troubles.add)
    assert beacon.push() == 5


def test_the_thread_goes_on_whatever_fails(scene: Scene) -> None:
    """What asks how we are may fail, too: then nothing is sent, and it is asked again."""
    asked: Arrivals[None] = Arrivals()

    def broken() -> bool:
        asked.add(None)
        if len(asked.all()) < 3:
            raise RuntimeError("nobody knows")
        return True

    beacon = Beacon(WatchMe(scene.beacon._watch_me.urls, every_s=0.01), broken, scene.clock, scene.troubles.add)
    beacon.start()
    try:
        scene.watcher.wait_for(1)
        assert beacon.alive()
    finally:
        beacon.stop()
    assert not beacon.alive()
    beacon.stop()


def test_a_watcher_that_hangs_delays_no_end(scene: Scene) -> None:
    """The daemon ends within its second."""
    scene.watcher.hang()
    scene.beacon.start()
    scene.watcher.wait_for(1)
    scene.beacon.stop()
    scene.watcher.ok()
    until(lambda: not scene.beacon.alive())


def test_a_thread_that_hangs_for_ten_minutes_is_dead(scene: Scene) -> None:
    """It is made anew then."""
    scene.watcher.hang()
    scene.beacon.start()
    try:
        scene.watcher.wait_for(1)
        scene.clock.forward(HANGS_S - 1)
        assert scene.beacon.alive()
        scene.clock.forward(1)
        assert not scene.beacon.alive()
    finally:
        scene.watcher.ok()
        scene.beacon.stop()


def test_nothing_of_one_sign_goes_with_the_next(scene: Scene) -> None:
    """No cookie, and no connection that would be dead by then."""
    scene.watcher.status(200, headers={"Set-Cookie": "who=you"})
    scene.pushes()
    scene.pushes(60)
    assert len(scene.paths()) == 2
    assert all("cookie" not in each.headers for each in scene.watcher.received())


def test_turns_that_stop_are_not_well(scene: Scene) -> None:
    """Nor is a daemon that has not completed one; and why is said."""
    pulse = Pulse(scene.clock)
    assert pulse.well() == "no turn has been completed yet"
    pulse.beat()
    assert pulse.well() is True
    scene.clock.forward(TURN_S - 1)
    assert pulse.well() is True
    scene.clock.forward(1)
    assert pulse.well() == "the last turn was completed 20 s ago"
    pulse.beat()
    assert pulse.well() is True
