"""From the first page to the last by keys alone: Tab, Enter, Space and arrows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from emojicheck.models import Portrait
from tests import portraits

from .conftest import Visitor
from .states import STATES
from .test_journeys import judge_the_latest

MOST_STOPS = 90
PHOTO = {
    "name": "me.jpg",
    "mimeType": "image/jpeg",
    "buffer": portraits.jpeg(portraits.tilted(25)),
}
scripted = pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])


def go(page: Page, selector: str, *, key: str = "Tab") -> None:
    """Press Tab until the focus is there."""
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    go(page, selector)
    page.keyboard.press(key)


def fill_in(page: Page) -> None:
    """A photo for the tall shape, which one of the models takes."""
    with page.expect_file_chooser() as chooser:
        press(page, "#photo")
    chooser.value.set_files(PHOTO)  # type: ignore[arg-type]
    press(page, "[name=model]", "ArrowRight")
    press(page, "[name=ratio]", "ArrowRight")
    expect(page.locator("[value='3:4']")).to_be_checked()


@scripted
def test_the_skip_link_comes_first_and_leads_past_the_navigation(
    visit: Callable[..., Visitor],
    script: bool,  # noqa: FBT001
) -> None:
    page = visit(script=script).open("/guide/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.locator("main a").first).to_be_focused()


@scripted
def test_a_photo_is_sent_answered_objected_to_shared_and_deleted(
    visit: Callable[..., Visitor],
    script: bool,  # noqa: FBT001
) -> None:
    page = visit(script=script).open("/")

    fill_in(page)
    press(page, ".push")
    page.wait_for_url("**/portraits/*/")
    portrait = judge_the_latest()
    assert (portrait.model, portrait.ratio) == ("emo-detect-v1", "3:4")
    if script:
        expect(page.locator("h1")).to_be_focused(timeout=15_000)
    else:
        page.reload()
    expect(page.locator("main")).to_have_attribute("data-reason", "head_tilted")

    expect(page.locator("[data-bbox=face]")).to_be_hidden()
    press(page, "[name=face]", "Space")
    expect(page.locator("[data-bbox=face]")).to_be_visible()

    press(page, "#objection-fold summary")
    go(page, "#objection")
    page.keyboard.type("I hold my head straight.")
    press(page, "#objection-fold button")
    expect(page.locator("#objection-fold")).to_contain_text("“I hold my head straight.”")

    press(page, "#share button")
    expect(page.locator("#share a")).to_be_visible()
    press(page, "#share [name=stop]")
    expect(page.locator("#share a")).to_have_count(0)

    press(page, ".keep button")
    page.wait_for_url("**/portraits/")
    assert Portrait.objects.get().deleted_at is not None


@scripted
def test_folds_open_and_close(
    visit: Callable[..., Visitor],
    script: bool,  # noqa: FBT001
) -> None:
    visitor = visit(script=script)
    page = visitor.open(STATES["rejected_head_tilted"](visitor.owner).get_absolute_url())
    fold = page.locator("details:has(.rules)")
    expect(fold).to_have_attribute("open", "")

    press(page, "details:has(.rules) summary", "Space")
    expect(fold).not_to_have_attribute("open", "")
    page.keyboard.press("Enter")

    expect(fold).to_have_attribute("open", "")


@scripted
def test_language_and_colours_are_changed(
    visit: Callable[..., Visitor],
    script: bool,  # noqa: FBT001
) -> None:
    page = visit(script=script).open("/privacy/")

    press(page, "[name=language]")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    press(page, "[name=theme][value=dark]", "Space")

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("[name=theme][value=dark]")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("/privacy/$"))


def test_the_focus_lands_on_what_was_wrong(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.expects.append("status of 422")
    page = visitor.open("/")
    with page.expect_file_chooser() as chooser:
        press(page, "#photo")
    chooser.value.set_files(
        {"name": "me.gif", "mimeType": "image/gif", "buffer": b"GIF89a" + b"0" * 99}
    )

    press(page, ".push")

    expect(page.locator("#photo-wrong")).to_be_focused()
