"""Reads the stored photo into the pixels the models look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from typing import BinaryIO

    from .sightings import Pixels

MAX_SIDE_PIXELS = 1280
"""Of the analysed picture: the models look at 192 to 256 pixels anyway."""


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
    with Image.open(file, formats=("JPEG", "PNG", "WEBP")) as image:
        width, height = image.size
        # Lets the JPEG decoder itself halve very large photos, which saves time and memory.
        image.draft("RGB", (MAX_SIDE_PIXELS, MAX_SIDE_PIXELS))
        rgb = np.asarray(image.convert("RGB"))
    longest = max(rgb.shape[:2])
    if longest > MAX_SIDE_PIXELS:
        shrink = MAX_SIDE_PIXELS / longest
        size = (max(1, round(rgb.shape[1] * shrink)), max(1, round(rgb.shape[0] * shrink)))
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    return Photo(rgb=rgb, width=width, height=height)
