"""Reads the stored photo into the pixels the models look at."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from typing import BinaryIO

    from .sightings import Pixels

MAX_SIDE_PIXELS = 1280
"""Of the analysed picture: the models look at 192 to 256 pixels anyway."""

_REDUCED = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    rgb: Pixels
    """At most MAX_SIDE_PIXELS a side."""
    width: int
    """Of the stored photo."""
    height: int

    @property
    def scale(self) -> tuple[float, float]:
        """Photo pixels for each analysed pixel, across and down."""
        return self.width / self.rgb.shape[1], self.height / self.rgb.shape[0]


def read_photo(file: BinaryIO) -> Photo:
    """Decode our own clean JPEG.

    Raises OSError when it cannot be decoded.
    """
    content = file.read()
    with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
        width, height = image.size
    # The JPEG decoder itself can halve a large photo, which saves most of its time and memory.
    spare = max(1, max(width, height) // MAX_SIDE_PIXELS)
    reduction = max(factor for factor in _REDUCED if factor <= spare)
    flags = _REDUCED[reduction] | cv2.IMREAD_IGNORE_ORIENTATION
    bgr = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
    if bgr is None:
        raise OSError("the decoder gave nothing back")
    shrink = MAX_SIDE_PIXELS / max(bgr.shape[:2])
    if shrink < 1:
        size = (max(1, round(bgr.shape[1] * shrink)), max(1, round(bgr.shape[0] * shrink)))
        bgr = cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)
    rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)
    rgb.flags.writeable = False  # lets the graphs share these pixels instead of copying them
    return Photo(rgb=rgb, width=width, height=height)
