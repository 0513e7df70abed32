"""How a head is turned, from its mesh."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .regions import CHIN_TIP, EYE_OUTER, FOREHEAD_TOP

if TYPE_CHECKING:
    from .sightings import Points

LEVEL_PITCH_DEGREES = 9.0
"""What people who look straight ahead measure on average: the mesh's axes are not the head's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """A head's own axes and the angles they make, in degrees."""

    yaw: float
    """Positive: the nose points to the viewer's right."""
    pitch: float
    """Positive: the head is lowered. 0 is the average of people who look straight ahead."""
    roll: float
    """Positive: the head leans clockwise as seen on the screen."""
    axes: Points
    """3 x 3: rows are the head's rightward, downward and backward direction."""

    @classmethod
    def of(cls, points: Points) -> Pose:
        """Read the pose from mesh points in pixels (all three columns).

        The eye line gives the first axis, the line from forehead to chin the second. Fitting a
        model head (Kabsch, PnP) spreads no less over people who look straight ahead.
        """
        right = _unit(points[EYE_OUTER[1]] - points[EYE_OUTER[0]])
        down = points[CHIN_TIP] - points[FOREHEAD_TOP]
        down = _unit(down - right * (right @ down))
        back = np.cross(right, down)
        pitch = math.degrees(math.asin(float(np.clip(down[2], -1, 1))))
        return cls(
            yaw=math.degrees(math.atan2(right[2], math.hypot(right[0], right[1]))),
            pitch=pitch - LEVEL_PITCH_DEGREES,
            roll=math.degrees(math.atan2(right[1], right[0])),
            axes=np.stack([right, down, back]),
        )


def _unit(vector: Points) -> Points:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 0 else vector
