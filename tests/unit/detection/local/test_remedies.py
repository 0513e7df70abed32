"""What can be put right is put right: the detector itself is the judge."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from emojicheck.detection.local import LocalDetector
from emojicheck.detection.local.remedies import (
    MIN_SIDE_PIXELS,
    Remedied,
    brighten,
    crop,
    level,
)
from emojicheck.detection.local.sightings import Pixels
from emojicheck.detection.verdicts import Accepted, BBox, Rejected
from tests import portraits

GREY = np.full((600, 800, 3), 90, np.uint8)
FACE = BBox(350, 200, 450, 300)


def judged(detector: LocalDetector, rgb: Pixels) -> tuple[BBox, float]:
    """The face of a photo and its roll."""
    answer = detector.detect(portraits.subject(rgb))
    face = answer.verdict.face
    roll = next((m.value for m in answer.measurements if m.id == "roll"), None)
    assert face is not None
    return face, roll or 0.0


def is_accepted(detector: LocalDetector, remedied: Remedied | None) -> bool:
    assert remedied is not None
    return isinstance(detector.detect(portraits.subject(remedied.rgb)).verdict, Accepted)


@pytest.mark.parametrize("degrees", [-35, -20, 18, 40, 90, 180])
def test_levelled_portrait_is_accepted(detector: LocalDetector, degrees: int) -> None:
    tilted = portraits.tilted(degrees)
    face, roll = judged(detector, tilted)

    assert is_accepted(detector, level(tilted, face, roll=roll))


def test_levelling_shows_no_corners_where_there_is_room() -> None:
    white = np.full((1000, 1000, 3), 255, np.uint8)

    remedied = level(white, BBox(450, 450, 550, 550), roll=20)

    assert remedied is not None
    assert remedied.rgb.min() == 255
    assert remedied.change == -20
    height, width = remedied.rgb.shape[:2]
    assert width == pytest.approx(height, abs=1)
    assert width > 700


def test_levelling_keeps_a_face_at_the_edge() -> None:
    remedied = level(GREY, BBox(0, 0, 300, 300), roll=30)

    assert remedied is not None
    assert remedied.rgb.shape == GREY.shape


def test_level_head_is_left_alone() -> None:
    assert level(GREY, FACE, roll=1.5) is None


@pytest.mark.parametrize(("ratio", "aspect"), [("1:1", 1.0), ("3:4", 0.75)])
def test_cropped_portrait_of_somebody_far_away_is_accepted(
    detector: LocalDetector, ratio: str, aspect: float
) -> None:
    room = Image.new("RGB", (3000, 2400), portraits.GREY)
    room.paste(Image.fromarray(portraits.portrait()), (1100, 1000))
    rgb = np.asarray(room)
    verdict = detector.detect(portraits.subject(rgb)).verdict
    assert isinstance(verdict, Rejected)
    assert verdict.face is not None

    remedied = crop(rgb, verdict.face, ratio=ratio)

    assert is_accepted(detector, remedied)
    assert remedied is not None
    height, width = remedied.rgb.shape[:2]
    assert width / height == pytest.approx(aspect, abs=0.01)


@st.composite
def placed_faces(draw: st.DrawFn) -> BBox:
    side = draw(st.integers(10, 600))
    left = draw(st.integers(0, 800 - side))
    top = draw(st.integers(0, 600 - side))
    return BBox(left, top, left + side, top + side)


@settings(deadline=None)
@given(face=placed_faces(), ratio=st.sampled_from(["1:1", "3:4"]))
def test_crop_is_never_smaller_than_the_service_takes(face: BBox, ratio: str) -> None:
    remedied = crop(GREY, face, ratio=ratio)

    if remedied is not None:
        assert min(remedied.rgb.shape[:2]) >= MIN_SIDE_PIXELS - 1
        assert 0 < remedied.change <= 1


@settings(deadline=None)
@given(face=placed_faces(), roll=st.floats(-180, 180))
def test_levelling_never_loses_the_picture(face: BBox, roll: float) -> None:
    remedied = level(GREY, face, roll=roll)

    if remedied is not None:
        assert min(remedied.rgb.shape[:2]) > 0
        assert remedied.rgb.min() >= 89


def test_portrait_that_fills_its_photo_is_not_cropped() -> None:
    assert crop(GREY[:, :600], BBox(100, 100, 500, 500), ratio="1:1") is None


def test_face_too_small_for_a_usable_crop_is_left_alone() -> None:
    assert crop(GREY, BBox(400, 300, 420, 320), ratio="1:1") is None


def test_brightened_portrait_is_accepted(detector: LocalDetector) -> None:
    dark = (portraits.portrait() * 0.2).astype(np.uint8)
    face, _ = judged(detector, dark)

    remedied = brighten(dark, face)

    assert is_accepted(detector, remedied)
    assert remedied is not None
    assert remedied.change > 1.5


def test_bright_face_is_left_alone() -> None:
    assert brighten(np.full_like(GREY, 230), FACE) is None


def test_black_picture_cannot_be_brightened() -> None:
    assert brighten(np.zeros_like(GREY), FACE) is None
    assert brighten(GREY, nothing_of(FACE)) is None


def nothing_of(face: BBox) -> BBox:
    """A box with nothing in it."""
    return face._replace(x2=face.x1)
