"""The upright frame of one face: where it is, how large, how turned."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .regions import EYE_OUTER, FACE_POINTS
from .sightings import Region

if TYPE_CHECKING:
    from .sightings import Points


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceFrame:
    """The smallest rectangle with level eyes around a face's mesh, in pixels of the picture.

    Measured in the face's own upright, so that turning the picture does not change its size.
    """

    x: float
    y: float
    width: float
    height: float
    angle: float
    """Radians, clockwise as seen on the screen."""

    @classmethod
    def of(cls, points: Points) -> FaceFrame:
        left_eye, right_eye = points[EYE_OUTER[0]], points[EYE_OUTER[1]]
        angle = math.atan2(right_eye[1] - left_eye[1], right_eye[0] - left_eye[0])
        cos, sin = math.cos(angle), math.sin(angle)
        across = points[:FACE_POINTS, 0] * cos + points[:FACE_POINTS, 1] * sin
        down = points[:FACE_POINTS, 1] * cos - points[:FACE_POINTS, 0] * sin
        middle_across = (across.min() + across.max()) / 2
        middle_down = (down.min() + down.max()) / 2
        return cls(
            x=float(middle_across * cos - middle_down * sin),
            y=float(middle_across * sin + middle_down * cos),
            width=float(np.ptp(across)),
            height=float(np.ptp(down)),
            angle=angle,
        )

    @property
    def size(self) -> float:
        return (self.width + self.height) / 2

    def scaled(self, scale: tuple[float, float]) -> FaceFrame:
        """The same frame in a picture so much wider and higher (nearly equal factors)."""
        across, down = scale
        return FaceFrame(
            x=self.x * across,
            y=self.y * down,
            width=self.width * across,
            height=self.height * down,
            angle=self.angle,
        )

    def region(self) -> Region:
        """Where to look for this face's landmarks again."""
        side = 1.5 * max(self.width, self.height)
        return Region(x=self.x, y=self.y, side=side, angle=self.angle)
