"""The whole daemon is watched: Home Assistant sees its buttons and presses, and a watcher gets its signs of life."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import until
from towns import Town, town_of

FILE = """
mqtt: {{url: "mqtt://127.0.0.1:{broker}"}}
gpio: {{factory: mock}}
home_assistant: true
watch_me: {{url: "http://127.0.0.1:{http}/watcher/{{site.id}}", every: 10s}}
serve: [hus]
recipients:
  serviceteam: {{name: Serviceteam, urls: ["json://127.0.0.1:{http}/serviceteam"], acknowledges: true}}
routes:
  alt: {{steps: [{{notify: [serviceteam]}}]}}
faults: {{notify: [serviceteam]}}
sites:
  hus:
    name: Huset
    route: alt
    devices:
      skranke: {{name: Skranke, gpio: 17}}
      lommy: {{name: Lommy, mqtt: true}}
  hal:
    name: Hallen
    route: alt
    devices:
      lager: {{name: Lager, gpio: 17}}
"""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with town_of(tmp_path, FILE) as made:
        yield made


def signs(town: Town) -> list[str]:
    return [each.path for each in town.http.received() if each.path.startswith("/watcher")]


def test_home_assistant_sees_a_press_and_the_watcher_a_life(town: Town) -> None:
    """From the press on the device's own topic to the event; what is published comes back as no press."""
    town.start(broker=True)
    with town.listening("#") as heard:
        documents = until(lambda: heard("alarmbro_hus_lommy/config"))
        assert json.loads(documents[0])["device"]["name"] == "Huset: Lommy"
        assert not heard("alarmbro_hal_lager/config")
        town.publish("alarmbro/hus/lommy/press", "")
        events = until(lambda: heard("hus/lommy/event"))
        assert json.loads(events[0])["event_type"] == "press"

        def state() -> dict[str, Any]:
            return dict(json.loads(heard("hus/lommy/state")[-1])) if heard("hus/lommy/state") else {}

        until(lambda: state().get("alarm") == "hus-1")
        town.daemon.cli("close", "hus-1", "--outcome", "test", "--by", "Vagthavende")
        until(lambda: state().get("alarm") == "")
        assert [json.loads(event)["event_type"] for event in heard("hus/lommy/event")] == ["press", "closed"]
        assert "Vagthavende" not in "".join(heard("/event") + heard("/state"))
    assert len(town.daemon.records("activation")) == 1
    assert town.daemon.records("rejected") == []
    assert until(lambda: signs(town))[0] == "/watcher/hus"
