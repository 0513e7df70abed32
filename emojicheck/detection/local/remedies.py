"""Puts right what can be put right in a photo: a tilt, a face too far away, too little light.

Pure functions on the pixels of the whole photo, in BGR or RGB alike. Whether the new picture is
any better is for the detector to say.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

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
    the border is continued outwards instead.
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
    return levelled.astype(np.uint8, copy=False)


def crop(pixels: Pixels, frame: BBox) -> Pixels:
    """Cut a frame out of the picture that lies inside it."""
    return np.ascontiguousarray(pixels[frame.y1 : frame.y2, frame.x1 : frame.x2])


def brighten(pixels: Pixels, *, gamma: float) -> Pixels:
    """Lift the dark parts of the picture, and leave black and white what they are."""
    curve = 255 * (np.arange(256) / 255) ** (1 / gamma)
    return np.asarray(cv2.LUT(pixels, curve.round().astype(np.uint8)), np.uint8)
