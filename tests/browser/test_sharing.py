"""The owner makes a link, somebody else opens it, the owner takes it back."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from emojicheck.models import State
from tests.factories import WIDTH, make_portrait

from .conftest import PHONE, Visitor
from .test_every_state import findings, width_of


def test_link_is_made_shown_around_and_taken_back(
    visit: Callable[..., Visitor], transactional_db: None
) -> None:
    mine, theirs = visit({"width": 320, "height": 640}), visit(PHONE)
    theirs.context.clear_cookies()
    portrait = make_portrait(owner=mine.owner, state=State.ACCEPTED)

    page = mine.open(portrait.get_absolute_url())
    page.get_by_role("button", name="Make a link").click()
    mine.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#share a").get_attribute("href")
    path = str(page.locator("#share a").get_attribute("href")).removeprefix(mine.address)
    shown = theirs.open(path)

    assert (findings(mine), findings(theirs)) == ([], [])
    assert (width_of(mine), width_of(theirs)) == (320, 390)
    expect(shown.locator("svg.overlay rect[data-bbox=face]")).to_be_visible()
    assert shown.locator("main img").evaluate("image => image.naturalWidth") == WIDTH
    expect(shown.locator("main form")).to_have_count(0)

    page.get_by_role("button", name="Take the link back").click()

    expect(page.get_by_role("button", name="Make a link")).to_be_visible()
    assert shown.request.get(f"{theirs.address}{path}").status == 404
