from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emojicheck.presentation.proportion import Proportion

TOTALS = st.integers(min_value=1, max_value=1_000_000)


@st.composite
def proportions(draw: st.DrawFn) -> Proportion:
    total = draw(TOTALS)
    return Proportion(hits=draw(st.integers(min_value=0, max_value=total)), total=total)


def test_proportion_of_answers_counts_the_right_ones() -> None:
    assert Proportion.of([True, False, True]) == Proportion(hits=2, total=3)


def test_nothing_has_no_share_and_any_share_is_possible() -> None:
    nothing = Proportion.of([])

    assert (nothing.share, nothing.interval) == (None, (0.0, 1.0))


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_interval_is_wilsons(hits: int, total: int, low: float, high: float) -> None:
    assert Proportion(hits=hits, total=total).interval == pytest.approx((low, high), abs=5e-5)


@given(proportions())
def test_interval_holds_the_share_and_stays_between_nothing_and_all(one: Proportion) -> None:
    low, high = one.interval

    assert one.share is not None
    assert 0 <= low <= one.share <= high <= 1


@given(proportions())
def test_interval_of_the_opposite_is_its_mirror(one: Proportion) -> None:
    low, high = one.interval
    opposite = Proportion(hits=one.total - one.hits, total=one.total)

    assert opposite.interval == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(proportions())
def test_ten_times_as_many_narrow_the_interval(one: Proportion) -> None:
    low, high = one.interval
    narrow_low, narrow_high = Proportion(hits=10 * one.hits, total=10 * one.total).interval

    assert narrow_high - narrow_low < high - low
