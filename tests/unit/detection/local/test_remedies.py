"""What can be put right is put right: the detector itself is the judge."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from emojicheck.detection.frames import around_face
from emojicheck.detection.local import LocalDetector
from emojicheck.detection.local.remedies import brighten, crop, decoded, encoded, level
from emojicheck.detection.local.sightings import Pixels
from emojicheck.detection.verdicts import Accepted, BBox, Rejected
from tests import portraits

GREY = np.full((600, 800, 3), 90, np.uint8)


def judged(detector: LocalDetector, rgb: Pixels) -> tuple[BBox, float]:
    """The face of a photo and its roll."""
    answer = detector.detect(portraits.subject(rgb))
    face = answer.verdict.face
    roll = next((m.value for m in answer.measurements if m.id == "roll"), None)
    assert face is not None
    return face, roll or 0.0


def is_accepted(detector: LocalDetector, rgb: Pixels) -> bool:
    return isinstance(detector.detect(portraits.subject(rgb)).verdict, Accepted)


@pytest.mark.parametrize("degrees", [-35, -20, 18, 40, 90, 180])
def test_levelled_portrait_is_accepted(detector: LocalDetector, degrees: int) -> None:
    tilted = portraits.tilted(degrees)
    face, roll = judged(detector, tilted)

    assert is_accepted(detector, level(tilted, face, roll=roll))


def test_levelling_shows_no_corners_where_there_is_room() -> None:
    white = np.full((1000, 1000, 3), 255, np.uint8)

    levelled = level(white, BBox(450, 450, 550, 550), roll=20)

    assert levelled.min() == 255
    height, width = levelled.shape[:2]
    assert width == pytest.approx(height, abs=1)
    assert width > 700


def test_levelling_keeps_a_face_at_the_edge() -> None:
    assert level(GREY, BBox(0, 0, 300, 300), roll=30).shape == GREY.shape


def test_what_continues_a_levelled_photo_is_soft_and_the_photo_itself_as_sharp_as_before() -> None:
    stripes = np.zeros((600, 600, 3), np.uint8)
    for row in range(0, 600, 8):  # streaks at the left and right edge
        stripes[row : row + 4] = 255

    levelled = level(stripes, BBox(150, 150, 450, 450), roll=40)

    corner, middle = levelled[:40, -40:, 0], levelled[280:320, 280:320, 0]
    assert levelled.shape == stripes.shape
    assert corner.std() < 10
    assert middle.std() > 60


@st.composite
def placed_faces(draw: st.DrawFn) -> BBox:
    side = draw(st.integers(10, 600))
    left = draw(st.integers(0, 800 - side))
    top = draw(st.integers(0, 600 - side))
    return BBox(left, top, left + side, top + side)


@settings(deadline=None)
@given(face=placed_faces(), roll=st.floats(-180, 180))
def test_levelling_never_loses_the_picture_nor_makes_it_too_small(face: BBox, roll: float) -> None:
    levelled = level(GREY, face, roll=roll)

    assert min(levelled.shape[:2]) >= 400
    assert levelled.min() >= 89


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
    frame = around_face(verdict.face, ratio=ratio, within=BBox(0, 0, 3000, 2400))
    assert frame is not None

    cropped = crop(rgb, frame)

    height, width = cropped.shape[:2]
    assert is_accepted(detector, cropped)
    assert width / height == pytest.approx(aspect, abs=0.01)


def test_crop_is_the_frame_pixel_for_pixel() -> None:
    rgb = np.arange(600 * 800 * 3, dtype=np.uint32).astype(np.uint8).reshape(600, 800, 3)

    assert np.array_equal(crop(rgb, BBox(10, 20, 510, 520)), rgb[20:520, 10:510])


def test_brightened_portrait_is_accepted(detector: LocalDetector) -> None:
    dark = (portraits.portrait() * 0.12).astype(np.uint8)
    assert not is_accepted(detector, dark)

    assert is_accepted(detector, brighten(dark, gain=8.0))


def test_brightening_leaves_black_and_white_what_they_are_and_the_dark_in_proportion() -> None:
    ends = np.array([[[0, 255, 128], [1, 2, 3]]], np.uint8)

    assert brighten(ends, gain=4.0).tolist() == [[[0, 255, 239], [4, 8, 12]]]


def test_encoding_loses_next_to_nothing() -> None:
    rgb = portraits.portrait()
    bgr = decoded(encoded(np.ascontiguousarray(rgb[..., ::-1])))

    assert np.abs(bgr[..., ::-1].astype(int) - rgb).max() <= 4


def test_colours_keep_their_places_from_file_to_file() -> None:
    red = np.full((400, 400, 3), (250, 10, 20), np.uint8)

    with Image.open(BytesIO(encoded(decoded(portraits.jpeg(red))))) as image:
        shown = image.getpixel((200, 200))

    assert shown == pytest.approx((250, 10, 20), abs=4)


def test_file_that_is_no_picture_cannot_be_decoded() -> None:
    with pytest.raises(OSError, match="decoded"):
        decoded(b"nothing")
