"""Is this one small JPEG frame? Told from its headers; nothing is decoded here."""

from __future__ import annotations

from enum import StrEnum

MAX_BYTES = 64 * 1024
MAX_SIDE = 480
MIN_SIDE = 64
"""Smaller pictures show nothing that could be judged."""

_SOI, _END = b"\xff\xd8", b"\xff\xd9"
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_BEFORE_FRAME = frozenset({0xC4, 0xDB, 0xDD, 0xFE, *range(0xE0, 0xF0)})
_SIZED_BYTES = 8
_MAX_SEGMENTS = 64
_SCAN = b"\xff\xda"
_MAX_SCANS = 20
"""Browsers make one, ten at most. Into 64 KB go thousands, and take more than a second."""


class FrameFault(StrEnum):
    """What is wrong with a frame: a closed list."""

    EMPTY = "empty"
    TOO_HEAVY = "too_heavy"
    NOT_A_JPEG = "not_a_jpeg"
    WRONG_SIZE = "wrong_size"


class FrameRefused(Exception):
    """This is no frame that we look at."""

    def __init__(self, fault: FrameFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def check_frame(data: bytes) -> None:
    """Raise FrameRefused for anything but a JPEG of allowed weight and size."""
    if not data:
        raise FrameRefused(FrameFault.EMPTY)
    if len(data) > MAX_BYTES:
        raise FrameRefused(FrameFault.TOO_HEAVY)
    if data.count(_SCAN) > _MAX_SCANS:
        raise FrameRefused(FrameFault.NOT_A_JPEG)
    width, height = _size(data)
    if not MIN_SIDE <= min(width, height) <= max(width, height) <= MAX_SIDE:
        raise FrameRefused(FrameFault.WRONG_SIZE)


def _size(data: bytes) -> tuple[int, int]:
    """As the frame's own header says; a decoder believes the same one."""
    if not data.startswith(_SOI) or not data.endswith(_END):
        raise FrameRefused(FrameFault.NOT_A_JPEG)
    at = len(_SOI)
    for _ in range(_MAX_SEGMENTS):
        marker, length = data[at : at + 2], int.from_bytes(data[at + 2 : at + 4])
        if len(marker) < 2 or marker[0] != 0xFF or length < 2:
            break
        if marker[1] in _FRAMES and length >= _SIZED_BYTES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        if marker[1] not in _BEFORE_FRAME:
            break
        at += 2 + length
    raise FrameRefused(FrameFault.NOT_A_JPEG)
