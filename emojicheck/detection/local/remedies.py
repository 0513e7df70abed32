"""Puts right what can be put right in a photo: a tilt, a face too far away, too little light.

Pure functions on the pixels of the whole photo, in BGR or RGB alike. Whether the new picture is
any better is for the detector to say.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from emojicheck.detection.frames import levelled_window

if TYPE_CHECKING:
    from emojicheck.detection.verdicts import BBox

    from .sightings import Pixels

ENCODER = [
    cv2.IMWRITE_JPEG_QUALITY,
    100,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
]
"""As good as lossless: what comes out is decoded and encoded once more."""


_BLUR = 0.02
"""Of the longer side, where the photo is continued: a twentieth of a face, about."""
_COARSE = 8
"""Pixels that the blurring takes for one."""
_BAND = 256
"""Rows."""


def decoded(content: bytes) -> Pixels:
    """Every pixel of our own clean JPEG, in BGR. Raises OSError when it cannot be decoded."""
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    pixels = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
    if pixels is None:
        raise OSError("the stored photo cannot be decoded")
    return pixels.astype(np.uint8, copy=False)


def encoded(bgr: Pixels) -> bytes:
    """A JPEG that loses next to nothing. Raises OSError when it cannot be made."""
    done, content = cv2.imencode(".jpg", bgr, ENCODER)
    if not done:
        raise OSError("the photo cannot be encoded")
    return content.tobytes()


def level(pixels: Pixels, face: BBox, *, roll: float) -> Pixels:
    """Turn the picture so that the eyes are level, and cut the corners off.

    `roll` is the measured one, in degrees. Where cutting would leave too little around the face,
    the border is continued outwards instead, softly.
    """
    height, width = pixels.shape[:2]
    window = levelled_window(face, roll=roll, width=width, height=height)
    middle = ((face.x1 + face.x2) / 2, (face.y1 + face.y2) / 2)
    matrix = np.asarray(cv2.getRotationMatrix2D(middle, roll, 1), np.float64)
    matrix[:, 2] -= (window.left, window.top)
    size = (math.floor(window.width), math.floor(window.height))
    levelled = cv2.warpAffine(
        pixels, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    turned = levelled.astype(np.uint8, copy=False)
    shown = cv2.warpAffine(np.full((height, width), 255, np.uint8), matrix, size)
    _soften_outside(turned, shown.astype(np.uint8, copy=False))
    return turned


def _soften_outside(pixels: Pixels, shown: Pixels) -> None:
    """What continues the border is streaks: blurred, it looks like a background out of focus.

    Nothing of the photo itself is touched, and the blur sets in gently outside of it.
    """
    if shown.all():
        return
    height, width = shown.shape
    coarse = (max(1, width // _COARSE), max(1, height // _COARSE))
    reach = max(coarse) * _BLUR
    blurred = cv2.GaussianBlur(
        cv2.resize(pixels, coarse, interpolation=cv2.INTER_AREA), (0, 0), reach
    )
    missing = cv2.resize(shown, coarse, interpolation=cv2.INTER_AREA) < 255
    away = cv2.distanceTransform(missing.astype(np.uint8), cv2.DIST_L2, 3)
    weight = np.minimum(away / reach, 1)
    for top in range(0, height, _BAND):  # enlarged as a whole, they would fill the memory
        band = slice(top, min(top + _BAND, height))
        outside = shown[band] < 255
        share = _enlarged(weight, shown.shape, band)[outside, None]
        softened = _enlarged(blurred, shown.shape, band)[outside]
        mixed = share * softened + (1 - share) * pixels[band][outside]
        pixels[band][outside] = np.rint(mixed).astype(np.uint8)


def _enlarged(coarse: Any, shape: tuple[int, ...], rows: slice) -> Any:
    """These rows of a coarse picture, enlarged to a picture of height x width."""
    (height, width), (high, wide) = shape, coarse.shape[:2]
    down, across = high / height, wide / width
    places = np.array([[across, 0, across / 2 - 0.5], [0, down, (rows.start + 0.5) * down - 0.5]])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (width, rows.stop - rows.start)
    return cv2.warpAffine(coarse, places, size, flags=how, borderMode=cv2.BORDER_REPLICATE)


def crop(pixels: Pixels, frame: BBox) -> Pixels:
    """Cut a frame out of the picture that lies inside it."""
    return np.ascontiguousarray(pixels[frame.y1 : frame.y2, frame.x1 : frame.x2])


def brighten(pixels: Pixels, *, gain: float) -> Pixels:
    """Expose for longer, so to say: dark parts get `gain` times the light, light ones ever less.

    Black stays black, which a gamma curve would turn into a grey veil, and nothing is burnt out.
    """
    curve = 255 * (1 - (1 - np.arange(256) / 255) ** gain)
    return np.asarray(cv2.LUT(pixels, curve.round().astype(np.uint8)), np.uint8)
