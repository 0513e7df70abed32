"""A real face: the astronaut that ships with scikit-image."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

from PIL import Image

FACE_CENTRE = (224, 123)
"""In the upright picture of 512 x 512 pixels."""
TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""What a camera did to the upright picture when it wrote this EXIF orientation."""


def astronaut() -> Image.Image:
    spec = importlib.util.find_spec("skimage")
    assert spec is not None
    assert spec.origin is not None
    with Image.open(Path(spec.origin).parent / "data" / "astronaut.png") as picture:
        return picture.convert("RGB")


def jpeg(picture: Image.Image, *, orientation: int = 1) -> bytes:
    """The picture as a camera held in this way would store it."""
    turn = TURNS[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    stored = picture if turn is None else picture.transpose(turn)
    stored.save(buffer, "JPEG", quality=95, exif=exif)
    return buffer.getvalue()
