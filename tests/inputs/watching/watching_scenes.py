"""Real brokers for the second connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from broker import Mosquitto
from watching_bench import Scene

MakeScene = Callable[..., Scene]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeScene]:
    made: list[Mosquitto] = []

    def scene(protocol: str = "5", settings: tuple[str, ...] = ()) -> Scene:
        made.append(Mosquitto(tmp_path, settings=settings))
        made[-1].start()
        return Scene(made[-1], protocol)

    yield scene
    for mosquitto in made:
        mosquitto.kill()


@pytest.fixture(params=("5", "3.1.1"))
def scene(request: pytest.FixtureRequest, make: MakeScene) -> Scene:
    return make(request.param)


@pytest.fixture
def five(make: MakeScene) -> Scene:
    return make()
