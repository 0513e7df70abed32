"""The camera page, with Chromium's stand-in camera."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from emojicheck.models import Portrait

from .cameras import chromium_with_camera, film, scene
from .conftest import PHONE, Visitor


@pytest.fixture(scope="module")
def with_camera(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Somebody sits in front of it as they should."""
    shows = film(tmp_path_factory.mktemp("films") / "good.y4m", [scene()] * 2)
    with chromium_with_camera(browser, shows) as chromium:
        yield chromium


def take(page: Page) -> None:
    page.click("[data-shutter]")
    expect(page.locator("[data-shot]")).to_be_visible()


def test_a_picture_is_taken_looked_at_and_sent(
    visit: Callable[..., Visitor], with_camera: Browser
) -> None:
    page = visit(PHONE, through=with_camera).open("/camera/")
    expect(page.locator(".finder")).to_be_visible()
    expect(page.locator(".drop")).to_be_hidden()

    take(page)

    expect(page.locator(".push")).to_be_focused()
    expect(page.get_by_role("button", name="Use this photo", exact=True)).to_be_enabled()
    assert page.evaluate("document.querySelector('video').srcObject") is None
    assert Portrait.objects.count() == 0

    page.click(".push")
    page.wait_for_url("**/portraits/*/")
    assert Portrait.objects.get().source == "camera"


def test_the_stored_photo_is_what_was_seen_and_not_mirrored(
    visit: Callable[..., Visitor], with_camera: Browser
) -> None:
    page = visit(through=with_camera).open("/camera/")
    expect(page.locator(".mirrored video")).to_be_visible()
    take(page)
    page.click(".push")
    page.wait_for_url("**/portraits/*/")

    with Portrait.objects.get().photo.open() as file:
        photo = Image.open(BytesIO(file.read())).convert("L")

    seen = Image.fromarray(scene()).convert("L").crop((256, 0, 1024, 960))
    assert photo.size == seen.size

    def apart(one: Image.Image) -> float:
        return float(np.abs(np.asarray(one, float) - np.asarray(seen, float)).mean())

    assert apart(photo) < 5 < apart(photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
