"""A photo can be looked at larger: by touch, mouse and keyboard, with script and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import DESKTOP, PHONE, Visitor, photo_is_here
from .states import STATES

OFF_CENTRE = """() => {
  const middle = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  };
  const [x, y] = middle(document.querySelector(".spot .pencil:not(.hatch)"));
  const [across, down] = middle(document.querySelector(".lens"));
  return Math.hypot(x - across, y - down);
}"""


def opened(visitor: Visitor, name: str = "rejected_hand_near_face") -> Page:
    page = visitor.open(STATES[name](visitor.owner).get_absolute_url())
    photo_is_here(page)
    return page


def width(photo: Locator) -> float:
    box = photo.bounding_box()
    assert box is not None
    return box["width"]


def scrolled(page: Page) -> tuple[int, int]:
    left, top = page.evaluate(
        "(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop])(document.querySelector('.lens'))"
    )
    return left, top


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_switch_enlarges_the_photo_and_nothing_else_grows_wider(
    visit: Callable[..., Visitor],
    viewport: dict[str, int],
    script: bool,  # noqa: FBT001
) -> None:
    page = opened(visit(viewport, script=script))
    photo = page.locator(".canvas img")
    before = width(photo)

    page.locator("[name=larger]").press("Space")

    assert width(photo) >= 2 * before
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]

    page.locator("[name=larger]").press("Space")

    assert width(photo) == before


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_larger_photo_is_moved_with_the_arrow_keys(
    visit: Callable[..., Visitor],
    script: bool,  # noqa: FBT001
) -> None:
    page = opened(visit(PHONE, script=script))
    page.locator("[name=larger]").press("Space")
    before = scrolled(page)

    page.focus("[name=spot]")
    page.keyboard.press("Shift+Tab")

    # A busy machine lays the enlarged photo out late, and drops keys until then.
    for _ in range(50):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(200)
        if all(now > then for now, then in zip(scrolled(page), before, strict=True)):
            break
    else:
        pytest.fail("the photo did not move")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_opens_where_the_spot_is(
    visit: Callable[..., Visitor], viewport: dict[str, int]
) -> None:
    page = opened(visit(viewport))

    page.locator("[name=larger]").press("Space")

    assert page.evaluate(OFF_CENTRE) < 40


def test_a_press_on_the_photo_enlarges_what_was_pressed_and_another_ends_it(
    visit: Callable[..., Visitor],
) -> None:
    page = opened(visit(PHONE, has_touch=True))
    photo = page.locator(".canvas img")
    before = width(photo)

    photo.tap(position={"x": 0.6 * before, "y": 0.6 * before}, force=True)

    expect(page.locator("[name=larger]")).to_be_checked()
    lens = page.locator(".lens").evaluate(
        "({ scrollLeft, scrollTop, clientWidth, clientHeight }) =>"
        " [scrollLeft + clientWidth / 2, scrollTop + clientHeight / 2]"
    )
    assert lens == pytest.approx([0.6 * width(photo)] * 2, abs=60)

    page.locator(".lens").tap()

    expect(page.locator("[name=larger]")).not_to_be_checked()
    assert width(photo) == before


def test_a_mouse_drags_the_larger_photo_without_ending_it(visit: Callable[..., Visitor]) -> None:
    page = opened(visit())
    page.locator("[name=larger]").press("Space")
    before = scrolled(page)
    lens = page.locator(".lens").bounding_box()
    assert lens is not None
    middle = lens["x"] + lens["width"] / 2, lens["y"] + lens["height"] / 2

    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 80, middle[1] - 60, steps=4)
    page.mouse.up()

    assert scrolled(page) == (before[0] + 80, before[1] + 60)
    expect(page.locator("[name=larger]")).to_be_checked()


def test_escape_ends_it_and_the_focus_is_at_the_switch(visit: Callable[..., Visitor]) -> None:
    page = opened(visit())
    page.locator("[name=larger]").press("Space")
    page.focus(".lens")

    page.keyboard.press("Escape")

    expect(page.locator("[name=larger]")).not_to_be_checked()
    expect(page.locator("[name=larger]")).to_be_focused()


def test_the_photo_is_loaded_once_however_it_is_shown(visit: Callable[..., Visitor]) -> None:
    visitor = visit(PHONE)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    page = opened(visitor)

    page.locator("[name=larger]").press("Space")
    page.wait_for_timeout(300)

    photos = [url.rsplit("/", 1)[1] for url in asked if url.endswith(".jpg")]
    assert photos == ["thumbnail.jpg", "photo.jpg"]


def test_somebody_elses_photo_can_be_enlarged_too(visit: Callable[..., Visitor]) -> None:
    visitor = visit(PHONE)
    portrait: Any = STATES["rejected_hand_near_face"]("visitor:somebody else")
    portrait.share_token = "t" * 22
    portrait.save()
    page = visitor.open(f"/shared/{portrait.share_token}/")
    before = width(page.locator(".canvas img"))

    page.check("[name=larger]")

    assert width(page.locator(".canvas img")) >= 2 * before
