"""How far a face's landmarks wander when the region they are read from is moved a little.

Landmark models draw a whole face whatever they see: under a mask they invent a mouth, behind dark
glasses they invent eyes. What they see stays where it is when the region is moved; what they invent
moves along. The wandering therefore tells, without any training, which parts of a face are covered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from .regions import (
    ABOVE_LIPS,
    BROWS,
    CHEEKS,
    CHIN,
    EYES,
    FACE_POINTS,
    JAWS,
    LIPS,
    LOW_CHEEKS,
    NOSE,
    NOSE_FRONT,
    OUTLINE_SIDES,
    rows,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .faceframe import FaceFrame
    from .sightings import Points

Part = Literal[
    "face",
    "mouth",
    "upper lip",
    "eye",
    "brow",
    "nose",
    "nose tip",
    "cheek",
    "low cheek",
    "jaw",
    "chin",
    "outline",
]

PARTS: Final[dict[Part, tuple[tuple[int, ...], ...]]] = {
    "face": (tuple(range(FACE_POINTS)),),
    "mouth": (LIPS,),
    "upper lip": (ABOVE_LIPS,),
    "eye": EYES,
    "brow": BROWS,
    "nose": (NOSE,),
    "nose tip": (NOSE_FRONT,),
    "cheek": CHEEKS,
    "low cheek": LOW_CHEEKS,
    "jaw": JAWS,
    "chin": (CHIN,),
    "outline": OUTLINE_SIDES,
}
"""Points of each part; of a pair the viewer's left one comes first."""

_ROWS = {part: tuple(rows(side) for side in sides) for part, sides in PARTS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Jitter:
    amount: Mapping[Part, float]
    """Median wandering, mean of the shaken views, in face widths; of a pair the worse one's."""
    worse: Mapping[Part, int]
    """Which of a pair that is: 0 is the viewer's left one."""

    @classmethod
    def of(cls, points: Points, shaken: tuple[Points, ...], frame: FaceFrame) -> Jitter:
        still = points[:FACE_POINTS, :2]
        moved = np.stack(
            [np.linalg.norm(other[:FACE_POINTS, :2] - still, axis=1) for other in shaken]
        )
        sides = {
            part: [float(np.median(moved[:, side], axis=1).mean()) for side in pair]
            for part, pair in _ROWS.items()
        }
        return cls(
            amount={part: max(both) / (frame.width or 1.0) for part, both in sides.items()},
            worse={part: both.index(max(both)) for part, both in sides.items()},
        )
