"""Shares with the room chance leaves them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Z_95 = 1.959963984540054
"""Standard deviations either side that hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion:
    """`hits` of `total`, 0 <= hits <= total."""

    hits: int
    total: int

    @classmethod
    def of(cls, answers: Iterable[bool]) -> Proportion:
        answers = tuple(answers)
        return cls(hits=sum(answers), total=len(answers))

    @property
    def share(self) -> float | None:
        """0 to 1; None of nothing."""
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, 95 times of 100; 0 to 1 when nothing is known.

        Wilson's score interval (1927): unlike the textbook's it never leaves 0..1 and never
        shrinks to nothing at either end.
        """
        if not self.total:
            return 0.0, 1.0
        share, spread = self.hits / self.total, Z_95**2 / self.total
        centre = share + spread / 2
        half = math.sqrt(spread * (share * (1 - share) + spread / 4))
        low, high = (centre - half) / (1 + spread), (centre + half) / (1 + spread)
        # In exact numbers it holds the share itself; rounding must not change that.
        return max(0.0, min(low, share)), min(1.0, max(high, share))
