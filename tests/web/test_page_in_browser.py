"""The page in a real browser, with the real daemon: what coordinators and responders do with it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect
from running import until
from web_town import WebTown

from alarmbro.web.guarding.users import Role, User, hashed, read, write

pytest_plugins = ["web_browser"]
Enter = Callable[..., Page]
LIVE_S = 2.0


def press(town: WebTown, device: str) -> None:
    town.daemon.ask("pin", device=device, for_s=0.2, bounce=0)


def link_in(town: WebTown, recipient: str) -> str:
    """Give the link in the last message to a recipient."""
    texts = [each.json["message"] for each in town.http.received() if each.path == f"/{recipient}"]
    found = re.search(r"http://127\.0\.0\.1:\d+/\w+", texts[-1])
    assert found, texts
    return found[0]


def test_a_press_appears_within_two_seconds_without_reload(town: WebTown, enter: Enter) -> None:
    """Whoever has the overview open sees the alarm, and a screen reader says it; the page was not loaded anew."""
    page = enter(town, "see")
    expect(page.get_by_text("Ingen åbne alarmer")).to_be_visible()
    page.evaluate("window.same = true")
    begun_s = time.monotonic()
    press(town, "hus/reception")
    page.get_by_role("heading", name="Huset: Reception").wait_for(timeout=LIVE_S * 1000)
    assert time.monotonic() - begun_s < LIVE_S
    assert page.evaluate("window.same") is True
    expect(page.locator("#shout")).to_have_text(re.compile("ALARM: Huset, Reception"))
    assert page.title().startswith("(1) ALARM")


def test_a_link_from_a_message_answers_on_a_phone(town: WebTown, enter: Enter) -> None:
    """Nobody logs in: the page of the link says what it is about, and its button says who is on the way."""
    press(town, "hus/skranke")
    town.daemon.wait_for("told", 2)
    link = link_in(town, "serviceteam")
    assert link == town.url + town.link("hus-1", "serviceteam")
    page = enter(town)
    page.goto(link)
    expect(page.get_by_role("heading", name="Huset: Skranke 1")).to_be_visible()
    expect(page.get_by_text("INGEN HAR SVARET")).to_be_visible()
    assert town.daemon.records("acknowledged") == []
    page.get_by_role("button", name="Jeg er på vej").click()
    expect(page.get_by_text("Noteret: du er på vej")).to_be_visible()
    expect(page.get_by_text("Serviceteam er på vej")).to_be_visible(timeout=10_000)
    (record,) = town.daemon.wait_for("acknowledged", 1)
    assert record.draft.recipient == "serviceteam"
    page.get_by_role("button", name="Fremme").click()
    expect(page.get_by_text("Serviceteam er fremme")).to_be_visible(timeout=10_000)


def test_a_whole_round_with_four_devices(town: WebTown, enter: Enter, tmp_path: Path) -> None:
    """A coordinator starts it, walks around while the list ticks, ends it, and prints the report."""
    page = enter(town, "test")
    page.get_by_role("link", name="Årlig test").click()
    page.get_by_label("Hvem hos centralen").fill("Vagten")
    page.get_by_role("button", name="Sæt i test").click()
    expect(page.get_by_text("Centralen ved, at testen kommer")).to_be_visible()
    page.get_by_role("link", name="Huset").click()
    page.get_by_role("button", name="Start testen").click()
    expect(page.locator(".progress", has_text="0 af 4 bestået")).to_be_visible()
    for number, device in enumerate(("hus/reception", "hus/skranke", "hus/lokale"), start=1):
        press(town, device)
        expect(page.locator(".progress", has_text=f"{number} af 4 bestået")).to_be_visible()
    assert town.ask("POST", "/press/hus/lommy", headers={"authorization": "Bearer 0123456789abcdef-lommy"})[0] == 202
    town.daemon.wait_for("test_passed", 4)
    town.daemon.wait_for("test_finished", 1)
    page.goto(f"{town.url}/reports")
    expect(page.get_by_text("4 af 4 bestået")).to_be_visible()
    with page.expect_download() as got:
        page.get_by_role("link", name="Hent som PDF").click()
    paper = pypdfium2.PdfDocument(str(got.value.path()))
    assert "Reception" in paper[0].get_textpage().get_text_bounded()
    paper.close()
    page.get_by_role("link", name="Vis og udskriv").click()
    printed = tmp_path / "report.pdf"
    page.pdf(path=str(printed), prefer_css_page_size=True)
    sheets = pypdfium2.PdfDocument(str(printed))
    assert len(sheets) == 1
    sheets.close()


def test_a_round_is_ended_before_all_are_pressed(town: WebTown, enter: Enter) -> None:
    """What was not pressed has failed, and the page names it."""
    page = enter(town, "test")
    page.goto(f"{town.url}/test/hus/start")
    page.get_by_label("Lommy 1").uncheck()
    page.get_by_role("button", name="Start testen").click()
    press(town, "hus/reception")
    expect(page.locator(".progress", has_text="1 af 3 bestået")).to_be_visible()
    page.get_by_role("link", name=re.compile("Slut …")).click()
    page.get_by_role("button", name="Afslut testen").click()
    expect(page.get_by_text("Testen er slut: 1 af 3 bestået. Mangler: Skranke 1, Mødelokale")).to_be_visible()


def test_two_people_act_at_once(town: WebTown, enter: Enter) -> None:
    """Both are on the way; the first to close has closed, and the other is told so, not lost."""
    press(town, "hus/reception")
    town.daemon.wait_for("raised", 1)
    one, other = enter(town, "answer"), enter(town, "administer")
    for page in (one, other):
        page.goto(f"{town.url}/alarms/hus-1")
    one.get_by_role("button", name="Jeg er på vej").click()
    other.get_by_role("button", name="Jeg er på vej").click()
    expect(other.get_by_text(re.compile("På vej: answer .*administer"))).to_be_visible()
    for page in (one, other):
        page.get_by_role("link", name="Afblæs …").click()
        page.get_by_label("Falsk alarm").check()
    one.get_by_label("Hvad skete der?").fill("Rengøringen stødte til knappen")
    one.get_by_role("button", name="Afblæs alarmen").click()
    expect(one.get_by_text("Alarmen er afblæst.")).to_be_visible()
    expect(one.get_by_text("Note: Rengøringen stødte til knappen")).to_be_visible()
    other.get_by_role("button", name="Afblæs alarmen").click()
    expect(other.get_by_role("heading", name="Det gik ikke")).to_be_visible()
    assert len(town.daemon.records("closed")) == 1


def test_a_session_that_is_over_changes_nothing(town: WebTown, enter: Enter) -> None:
    """Another password ends every session: the button says that nothing was changed, and leads to the log-in."""
    press(town, "hus/reception")
    town.daemon.wait_for("raised", 1)
    page = enter(town, "answer")
    page.goto(f"{town.url}/alarms/hus-1?live=off")
    known = read(town.users)
    write(town.users, known | {"answer": User("answer", Role.ANSWER, hashed("en helt anden adgangskode"))})
    page.get_by_role("button", name="Jeg er på vej").click()
    expect(page.get_by_text("Du er ikke logget ind længere. Intet er ændret.")).to_be_visible()
    assert town.daemon.records("acknowledged") == []
    page.goto(f"{town.url}/alarms/hus-1")
    expect(page.get_by_role("heading", name="Log ind")).to_be_visible()


@pytest.mark.parametrize(
    ("role", "links", "may_answer"),
    [
        ("see", ["Overblik", "Hvem får besked"], False),
        ("answer", ["Overblik", "Hvem får besked"], True),
        ("test", ["Overblik", "Årlig test", "Hvem får besked", "Journal", "Rapporter"], True),
        ("administer", ["Overblik", "Årlig test", "Hvem får besked", "Journal", "Rapporter"], True),
    ],
)
def test_each_role_sees_only_its_own(
    shared_town: WebTown, enter: Enter, role: str, links: list[str], *, may_answer: bool
) -> None:
    """The pages and buttons that somebody may not use are not there."""
    if not shared_town.daemon.ask("status")["alarms"]:
        shared_town.daemon.ask("press", device="hus/reception")
    page = enter(shared_town, role)
    shown = page.get_by_role("navigation", name="Sider").get_by_role("link").all_inner_texts()
    assert shown == links
    page.goto(f"{shared_town.url}/alarms/hus-1")
    assert page.get_by_role("button", name="Jeg er på vej").count() == int(may_answer)
    page.goto(f"{shared_town.url}/journal")
    assert page.get_by_role("link", name="Hent hele journalen").count() == int(role == "administer")


def test_without_scripts_a_round_and_an_alarm_work(town: WebTown, enter: Enter) -> None:
    """The browser asks again by itself, and every button is a form."""
    page = enter(town, "test", script=False)
    page.goto(f"{town.url}/test/hus/start")
    page.get_by_role("button", name="Start testen").click()
    assert page.locator("noscript meta[http-equiv=refresh], meta[http-equiv=refresh]").count() == 1
    press(town, "hus/reception")
    town.daemon.wait_for("test_passed", 1)

    def ticked() -> bool:
        page.goto(f"{town.url}/test")
        return page.get_by_text("1 af 4 bestået").is_visible()

    until(ticked)
    town.daemon.ask("press", device="hus/skranke")
    until(lambda: town.daemon.ask("status")["alarms"])
    (alarm,) = town.daemon.ask("status")["alarms"]
    page.goto(f"{town.url}/alarms/{alarm['alarm']}")
    page.get_by_role("button", name="Jeg er på vej").click()
    expect(page.get_by_text("NOGEN ER PÅ VEJ")).to_be_visible()


def test_english_on_request(shared_town: WebTown, enter: Enter) -> None:
    """A link changes the language, and the page keeps it."""
    page = enter(shared_town, "see")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("link", name="Overview")).to_be_visible()
    page.goto(f"{shared_town.url}/who")
    expect(page.get_by_role("heading", name="Who is told")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_journal_is_searched_and_taken_along(town: WebTown, enter: Enter) -> None:
    """By site, device, kind and year; the export is whole and proves itself."""
    press(town, "hus/reception")
    press(town, "hus/skranke")
    town.daemon.wait_for("raised", 2)
    page = enter(town, "administer", wide=True)
    page.get_by_role("link", name="Journal").click()
    page.get_by_label("Knap").select_option("hus/skranke")
    page.get_by_label("Slags").select_option("alarms")
    page.get_by_role("button", name="Søg").click()
    places = page.locator("tbody tr td:nth-child(3)").all_inner_texts()
    assert places
    assert {place.strip() for place in places} == {"Huset, Skranke 1"}
    with page.expect_download() as got:
        page.get_by_role("link", name="Hent hele journalen").click()
    exported = Path(got.value.path())
    assert json.loads(exported.read_text(encoding="utf-8").splitlines()[-1])["end"] is True
    assert "ubrudt" in town.daemon.cli("journal", "verify", "--export", str(exported)).stdout
