"""Light, sharpness and colours of a face."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .card import CARD_PIXELS, Card
from .regions import (
    ABOVE_LIPS,
    CHEEKS,
    CHIN,
    CHIN_END,
    JAWS,
    LOW_CHEEKS,
    NOSE_FRONT,
    SKIN,
    UNDER_EYES,
    rows,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .faceframe import FaceFrame
    from .sightings import Pixels, Points

PLAIN_PARTS = (CHIN, CHIN_END, *JAWS, *LOW_CHEEKS, *CHEEKS, NOSE_FRONT, ABOVE_LIPS)
"""Parts below the eyes that show nothing but skin, hair of a beard, light and shadow."""

_SKIN_STRETCH = 1.4
"""Flushed or warmly lit skin has up to so much more colour than the rest of the face."""
_MIN_INSIDE_PIXELS = 500
_EDGE_PIXELS = 7
_FLOOR = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    light: float
    """95th percentile of the lightness (CIE L*, 0 to 100) inside the face.

    Not the median: that is low for dark skin in the best light, the brightest parts are not.
    """
    lightness: float
    """Median lightness: for reports on fairness only, no rule reads it."""
    sharpness: float
    """log10 of fine over coarse detail. Does not depend on contrast, light or size."""
    under_eyes: float
    """Lightness below the lighter eye over that of the skin: low behind dark glasses."""
    beard: float
    """Mean gradient of chin or upper lip, whichever is smoother, over the lightness of the skin."""
    foreign_colour: float
    """The largest distance in colour (a*, b*) of a part below the eyes from everything between
    skin and grey, where beards, shadows and light lie."""
    foreign_part: int
    """Which part that is: a place in PLAIN_PARTS."""

    @classmethod
    def of(cls, rgb: Pixels, points: Points, frame: FaceFrame) -> Appearance:
        card = Card.of(rgb, points, frame)
        grey = _floats(cv2.cvtColor(card.rgb, cv2.COLOR_RGB2GRAY))
        patches = _Patches(card, grey)
        lightness = patches.lab[..., 0][card.face if card.face.any() else slice(None)]
        skin = np.median([patches.colour(part) for part in SKIN], axis=0)
        skin_light = max(float(skin[0]), 1.0)
        foreign = [_foreignness(patches.colour(part)[1:], skin[1:]) for part in PLAIN_PARTS]
        return cls(
            light=float(np.percentile(lightness, 95)),
            lightness=float(np.median(lightness)),
            sharpness=_sharpness(grey, card.face),
            under_eyes=max(float(patches.colour(part)[0]) for part in UNDER_EYES) / skin_light,
            beard=min(patches.detail(part) for part in (CHIN, ABOVE_LIPS)) / skin_light,
            foreign_colour=max(foreign),
            foreign_part=foreign.index(max(foreign)),
        )


class _Patches:
    """Reads statistics inside convex parts of a card."""

    def __init__(self, card: Card, grey: NDArray[np.float32]) -> None:
        self._points = card.points
        self.lab = _floats(cv2.cvtColor(card.rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB))
        across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
        self._gradient = _floats(cv2.magnitude(across, down)) / np.float32(8)

    def colour(self, part: tuple[int, ...]) -> NDArray[np.float64]:
        """Median L*, a* and b*."""
        window, inside = self._inside(part)
        return np.median(self.lab[window][inside], axis=0).astype(np.float64)

    def detail(self, part: tuple[int, ...]) -> float:
        """Mean gradient, in grey levels a pixel."""
        window, inside = self._inside(part)
        return float(self._gradient[window][inside].mean())

    def _inside(self, part: tuple[int, ...]) -> tuple[tuple[slice, slice], NDArray[np.bool_]]:
        hull = cv2.convexHull(self._points[rows(part)]).round().astype(np.int32)
        left, top, width, height = cv2.boundingRect(hull)
        left, top = min(max(left, 0), CARD_PIXELS - 2), min(max(top, 0), CARD_PIXELS - 2)
        right = min(max(left + width, left + 2), CARD_PIXELS)
        bottom = min(max(top + height, top + 2), CARD_PIXELS)
        mask = np.zeros((bottom - top, right - left), np.uint8)
        cv2.fillConvexPoly(mask, hull - (left, top), 1)
        inside = mask > 0
        if not inside.any():
            inside[:] = True
        return (slice(top, bottom), slice(left, right)), inside


def _foreignness(colour: NDArray[np.float64], skin: NDArray[np.float64]) -> float:
    """Distance of a colour from the stretch between grey and (somewhat more than) skin."""
    chroma = float(np.hypot(*skin))
    if chroma == 0:
        return float(np.hypot(*colour))
    along = float(colour @ skin) / chroma
    nearest = skin / chroma * min(max(along, 0.0), _SKIN_STRETCH * chroma)
    return float(np.hypot(*(colour - nearest)))


def _sharpness(grey: NDArray[np.float32], face: NDArray[np.bool_]) -> float:
    """How much detail of 1 to 2 pixels there is for each part of 4 to 8 pixels, as log10."""
    kernel = np.ones((_EDGE_PIXELS, _EDGE_PIXELS), np.uint8)
    inside = cv2.erode(face.astype(np.uint8), kernel) > 0
    if inside.sum() < _MIN_INSIDE_PIXELS:
        inside = face if face.any() else np.ones_like(face)
    one, two, four, eight = (cv2.GaussianBlur(grey, (0, 0), sigma) for sigma in (1, 2, 4, 8))
    fine = float(np.square((one - two)[inside]).mean())
    coarse = float(np.square((four - eight)[inside]).mean())
    return math.log10((fine + _FLOOR) / (coarse + _FLOOR))


def _floats(array: object) -> NDArray[np.float32]:
    return np.asarray(array, np.float32)
