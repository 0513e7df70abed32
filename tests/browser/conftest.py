"""A real browser in front of a live server. Run this folder on its own: see below."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# Playwright's event loop lives in the tests' own thread, where Django then refuses queries. The
# switch is the whole process's.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
PATIENCE_SECONDS = 30
SCRIPTING = "matchMedia('(scripting: enabled)').matches"
LOADED = """() => {
  const photo = document.querySelector(".canvas img");
  return photo.complete && photo.currentSrc.endsWith("/photo.jpg");
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@dataclass
class Visitor:
    """A browser window of somebody the site knows, and all that it complained about."""

    owner: str
    context: BrowserContext
    page: Page
    address: str
    complaints: list[str]
    expects: list[str] = field(default_factory=list)
    """Parts of complaints that are meant to come."""

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.address}{path}")
        be_lively(self.page)
        return self.page


def be_lively(page: Page) -> None:
    """Wait for the scripts that a page fetches once it stands, if it has such and scripts run."""
    if page.locator("script[data-modules]").count() and page.evaluate(SCRIPTING):
        page.wait_for_selector("html[data-lively]", state="attached")


def photo_is_here(page: Page) -> None:
    """Wait until the photo itself is loaded, where a small copy of it may have come first.

    Asked from outside, time and again: Playwright's own waiting would evaluate strings in the page,
    which the content policy forbids from the second look on.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if page.evaluate(LOADED):
            return
        page.wait_for_timeout(50)
    pytest.fail("the photo did not come")


@pytest.fixture
def visit(browser: Browser, live_server: Any, settings: Any) -> Iterator[Callable[..., Visitor]]:
    """Opens windows: a phone or a desktop, light or dark, with script or without.

    A test fails when a page complained in its console, about its content policy above all.
    """
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    opened: list[Visitor] = []

    def open_window(
        viewport: dict[str, int] = DESKTOP,
        *,
        dark: bool = False,
        script: bool = True,
        through: Browser = browser,
        **more: Any,
    ) -> Visitor:
        context = through.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            **more,
        )
        session = SessionStore()
        session["visitor"] = "browser"
        session.create()
        context.add_cookies(
            [{"name": "sessionid", "value": str(session.session_key), "url": live_server.url}]
        )
        page = context.new_page()
        visitor = Visitor("visitor:browser", context, page, live_server.url, [])
        page.on(
            "console",
            lambda message: (
                message.type in {"error", "warning"} and visitor.complaints.append(message.text)
            ),
        )
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        opened.append(visitor)
        return visitor

    yield open_window

    complaints = [
        line
        for visitor in opened
        for line in visitor.complaints
        if not any(part in line for part in visitor.expects)
    ]
    for visitor in opened:
        visitor.context.close()
    assert complaints == []


@pytest.fixture
def asks_the_service(settings: Any) -> None:
    settings.DETECTOR = "dashscope"
    settings.DASHSCOPE_API_KEY = "test"
