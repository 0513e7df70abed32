from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter

from emojicheck.detection.local.appearance import PLAIN_PARTS, Appearance
from emojicheck.detection.local.card import CARD_PIXELS, FACE_SHARE, Card
from emojicheck.detection.local.faceframe import FaceFrame
from emojicheck.detection.local.observation import CloseLook
from emojicheck.detection.local.regions import ABOVE_LIPS, CHIN_END, FACE_POINTS
from emojicheck.detection.local.sightings import Pixels
from tests import portraits


def appearance(rgb: Pixels, face: CloseLook) -> Appearance:
    points = face.mesh.points
    return Appearance.of(rgb, points, FaceFrame.of(points))


def painted(rgb: Pixels, box: tuple[int, int, int, int], colour: tuple[int, int, int]) -> Pixels:
    copy = rgb.copy()
    left, top, right, bottom = box
    copy[top:bottom, left:right] = colour
    return copy


def test_card_shows_the_face_level_and_at_one_size(face: CloseLook) -> None:
    card = Card.of(portraits.portrait(), face.mesh.points, FaceFrame.of(face.mesh.points))

    assert card.rgb.shape == (CARD_PIXELS, CARD_PIXELS, 3)
    left, right = card.points[33], card.points[263]
    assert left[1] == pytest.approx(right[1], abs=0.01)
    spread = np.ptp(card.points[:FACE_POINTS], axis=0)
    assert spread.max() == pytest.approx(FACE_SHARE * CARD_PIXELS, abs=0.01)


def test_card_does_not_depend_on_the_size_of_the_photo(face: CloseLook) -> None:
    rgb = portraits.portrait()
    large = np.asarray(Image.fromarray(rgb).resize((2400, 2400), Image.Resampling.BICUBIC))
    points = face.mesh.points

    one = Card.of(rgb, points, FaceFrame.of(points))
    other = Card.of(large, points * 3, FaceFrame.of(points * 3))

    assert np.abs(one.rgb.astype(int) - other.rgb.astype(int)).mean() < 3


def test_card_of_a_face_outside_the_picture_is_no_crash(face: CloseLook) -> None:
    far_off = face.mesh.points + np.array([5000, 5000, 0])

    card = Card.of(portraits.portrait(), far_off, FaceFrame.of(far_off))

    assert not card.face.any()
    assert Appearance.of(portraits.portrait(), far_off, FaceFrame.of(far_off)).light >= 0


def test_light_sees_the_face_and_not_the_background(face: CloseLook) -> None:
    rgb = portraits.portrait()
    left = painted(rgb, (0, 0, 200, 800), (255, 255, 255))
    bright_sides = painted(left, (600, 0, 800, 800), (255, 255, 255))

    assert appearance(bright_sides, face).light == appearance(rgb, face).light
    assert appearance(portraits.dark(), face).light < 15


def test_sharpness_falls_with_blur_and_not_with_darkness(face: CloseLook) -> None:
    rgb = portraits.portrait()
    soft = np.asarray(Image.fromarray(rgb).filter(ImageFilter.GaussianBlur(6)))

    sharp = appearance(rgb, face).sharpness

    assert appearance(soft, face).sharpness < sharp - 0.5
    assert appearance(portraits.dim(), face).sharpness == pytest.approx(sharp, abs=0.1)


def test_dark_glasses_show_below_the_eyes(face: CloseLook) -> None:
    assert appearance(portraits.portrait(), face).under_eyes > 0.8
    assert appearance(portraits.in_dark_glasses(), face).under_eyes < 0.4


def test_foreign_colour_is_found_where_it_is(face: CloseLook) -> None:
    chin = (340, 395, 430, 420)
    green = painted(portraits.portrait(), chin, (40, 200, 60))

    seen = appearance(green, face)

    assert seen.foreign_colour > 40
    assert PLAIN_PARTS[seen.foreign_part] == CHIN_END


def test_grey_is_never_foreign(face: CloseLook) -> None:
    grey_lip = painted(portraits.portrait(), (350, 305, 420, 325), (120, 120, 120))

    assert appearance(grey_lip, face).foreign_colour < 15
    assert appearance(portraits.in_grey(), face).foreign_colour == pytest.approx(0, abs=0.1)


def test_foreign_colour_on_a_grey_photo_is_told(face: CloseLook) -> None:
    marked = painted(portraits.in_grey(), (350, 305, 420, 325), (0, 160, 40))

    seen = appearance(marked, face)

    assert seen.foreign_colour > 40
    assert PLAIN_PARTS[seen.foreign_part] == ABOVE_LIPS


def test_smooth_chin_is_no_beard(face: CloseLook) -> None:
    assert appearance(portraits.portrait(), face).beard < 0.12
