"""Where a limit would agree best with the service. Pure: measurements and verdicts in, rows out."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf, isfinite, nextafter
from typing import TYPE_CHECKING

from emojicheck.presentation.checks import check, reason_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from emojicheck.detection.verdicts import Measurement, Reason

ENOUGH = 20
"""Values on each side; with fewer a limit would follow chance."""
MOVING = frozenset({"mouth_open"})
"""Rules whose limit depends on the photo (a smile may show teeth): compared as parts of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A limit, and the share of values that it puts on their right side."""

    limit: float
    balanced: float
    """The mean of two shares, 0 to 1: accepted ones up to the limit, rejected ones above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One limit of one rule: as it is, and as it would agree best. Numbers in the rule's units."""

    id: str
    label: str
    is_floor: bool
    """Whether values below it fail, or else values above."""
    moves: bool
    """The limits are 1, and mean: so many times what the limit is for the photo."""
    accepted: int
    """Values of portraits that the service accepted."""
    rejected: int
    """Values of portraits that it rejected for what this rule looks at."""
    in_force: Cut | None
    """None, like the other, while there is not enough to tell."""
    best: Cut | None
    limit: float

    @property
    def is_best(self) -> bool:
        return self.in_force == self.best


@dataclass(slots=True)
class _Values:
    """Of one limit. Turned round where low values fail, so that always those above the limit do."""

    measured: Measurement
    is_floor: bool
    limit: float
    reason: Reason | None
    """What it means to be beyond the limit."""
    accepted: list[float] = field(default_factory=list)
    rejected: list[float] = field(default_factory=list)


def thresholds(
    pairs: Iterable[tuple[Iterable[Measurement], Collection[Reason] | None]],
) -> tuple[Threshold, ...]:
    """One row for each limit, in the order in which rules and their sides are first seen.

    A pair is what was measured on one portrait, and all that the service's rejection may mean
    (None: it accepted). Newest first: the newest limit is the one in force.
    """
    sides: dict[tuple[str, bool], _Values] = {}
    for measurements, reasons in pairs:
        for measured in measurements:
            for is_floor in (True, False):
                _sort_in(sides, measured, reasons, is_floor=is_floor)
    return tuple(_row(values) for values in sides.values())


def best_cut(accepted: Sequence[float], rejected: Sequence[float], *, in_force: float) -> Cut:
    """The limit that best tells rejected values, above it, from accepted ones, at most it.

    Both must hold something. Candidates are the limit in force, the middles between neighbouring
    values, and the highest value, above which nothing fails; among equally good ones the one
    nearest to the limit in force wins.
    """
    accepted, rejected = sorted(accepted), sorted(rejected)
    values = sorted({*accepted, *rejected})
    # Of two numbers without another between them the middle would be the higher one.
    middles = [min(low + (high - low) / 2, nextafter(high, -inf)) for low, high in pairwise(values)]
    limits = (in_force, *middles, values[-1])
    cuts = [_cut(accepted, rejected, limit) for limit in limits]
    return max(cuts, key=lambda cut: (cut.balanced, -abs(cut.limit - in_force)))


def _cut(accepted: Sequence[float], rejected: Sequence[float], limit: float) -> Cut:
    """Both in ascending order."""
    passing = bisect_right(accepted, limit) / len(accepted)
    failing = 1 - bisect_right(rejected, limit) / len(rejected)
    return Cut(limit=limit, balanced=(passing + failing) / 2)


def _sort_in(
    sides: dict[tuple[str, bool], _Values],
    measured: Measurement,
    reasons: Collection[Reason] | None,
    *,
    is_floor: bool,
) -> None:
    told = _told(measured, is_floor=is_floor)
    if told is None:
        return
    value, limit, beyond = told
    key = (measured.id, is_floor)
    if key not in sides:
        reason = reason_of(replace(measured, value=beyond))
        sides[key] = _Values(measured=measured, is_floor=is_floor, limit=limit, reason=reason)
    if reasons is None:
        sides[key].accepted.append(value)
    elif sides[key].reason in reasons:
        sides[key].rejected.append(value)


def _told(measured: Measurement, *, is_floor: bool) -> tuple[float, float, float] | None:
    """Value and limit, turned round for a floor, and a value beyond the limit; None if it has none.

    Angles with equal limits to both sides have one row. A value between two unlike limits counts
    for the nearer one alone, so that what fails at one end does not blur the other.
    """
    value, low, high = measured.value, measured.low, measured.high
    limit = low if is_floor else high
    if value is None or limit is None or not isfinite(value) or low == high:
        return None
    if low is not None and high is not None:
        if low == -high:
            return None if is_floor else (abs(value), high, high + 1)
        if (value < (low + high) / 2) != is_floor:
            return None
    if measured.id in MOVING:
        return (value / limit, 1.0, limit + 1) if limit > 0 and not is_floor else None
    return (-value, -limit, limit - 1) if is_floor else (value, limit, limit + 1)


def _row(values: _Values) -> Threshold:
    enough = min(len(values.accepted), len(values.rejected)) >= ENOUGH
    sign = -1 if values.is_floor else 1
    in_force = best = None
    if enough:
        in_force = _cut(sorted(values.accepted), sorted(values.rejected), values.limit)
        best = best_cut(values.accepted, values.rejected, in_force=values.limit)
        in_force = replace(in_force, limit=sign * in_force.limit)
        best = replace(best, limit=sign * best.limit)
    return Threshold(
        id=values.measured.id,
        label=check(values.measured).label,
        is_floor=values.is_floor,
        moves=values.measured.id in MOVING,
        accepted=len(values.accepted),
        rejected=len(values.rejected),
        in_force=in_force,
        best=best,
        limit=sign * values.limit,
    )
