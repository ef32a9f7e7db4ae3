"""The demonstration's page: every button in its room, everybody's message beside it, and nobody else's hands on it."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from demonstrations import Running, demonstration
from running import until

from alarmbro.config import load
from alarmbro.demo.plan.rooms import FLOORS, rooms_of
from alarmbro.demo.plan.words import TEXTS
from alarmbro.demo.show import template
from alarmbro.model.configuration import Configuration


class PlanPage:
    """The page of a demonstration, asked as a browser on it would."""

    def __init__(self, running: Running) -> None:
        self.url = running.until(r"(http://127\.0\.0\.1:\d+/)")[1]
        self._host = urlsplit(self.url).netloc

    def ask(self, method: str, path: str, form: Mapping[str, str] | None = None, **headers: str) -> tuple[int, str]:
        """Ask; give the status and the page."""
        connection = http.client.HTTPConnection(self._host, timeout=20)
        own = {"Host": self._host} | ({"Origin": self.url.rstrip("/")} if form is not None else {})
        content = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        try:
            connection.request(method, path, urlencode(form) if form is not None else None, own | content | headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def do(self, what: str, **form: str) -> None:
        """Send a form, as a button does."""
        status, _ = self.ask("POST", f"/{what}", form)
        assert status == 303

    def shown(self) -> str:
        """Give the page."""
        status, page = self.ask("GET", "/")
        assert status == 200
        return page

    def heard(self, receiver: str) -> list[str]:
        """Give the messages of one receiver, the newest first."""
        found = re.search(rf"<h3>{re.escape(receiver)}</h3>(.*?)</article>", self.shown(), re.DOTALL)
        return re.findall(r'<p class="message">(.*?)</p>', found[1], re.DOTALL) if found else []


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlanPage]:
    """Give the page of one demonstration for the whole module."""
    with demonstration(tmp_path_factory.mktemp("plan")) as running:
        yield PlanPage(running)


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    """Give the demonstration's configuration."""
    file = tmp_path / "demo.yaml"
    file.write_text(template().replace("@BROKER_PORT@", "1883").replace("@RECEIVER_PORT@", "8080"), encoding="utf-8")
    return load(file, environ={}).configuration


def test_every_button_of_the_demonstration_has_its_room(configuration: Configuration) -> None:
    """And no room has a button that is not there."""
    for site in configuration.sites.values():
        rooms = list(rooms_of(site))
        assert {device.id for _, device in rooms if device} == set(site.devices)
        assert all(room.id for room, _ in rooms)
        assert [room for room, _ in rooms] == list(FLOORS[site.id])


def test_a_button_that_no_plan_knows_has_a_room_of_its_own(configuration: Configuration) -> None:
    """Whoever adds one to the configuration can press it."""
    other = replace(configuration.sites["vraa"], id="andet")
    assert [(room.device, device.id) for room, device in rooms_of(other) if device] == [("lommy-1", "lommy-1")]


def test_each_word_is_there_in_both_languages() -> None:
    """With the same fields."""
    for danish, english in TEXTS.values():
        assert re.findall(r"{\w+}", danish) == re.findall(r"{\w+}", english)


def test_a_press_in_a_room_reaches_those_of_its_route(plan: PlanPage) -> None:
    """With the time after the press; Hirtshals goes to its alarm centre, and the town hall to the police."""
    plan.do("press", device="hirtshals/lokale-1")
    until(lambda: plan.heard("Redningsringen"))
    assert "OVERFALDSALARM" in plan.heard("Redningsringen")[0]
    assert "Lokale 1" in plan.heard("Serviceteam")[0]
    assert not plan.heard("Politiet (via godkendt kontrolcentral)")
    assert re.search(r"<h3>Redningsringen</h3><p><small>\d+ ms efter trykket|<h3>Redningsringen</h3><p><small>\d,\d s",
                     plan.shown())  # fmt: skip
    plan.do("press", device="vraa/lommy-1")
    until(lambda: plan.heard("Politiet (via godkendt kontrolcentral)"))
    assert "Vrå" in plan.heard("Politiet (via godkendt kontrolcentral)")[0]


def test_an_open_alarm_is_answered_and_closed_there(plan: PlanPage) -> None:
    """And everybody who was called hears of it."""
    plan.do("press", device="sindal/lommy-1")
    until(lambda: "sindal-1" in plan.shown())
    plan.do("answer", alarm="sindal-1", how="on_my_way")
    assert "sindal-1: Serviceteam er på vej." in plan.shown()
    plan.do("answer", alarm="sindal-1", how="close_false")
    until(lambda: 'value="sindal-1"' not in plan.shown())
    until(lambda: any("falsk" in each.lower() for each in plan.heard("Nærmeste leder")))


def test_a_test_round_is_run_there_and_its_report_signed(plan: PlanPage) -> None:
    """Each button once; nobody is alarmed; what the centre is told, it is told as a test."""
    plan.do("test", how="start", site="hjoerring")
    plan.do("test", how="on_test", site="hjoerring")
    assert "0 af 6 bestået" in plan.shown()
    for device in ("reception", "skranke-1", "skranke-2"):
        plan.do("press", device=f"hjoerring/{device}")
    until(lambda: "3 af 6 bestået" in plan.shown())
    assert "TEST" in plan.heard("Serviceteam")[0]
    assert 'value="hjoerring-' not in plan.shown()  # no alarm to be answered
    plan.do("test", how="finish", site="hjoerring")
    assert "Testen er slut: 3 af 6 bestået." in plan.shown()
    status, report = plan.ask("GET", "/report")
    assert status == 200
    assert "Mødelokale 2" in report


def test_what_cannot_be_done_is_said(plan: PlanPage) -> None:
    """In words, on the page."""
    plan.do("answer", alarm="hjoerring-999", how="on_my_way")
    assert "Det lykkedes ikke" in plan.shown()


def test_no_other_site_presses_a_button(plan: PlanPage) -> None:
    """A page from elsewhere that is open in the same browser, or a name that leads here."""
    form, before = {"device": "sindal/lommy-1"}, plan.shown()
    assert plan.ask("POST", "/press", form, Origin="http://evil.example")[0] == 403
    assert plan.ask("POST", "/press", form, Origin="null")[0] == 403
    assert plan.ask("POST", "/press", form, **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert plan.ask("POST", "/press", form, Host="evil.example")[0] == 421
    assert plan.ask("GET", "/", Host="evil.example")[0] == 421
    assert re.findall(r"sindal-\d+", plan.shown()) == re.findall(r"sindal-\d+", before)


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/press", {"device": "hirtshals/nowhere"}, 400), ("/press", {}, 400), ("/answer", {"how": "dance"}, 400),
        ("/test", {"how": "start", "site": "x"}, 400), ("/test", {"how": "x", "site": "vraa"}, 400),
        ("/nowhere", {}, 400), ("/press", {"device": "x" * 5000}, 413),
    ],
    ids=range(7),
)  # fmt: skip
def test_a_form_that_is_none_of_the_pages_is_refused(
    plan: PlanPage, path: str, form: dict[str, str], status: int
) -> None:
    """Without a word of what is inside."""
    assert plan.ask("POST", path, form)[0] == status


def test_it_speaks_english_on_request(tmp_path: Path) -> None:
    """Page, terminal and messages."""
    with demonstration(tmp_path, language="en") as running:
        english = PlanPage(running)
        assert '<html lang="en">' in english.shown()
        assert "Try the panic alarms" in english.shown()
        english.do("press", device="hirtshals/lokale-2")
        until(lambda: english.heard("Redningsringen"))
        assert "PANIC ALARM" in english.heard("Redningsringen")[0].upper()
        running.until("You pressed hirtshals/lokale-2")


def test_looking_changes_nothing(plan: PlanPage) -> None:
    """Every address that can be got."""
    before = re.findall(r"[a-z]+-\d+", plan.shown())
    for path in ("/", "/report", "/static/style.css", "/static/plan.css", "/static/live.js", "/static/icon.svg"):
        assert plan.ask("GET", path)[0] == 200
    for path in ("/press", "/answer", "/test", "/static/../../show.py", "/nowhere"):
        assert plan.ask("GET", path)[0] == 404
    assert re.findall(r"[a-z]+-\d+", plan.shown()) == before
