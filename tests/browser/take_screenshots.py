"""Pictures of everything there is to see, in every look, for people to go through.

Part of `make screenshots`; no test of its own, and `make test` does not collect it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from .audits import UNFOLD
from .cameras import chromium_with_camera, film, scene
from .conftest import DESKTOP, PHONE, Visitor
from .screenshots import SIGHTS_FOLDER
from .sights import MANY, sights
from .states import STATES

SHARES = 4
LOADED = """Promise.all([...document.images].map((one) => {
  one.loading = "eager";
  return one.decode().catch(() => null); // hidden, or broken on purpose
}))"""
PLAYING = """new Promise((done) => {
  const film = document.querySelector("video");
  if (film.videoWidth) done();
  else film.addEventListener("loadeddata", () => done(), { once: true });
})"""
LOOKS = pytest.mark.parametrize("locale", ["en", "zh-CN"])
WINDOWS = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["390", "1280"])


def take(visitor: Visitor, name: str, locale: str, viewport: dict[str, int]) -> None:
    """The whole page, in both colours."""
    visitor.expects.append("Failed to load")
    for colours in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=colours, reduced_motion="reduce")  # type: ignore[arg-type]
        variant = f"{viewport['width']}-{colours}-{locale[:2]}"
        place = SIGHTS_FOLDER / name / f"{variant}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=place, full_page=True)


def scrolled(visitor: Visitor) -> None:
    """Everything unfolded, and seen once, so that pictures further down are loaded."""
    visitor.page.evaluate(UNFOLD)
    visitor.page.evaluate(LOADED)


@pytest.mark.parametrize("share", range(SHARES))
@LOOKS
@WINDOWS
def test_sights(
    visit: Callable[..., Visitor],
    asks_the_service: None,
    viewport: dict[str, int],
    locale: str,
    share: int,
) -> None:
    visitor = visit(viewport, locale=locale)
    for name, see in list(sights().items())[share::SHARES]:
        visitor.page.emulate_media(color_scheme="light")
        see(visitor)
        scrolled(visitor)
        take(visitor, name, locale, viewport)


@pytest.fixture(scope="module")
def with_camera(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    shows = film(tmp_path_factory.mktemp("films") / "good.y4m", [scene()] * 2)
    with chromium_with_camera(browser, shows) as chromium:
        yield chromium


@LOOKS
@WINDOWS
def test_camera(
    visit: Callable[..., Visitor], with_camera: Browser, viewport: dict[str, int], locale: str
) -> None:
    visitor = visit(viewport, locale=locale, through=with_camera)
    visitor.open("/camera/").wait_for_selector("[data-shutter]")
    visitor.page.evaluate(PLAYING)
    take(visitor, "camera_showing", locale, viewport)
    visitor.page.click("[data-shutter]")
    visitor.page.wait_for_selector("[data-shot]")
    take(visitor, "camera_taken", locale, viewport)


@LOOKS
@WINDOWS
def test_pages_of_the_operator(
    visit: Callable[..., Visitor], settings: Any, viewport: dict[str, int], locale: str
) -> None:
    settings.DEBUG = True  # shows the style guide
    visitor = visit(viewport, locale=locale)
    portraits = [STATES[name](visitor.owner) for name in MANY]
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("operator"))
    [cookie] = [morsel for name, morsel in client.cookies.items() if name == "sessionid"]
    visitor.context.add_cookies(
        [{"name": "sessionid", "value": cookie.value, "url": visitor.address}]
    )
    pages: dict[str, Any] = {
        "admin": reverse("admin:index"),
        "admin_list": reverse("admin:emojicheck_portrait_changelist"),
        "admin_change": reverse("admin:emojicheck_portrait_change", args=[portraits[1].pk]),
        "styleguide": "/styleguide/",
        "api_docs": "/api/v1/docs",
    }
    for name, path in pages.items():
        visitor.open(path).wait_for_load_state("networkidle")
        take(visitor, name, locale, viewport)
