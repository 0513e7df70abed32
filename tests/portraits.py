"""Portraits of a real person for tests: an astronaut, in the public domain, and variants of her.

The picture ships with scikit-image, which is installed for it and never imported. Each function
gives RGB pixels; `jpeg` makes a file of them, `subject` asks a detector about it.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from emojicheck.detection.verdicts import Subject

Pixels = NDArray[np.uint8]

GREY = (128, 128, 128)
MASK_BLUE = (120, 165, 205)
BLACK = (14, 13, 15)
SIDE = 800


@cache
def _astronaut() -> Image.Image:
    spec = find_spec("skimage")
    if spec is None or spec.origin is None:
        raise LookupError("scikit-image, which carries the portrait, is not installed")
    with Image.open(Path(spec.origin).parent / "data" / "astronaut.png") as image:
        return image.convert("RGB")


@cache
def _portrait() -> Image.Image:
    head_and_shoulders = _astronaut().crop((60, 0, 400, 340))
    return head_and_shoulders.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _pixels(image: Image.Image) -> Pixels:
    return np.asarray(image.convert("RGB"), np.uint8)


def portrait() -> Pixels:
    """Head and shoulders, upright, in even light: nothing is wrong with it."""
    return _pixels(_portrait())


def upright() -> Pixels:
    """The same in the shape of a passport photo, 3:4."""
    return _pixels(_portrait().crop((100, 0, 700, SIDE)))


def tilted(degrees: float) -> Pixels:
    """Turned clockwise on a plain ground."""
    turned = _portrait().rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=GREY)
    return _pixels(turned)


def two_people() -> Pixels:
    """The same person twice, side by side."""
    one = portrait()
    return np.concatenate([one, one[:, ::-1]], axis=1)


def cut_off() -> Pixels:
    """A good part of the face lies outside the picture."""
    return _pixels(_portrait().crop((325, 0, SIDE, 475)))


def too_close() -> Pixels:
    """Nothing but face."""
    return _pixels(_portrait().crop((278, 170, 500, 430)).resize((SIDE, 937)))


def far_away() -> Pixels:
    """A small person in a large room."""
    room = Image.new("RGB", (1200, 900), GREY)
    room.paste(_portrait().resize((190, 190), Image.Resampling.LANCZOS), (500, 700))
    return _pixels(room)


def dark() -> Pixels:
    return (portrait() * 0.12).astype(np.uint8)


def dim() -> Pixels:
    """Half the light: no reason to refuse anybody."""
    return (portrait() * 0.5).astype(np.uint8)


def blurred() -> Pixels:
    return _pixels(_portrait().filter(ImageFilter.GaussianBlur(11)))


def masked() -> Pixels:
    """A surgical mask from the bridge of the nose to the chin."""
    image = _portrait().copy()
    cloth = [
        (279, 300),
        (385, 275),
        (497, 300),
        (487, 385),
        (440, 430),
        (385, 447),
        (330, 430),
        (287, 385),
    ]
    pen = ImageDraw.Draw(image)
    pen.polygon(cloth, fill=MASK_BLUE)
    for y in (330, 360, 390):
        pen.line([(290, y), (385, y + 8), (485, y)], fill=(95, 135, 175), width=3)
    return _pixels(image.filter(ImageFilter.GaussianBlur(0.8)))


def in_dark_glasses() -> Pixels:
    image = _portrait().copy()
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((300, 212, 377, 280), 22, fill=BLACK)
    pen.rounded_rectangle((402, 215, 479, 283), 22, fill=BLACK)
    pen.line([(370, 228), (410, 230)], fill=BLACK, width=7)
    return _pixels(image.filter(ImageFilter.GaussianBlur(0.8)))


def in_grey() -> Pixels:
    return _pixels(_portrait().convert("L"))


def nobody() -> Pixels:
    """A sky."""
    rows = np.linspace(90, 220, SIDE, dtype=np.uint8)
    return np.repeat(np.repeat(rows[:, None, None], SIDE, axis=1), 3, axis=2)


def jpeg(rgb: Pixels, *, quality: int = 92) -> bytes:
    file = BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=quality)
    return file.getvalue()


def subject(
    rgb: Pixels, *, model: str = "emoji-detect-v1", ratio: str = "1:1", quality: int = 92
) -> Subject:
    """How a detector is shown this picture."""
    content = jpeg(rgb, quality=quality)
    height, width = rgb.shape[:2]
    return Subject(
        open=lambda: BytesIO(content), width=width, height=height, model=model, ratio=ratio
    )
