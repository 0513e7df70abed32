from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emojicheck.admin.thresholds import MOVING, Cut, Threshold, best_cut, thresholds
from emojicheck.detection.verdicts import Measurement, Reason

NUMBERS = st.floats(min_value=-1000, max_value=1000)
SOME = st.lists(NUMBERS, min_size=1, max_size=20)


def measured(rule: str, value: float | None, low: float | None, high: float | None) -> Measurement:
    return Measurement(id=rule, value=value, low=low, high=high, passed=True)


def rows(
    rule: str,
    *,
    accepted: list[float],
    rejected: list[float],
    reason: Reason,
    low: float | None = None,
    high: float | None = None,
) -> tuple[Threshold, ...]:
    def of(value: float) -> list[Measurement]:
        return [measured(rule, value, low, high)]

    return thresholds(
        [*((of(n), None) for n in accepted), *((of(n), (reason,)) for n in rejected)],
    )


def test_best_cut_lies_halfway_between_those_it_divides() -> None:
    assert best_cut([1, 2, 3], [7, 8], in_force=9) == Cut(limit=5, balanced=1)


def test_best_cut_stays_as_it_is_when_no_other_is_better() -> None:
    assert best_cut([1, 2, 3], [7, 8], in_force=3.5) == Cut(limit=3.5, balanced=1)


def test_best_cut_gives_both_kinds_the_same_weight() -> None:
    assert best_cut([1, 2, 3, 4], [3.5], in_force=0) == Cut(limit=3.25, balanced=0.875)


def test_best_cut_of_equal_values_is_the_limit_in_force() -> None:
    assert best_cut([4, 4], [4], in_force=6) == Cut(limit=6, balanced=0.5)


@given(SOME, SOME, NUMBERS)
def test_best_cut_is_never_worse_than_any_other(
    accepted: list[float], rejected: list[float], in_force: float
) -> None:
    found = best_cut(accepted, rejected, in_force=in_force)

    def balanced(limit: float) -> float:
        passing = sum(value <= limit for value in accepted) / len(accepted)
        failing = sum(value > limit for value in rejected) / len(rejected)
        return (passing + failing) / 2

    assert found.balanced == pytest.approx(balanced(found.limit))
    assert all(found.balanced >= balanced(n) - 1e-9 for n in (*accepted, in_force))
    assert 0 <= found.balanced <= 1


def test_ceiling_is_suggested_with_twenty_on_each_side() -> None:
    [row] = rows(
        "covered",
        accepted=[0.4] * 20,
        rejected=[0.8] * 20,
        reason=Reason.FACE_COVERED,
        high=1.0,
    )

    assert row == Threshold(
        id="covered",
        label="Nothing over the face",
        is_floor=False,
        moves=False,
        accepted=20,
        rejected=20,
        in_force=Cut(limit=1.0, balanced=0.5),
        best=Cut(limit=pytest.approx(0.6), balanced=1.0),
        limit=1.0,
    )
    assert not row.is_best


def test_floor_is_turned_round_and_back() -> None:
    [row] = rows(
        "light", accepted=[60.0] * 20, rejected=[30.0] * 20, reason=Reason.TOO_DARK, low=25.0
    )

    assert row.is_floor
    assert (row.limit, row.in_force) == (25.0, Cut(limit=25.0, balanced=0.5))
    assert row.best == Cut(limit=45.0, balanced=1.0)


@pytest.mark.parametrize(("accepted", "rejected"), [(19, 20), (20, 19)])
def test_nineteen_are_not_enough(accepted: int, rejected: int) -> None:
    [row] = rows(
        "light",
        accepted=[60.0] * accepted,
        rejected=[10.0] * rejected,
        reason=Reason.TOO_DARK,
        low=25.0,
    )

    assert (row.accepted, row.rejected) == (accepted, rejected)
    assert (row.in_force, row.best) == (None, None)


def test_rejections_for_something_else_do_not_count() -> None:
    [row] = rows("light", accepted=[60.0], rejected=[10.0], reason=Reason.SEVERAL_PEOPLE, low=25.0)

    assert (row.accepted, row.rejected) == (1, 0)


def test_angles_with_equal_limits_have_one_row_for_both_sides() -> None:
    [row] = rows(
        "yaw",
        accepted=[5.0, -6.0] * 10,
        rejected=[-20.0, 22.0] * 10,
        reason=Reason.HEAD_TURNED,
        low=-17.0,
        high=17.0,
    )

    assert (row.is_floor, row.limit, row.accepted, row.rejected) == (False, 17.0, 20, 20)
    assert row.is_best


def test_each_of_two_unlike_limits_is_told_from_its_own_side() -> None:
    floor, ceiling = rows(
        "face_width",
        accepted=[0.2, 0.3, 0.6],
        rejected=[0.05, 0.9],
        reason=Reason.FACE_TOO_SMALL,
        low=0.12,
        high=0.84,
    )

    assert (floor.is_floor, floor.limit, floor.accepted, floor.rejected) == (True, 0.12, 2, 1)
    assert (ceiling.is_floor, ceiling.limit, ceiling.accepted, ceiling.rejected) == (
        False,
        0.84,
        1,
        0,
    )


def test_limit_that_moves_with_the_photo_is_told_in_parts_of_itself() -> None:
    smiling = [measured("mouth_open", 0.3, None, 0.4)]
    shouting = [measured("mouth_open", 0.25, None, 0.2)]

    [row] = thresholds([*[(smiling, None)] * 20, *[(shouting, (Reason.STRONG_EXPRESSION,))] * 20])

    assert {"mouth_open"} == MOVING
    assert (row.moves, row.limit) == (True, 1.0)
    assert row.best == row.in_force == Cut(limit=1.0, balanced=1.0)


@pytest.mark.parametrize(
    "odd",
    [
        measured("faces", 2, 1, 1),
        measured("hand_near_face", None, 0.5, None),
        measured("light", float("nan"), 25.0, None),
        measured("light", 10.0, None, None),
        measured("mouth_open", 10.0, None, 0.0),
    ],
    ids=["count", "nothing seen", "no number", "no limit", "no room"],
)
def test_what_has_no_limit_to_move_is_left_out(odd: Measurement) -> None:
    assert thresholds([([odd], None)]) == ()


def test_newest_limit_is_the_one_in_force() -> None:
    newer, older = measured("light", 50.0, 30.0, None), measured("light", 40.0, 25.0, None)

    [row] = thresholds([([newer], None), ([older], None)])

    assert (row.limit, row.accepted) == (30.0, 2)


def test_unknown_rule_is_told_under_its_own_id_without_rejections() -> None:
    [row] = rows("new_rule", accepted=[1.0], rejected=[2.0], reason=Reason.OTHER, high=1.5)

    assert (row.label, row.accepted, row.rejected) == ("new_rule", 1, 0)
