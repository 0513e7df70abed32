from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emojicheck.hints.frames import FrameFault, FrameRefused, check_frame
from tests.hinting import frame
from tests.pictures import exif, insert_segment, lying_jpeg, make_picture, scanned_again

WHOLE = frame()


def fault(data: bytes) -> FrameFault | None:
    try:
        check_frame(data)
    except FrameRefused as error:
        return error.fault
    return None


@pytest.mark.parametrize(
    "data",
    [
        frame(),
        make_picture(480, 360),
        make_picture(64, 64),
        make_picture(400, 300, progressive=True),
        make_picture(400, 300, mode="L"),
        make_picture(400, 300, exif=exif()),
        insert_segment(frame(), 0xFE, b"a comment"),
    ],
)
def test_what_browsers_make_of_a_canvas_is_a_frame(data: bytes) -> None:
    assert fault(data) is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", FrameFault.EMPTY),
        (b"\xff\xd8\xff\xd9", FrameFault.NOT_A_JPEG),
        (frame()[:-2], FrameFault.NOT_A_JPEG),
        (make_picture(file_format="PNG"), FrameFault.NOT_A_JPEG),
        (make_picture(481, 360), FrameFault.WRONG_SIZE),
        (make_picture(480, 63), FrameFault.WRONG_SIZE),
        (lying_jpeg(60000, 60000), FrameFault.WRONG_SIZE),
        (lying_jpeg(0, 0), FrameFault.WRONG_SIZE),
        (scanned_again(480, 480, times=1_000), FrameFault.NOT_A_JPEG),
        (frame() + b"0" * 65536, FrameFault.TOO_HEAVY),
    ],
)
def test_anything_else_is_none(data: bytes, expected: FrameFault) -> None:
    assert fault(data) is expected


@given(st.binary(max_size=300), st.integers(0, 600))
def test_any_bytes_are_a_frame_or_refused(noise: bytes, at: int) -> None:
    fault(noise)
    fault(WHOLE[:at] + noise + WHOLE[at:])
