"""Whatever numbers arrive, a box lies inside the photo or is none at all."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from emojicheck.detection.verdicts import BBox

anything = st.floats() | st.integers() | st.floats(-2e4, 2e4)
sides = st.integers(1, 7000)


@given(corners=st.tuples(anything, anything, anything, anything), width=sides, height=sides)
@example(corners=(math.nan, 0, 1, 1), width=10, height=10)
@example(corners=(-math.inf, 0, math.inf, 1), width=10, height=10)
@example(corners=(0, 0, 10**400, 1), width=10, height=10)
def test_any_corners_make_a_box_inside_the_photo_or_none(
    corners: tuple[Any, Any, Any, Any], width: int, height: int
) -> None:
    box = BBox.clipped(*corners, width, height)

    if box is not None:
        assert 0 <= box.x1 < box.x2 <= width
        assert 0 <= box.y1 < box.y2 <= height
        assert all(type(number) is int for number in box)


@given(corners=st.tuples(*[st.integers(-9000, 9000)] * 4), width=sides, height=sides)
def test_order_of_corners_does_not_matter(
    corners: tuple[int, int, int, int], width: int, height: int
) -> None:
    x1, y1, x2, y2 = corners
    box = BBox.clipped(x1, y1, x2, y2, width, height)

    assert BBox.clipped(x2, y1, x1, y2, width, height) == box
    assert BBox.clipped(x2, y2, x1, y1, width, height) == box
    if box is not None:  # and clipping twice changes nothing
        assert BBox.clipped(*box, width, height) == box


@given(width=sides, height=sides, data=st.data())
def test_box_inside_the_photo_stays_as_it_is(width: int, height: int, data: st.DataObject) -> None:
    x1, y1 = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    x2, y2 = data.draw(st.integers(x1 + 1, width)), data.draw(st.integers(y1 + 1, height))

    assert BBox.clipped(x1, y1, x2, y2, width, height) == (x1, y1, x2, y2)


@given(
    corners=st.tuples(*[st.floats(-9000, 9000)] * 4),
    width=sides,
    height=sides,
)
def test_none_only_when_nothing_of_the_box_is_in_the_photo(
    corners: tuple[float, float, float, float], width: int, height: int
) -> None:
    x1, y1, x2, y2 = (round(corner) for corner in corners)
    inside_x = min(max(x1, x2), width) > max(min(x1, x2), 0)
    inside_y = min(max(y1, y2), height) > max(min(y1, y2), 0)

    assert (BBox.clipped(*corners, width, height) is not None) == (inside_x and inside_y)
