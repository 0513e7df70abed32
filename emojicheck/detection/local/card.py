"""A face cut out upright and at one size, so that its appearance can be measured."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .regions import OUTLINE, rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .faceframe import FaceFrame
    from .sightings import Pixels, Points

CARD_PIXELS = 192
FACE_SHARE = 0.8
"""Of the card's side: the longer side of the face."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    rgb: Pixels
    """CARD_PIXELS a side."""
    face: NDArray[np.bool_]
    """Inside the outline of the face and inside the picture. May be empty."""
    points: NDArray[np.float32]
    """The mesh in pixels of the card, x and y."""

    @classmethod
    def of(cls, rgb: Pixels, points: Points, frame: FaceFrame) -> Card:
        matrix = _to_card(frame)
        on_card = _apply(matrix, points[:, :2])
        height, width = rgb.shape[:2]
        picture = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
        face = _filled(on_card[rows(OUTLINE)]) & _filled(_apply(matrix, picture))
        return cls(rgb=_cut_out(rgb, matrix), face=face, points=on_card.astype(np.float32))


def _to_card(frame: FaceFrame) -> NDArray[np.float64]:
    scale = FACE_SHARE * CARD_PIXELS / max(frame.width, frame.height, 1.0)
    cos, sin = math.cos(frame.angle) * scale, math.sin(frame.angle) * scale
    matrix = np.array([[cos, sin, 0.0], [-sin, cos, 0.0]])
    matrix[:, 2] = CARD_PIXELS / 2 - matrix[:, :2] @ (frame.x, frame.y)
    return matrix


def _apply(matrix: NDArray[np.float64], points: Points) -> NDArray[np.float64]:
    return points @ matrix[:, :2].T + matrix[:, 2]


def _filled(polygon: NDArray[np.float64]) -> NDArray[np.bool_]:
    mask = np.zeros((CARD_PIXELS, CARD_PIXELS), np.uint8)
    cv2.fillPoly(mask, [polygon.round().astype(np.int32)], 1)
    return mask > 0


def _cut_out(rgb: Pixels, matrix: NDArray[np.float64]) -> Pixels:
    height, width = rgb.shape[:2]
    left, top, right, bottom = _window(matrix, width, height)
    around = rgb[top:bottom, left:right]
    scale = math.hypot(matrix[0, 0], matrix[0, 1])
    # Sampling a large face sparsely would make noise of its texture: shrink by areas first.
    if 2 * scale < 1:
        size = (
            max(1, round((right - left) * 2 * scale)),
            max(1, round((bottom - top) * 2 * scale)),
        )
        around = cv2.resize(around, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    shrunk = (around.shape[1] / (right - left), around.shape[0] / (bottom - top))
    from_window = matrix.copy()
    from_window[:, 2] = _apply(matrix, np.array([[left, top]], np.float64))[0]
    from_window[:, :2] /= shrunk
    card = cv2.warpAffine(
        around,
        from_window,
        (CARD_PIXELS, CARD_PIXELS),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return card.astype(np.uint8, copy=False)


def _window(matrix: NDArray[np.float64], width: int, height: int) -> tuple[int, int, int, int]:
    """The part of the picture that the card shows, at least a pixel of it."""
    back = cv2.invertAffineTransform(matrix).astype(np.float64)
    side = float(CARD_PIXELS)
    corners = _apply(back, np.array([[0, 0], [side, 0], [side, side], [0, side]]))
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    x1 = min(max(math.floor(left) - 1, 0), width - 1)
    y1 = min(max(math.floor(top) - 1, 0), height - 1)
    x2 = max(min(math.ceil(right) + 1, width), x1 + 1)
    y2 = max(min(math.ceil(bottom) + 1, height), y1 + 1)
    return x1, y1, x2, y2
