"""Puts right what can be put right in a photo: a tilt, a face too far away, too little light.

Pure functions on the pixels of the whole photo. Each gives a new picture and says what it changed,
or None when it could not help. Whether the new picture is any better is for the detector to say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from emojicheck.detection.verdicts import BBox

    from .sightings import Pixels, Points

MIN_SIDE_PIXELS = 400
"""The service refuses smaller photos."""

LEVEL_FROM_DEGREES = 2.0
NEEDED_AROUND_FACE = 1.7
"""Face sides that a levelled picture must show without filling anything in."""
_CENTRES = (0.0, 0.25, 0.5, 0.75, 1.0)

CROP_FACES = 2.6
"""Width of a crop in face sides: room for hair, ears and the beginning of the shoulders."""
CROP_RAISED = 0.12
"""How far above the middle of the face the middle of a square crop lies, in face sides."""
CROP_LOWERED = 0.25
"""How far below it that of a 3:4 crop lies, which shows more of the shoulders."""
MAX_ENLARGEMENT = 2.0

WANTED_LIGHT = 78.0
"""95th percentile of the lightness (L*) that a face in ordinary light has."""
MAX_GAMMA = 3.0
"""More would lift noise rather than light."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedied:
    rgb: Pixels
    change: float
    """Degrees turned (clockwise positive), share of the width kept, or the gamma applied."""


def level(rgb: Pixels, face: BBox, *, roll: float) -> Remedied | None:
    """Turn the picture so that the eyes are level, and cut the corners off.

    `roll` is the measured one, in degrees. Where cutting would leave too little around the face,
    the border is continued outwards instead. None when the head is level already.
    """
    if abs(roll) < LEVEL_FROM_DEGREES:
        return None
    height, width = rgb.shape[:2]
    middle = _middle(face)
    matrix = np.asarray(cv2.getRotationMatrix2D(middle, roll, 1), np.float64)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    turned = corners @ matrix[:, :2].T + matrix[:, 2]
    window = _largest_window(turned, np.array(middle), face.width, width / height)
    if window is None:
        left, top, new_width, new_height = 0.0, 0.0, float(width), float(height)
    else:
        left, top, new_width, new_height = window
    matrix[:, 2] -= (left, top)
    size = (max(1, math.floor(new_width)), max(1, math.floor(new_height)))
    levelled = cv2.warpAffine(
        rgb, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return Remedied(rgb=levelled.astype(np.uint8, copy=False), change=-roll)


def crop(rgb: Pixels, face: BBox, *, ratio: str) -> Remedied | None:
    """Cut out head and shoulders in the asked ratio, "1:1" or "3:4".

    Small crops are enlarged to what the service takes at least. None when the photo shows no more
    than that already, or the face is too small for a usable crop.
    """
    height, width = rgb.shape[:2]
    across, down = (int(part) for part in ratio.split(":"))
    new_width = min(CROP_FACES * face.width, width, height * across / down)
    new_height = new_width * down / across
    x, y = _middle(face)
    y += face.height * (-CROP_RAISED if across == down else CROP_LOWERED)
    left = min(max(x - new_width / 2, 0.0), width - new_width)
    top = min(max(y - new_height / 2, 0.0), height - new_height)
    if new_width > 0.95 * width and new_height > 0.95 * height:
        return None
    enlarge = max(1.0, MIN_SIDE_PIXELS / min(new_width, new_height))
    if enlarge > MAX_ENLARGEMENT:
        return None
    part = rgb[round(top) : round(top + new_height), round(left) : round(left + new_width)]
    if enlarge > 1:
        size = (math.ceil(part.shape[1] * enlarge), math.ceil(part.shape[0] * enlarge))
        part = cv2.resize(part, size, interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)
    return Remedied(rgb=np.ascontiguousarray(part), change=new_width / width)


def brighten(rgb: Pixels, face: BBox) -> Remedied | None:
    """Lift the whole picture until the face is as light as faces are in ordinary light.

    None when it is light enough, or black.
    """
    light = _light(rgb[face.y1 : face.y2, face.x1 : face.x2])
    if not 0 < light < WANTED_LIGHT:
        return None
    gamma = min(math.log(light / 100) / math.log(WANTED_LIGHT / 100), MAX_GAMMA)
    # L* is near enough a root of the pixel values for one curve to serve both.
    curve = 255 * (np.arange(256) / 255) ** (1 / gamma)
    return Remedied(rgb=curve.round().astype(np.uint8)[rgb], change=gamma)


def _middle(face: BBox) -> tuple[float, float]:
    return (face.x1 + face.x2) / 2, (face.y1 + face.y2) / 2


def _light(part: Pixels) -> float:
    if not part.size:
        return 0.0
    lab = cv2.cvtColor(part.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return float(np.percentile(lab[..., 0], 95))


def _largest_window(
    corners: Points, middle: Points, face_side: float, aspect: float
) -> tuple[float, float, float, float] | None:
    """The largest upright window inside a turned picture that shows enough around the face.

    Left, top, width, height; None if there is none.
    """
    best: tuple[float, float, float, float] | None = None
    for part in _CENTRES:
        centre = middle + part * (corners.mean(axis=0) - middle)
        half_height = _room(corners, centre, aspect)
        half = np.array([half_height * aspect, half_height])
        shown = half - np.abs(centre - middle)
        enough = shown.min() >= NEEDED_AROUND_FACE * face_side / 2
        if enough and (best is None or 2 * half_height > best[3]):
            left, top = centre - half
            best = (float(left), float(top), float(2 * half[0]), float(2 * half[1]))
    return best


def _room(corners: Points, centre: Points, aspect: float) -> float:
    """Half the height of the largest window of this aspect around a point inside the picture."""
    room = math.inf
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        edge = end - start
        inward = np.array([-edge[1], edge[0]]) / (float(np.linalg.norm(edge)) or 1.0)
        distance = float((centre - start) @ inward)
        reach = abs(float(inward[0])) * aspect + abs(float(inward[1]))
        room = min(room, distance / reach)
    return max(room, 0.0)
