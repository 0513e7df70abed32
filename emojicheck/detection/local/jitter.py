"""How far a face's landmarks wander when the region they are read from is moved a little.

Landmark models draw a whole face whatever they see: under a mask they invent a mouth, behind dark
glasses they invent eyes. What they see stays where it is when the region is moved; what they invent
moves along. The wandering therefore tells, without any training, which parts of a face are covered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .regions import CHIN, EYES, FACE_POINTS, LIPS, NOSE, OUTLINE_SIDES, rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .faceframe import FaceFrame
    from .sightings import Points

_LIPS = rows(LIPS)
_NOSE = rows(NOSE)
_CHIN = rows(CHIN)
_EYES = tuple(rows(eye) for eye in EYES)
_SIDES = tuple(rows(side) for side in OUTLINE_SIDES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jitter:
    """Median wandering per part, averaged over the shaken views, in face widths.

    Of parts that come in pairs the worse one counts.
    """

    overall: float
    mouth: float
    eye: float
    nose: float
    outline: float
    chin: float
    worse_eye: int
    """0: the viewer's left, 1: the right."""
    worse_side: int
    """Of the outline; likewise."""

    @classmethod
    def of(cls, points: Points, shaken: tuple[Points, ...], frame: FaceFrame) -> Jitter:
        moved = np.stack(
            [
                np.hypot(*(other[:FACE_POINTS] - points[:FACE_POINTS])[:, :2].T) / frame.width
                for other in shaken
            ]
        )

        def part(index: slice | NDArray[np.intp]) -> float:
            return float(np.median(moved[:, index], axis=1).mean())

        eyes = [part(eye) for eye in _EYES]
        sides = [part(side) for side in _SIDES]
        return cls(
            overall=part(slice(None)),
            mouth=part(_LIPS),
            eye=max(eyes),
            nose=part(_NOSE),
            outline=max(sides),
            chin=part(_CHIN),
            worse_eye=eyes.index(max(eyes)),
            worse_side=sides.index(max(sides)),
        )
