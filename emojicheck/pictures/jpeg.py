"""Is this a plain JPEG, as our own encoder writes it, and nothing besides?

The decoder handles hostile files and could be taken over by one. Its answer is therefore looked
at like any other input before it is stored, served or shown to another decoder.
"""

from __future__ import annotations

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
APP0, DQT, SOF0, DHT, SOS = 0xE0, 0xDB, 0xC0, 0xC4, 0xDA
ORDER = (APP0, DQT, DQT, SOF0, DHT, DHT, DHT, DHT, SOS)
"""The segments of a baseline colour JPEG as libjpeg writes them."""

JFIF_BYTES = 14
FRAME_BYTES = 15
BITS = 8
COMPONENTS = 3


def plain_jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height of a baseline colour JPEG without metadata or anything behind its end.

    Raises ValueError for any other bytes.
    """
    if not data.startswith(SOI) or not data.endswith(EOI):
        raise ValueError("not framed as a JPEG")
    at = len(SOI)
    size = (0, 0)
    for marker in ORDER:
        if data[at : at + 2] != bytes((0xFF, marker)):
            raise ValueError(f"no segment {marker:02X} at {at}")
        length = int.from_bytes(data[at + 2 : at + 4])
        body = data[at + 4 : at + 2 + length]
        at += 2 + length
        if marker == APP0 and (len(body) != JFIF_BYTES or not body.startswith(b"JFIF\0")):
            raise ValueError("an APP0 segment that is not plain JFIF")
        if marker == SOF0:
            size = _frame_size(body)
    if b"\xff" in data[at : -len(EOI)].replace(b"\xff\0", b""):
        raise ValueError("a marker inside the scan")
    return size


def _frame_size(body: bytes) -> tuple[int, int]:
    if len(body) != FRAME_BYTES or body[0] != BITS or body[5] != COMPONENTS:
        raise ValueError("not a frame of three 8-bit components")
    width, height = int.from_bytes(body[3:5]), int.from_bytes(body[1:3])
    if not width or not height:
        raise ValueError("a frame without pixels")
    return width, height
