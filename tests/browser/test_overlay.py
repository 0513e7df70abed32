"""Boxes lie where their pixels say, whatever the photo's shape, size and rotation."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image, ImageDraw

from emojicheck import judging
from emojicheck.detection.verdicts import BBox
from emojicheck.models import Portrait, State
from tests.factories import make_detection, make_portrait

from .conftest import DESKTOP, PHONE, Visitor, photo_is_here
from .faces import FACE_CENTRE, TURNS, astronaut, jpeg

MEASURE = """() => {
  const photo = document.querySelector(".canvas img");
  const found = { natural: [photo.naturalWidth, photo.naturalHeight] };
  const edges = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  found.photo = edges(photo);
  for (const box of document.querySelectorAll("[data-bbox]")) {
    // A stroked rectangle's own frame includes the stroke; its geometry does not.
    const { x, y, width, height } = box.getBBox();
    const matrix = box.getScreenCTM();
    const from = new DOMPoint(x, y).matrixTransform(matrix);
    const to = new DOMPoint(x + width, y + height).matrixTransform(matrix);
    found[box.dataset.bbox] = [from.x, from.y, to.x, to.y];
  }
  return found;
}"""
SIZES = [(400, 400), (480, 640), (1024, 1024), (3024, 4032), (4032, 3024), (7000, 500), (500, 7000)]


def accepted(owner: str, width: int, height: int) -> Portrait:
    """A photo with a box in each corner region, so that any shift or stretch shows."""
    image = Image.new("RGB", (width, height), "#c9b49a")
    face = BBox(width // 7, height // 9, width // 7 + width // 5, height // 9 + height // 4)
    extended = BBox(0, 0, width - 1, height - 3)
    ImageDraw.Draw(image).rectangle(face, fill="#102030")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=60)
    portrait = make_portrait(owner=owner, photo=buffer.getvalue(), width=width, height=height)
    portrait.verdict = make_detection(portrait, face=list(face), extended=list(extended))
    portrait.state = State.ACCEPTED
    portrait.save()
    return portrait


def off_by(shown: dict[str, Any], name: str, box: BBox) -> float:
    """How far the worst edge on screen is from where it belongs, in CSS pixels."""
    left, top, right, bottom = shown["photo"]
    width, height = shown["natural"]
    across, down = (right - left) / width, (bottom - top) / height
    belongs = (
        left + box.x1 * across,
        top + box.y1 * down,
        left + box.x2 * across,
        top + box.y2 * down,
    )
    return max(abs(is_ - should) for is_, should in zip(shown[name], belongs, strict=True))


def measured(visitor: Visitor, portrait: Portrait) -> dict[str, Any]:
    page = visitor.open(portrait.get_absolute_url())
    photo_is_here(page)
    shown: dict[str, Any] = page.evaluate(MEASURE)
    return shown


@pytest.mark.parametrize("scale", [1, 2, 3], ids=lambda scale: f"{scale}x")
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_boxes_lie_where_their_pixels_say(
    visit: Callable[..., Visitor], viewport: dict[str, int], scale: int
) -> None:
    visitor = visit(viewport, device_scale_factor=scale)
    worst = {}

    for width, height in SIZES:
        portrait = accepted(visitor.owner, width, height)
        shown = measured(visitor, portrait)
        verdict = portrait.verdict
        assert verdict is not None
        worst[width, height] = max(
            off_by(shown, "face", BBox(*verdict.face)),
            off_by(shown, "extended", BBox(*verdict.extended)),
        )

    assert [size for size, off in worst.items() if off > 1] == [], worst


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_boxes_lie_where_their_pixels_say_in_the_larger_photo(
    visit: Callable[..., Visitor],
    viewport: dict[str, int],
    script: bool,  # noqa: FBT001
) -> None:
    visitor = visit(viewport, script=script)
    worst = {}

    for width, height in SIZES:
        portrait = accepted(visitor.owner, width, height)
        before = measured(visitor, portrait)["photo"]
        visitor.page.locator("[name=larger]").press("Space")
        shown = visitor.page.evaluate(MEASURE)
        verdict = portrait.verdict
        assert verdict is not None
        left, top, right, bottom = shown["photo"]
        assert right - left >= 1.7 * (before[2] - before[0])
        assert (right - left) / (bottom - top) == pytest.approx(width / height, rel=0.01)
        worst[width, height] = max(
            off_by(shown, "face", BBox(*verdict.face)),
            off_by(shown, "extended", BBox(*verdict.extended)),
        )

    assert [size for size, off in worst.items() if off > 1] == [], worst


@pytest.mark.parametrize("width", [320, 500, 768, 959, 960, 1600])
def test_boxes_follow_when_the_window_changes(visit: Callable[..., Visitor], width: int) -> None:
    visitor = visit(DESKTOP)
    portrait = accepted(visitor.owner, 1200, 1600)
    measured(visitor, portrait)

    visitor.page.set_viewport_size({"width": width, "height": 700})
    shown = visitor.page.evaluate(MEASURE)

    assert portrait.verdict is not None
    assert off_by(shown, "face", BBox(*portrait.verdict.face)) <= 1


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_photos_of_any_shape_keep_their_shape_and_stay_on_their_paper(
    visit: Callable[..., Visitor], viewport: dict[str, int], size: tuple[int, int]
) -> None:
    visitor = visit(viewport)
    shown = measured(visitor, accepted(visitor.owner, *size))

    left, top, right, bottom = shown["photo"]
    paper = visitor.page.locator(".print").bounding_box()
    assert paper is not None
    assert (right - left) / (bottom - top) == pytest.approx(size[0] / size[1], rel=0.03)
    assert paper["x"] <= left
    assert right <= paper["x"] + paper["width"]
    assert bottom - top <= 650  # as high as a window


@pytest.mark.parametrize("size", [(480, 640), (1080, 1920), (1024, 1024), (500, 7000)])
def test_what_to_do_begins_in_the_first_window_of_a_phone_however_tall_the_photo_is(
    visit: Callable[..., Visitor], size: tuple[int, int]
) -> None:
    visitor = visit(PHONE)
    image = io.BytesIO()
    Image.new("RGB", size, "#c9b49a").save(image, "JPEG")
    portrait = make_portrait(
        owner=visitor.owner,
        photo=image.getvalue(),
        width=size[0],
        height=size[1],
        state=State.REJECTED,
        reason="head_tilted",
    )

    page = visitor.open(portrait.get_absolute_url())

    first = page.locator(".steps > li").first.bounding_box()
    assert first is not None
    assert first["y"] + first["height"] <= PHONE["height"]


@pytest.mark.parametrize("orientation", TURNS)
def test_the_face_is_found_where_it_is_seen_however_the_camera_was_held(
    visit: Callable[..., Visitor], orientation: int
) -> None:
    content = jpeg(astronaut(), orientation=orientation)
    visitor = visit(PHONE)
    page = visitor.open("/")
    page.set_input_files("#photo", {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": content})
    page.click(".push")
    page.wait_for_url("**/portraits/*/")
    judging.judge(Portrait.objects.latest("created").pk)
    page.wait_for_selector("main[data-state=accepted]")

    shown = page.evaluate(MEASURE)

    portrait = Portrait.objects.latest("created")
    assert portrait.verdict is not None
    assert page.url.endswith(reverse("portrait", args=[portrait.id]))
    assert shown["natural"] == [portrait.width, portrait.height]
    assert off_by(shown, "face", BBox(*portrait.verdict.face)) <= 1
    box = BBox(*portrait.verdict.face)
    centre = ((box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2)
    assert centre == pytest.approx(FACE_CENTRE, abs=12)
