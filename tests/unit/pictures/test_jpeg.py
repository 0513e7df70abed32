from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emojicheck.pictures.jpeg import plain_jpeg_size
from tests.pictures import encode, exif, insert_segment, lying_jpeg, make_picture, paint

PLAIN = make_picture(640, 480)


def test_plain_jpeg_tells_its_size() -> None:
    assert plain_jpeg_size(PLAIN) == (640, 480)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff\xd9",
        PLAIN[:-2],
        PLAIN[:300],
        PLAIN + b"tail",
        PLAIN + b"tail\xff\xd9",
        make_picture(file_format="PNG"),
        make_picture(mode="L"),
        make_picture(mode="CMYK"),
        make_picture(progressive=True),
        insert_segment(PLAIN, 0xFE, b"comment"),
        insert_segment(PLAIN, 0xE1, b"Exif\0\0"),
        encode(paint(), exif=exif()),
        encode(paint(), icc_profile=b"profile"),
        encode(paint(), comment="comment"),
        lying_jpeg(0, 480),
        lying_jpeg(640, 0),
        PLAIN.replace(b"JFIF\0", b"JFXX\0"),
        PLAIN.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"),
        PLAIN[:-20] + b"\xff\xd8" + PLAIN[-20:],
        PLAIN[:-20] + b"\xff\xda" + PLAIN[-20:],
    ],
    ids=range(21),
)
def test_anything_else_is_not_plain(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        plain_jpeg_size(data)


@given(st.binary(max_size=2_000))
def test_any_bytes_have_a_size_or_are_no_plain_jpeg(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert min(plain_jpeg_size(b"\xff\xd8" + data + b"\xff\xd9")) > 0


@given(st.integers(0, len(PLAIN) - 1), st.binary(min_size=1, max_size=4))
def test_plain_jpeg_that_was_tampered_with_has_a_size_or_is_none(at: int, put: bytes) -> None:
    with contextlib.suppress(ValueError):
        width, height = plain_jpeg_size(PLAIN[:at] + put + PLAIN[at + len(put) :])
        assert (0 < width < 65_536, 0 < height < 65_536) == (True, True)
