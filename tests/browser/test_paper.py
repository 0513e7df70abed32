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


@pytest.mark.parametrize("chosen", [False, True], ids=["by-the-system", "by-the-visitor"])
def test_paper_stays_white_where_the_page_is_dark(
    visit: Callable[..., Visitor],
    chosen: bool,  # noqa: FBT001
) -> None:
    visitor = visit(DESKTOP)
    page = visitor.open(STATES["rejected_hand_near_face"](visitor.owner).get_absolute_url())
    if chosen:
        page.get_by_role("button", name="Dark").click()
    else:
        page.emulate_media(color_scheme="dark")
    assert page.evaluate(COLOURS) == ["rgb(20, 25, 28)", "rgb(238, 240, 236)"]

    page.emulate_media(media="print")

    assert page.evaluate(COLOURS) == ["rgb(250, 248, 244)", "rgb(27, 42, 48)"]


COLOURS = """() => {
  const style = getComputedStyle(document.documentElement);
  return [style.backgroundColor, style.color];
}"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
  .map(element => element.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("width", [320, PHONE["width"]])
def test_the_page_of_the_api_fits_a_phone(visit: Callable[..., Visitor], width: int) -> None:
    page = visit({**PHONE, "width": width}).open("/api/v1/docs")
    page.wait_for_selector(".opblock")

    for block in page.locator(".opblock-summary-control").all():
        block.click()
    page.wait_for_selector(".responses-table")
    for button in page.locator(".try-out__btn").all():
        button.click()
    for kind in page.locator("section.models .json-schema-2020-12-accordion").all():
        kind.click()
    page.locator(".btn.authorize").click()
    expect(page.locator(".modal-ux")).to_be_visible()

    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
