"""Light, sharpness and colours of a face, read from an upright copy of fixed size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .regions import (
    ABOVE_LIPS,
    CHEEKS,
    CHIN,
    CHIN_END,
    JAWS,
    LOW_CHEEKS,
    NOSE_FRONT,
    OUTLINE,
    SKIN,
    UNDER_EYES,
    rows,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .faceframe import FaceFrame
    from .sightings import Pixels, Points

CARD_PIXELS = 192
"""Side of the upright copy."""
_FACE_SHARE = 0.8
"""Of that side: the longer side of the face."""

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
        card, outline, matrix = _card(rgb, points, frame)
        on_card = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
        lab = _floats(cv2.cvtColor(card.astype(np.float32) / 255, cv2.COLOR_RGB2LAB))
        grey = cv2.cvtColor(card, cv2.COLOR_RGB2GRAY).astype(np.float32)
        gradient = _gradient(grey)
        face = lab[..., 0][outline]
        if not face.size:
            face = lab[..., 0].ravel()
        patches = _Patches(on_card, lab, gradient)
        skin = np.median([patches.colour(part) for part in SKIN], axis=0)
        skin_light = max(float(skin[0]), 1.0)
        under = [patches.colour(part)[0] / skin_light for part in UNDER_EYES]
        foreign = [_foreignness(patches.colour(part)[1:], skin[1:]) for part in PLAIN_PARTS]
        return cls(
            light=float(np.percentile(face, 95)),
            lightness=float(np.median(face)),
            sharpness=_sharpness(grey, outline),
            under_eyes=float(max(under)),
            beard=min(patches.detail(part) for part in (CHIN, ABOVE_LIPS)) / skin_light,
            foreign_colour=max(foreign),
            foreign_part=foreign.index(max(foreign)),
        )


def _foreignness(colour: NDArray[np.float64], skin: NDArray[np.float64]) -> float:
    """Distance of a colour from the stretch between grey and (somewhat more than) skin."""
    chroma = float(np.hypot(*skin))
    if chroma == 0:
        return float(np.hypot(*colour))
    along = float(colour @ skin) / chroma
    nearest = skin / chroma * min(max(along, 0.0), _SKIN_STRETCH * chroma)
    return float(np.hypot(*(colour - nearest)))


def _floats(array: object) -> NDArray[np.float32]:
    return np.asarray(array, np.float32)


def _gradient(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return _floats(cv2.magnitude(across, down)) * np.float32(1 / 8)


class _Patches:
    """Reads statistics inside convex parts of the card."""

    def __init__(self, points: Points, lab: NDArray[np.float32], gradient: NDArray[np.float32]):
        self._points = points.astype(np.float32)
        self._lab = lab
        self._gradient = gradient

    def colour(self, part: tuple[int, ...]) -> NDArray[np.float64]:
        window, mask = self._inside(part)
        return np.median(self._lab[window][mask], axis=0).astype(np.float64)

    def detail(self, part: tuple[int, ...]) -> float:
        window, mask = self._inside(part)
        return float(self._gradient[window][mask].mean())

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


def _card(
    rgb: Pixels, points: Points, frame: FaceFrame
) -> tuple[Pixels, NDArray[np.bool_], NDArray[np.float64]]:
    """The face upright in a square, its outline's inside, and the matrix that led there."""
    scale = _FACE_SHARE * CARD_PIXELS / max(frame.width, frame.height, 1.0)
    cos, sin = math.cos(frame.angle) * scale, math.sin(frame.angle) * scale
    matrix = np.array([[cos, sin, 0.0], [-sin, cos, 0.0]])
    matrix[:, 2] = CARD_PIXELS / 2 - matrix[:, :2] @ (frame.x, frame.y)

    half = 0.75 * max(frame.width, frame.height) * math.sqrt(2)
    height, width = rgb.shape[:2]
    left, top = max(0, math.floor(frame.x - half)), max(0, math.floor(frame.y - half))
    right, bottom = min(width, math.ceil(frame.x + half)), min(height, math.ceil(frame.y + half))
    if right - left < 2 or bottom - top < 2:
        left, top, right, bottom = 0, 0, width, height
    around = rgb[top:bottom, left:right]
    # Sampling a large face sparsely would make noise of its texture: shrink by areas first.
    shrink = min(1.0, 2 * scale)
    if shrink < 1:
        smaller = cv2.resize(around, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        around = smaller.astype(np.uint8, copy=False)
    to_card = matrix.copy()
    to_card[:, 2] += matrix[:, :2] @ (left, top)
    to_card[:, :2] /= shrink
    card = cv2.warpAffine(
        around,
        to_card,
        (CARD_PIXELS, CARD_PIXELS),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    outline = np.zeros((CARD_PIXELS, CARD_PIXELS), np.uint8)
    edge = points[rows(OUTLINE), :2] @ matrix[:, :2].T + matrix[:, 2]
    cv2.fillPoly(outline, [edge.round().astype(np.int32)], 1)
    picture = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    frame_mask = np.zeros_like(outline)
    cv2.fillPoly(
        frame_mask, [(picture @ matrix[:, :2].T + matrix[:, 2]).round().astype(np.int32)], 1
    )
    return card.astype(np.uint8, copy=False), (outline & frame_mask) > 0, matrix


def _sharpness(grey: NDArray[np.float32], outline: NDArray[np.bool_]) -> float:
    """How much detail of 1 to 2 pixels there is for each part of 4 to 8 pixels, as log10."""
    kernel = np.ones((_EDGE_PIXELS, _EDGE_PIXELS), np.uint8)
    inside = cv2.erode(outline.astype(np.uint8), kernel) > 0
    if inside.sum() < _MIN_INSIDE_PIXELS:
        inside = outline if outline.any() else np.ones_like(outline)
    one, two, four, eight = (cv2.GaussianBlur(grey, (0, 0), sigma) for sigma in (1, 2, 4, 8))
    fine = float(np.square((one - two)[inside]).mean())
    coarse = float(np.square((four - eight)[inside]).mean())
    return math.log10((fine + _FLOOR) / (coarse + _FLOOR))
