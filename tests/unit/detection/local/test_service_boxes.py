from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emojicheck.detection.base import MODELS
from emojicheck.detection.local.faceframe import FaceFrame
from emojicheck.detection.local.service_boxes import extended_box, face_box, visible_face
from emojicheck.detection.verdicts import BBox

ASKED = [(model, ratio) for model, ratios in MODELS.items() for ratio in ratios]
ASPECTS = {"1:1": 1.0, "3:4": 3 / 4}


@pytest.mark.parametrize(
    ("model", "face", "photo", "expected"),
    [
        pytest.param(
            "emoji-detect-v1", (212, 194, 460, 442), (700, 700), (63, 30, 609, 576), id="emoji"
        ),
        pytest.param(
            "emo-detect-v1", (302, 286, 610, 594), (900, 900), (71, 9, 841, 779), id="emo"
        ),
        pytest.param(
            "emo-detect-v1",
            (387, 188, 769, 570),
            (1200, 706),
            (225, 0, 931, 706),
            id="emo, as high as the photo",
        ),
    ],
)
def test_extended_box_is_what_the_service_published(
    model: str,
    face: tuple[int, int, int, int],
    photo: tuple[int, int],
    expected: tuple[int, int, int, int],
) -> None:
    width, height = photo

    box = extended_box(BBox(*face), model=model, ratio="1:1", width=width, height=height)

    assert box == pytest.approx(expected, abs=1)


def test_three_by_four_reaches_down_to_the_shoulders() -> None:
    face = BBox(900, 900, 1100, 1100)

    box = extended_box(face, model="emo-detect-v1", ratio="3:4", width=2000, height=2000)

    assert (box.width, box.height) == pytest.approx((500, 667), abs=1)
    assert box.y2 - face.y2 > face.y1 - box.y1


@st.composite
def faces_in_photos(draw: st.DrawFn) -> tuple[BBox, int, int]:
    width = draw(st.integers(400, 4000))
    height = draw(st.integers(400, 4000))
    side = draw(st.integers(20, min(width, height)))
    left = draw(st.integers(0, width - side))
    top = draw(st.integers(0, height - side))
    return BBox(left, top, left + side, top + side), width, height


@given(faces_in_photos(), st.sampled_from(ASKED))
def test_extended_box_lies_in_the_photo_with_the_asked_ratio(
    placed: tuple[BBox, int, int], asked: tuple[str, str]
) -> None:
    face, width, height = placed
    model, ratio = asked

    box = extended_box(face, model=model, ratio=ratio, width=width, height=height)

    assert 0 <= box.x1 < box.x2 <= width
    assert 0 <= box.y1 < box.y2 <= height
    assert box.width == pytest.approx(box.height * ASPECTS[ratio], abs=1.5)


@given(faces_in_photos())
def test_square_extended_box_holds_the_face(placed: tuple[BBox, int, int]) -> None:
    face, width, height = placed

    for model in MODELS:
        box = extended_box(face, model=model, ratio="1:1", width=width, height=height)

        assert box.x1 <= face.x1 + 1
        assert box.y1 <= face.y1 + 1
        assert box.x2 >= face.x2 - 1
        assert box.y2 >= face.y2 - 1


def test_extended_box_keeps_to_the_photo_when_a_face_fills_it() -> None:
    face = BBox(0, 0, 600, 600)

    box = extended_box(face, model="emo-detect-v1", ratio="3:4", width=600, height=600)

    assert (box.width, box.height) == (450, 600)


def test_unknown_ratio_is_refused() -> None:
    with pytest.raises(KeyError):
        extended_box(BBox(0, 0, 9, 9), model="emoji-detect-v1", ratio="3:4", width=500, height=500)


@given(
    x=st.floats(-300, 1300),
    y=st.floats(-300, 1300),
    size=st.floats(0, 3000),
)
def test_face_box_is_a_square_in_the_photo(x: float, y: float, size: float) -> None:
    frame = FaceFrame(x=x, y=y, width=size * 0.8, height=size, angle=0)

    box = face_box(frame, width=1000, height=700)

    assert 0 <= box.x1 < box.x2 <= 1000
    assert 0 <= box.y1 < box.y2 <= 700
    assert box.width == box.height


def test_face_box_is_moved_in_rather_than_cut() -> None:
    frame = FaceFrame(x=20, y=300, width=100, height=120, angle=0)

    assert face_box(frame, width=800, height=800) == BBox(0, 240, 120, 360)


def test_visible_face_is_cut_rather_than_moved() -> None:
    frame = FaceFrame(x=20, y=300, width=100, height=120, angle=0)

    assert visible_face(frame, width=800, height=800) == BBox(0, 240, 80, 360)
    assert visible_face(replace(frame, x=-200), width=800, height=800) is None
