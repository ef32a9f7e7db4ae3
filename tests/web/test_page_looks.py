"""Every page is usable by everybody: axe-core finds nothing, a keyboard is enough, and pictures of each are in docs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import violations
from playwright.sync_api import Page, expect
from running import until
from web_town import PASSWORD, WebTown, web_town

pytest_plugins = ["web_browser"]
Enter = Callable[..., Page]
PICTURES = Path(__file__).parents[2] / "docs" / "screenshots"
PAGES = {
    "overblik": "/",
    "alarm": "/alarms/hus-1",
    "afblaes": "/alarms/hus-1/close",
    "test": "/test",
    "test-start": "/test/hus/start",
    "test-slut": "/test/hus/end",
    "journal": "/journal",
    "rapporter": "/reports",
    "hvem": "/who",
    "hvem-knap": "/who/hus/reception",
    "fejl": "/nowhere-at-all",
}
LONG = {"journal", "hvem-knap"}  # of these the first screen


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebTown]:
    """Give a town where much has happened: a test of which one passed, an alarm with an answer, and a fault."""
    with web_town(tmp_path_factory.mktemp("busy")) as town:
        daemon = town.daemon
        daemon.ask("test_start", site="hus", by="Koordinator", for_s=7200.0)
        for device in ("hus/skranke", "hus/lokale"):
            daemon.ask("pin", device=device, for_s=0.2, bounce=0)
        daemon.wait_for("test_passed", 2)
        daemon.ask("press", device="hus/reception", by="Reception")
        until(lambda: daemon.ask("status")["alarms"])
        (alarm,) = daemon.ask("status")["alarms"]
        daemon.ask("ack", alarm=alarm["alarm"], by="serviceteam")
        yield town


def alarm_of(town: WebTown) -> str:
    return str(town.daemon.ask("status")["alarms"][0]["alarm"])


def pages(town: WebTown) -> dict[str, str]:
    """Give every page's address; that of the log-in and of a link, too."""
    alarm = alarm_of(town)
    return {name: path.replace("hus-1", alarm) for name, path in PAGES.items()} | {
        "link": town.link(alarm, "leder"),
    }


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("wide", [False, True], ids=["phone", "desktop"])
def test_no_page_breaks_a_rule_of_accessibility(
    busy: WebTown, enter: Enter, axe: str, *, dark: bool, wide: bool
) -> None:
    """WCAG 2.1 AA as far as a program can tell, and axe's own advice."""
    page = enter(busy, dark=dark, wide=wide)
    page.goto(f"{busy.url}/login")
    assert violations(page, axe) == []
    page = enter(busy, "administer", dark=dark, wide=wide)
    for name, path in pages(busy).items():
        page.goto(busy.url + path)
        assert violations(page, axe) == [], name
        for details in page.locator("summary").all()[:2]:
            details.click()
        assert violations(page, axe) == [], name


def test_no_page_is_wider_than_a_phone(busy: WebTown, enter: Enter) -> None:
    """Nobody scrolls sideways at 320 pixels (WCAG 1.4.10), and letters may be twice as large."""
    page = enter(busy, "administer")
    page.set_viewport_size({"width": 320, "height": 640})
    for name, path in pages(busy).items():
        page.goto(busy.url + path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{name} is {wide} wide"


def tab_to(page: Page, name: str, *, among: int = 60) -> None:
    """Press Tab until what has that name has the focus."""
    for _ in range(among):
        page.keyboard.press("Tab")
        focused = page.evaluate("(document.activeElement.labels?.[0] || document.activeElement).textContent.trim()")
        if str(focused).startswith(name):
            return
    raise AssertionError(f"the keyboard does not come to {name}")


def test_a_keyboard_is_enough_for_a_test_round(town: WebTown, enter: Enter) -> None:
    """Log in, start, watch, end: without a mouse, and without losing one's place when the page changes."""
    page = enter(town)
    page.goto(f"{town.url}/login")
    tab_to(page, "Navn")
    page.keyboard.type("test")
    tab_to(page, "Adgangskode")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{town.url}/")
    tab_to(page, "Årlig test")
    page.keyboard.press("Enter")
    page.wait_for_url("**/test")
    tab_to(page, "Huset")
    page.keyboard.press("Enter")
    page.wait_for_url("**/start")
    tab_to(page, "Lommy 1")
    page.keyboard.press("Space")
    tab_to(page, "Start testen")
    page.keyboard.press("Enter")
    expect(page.locator(".progress")).to_have_text("0 af 3 bestået")
    tab_to(page, "Slut")
    town.daemon.ask("pin", device="hus/reception", for_s=0.2, bounce=0)
    expect(page.locator(".progress")).to_have_text("1 af 3 bestået")
    assert "Slut" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_url("**/end")
    tab_to(page, "Afslut testen")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 af 3 bestået. Mangler: Skranke 1, Mødelokale")).to_be_visible()


def test_there_is_a_picture_of_each_page(busy: WebTown, enter: Enter, tmp_path: Path) -> None:
    """By phone and by desktop; ALARMBRO_SCREENSHOTS names the folder where they are to be kept."""
    folder = Path(os.environ.get("ALARMBRO_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    made = set()
    for wide in (False, True):
        page = enter(busy, "administer", wide=wide)
        for name, path in pages(busy).items():
            page.goto(busy.url + path)
            picture = folder / f"{name}-{'desktop' if wide else 'telefon'}.png"
            page.screenshot(path=str(picture), full_page=name not in LONG)
            made.add(picture.name)
    page = enter(busy)
    page.goto(f"{busy.url}/login")
    page.screenshot(path=str(folder / "log-ind-telefon.png"), full_page=True)
    kept = {each.name for each in PICTURES.glob("*.png")}
    assert made <= kept, f"ALARMBRO_SCREENSHOTS={PICTURES} pytest {__file__} makes them"
