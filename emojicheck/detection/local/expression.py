"""What a face does with mouth, eyes and brows, from its mesh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .regions import (
    BROW_INNER,
    BROW_MIDDLE,
    EYE_INNER,
    EYE_OUTER,
    LID_PAIRS,
    LIP_LOWER_INNER,
    LIP_UPPER_INNER,
    LIP_UPPER_TOP,
    MOUTH_CORNERS,
    NOSE_BASE,
)

if TYPE_CHECKING:
    from .pose import Pose
    from .sightings import Points


# What one degree of pitch adds to a measure, fitted on 154 faces at rest: the mesh's depth is not
# exact, so eyes seen from below measure narrower. Taken off, so that nobody is judged by the height
# of the camera.
_EYE_BY_PITCH = 0.0116  # of itself: a shut eye stays shut
_BROW_BY_PITCH = 0.0011
_MAX_PITCH = 25.0
"""Degrees; no more was seen when fitting."""
_UPPER_LIP_BY_PITCH = 0.0007
_NOSE_TO_LIP_BY_PITCH = -0.0007


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """Lengths in distances between the outer eye corners, unless said; as of a level head."""

    mouth_open: float
    """Gap between the lips over the width of the mouth."""
    mouth_width: float
    corners_down: float
    """How far the corners of the mouth lie below the line between the lips."""
    corners_uneven: float
    """Height difference between the corners."""
    upper_lip: float
    """Height of the upper lip: grows when the lips are pursed."""
    nose_to_lip: float
    """From the nose to the upper lip: shrinks when the nose is wrinkled or the lip is drawn up."""
    eyes_open: float
    """Lid distance over the width of the eye, wider eye."""
    eye_narrower: float
    """The same, narrower eye."""
    brows_up: float
    """From the eyes up to the middle of the brows."""
    brows_in: float
    """Distance between the inner ends of the brows: shrinks in a frown."""

    @classmethod
    def of(cls, points: Points, pose: Pose) -> Expression:
        def apart(a: int, b: int) -> float:
            return float(np.linalg.norm(points[a] - points[b]))

        unit = apart(*EYE_OUTER) or 1.0
        height = points @ pose.axes[1]
        mouth = apart(*MOUTH_CORNERS) or 1.0
        lips = (height[LIP_UPPER_INNER] + height[LIP_LOWER_INNER]) / 2
        corners = height[list(MOUTH_CORNERS)]
        eyes = sorted(
            np.mean([apart(*pair) for pair in pairs]) / (apart(outer, inner) or 1.0)
            for pairs, outer, inner in zip(LID_PAIRS, EYE_OUTER, EYE_INNER, strict=True)
        )
        eye_line = height[[*EYE_OUTER, *EYE_INNER]].mean()
        seen = 1 + _EYE_BY_PITCH * min(max(pose.pitch, -_MAX_PITCH), _MAX_PITCH)
        return cls(
            mouth_open=apart(LIP_UPPER_INNER, LIP_LOWER_INNER) / mouth,
            mouth_width=mouth / unit,
            corners_down=float(corners.mean() - lips) / unit,
            corners_uneven=float(abs(corners[0] - corners[1])) / unit,
            upper_lip=apart(LIP_UPPER_TOP, LIP_UPPER_INNER) / unit
            - _UPPER_LIP_BY_PITCH * pose.pitch,
            nose_to_lip=apart(NOSE_BASE, LIP_UPPER_TOP) / unit - _NOSE_TO_LIP_BY_PITCH * pose.pitch,
            eyes_open=float(eyes[1]) / seen,
            eye_narrower=float(eyes[0]) / seen,
            brows_up=float(eye_line - height[list(BROW_MIDDLE)].mean()) / unit
            - _BROW_BY_PITCH * pose.pitch,
            brows_in=apart(*BROW_INNER) / unit,
        )
