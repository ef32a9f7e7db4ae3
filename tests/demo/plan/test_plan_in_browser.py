"""The demonstration's page in a real browser: live, on a phone, by keyboard, without scripts, for everybody."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import fresh_page, violations
from demonstrations import demonstration
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytest_plugins = ["web_browser"]
PICTURES = Path(__file__).parents[3] / "docs" / "screenshots"
SOON_MS = 2000
Look = Callable[..., Page]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of one demonstration's page."""
    with demonstration(tmp_path_factory.mktemp("plan")) as running:
        yield running.until(r"(http://127\.0\.0\.1:\d+/)")[1]


@pytest.fixture
def look(browser: Browser, url: str) -> Iterator[Look]:
    """Open the page; by a phone unless told."""
    opened: list[BrowserContext] = []

    def looking(*, wide: bool = False, dark: bool = False, script: bool = True) -> Page:
        page = fresh_page(browser, wide=wide, dark=dark, script=script)
        opened.append(page.context)
        page.goto(url)
        return page

    yield looking
    for context in opened:
        context.close()


def receiver(page: Page, name: str) -> Any:
    return page.locator(".receiver").filter(has=page.get_by_role("heading", name=name, exact=True))


def close_all(page: Page) -> None:
    """Give the all-clear for what is open."""
    while page.get_by_role("button", name="falsk alarm").count():
        page.get_by_role("button", name="falsk alarm").first.click()


def test_a_press_is_seen_by_another_who_looks_without_asking_again(look: Look) -> None:
    """One presses on a phone; the other has the plan on a large screen, and sees who is told."""
    presser, watcher = look(), look(wide=True)
    watcher.evaluate("window.stayed = true")
    presser.get_by_role("button", name="Skranke 2").click()
    expect(receiver(watcher, "Serviceteam")).to_contain_text("Skranke 2", timeout=SOON_MS)
    expect(watcher.locator(".room.in_alarm")).to_contain_text("Skranke 2")
    expect(receiver(watcher, "Nærmeste leder")).to_contain_text(re.compile(r"(\d+ ms|\d,\d s) efter trykket"))
    watcher.get_by_role("button", name="Serviceteam er på vej").click()
    expect(presser.locator(".alarm .state")).to_have_text("NOGEN ER PÅ VEJ")
    close_all(watcher)
    expect(presser.get_by_text("Ingen alarm er åben.")).to_be_visible()


def test_a_round_ticks_off_as_the_buttons_are_pressed(look: Look) -> None:
    """By keyboard alone, and one's place is kept while the page changes."""
    page = look()
    tab_to(page, "Test knapperne her Hirtshals")
    page.keyboard.press("Enter")
    expect(page.locator(".progress")).to_have_text("0 af 2 bestået")
    for name in ("Lokale 1", "Lokale 2"):
        tab_to(page, f"Tryk på knappen: Hirtshals Bibliotek, {name}")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text(name)
    expect(page.locator(".ended")).to_have_text(re.compile(r"Testen af Hirtshals .* sluttede .*: 2 af 2 bestået\."))


def tab_to(page: Page, name: str, *, among: int = 80) -> None:
    """Press Tab until what has that name has the focus."""
    for _ in range(among):
        page.keyboard.press("Tab")
        if str(page.evaluate("document.activeElement.textContent.replace(/\\s+/g, ' ').trim()")).startswith(name):
            return
    raise AssertionError(f"the keyboard does not come to {name}")


def test_it_works_without_scripts(look: Look) -> None:
    """The page asks again by itself every few seconds."""
    page = look(script=False)
    page.get_by_role("button", name="Vrå Bibliotek, Lommy 1").click()
    expect(page.get_by_role("status")).to_have_text("Du trykkede på Lommy 1, Vrå Bibliotek.")
    expect(receiver(page, "Serviceteam")).to_contain_text("Vrå", timeout=10_000)
    close_all(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("wide", [False, True], ids=["phone", "desktop"])
def test_the_plan_breaks_no_rule_of_accessibility(look: Look, axe: str, *, dark: bool, wide: bool) -> None:
    """Calm, in alarm, and in a test: WCAG 2.1 AA as far as a program can tell, and axe's own advice."""
    page = look(dark=dark, wide=wide)
    assert violations(page, axe) == []
    page.get_by_role("button", name="Test knapperne her Sindal").click()
    page.get_by_role("button", name="Mødelokale 1").click()
    expect(page.locator(".alarm")).to_be_visible()
    expect(receiver(page, "Serviceteam")).to_contain_text("Mødelokale 1")
    assert violations(page, axe) == []
    page.get_by_role("button", name="Afbryd testen").click()
    close_all(page)


def test_the_plan_is_no_wider_than_a_phone(look: Look) -> None:
    """Nobody scrolls sideways at 320 pixels (WCAG 1.4.10)."""
    page = look()
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_there_is_a_picture_of_the_plan(look: Look, tmp_path: Path) -> None:
    """With an alarm at a counter and a test at a library; ALARMBRO_SCREENSHOTS names where they are to be kept."""
    folder = Path(os.environ.get("ALARMBRO_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    page = look(wide=True)
    page.get_by_role("button", name="Test knapperne her Hirtshals").click()
    page.get_by_role("button", name="Bibliotek, Lokale 1").click()
    expect(page.locator(".progress")).to_have_text("1 af 2 bestået")
    page.get_by_role("button", name="Skranke 1").click()
    expect(receiver(page, "Serviceteam")).to_contain_text("Skranke 1")
    made = set()
    for name, shown, width in (("desktop", page, 1280), ("telefon", look(), 390)):
        picture = folder / f"demo-{name}.png"
        shown.set_viewport_size({"width": width, "height": 1700})  # alarm and plan; the messages go on below
        shown.screenshot(path=str(picture))
        made.add(picture.name)
    page.get_by_role("button", name="Afbryd testen").click()
    close_all(page)
    kept = {each.name for each in PICTURES.glob("*.png")}
    assert made <= kept, f"ALARMBRO_SCREENSHOTS={PICTURES} pytest {__file__} makes them"
