"""A real browser, the town with its page, and axe-core; each skips with its reason where it cannot be had."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import fresh_page
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from web_town import PASSWORD, WebTown, web_town

AXE = "4.14.1"
AXE_MINUTES = 2
NPM_S = AXE_MINUTES * 60


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give Chromium: Debian's, or the one that Playwright has brought."""
    with sync_playwright() as playwright:
        debian = shutil.which("chromium") or shutil.which("chromium-browser")
        try:
            # No sandbox: root, as whom containers run tests, cannot have Chromium's.
            made = playwright.chromium.launch(executable_path=debian, args=["--no-sandbox"])
        except Error as error:
            pytest.skip(f"no Chromium here ({error.message.splitlines()[0]}); as root: apt install chromium")
        yield made
        made.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[WebTown]:
    """Give a town whose daemon and page run."""
    with web_town(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def shared_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebTown]:
    """Give one town for tests that leave it as it was."""
    with web_town(tmp_path_factory.mktemp("town")) as made:
        yield made


Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser) -> Iterator[Enter]:
    """Open the page as somebody: `enter(town, "answer")`; by a phone unless told."""
    opened: list[BrowserContext] = []

    def entered(town: WebTown, role: str = "", *, wide: bool = False, dark: bool = False, script: bool = True) -> Page:
        page = fresh_page(browser, wide=wide, dark=dark, script=script)
        opened.append(page.context)
        if role:
            page.goto(f"{town.url}/login")
            page.get_by_label("Navn").fill(role)
            page.get_by_label("Adgangskode").fill(PASSWORD)
            page.get_by_role("button", name="Log ind").click()
            page.wait_for_url(f"{town.url}/")
        return page

    yield entered
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give axe-core's source, of a fixed version, from the npm registry."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm here, which brings axe-core; as root: apt install npm")
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(
        [npm, "pack", "--silent", f"axe-core@{AXE}"], cwd=folder, capture_output=True, text=True, check=False,
        timeout=NPM_S,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"axe-core cannot be had from the npm registry: {done.stderr.strip()[-200:]}")
    with tarfile.open(next(folder.glob("*.tgz"))) as packed:
        source = packed.extractfile("package/axe.min.js")
        assert source is not None
        return source.read().decode()
