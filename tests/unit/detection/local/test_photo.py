from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from emojicheck.detection.local.photo import MAX_SIDE_PIXELS, read_photo
from tests import portraits


def stored(width: int, height: int) -> BytesIO:
    colours = np.zeros((height, width, 3), np.uint8)
    colours[:, : width // 2] = (250, 10, 10)
    colours[:, width // 2 :] = (10, 10, 250)
    return BytesIO(portraits.jpeg(colours))


@pytest.mark.parametrize(
    ("stored_size", "analysed"),
    [
        ((400, 700), (400, 700)),
        ((1280, 1280), (1280, 1280)),
        ((1300, 650), (1280, 640)),
        ((2560, 1000), (1280, 500)),
        ((5200, 3900), (1280, 960)),
        ((7000, 400), (1280, 73)),
    ],
)
def test_photo_is_analysed_at_most_so_large(
    stored_size: tuple[int, int], analysed: tuple[int, int]
) -> None:
    photo = read_photo(stored(*stored_size))

    assert (photo.width, photo.height) == stored_size
    assert photo.rgb.shape[:2] == (analysed[1], analysed[0])
    assert max(photo.rgb.shape) <= MAX_SIDE_PIXELS
    across, down = photo.scale
    assert (analysed[0] * across, analysed[1] * down) == pytest.approx(stored_size)


def test_colours_come_out_as_they_are() -> None:
    rgb = read_photo(stored(600, 400)).rgb

    assert rgb[200, 100].tolist() == pytest.approx([250, 10, 10], abs=6)
    assert rgb[200, 500].tolist() == pytest.approx([10, 10, 250], abs=6)


def test_orientation_tags_are_not_followed() -> None:
    """Pixels are those of the stored photo; ours carries no tag, and one must not turn it."""
    file = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(portraits.portrait()[:400]).save(file, "JPEG", exif=exif)

    photo = read_photo(BytesIO(file.getvalue()))

    assert (photo.width, photo.height) == (800, 400)
    assert photo.rgb.shape == (400, 800, 3)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0 broken"])
def test_unreadable_bytes_are_an_oserror(content: bytes) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - Pillow's own errors are of many kinds
        read_photo(BytesIO(content))


def test_picture_without_pixels_is_an_oserror() -> None:
    content = portraits.jpeg(portraits.portrait())

    with pytest.raises(OSError, match="nothing back"):
        read_photo(BytesIO(content[:700]))
