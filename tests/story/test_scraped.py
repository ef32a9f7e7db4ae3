"""The whole daemon is scraped while people press: its numbers are right, and no scraper holds up an alarm."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from receivers import free_port
from running import until
from scraping import Numbers, fetch, scrape
from towns import Town

from alarmbro.metrics.server import VISITORS
from alarmbro.metrics.text import CONTENT_TYPE

METRICS = "metrics: {{listen: 127.0.0.1:%d}}\n"
FILE = """
mqtt: {{url: "mqtt://127.0.0.1:{broker}"}}
gpio: {{factory: mock}}
recipients:
  serviceteam: {{name: Serviceteam, urls: ["json://kanarie:fugl@127.0.0.1:{http}/serviceteam"], acknowledges: true}}
  leder: {{name: Leder, urls: ["json://127.0.0.1:{dead}/leder"]}}
routes:
  alt: {{steps: [{{notify: [serviceteam, leder]}}]}}
faults: {{notify: [serviceteam]}}
sites:
  hus:
    name: Huset
    route: alt
    devices:
      skranke: {{name: Skranke, gpio: 17}}
      lommy: {{name: Lommy, mqtt: true}}
"""


class Scraped(Town):
    """A town whose numbers can be read."""

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(folder, METRICS % port + FILE)
        self.port = port

    def numbers(self) -> Numbers:
        """Scrape as soon as that is possible."""
        until(self.listens, say=self.daemon.log_text)
        return scrape(self.port)

    def listens(self) -> bool:
        with contextlib.closing(socket.socket()) as asking:
            return asking.connect_ex(("127.0.0.1", self.port)) == 0

    def told(self) -> list[Any]:
        return [each.draft for each in self.daemon.records("told") if each.draft.alarm]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Scraped]:
    made = Scraped(tmp_path, free_port())
    try:
        yield made
    finally:
        made.daemon.end()
        made.http.stop()
        made.broker.stop()


@contextlib.contextmanager
def again_and_again(port: int) -> Iterator[list[Numbers]]:
    """Scrape all the time; give what was found, none of which may ever fall."""
    found: list[Numbers] = []
    ending = threading.Event()

    def go_on() -> None:
        while not ending.is_set():
            found.append(scrape(port))

    scraper = threading.Thread(target=go_on)
    scraper.start()
    try:
        yield found
    finally:
        ending.set()
        scraper.join(20)


def test_the_numbers_are_those_of_the_journal(town: Scraped) -> None:
    """Presses on a pin, over MQTT and by hand, scraped all the while: nothing is counted twice or left out."""
    town.start(broker=True)
    town.numbers()
    with again_and_again(town.port) as found:
        town.daemon.cli("pin", "hus/skranke")
        town.publish("alarmbro/hus/lommy/press", '{"battery": 40}')
        until(lambda: len(town.daemon.records("raised")) == 2, say=town.daemon.log_text)
        for number in range(10):
            town.daemon.ask("press", device="hus/skranke" if number % 2 else "hus/lommy")
        town.daemon.ask("ack", alarm="hus-1", by="Serviceteam")
        town.daemon.ask("close", alarm="hus-1", outcome="false_alarm", by="Serviceteam")
        until(lambda: len(found) > 3)
    until(lambda: len(town.daemon.records("attempt")) >= 6 and len(town.told()) >= 2)
    totals = [each["alarmbro_presses_total hus joined"] for each in found]
    assert totals == sorted(totals)
    now = until(lambda: settled(town), say=town.daemon.log_text)
    records = {kind: len(town.daemon.records(kind)) for kind in ("raised", "joined", "closed")}
    assert records == {"raised": 2, "joined": 10, "closed": 1}
    assert now["alarmbro_alarms_total hus assault"] == 2
    assert now["alarmbro_presses_total hus joined"] == 10
    assert now["alarmbro_alarms_closed_total hus false_alarm"] == 1
    assert now["alarmbro_press_to_told_seconds_count hus"] == 2
    assert now["alarmbro_press_to_told_seconds_bucket hus +Inf"] == 2
    assert 0 < now["alarmbro_press_to_told_seconds_sum hus"] < 10
    assert now["alarmbro_press_to_acknowledged_seconds_count hus"] == 1
    assert now["alarmbro_alarms_open hus raised"] == 1
    assert now["alarmbro_alarms_open hus acknowledged"] == 0
    assert now["alarmbro_deliveries_pending alarm"] >= 1  # the manager cannot be reached
    assert now["alarmbro_device_battery_ratio hus lommy"] == 0.4
    assert now["alarmbro_device_heard_age_seconds hus lommy"] < 60
    assert now["alarmbro_mqtt_connected hus"] == 1
    assert now["alarmbro_listener_up gpio"] == now["alarmbro_listener_up mqtt:hus"] == 1
    assert now["alarmbro_journal_commit_seconds_count"] > 5
    assert now["alarmbro_threads"] > 5


def settled(town: Scraped) -> Numbers | None:
    """Give numbers that agree with the journal, attempt by attempt, once no attempt came in between."""
    before = town.daemon.records("attempt")
    now = town.numbers()
    after = town.daemon.records("attempt")
    if len(before) != len(after):
        return None
    outcomes = [f"{each.draft.recipient} {each.draft.data['outcome']}" for each in after]
    for recipient, scheme in (("serviceteam", "1 (json)"), ("leder", "1 (json)")):
        for outcome in ("ok", "failed"):
            counted = now[f"alarmbro_attempts_total {recipient}/{scheme} {outcome}"]
            if counted != outcomes.count(f"{recipient} {outcome}"):
                return None
    assert outcomes.count("leder failed") >= 1
    return now


def test_no_scraper_holds_up_an_alarm(town: Scraped) -> None:
    """Some hang, some drip, one floods: a press is told as fast as ever, and the one that is well is served."""
    town.start()
    town.numbers()
    hanging = [socket.create_connection(("127.0.0.1", town.port)) for _ in range(VISITORS)]
    with contextlib.ExitStack() as all_of_them, again_and_again(town.port) as found:
        for visitor in hanging:
            all_of_them.enter_context(visitor)
            visitor.sendall(b"GET /metrics HT")
        for number in range(3):
            begun_s = time.monotonic()
            town.daemon.ask("press", device="hus/skranke" if number % 2 else "hus/lommy")
            town.http.wait_for(2 * number + 1)
            assert time.monotonic() - begun_s < 2.0
            town.daemon.ask("close", alarm=f"hus-{number + 1}", outcome="test", by="Vagten")
            town.http.wait_for(2 * number + 2)
        until(lambda: len(found) > 2)
    until(lambda: town.numbers()["alarmbro_alarms_total hus assault"] == 3)


def test_no_secret_and_no_name_is_on_the_page(town: Scraped) -> None:
    """Neither what an address holds nor who answered; and it is what Prometheus asks for."""
    town.start()
    town.numbers()
    town.daemon.ask("press", device="hus/skranke", by="Kanariefuglen")
    town.daemon.ask("ack", alarm="hus-1", by="Kanariefuglen")
    town.daemon.wait_for("told", 1)
    status, text = fetch(town.port)
    assert status == 200
    assert "kanarie" not in text.lower()
    assert "127.0.0.1" not in text
    assert CONTENT_TYPE.startswith("text/plain; version=0.0.4")


def test_a_reload_moves_it_and_keeps_what_was_counted(town: Scraped) -> None:
    """Another port, then none: what was counted since the start is not lost by it."""
    town.start()
    town.numbers()
    town.daemon.ask("press", device="hus/skranke")
    before, town.port = town.port, free_port()
    text = town.daemon.config.read_text(encoding="utf-8")
    town.daemon.config.write_text(text.replace(str(before), str(town.port)), encoding="utf-8")
    town.daemon.ask("reload")
    until(lambda: town.numbers()["alarmbro_alarms_total hus assault"] == 1)
    town.daemon.config.write_text(text.split("\n", 1)[1], encoding="utf-8")
    town.daemon.ask("reload")
    assert not town.listens()
    town.port = before
    assert not town.listens()


def test_a_port_that_is_taken_keeps_no_button_from_working(town: Scraped) -> None:
    """It is a fault, in words, and over when the port is free."""
    with socket.create_server(("127.0.0.1", town.port)):
        town.start()
        faults = until(lambda: town.daemon.ask("status")["faults"])
        assert [fault["fault"] for fault in faults] == [f"metrics/127.0.0.1:{town.port}"]
        town.daemon.ask("press", device="hus/skranke")
        assert town.told() or town.daemon.wait_for("told", 1, alarm="hus-1")
    town.daemon.wait_for("fault_cleared", 1)
    assert town.numbers()["alarmbro_faults_open metrics"] == 0
