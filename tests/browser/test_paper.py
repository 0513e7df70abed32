"""A result on paper: photo with its marks, verdict, what to do, the rules; nothing to press."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .conftest import DESKTOP, PHONE, Visitor
from .states import STATES

SHOWN = [".tag", "h1", ".canvas img", ".steps", ".rules"]
PRESSED = ["nav", "form", "button", ".button", "input", ".foot", ".keep", "#share", ".larger"]


@pytest.mark.parametrize("larger", [False, True], ids=["as-it-is", "enlarged"])
def test_a_printed_result_shows_what_counts_and_no_controls(
    visit: Callable[..., Visitor],
    larger: bool,  # noqa: FBT001
) -> None:
    visitor = visit(DESKTOP)
    page = visitor.open(STATES["rejected_hand_near_face"](visitor.owner).get_absolute_url())
    page.set_checked("[name=larger]", larger)

    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})

    for part in SHOWN:
        expect(page.locator(part).first).to_be_visible()
    expect(page.locator("g.spot path.pencil")).to_be_visible()
    for part in PRESSED:
        assert page.locator(f"{part}:visible").count() == 0, part
    photo, mark = (page.locator(s).bounding_box() for s in (".canvas img", ".canvas svg"))
    assert photo == mark
    assert page.evaluate("document.documentElement.scrollWidth") <= 720


def test_the_page_of_the_api_fits_a_phone(visit: Callable[..., Visitor]) -> None:
    page = visit(PHONE).open("/api/v1/docs")
    page.wait_for_selector(".opblock")

    for block in page.locator(".opblock-summary-control").all():
        block.click()
    page.wait_for_selector(".responses-table")

    assert page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [390, 390]
