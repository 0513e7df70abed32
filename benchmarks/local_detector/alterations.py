"""Copies of ok portraits that are still ok: darker, grey, noisy, small, turned a little."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from emojicheck.detection.local.sightings import Pixels

PLAIN = (128, 128, 128)
SMALL_FACE_PIXELS = 90


def _grey(rgb: Pixels, _: float) -> Pixels:
    return _whole(np.repeat(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2))


def _darker(rgb: Pixels, _: float) -> Pixels:
    return _whole(255 * (rgb / 255) ** 1.9)


def _dim(rgb: Pixels, _: float) -> Pixels:
    return _whole(rgb * 0.5)


def _brighter(rgb: Pixels, _: float) -> Pixels:
    return _whole(255 * (rgb / 255) ** 0.6)


def _cast(rgb: Pixels, _: float) -> Pixels:
    return _whole(rgb * np.array([1.15, 1.0, 0.75]))


def _side_light(rgb: Pixels, face_share: float) -> Pixels:
    width = rgb.shape[1]
    x = (np.arange(width) - width / 2) / (face_share * width)
    return _whole(rgb * (0.35 + 0.75 / (1 + np.exp(-4 * x)))[None, :, None])


def _noisy(rgb: Pixels, _: float) -> Pixels:
    return _whole(rgb + np.random.default_rng(0).normal(0, 14, rgb.shape))


def _soft(rgb: Pixels, face_share: float) -> Pixels:
    return _whole(cv2.GaussianBlur(rgb, (0, 0), 0.012 * face_share * rgb.shape[1]))


def _small_jpeg(rgb: Pixels, face_share: float) -> Pixels:
    height, width = rgb.shape[:2]
    shrink = min(1.0, SMALL_FACE_PIXELS / (face_share * width))
    size = (round(width * shrink), round(height * shrink))
    small = _compressed(_whole(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)), 50)
    return _whole(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))


def _poor_jpeg(rgb: Pixels, _: float) -> Pixels:
    return _compressed(rgb, 20)


def _mirrored(rgb: Pixels, _: float) -> Pixels:
    return np.ascontiguousarray(rgb[:, ::-1])


ALTERATIONS: dict[str, Callable[[Pixels, float], Pixels]] = {
    "grey": _grey,
    "darker": _darker,
    "half the light": _dim,
    "brighter": _brighter,
    "colour cast": _cast,
    "side light": _side_light,
    "noisy": _noisy,
    "soft": _soft,
    "small, compressed": _small_jpeg,
    "compressed": _poor_jpeg,
    "mirrored": _mirrored,
}
"""Each takes the picture and the width of the face over that of the picture."""


def turned(rgb: Pixels, degrees: float) -> Pixels:
    """Clockwise on a plain ground, nothing cut off, at most as large as before."""
    height, width = rgb.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    new = (round(height * sin + width * cos), round(height * cos + width * sin))
    matrix[:, 2] += ((new[0] - width) / 2, (new[1] - height) / 2)
    copy = cv2.warpAffine(rgb, matrix, new, borderValue=PLAIN)
    shrink = max(width, height) / max(new)
    if shrink < 1:
        copy = cv2.resize(copy, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    return _whole(copy)


def _compressed(rgb: Pixels, quality: int) -> Pixels:
    file = BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=quality)
    with Image.open(file) as image:
        return np.asarray(image)


def _whole(values: NDArray[Any]) -> Pixels:
    return np.ascontiguousarray(np.clip(values, 0, 255).astype(np.uint8))
