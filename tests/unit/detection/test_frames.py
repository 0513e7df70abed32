"""Where to cut: frames of the asked ratio, inside the photo, around the face and nobody else's."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emojicheck.detection.frames import (
    MIN_SIDE_PIXELS,
    apart_from,
    around_face,
    framed,
    height_of,
    is_free,
    levelled_window,
    nearest,
    widest,
)
from emojicheck.detection.verdicts import BBox

PHOTO = BBox(0, 0, 2000, 1500)
RATIOS = st.sampled_from(["1:1", "3:4"])
SIDES = st.integers(400, 7000)


@st.composite
def photos_with_faces(draw: st.DrawFn) -> tuple[BBox, BBox]:
    width, height = draw(SIDES), draw(SIDES)
    side = draw(st.integers(1, min(width, height)))
    left, top = draw(st.integers(0, width - side)), draw(st.integers(0, height - side))
    return BBox(0, 0, width, height), BBox(left, top, left + side, top + side)


def holds(outer: BBox, inner: BBox) -> bool:
    return (
        outer.x1 <= inner.x1
        and outer.y1 <= inner.y1
        and outer.x2 >= inner.x2
        and outer.y2 >= inner.y2
    )


@given(width=SIDES, height=SIDES, ratio=RATIOS)
def test_widest_frame_fits_and_a_wider_one_does_not(width: int, height: int, ratio: str) -> None:
    most = widest(ratio, width=width, height=height)

    assert most <= width
    assert height_of(most, ratio) <= height
    assert most == width or height_of(most + 1, ratio) > height


@given(
    left=st.integers(),
    top=st.integers(),
    wide=st.integers(),
    width=SIDES,
    height=SIDES,
    ratio=RATIOS,
)
def test_nearest_frame_can_always_be_cut_where_there_is_one(
    left: int, top: int, wide: int, width: int, height: int, ratio: str
) -> None:
    photo = BBox(0, 0, width, height)
    if widest(ratio, width=width, height=height) < MIN_SIDE_PIXELS:
        return

    frame = nearest(left, top, wide, ratio=ratio, within=photo)

    assert holds(photo, frame)
    assert min(frame.width, frame.height) >= MIN_SIDE_PIXELS
    assert frame.height == height_of(frame.width, ratio)


@given(placed=photos_with_faces(), ratio=RATIOS)
def test_frame_around_a_face_shows_it_whole_neither_tiny_nor_huge(
    placed: tuple[BBox, BBox], ratio: str
) -> None:
    photo, face = placed

    frame = around_face(face, ratio=ratio, within=photo)

    if frame is not None:
        assert holds(photo, frame)
        assert holds(frame, face)
        assert min(frame.width, frame.height) >= MIN_SIDE_PIXELS
        assert 0.15 <= face.width / frame.width <= 0.65


@pytest.mark.parametrize(
    ("face", "frame"),
    [
        (BBox(900, 600, 1100, 800), BBox(740, 416, 1260, 936)),  # head and shoulders
        (BBox(1000, 700, 1100, 800), BBox(850, 538, 1250, 938)),  # no smaller than may be
        (BBox(0, 0, 200, 200), BBox(0, 0, 520, 520)),  # in the corner
        (BBox(1000, 700, 1050, 750), None),  # too small for any frame
        (BBox(300, 100, 1500, 1300), None),  # fills the photo
    ],
)
def test_square_frame_around_a_face(face: BBox, frame: BBox | None) -> None:
    assert around_face(face, ratio="1:1", within=PHOTO) == frame


def test_tall_frame_shows_more_below_the_face() -> None:
    face = BBox(900, 600, 1100, 800)

    frame = around_face(face, ratio="3:4", within=PHOTO)

    assert frame == BBox(740, 404, 1260, 1097)


@pytest.mark.parametrize(
    ("others", "part"),
    [
        ([], PHOTO),
        ([BBox(1200, 600, 1400, 800)], BBox(0, 0, 1200, 1500)),
        ([BBox(500, 600, 700, 800)], BBox(700, 0, 2000, 1500)),
        ([BBox(950, 100, 1150, 300)], BBox(0, 300, 2000, 1500)),
        ([BBox(500, 600, 700, 800), BBox(1200, 600, 1400, 800)], BBox(700, 0, 1200, 1500)),
        ([BBox(1050, 700, 1250, 900)], None),  # cheek to cheek
    ],
)
def test_part_of_the_photo_without_other_people(others: list[BBox], part: BBox | None) -> None:
    assert apart_from(others, face=BBox(900, 600, 1100, 800), photo=PHOTO) == part


@pytest.mark.parametrize(
    ("ratio", "width", "height", "free"),
    [
        ("1:1", 400, 400, "no"),
        ("1:1", 401, 400, "yes"),
        ("1:1", 399, 900, "no"),
        ("3:4", 400, 533, "no"),
        ("3:4", 400, 534, "yes"),
        ("3:4", 900, 532, "no"),
    ],
)
def test_whether_there_is_a_choice(ratio: str, width: int, height: int, free: str) -> None:
    assert is_free(ratio, width=width, height=height) is (free == "yes")


@given(placed=photos_with_faces(), roll=st.floats(-180, 180))
def test_levelled_photo_is_never_too_small(placed: tuple[BBox, BBox], roll: float) -> None:
    photo, face = placed

    window = levelled_window(face, roll=roll, width=photo.width, height=photo.height)

    assert min(window.width, window.height) >= MIN_SIDE_PIXELS


@given(placed=photos_with_faces(), roll=st.floats(-180, 180))
def test_levelled_window_shows_the_photo_alone_unless_it_is_the_whole(
    placed: tuple[BBox, BBox], roll: float
) -> None:
    photo, face = placed
    window = levelled_window(face, roll=roll, width=photo.width, height=photo.height)
    if {round(window.width), round(window.height)} == {photo.width, photo.height}:
        return
    x, y = (face.x1 + face.x2) / 2, (face.y1 + face.y2) / 2
    cos, sin = math.cos(math.radians(roll)), math.sin(math.radians(roll))

    for right in (0.0, window.width):
        for down in (0.0, window.height):
            across, below = window.left + right - x, window.top + down - y
            back = (x + cos * across - sin * below, y + sin * across + cos * below)
            assert -0.01 <= back[0] <= photo.width + 0.01
            assert -0.01 <= back[1] <= photo.height + 0.01


def test_photo_that_lies_on_its_side_stands_up() -> None:
    window = levelled_window(BBox(900, 650, 1100, 850), roll=90, width=2000, height=1500)

    assert (round(window.width), round(window.height)) == (1500, 2000)


def test_frame_has_its_ratio() -> None:
    assert framed(10, 20, 600, "3:4") == BBox(10, 20, 610, 820)
