"""From a rejection to a portrait that passes, without another photo."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from emojicheck import judging
from emojicheck.models import Portrait, State
from tests import portraits
from tests.factories import make_portrait
from tests.worker import workers

from .conftest import DESKTOP, PHONE, Visitor
from .test_every_state import findings, width_of
from .test_weight import SHIFTS

WIDTH, HEIGHT = 2400, 1800
TILTED = {
    "name": "me.jpg",
    "mimeType": "image/jpeg",
    "buffer": portraits.jpeg(portraits.tilted(20)),
}
FACE = (2089, 1411)
"""The middle of the face in `in_a_corner`."""


def in_a_corner() -> portraits.Pixels:
    """A person far off in a large photo."""
    room = Image.new("RGB", (WIDTH, HEIGHT), (150, 160, 150))
    person = Image.fromarray(portraits.portrait()).resize((500, 500), Image.Resampling.LANCZOS)
    room.paste(person, (1850, 1250))
    return np.asarray(room)


def rejected(owner: str, rgb: portraits.Pixels) -> Portrait:
    height, width = rgb.shape[:2]
    portrait = make_portrait(owner=owner, photo=portraits.jpeg(rgb), width=width, height=height)
    judging.judge(portrait.pk)
    portrait.refresh_from_db()
    assert portrait.state == State.REJECTED
    return portrait


def put_away(page: Page) -> None:
    """Move the frame that we suggest into the opposite corner."""
    page.fill("#left", "0")
    page.fill("#top", "0")


def numbers(page: Page) -> tuple[int, ...]:
    return tuple(int(page.input_value(f"#{name}")) for name in ("left", "top", "width"))


def on_screen(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of the photo is in the window."""
    box = page.locator("#frame").bounding_box()
    assert box is not None
    return box["x"] + x * box["width"] / WIDTH, box["y"] + y * box["height"] / HEIGHT


def middle(page: Page) -> tuple[float, float]:
    left, top, width = numbers(page)
    return left + width / 2, top + width / 2


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*on_screen(page, *start))
    page.mouse.down()
    page.mouse.move(*on_screen(page, *end), steps=8)
    page.mouse.up()


def expect_accepted(page: Page, words: str) -> None:
    expect(page.locator("main")).to_have_attribute("data-state", "accepted", timeout=60_000)
    expect(page.locator("main")).to_contain_text(words)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_tilted_portrait_is_levelled_in_one_press(
    visit: Callable[..., Visitor],
    script: bool,  # noqa: FBT001
) -> None:
    visitor = visit(PHONE, script=script)
    with workers(1):
        page = visitor.open("/")
        photo = portraits.jpeg(portraits.tilted(20))
        page.set_input_files(
            "#photo", {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": photo}
        )
        page.click(".push")
        page.wait_for_url("**/portraits/*/")
        expect(page.locator("main")).to_have_attribute("data-reason", "head_tilted", timeout=60_000)
        before = page.url

        page.get_by_role("button", name="Level it for me").click()
        page.wait_for_url(lambda url: url != before)
        expect_accepted(page, "Levelled by 24°.")

    page.get_by_role("link", name="The photo before", exact=True).click()
    assert page.url == before
    expect(page.get_by_role("link", name="Levelled by 24°")).to_be_visible()


def test_frame_is_dragged_onto_a_face_by_its_inside_and_a_corner(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit()
    page = visitor.open(rejected(visitor.owner, in_a_corner()).get_absolute_url())
    page.get_by_role("link", name="Adjust the frame yourself").click()
    put_away(page)
    expect(page.locator("#words")).to_have_text("The frame leaves a part of the face out.")

    drag(page, middle(page), FACE)
    left, top, width = numbers(page)
    drag(page, (left, top), (left - 60, top - 60))

    assert numbers(page) == pytest.approx((left - 60, top - 60, width + 60), abs=12)
    assert left + width == pytest.approx(sum(numbers(page)[::2]), abs=1)
    expect(page.locator("#words")).to_contain_text("which is fine.")
    assert page.locator("#preview").get_attribute("viewBox") == "{} {} {} {}".format(
        *numbers(page), numbers(page)[2]
    )

    with workers(1):
        page.get_by_role("button", name="Crop and check").click()
        page.wait_for_url("**/portraits/*-*/")
        expect_accepted(page, "Cropped to ")


def test_coming_back_finds_the_frame_that_was_typed(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.open(rejected(visitor.owner, in_a_corner()).get_absolute_url())
    page.get_by_role("link", name="Adjust the frame yourself").click()
    put_away(page)
    page.get_by_role("link", name="Back without changes").click()
    page.wait_for_url("**/portraits/*-*/")

    page.go_back()

    left, top, width = numbers(page)
    assert (left, top) == (0, 0)
    expect(page.locator("#preview")).to_have_attribute("viewBox", f"0 0 {width} {width}")


def test_frame_is_moved_by_keys_alone(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    original = rejected(visitor.owner, in_a_corner())
    page = visitor.open(f"{original.get_absolute_url()}crop/")
    page.fill("#left", "1700")
    page.fill("#top", "1000")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#frame")).to_be_focused()
    width = numbers(page)[2]

    for key, times in (("Shift+ArrowRight", 17), ("ArrowRight", 3), ("Shift+ArrowDown", 20)):
        for _ in range(times):
            page.keyboard.press(key)
    assert numbers(page) == (1873, 1200, width)
    page.keyboard.press("+")
    assert numbers(page) == (1868, 1195, width + 10)
    page.keyboard.press("-")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    assert numbers(page) == (1872, 1199, width)
    expect(page.locator("#spoken")).to_contain_text("1872, 1199, ")

    with workers(1):
        page.get_by_role("button", name="Crop and check").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/portraits/*-*/")
        expect_accepted(page, "Cropped to ")


def test_frame_is_typed_without_script(visit: Callable[..., Visitor]) -> None:
    visitor = visit(PHONE, script=False)
    original = rejected(visitor.owner, in_a_corner())
    page = visitor.open(f"{original.get_absolute_url()}crop/")
    suggested = numbers(page)
    expect(page.get_by_text("Drag the frame or a corner")).to_be_hidden()
    for name, typed in (("left", "1000"), ("top", "900"), ("width", "800")):
        page.fill(f"#{name}", typed)

    page.get_by_role("button", name="Show this frame").click()
    assert page.locator("#preview").get_attribute("viewBox") == "1000 900 800 800"
    expect(page.locator("#words")).to_have_text("The frame leaves a part of the face out.")

    page.get_by_role("button", name="Suggest a frame").click()
    assert numbers(page) == suggested

    with workers(1):
        page.get_by_role("button", name="Crop and check").click()
        page.wait_for_url("**/portraits/*-*/")
        expect_accepted(page, "Cropped to ")


def test_finger_moves_the_frame_and_not_the_page(visit: Callable[..., Visitor]) -> None:
    visitor = visit(PHONE, has_touch=True)
    original = rejected(visitor.owner, in_a_corner())
    page = visitor.open(f"{original.get_absolute_url()}crop/")
    put_away(page)
    fingers = page.context.new_cdp_session(page)
    start, end = on_screen(page, *middle(page)), on_screen(page, *FACE)
    scrolled = page.evaluate("scrollY")

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y} for x, y in points]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", start)
    for part in (0.1, 0.4, 0.7, 1):
        touch("touchMove", tuple(a + part * (b - a) for a, b in zip(start, end, strict=True)))  # type: ignore[arg-type]
    touch("touchEnd")

    assert middle(page) == pytest.approx(FACE, abs=15)
    assert page.evaluate("scrollY") == scrolled


def test_frame_stays_in_the_photo_and_large_enough(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    original = rejected(visitor.owner, in_a_corner())
    page = visitor.open(f"{original.get_absolute_url()}crop/")
    put_away(page)
    width = numbers(page)[2]

    drag(page, middle(page), (WIDTH * 2, HEIGHT * 2))
    assert numbers(page) == (WIDTH - width, HEIGHT - width, width)

    left, top, _ = numbers(page)
    drag(page, (left, top), (left + 300, top + 300))
    assert numbers(page) == (WIDTH - 400, HEIGHT - 400, 400)

    left, top, _ = numbers(page)
    drag(page, (left, top), (-WIDTH, -HEIGHT))
    assert numbers(page) == (WIDTH - HEIGHT, 0, HEIGHT)

    page.get_by_role("button", name="Suggest a frame").click()
    assert numbers(page) == (1880, 1200, 421)


def test_tall_frame_keeps_its_shape(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    original = rejected(visitor.owner, in_a_corner())
    Portrait.objects.update(model="emo-detect-v1", ratio="3:4")
    page = visitor.open(f"{original.get_absolute_url()}crop/")
    page.fill("#left", "900")
    page.fill("#top", "700")
    left, top, width = numbers(page)

    drag(page, (left, top), (left - 400, top - 650))
    left, top, width = numbers(page)
    drag(page, (left + width, top + width * 4 / 3), (WIDTH * 2, HEIGHT * 2))
    left, top, width = numbers(page)

    height = round(width * 4 / 3)
    assert page.locator("#preview").get_attribute("viewBox") == f"{left} {top} {width} {height}"
    assert HEIGHT - 2 <= top + height <= HEIGHT
    page.get_by_role("button", name="Crop and check").click()
    page.wait_for_url("**/portraits/*-*/")
    made = Portrait.objects.exclude(pk=original.pk).get()
    assert (made.edit["width"], made.edit["height"]) == (width, height)


def test_typing_moves_the_frame_and_what_cannot_be_is_told(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    original = rejected(visitor.owner, in_a_corner())
    page = visitor.open(f"{original.get_absolute_url()}crop/")

    page.fill("#width", "500")
    page.fill("#left", "1800")
    assert page.locator("#preview").get_attribute("viewBox") == "1800 1200 500 500"

    page.fill("#left", "2399")
    page.get_by_role("button", name="Crop and check").click()

    expect(page.locator("#left-wrong")).to_have_text(
        "From 0 to 1900: the frame has to stay inside the photo."
    )
    assert page.locator("#preview").get_attribute("viewBox") == "1900 1200 500 500"
    assert Portrait.objects.count() == 1
    visitor.complaints[:] = [line for line in visitor.complaints if "422" not in line]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    ("viewport", "dark"), [(PHONE, False), (PHONE, True), (DESKTOP, False), (DESKTOP, True)]
)
def test_crop_page_is_accessible_and_fits(
    visit: Callable[..., Visitor],
    viewport: dict[str, int],
    dark: bool,  # noqa: FBT001
    language: str,
) -> None:
    visitor = visit(viewport, dark=dark, locale=language)
    original = rejected(visitor.owner, in_a_corner())
    page = visitor.open(f"{original.get_absolute_url()}crop/")

    right = findings(visitor)
    page.fill("#left", "99999")
    page.click(".push")
    wrong = findings(visitor)

    assert (right, wrong, width_of(visitor)) == ([], [], viewport["width"])
    visitor.complaints[:] = [line for line in visitor.complaints if "422" not in line]


@pytest.mark.parametrize("name", ["crop/", ""])
def test_fixing_fits_the_narrowest_phones(visit: Callable[..., Visitor], name: str) -> None:
    visitor = visit({"width": 320, "height": 640}, locale="en")
    original = rejected(visitor.owner, in_a_corner())

    visitor.open(f"{original.get_absolute_url()}{name}")

    assert width_of(visitor) == 320


def test_crop_page_does_not_move_while_it_loads(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit(PHONE)
    original = rejected(visitor.owner, in_a_corner())
    page = visitor.open(f"{original.get_absolute_url()}crop/")

    assert page.evaluate(SHIFTS) < 0.001
