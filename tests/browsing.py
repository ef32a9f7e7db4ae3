"""A page in a real browser, and what axe-core finds on it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def fresh_page(browser: Browser, *, wide: bool = False, dark: bool = False, script: bool = True) -> Page:
    """Open an empty page of somebody who was never here; by a phone unless told. Its context is to be closed."""
    context = browser.new_context(
        viewport=DESKTOP if wide else PHONE,  # type: ignore[arg-type]  # a TypedDict, written as a dict
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
        locale="da-DK",
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a script of the page failed: {error}"))
    return page


def violations(page: Page, axe: str) -> list[str]:
    """Give what axe-core finds on a page."""
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [f"{each['id']}: {each['help']}: {each['nodes'][0]['html']}" for each in found["violations"]]
