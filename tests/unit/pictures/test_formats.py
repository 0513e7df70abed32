from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emojicheck.pictures.formats import Format, recognise
from tests import pictures


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "BMP"])
def test_picture_is_recognised_by_its_content(file_format: str) -> None:
    data = pictures.make_picture(file_format=file_format)

    assert recognise(data) is Format(file_format)


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"mif1", b"msf1"])
def test_heic_is_recognised_by_its_brand(brand: bytes) -> None:
    data = struct.pack(">I4s4sI4s", 20, b"ftyp", brand, 0, b"heic")

    assert recognise(data) is Format.HEIC


def test_general_brand_with_an_avif_among_its_kin_is_avif() -> None:
    data = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"mif1", 0, b"miaf", b"avif")

    assert recognise(data) == "AVIF"


def test_brands_are_looked_for_only_inside_their_box() -> None:
    data = struct.pack(">I4s4sI4s4s", 20, b"ftyp", b"mif1", 0, b"heic", b"avif")

    assert recognise(data) is Format.HEIC


@pytest.mark.parametrize(("name", "data"), pictures.other_files().items())
def test_other_file_is_named(name: str, data: bytes) -> None:
    assert recognise(data) == name


@pytest.mark.parametrize("mark", [b"<svg ", b"<!-- made by hand --><svg ", b"<!doctype svg"])
def test_drawing_is_named_however_it_begins(mark: bytes) -> None:
    assert recognise(b" \n" + mark + b"xmlns='http://www.w3.org/2000/svg'/>") == "SVG"


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\0" * 40, b"\x01\x02\x03", b"\x89PNG", b"RIFF1234ABCD"]
)
def test_unknown_bytes_are_nothing(data: bytes) -> None:
    assert recognise(data) is None


def test_text_that_begins_like_a_bitmap_is_text() -> None:
    assert recognise(b"BM is short for bitmap, and for much else") == "text"


def test_text_cut_amid_a_character_is_text() -> None:
    data = ("照" * 400).encode()

    assert recognise(data) == "text"


def test_bytes_that_stop_being_text_are_nothing() -> None:
    assert recognise(b"hello \xff\xfe" + bytes(40)) is None


BEGINNINGS = [
    b"",
    b"\xff\xd8\xff",
    b"RIFF",
    b"RIFF\0\0\0\0WEBP",
    b"\0\0\0\x18ftyp",
    b"BM",
    b"<?xml",
]


@given(st.sampled_from(BEGINNINGS), st.binary(max_size=80))
def test_any_bytes_have_a_name_or_none(beginning: bytes, data: bytes) -> None:
    found = recognise(beginning + data)

    assert found is None or found.isprintable()
