from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emojicheck.presentation.hatching import CLOSEST_SHARE, SPACING_SHARE, hatching

SQUARE = [(100.0, 100.0), (300.0, 100.0), (300.0, 300.0), (100.0, 300.0)]


def test_lines_slant_upwards_at_even_distances() -> None:
    lines = hatching(SQUARE, 800, 800)

    sums = [start[0] + start[1] for start, _end in lines]
    steps = {round(second - first, 6) for first, second in pairwise(sums)}
    assert steps == {round(SPACING_SHARE * 800 * math.sqrt(2), 6)}
    assert all(start[0] < end[0] and start[1] > end[1] for start, end in lines)


def test_lines_of_a_small_part_lie_closer() -> None:
    lens = [(100.0, 100.0), (180.0, 100.0), (180.0, 160.0), (100.0, 160.0)]

    (first, _), (second, _) = hatching(lens, 800, 800)[:2]

    apart = (second[0] + second[1] - first[0] - first[1]) / math.sqrt(2)
    assert apart == pytest.approx(CLOSEST_SHARE * 800)


def test_lines_end_at_the_outline() -> None:
    ends = [point for line in hatching(SQUARE, 800, 800) for point in line]

    assert all(pytest.approx(100) in point or pytest.approx(300) in point for point in ends)


def test_a_notch_is_left_free() -> None:
    notched = [(100.0, 100.0), (300.0, 100.0), (300.0, 300.0), (200.0, 140.0), (100.0, 300.0)]

    pieces = [round(start[0] + start[1]) for start, _end in hatching(notched, 800, 800)]

    assert len(pieces) > len(set(pieces))


@pytest.mark.parametrize(
    "polygon", [[(0.0, 0.0)] * 3, [(-90.0, -90.0), (-50.0, -90.0), (-50.0, -50.0)]]
)
def test_nothing_is_drawn_where_there_is_nothing_to_fill(
    polygon: list[tuple[float, float]],
) -> None:
    assert hatching(polygon, 800, 800) == ()


number = st.integers(-9000, 9000).map(float)


@given(
    polygon=st.lists(st.tuples(number, number), min_size=3, max_size=30),
    width=st.integers(400, 7000),
    height=st.integers(400, 7000),
)
def test_any_polygon_gets_few_lines_that_stay_in_its_frame(
    polygon: list[tuple[float, float]], width: int, height: int
) -> None:
    lines = hatching(polygon, width, height)

    xs, ys = zip(*polygon, strict=True)
    assert len({round(start[0] + start[1]) for start, _end in lines}) <= 2 / CLOSEST_SHARE
    for x, y in (point for line in lines for point in line):
        assert min(xs) - 0.01 <= x <= max(xs) + 0.01
        assert min(ys) - 0.01 <= y <= max(ys) + 0.01
