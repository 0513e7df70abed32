"""What the models report, as plain values in pixels of the picture they were shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_WRIST, _INDEX_ROOT, _MIDDLE_ROOT, _RING_ROOT = 0, 5, 9, 13

Pixels = NDArray[np.uint8]
"""Height x width x 3, RGB."""
Points = NDArray[np.float64]
"""One point a row: x, y and, where there is a third column, depth in the same unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A turned square for a landmark model to look at."""

    x: float
    y: float
    side: float
    angle: float
    """Radians, clockwise as seen on the screen."""

    def moved(
        self, *, right: float = 0, down: float = 0, scale: float = 1, turn: float = 0
    ) -> Region:
        """The same square shifted along its own axes, in parts of its side, scaled and turned."""
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        return Region(
            x=self.x + self.side * (right * cos - down * sin),
            y=self.y + self.side * (right * sin + down * cos),
            side=self.side * scale,
            angle=self.angle + turn,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """A face as a detector frames it: from the brows to the chin."""

    left: float
    top: float
    width: float
    height: float
    keypoints: Points
    """Viewer's left eye, right eye, nose tip, mouth, left ear, right ear."""
    full: float = 0.0
    """Score of the full-range detector; 0 when it saw nothing here."""
    short: float = 0.0
    """Score of the short-range detector; 0 when it saw nothing here."""

    @property
    def score(self) -> float:
        return max(self.full, self.short)

    @property
    def centre(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2

    def overlap(self, other: Detection) -> float:
        """Shared area over joint area, 0 to 1."""
        width = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        height = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (self.width * self.height + other.width * other.height - shared)

    def region(self) -> Region:
        """Where to look for this face's landmarks: half as large again, eyes level."""
        left_eye, right_eye = self.keypoints[0], self.keypoints[1]
        x, y = self.centre
        return Region(
            x=x,
            y=y,
            side=1.5 * max(self.width, self.height),
            angle=math.atan2(right_eye[1] - left_eye[1], right_eye[0] - left_eye[0]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesh:
    """A landmark model's answer for one region. It always answers; `presence` says how sure."""

    points: Points
    """468 face points and, from the attention model, 10 more for the irises."""
    presence: float
    """0 to 1: is a face there at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Palm:
    score: float
    region: Region
    """Where to look for the whole hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    points: Points
    """21 joints: wrist, then each finger from thumb to little finger, root to tip."""
    presence: float
    """0 to 1: is a hand there at all. Not the handedness score, which is high for anything."""

    @property
    def size(self) -> float:
        """Longer side of the upright box around the joints."""
        return float(np.ptp(self.points[:, :2], axis=0).max())

    def region(self) -> Region:
        """Where to look for this hand again: twice as large as its joints, fingers up."""
        joints = self.points[:, :2]
        knuckles = (joints[_INDEX_ROOT] + 2 * joints[_MIDDLE_ROOT] + joints[_RING_ROOT]) / 4
        towards = knuckles - joints[_WRIST]
        angle = math.atan2(towards[1], towards[0]) + math.pi / 2
        axes = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
        upright = joints @ axes.T
        low, high = upright.min(axis=0), upright.max(axis=0)
        x, y = (low + high) / 2 @ axes
        side = 2 * float((high - low).max())
        return Region(x=float(x), y=float(y), side=side, angle=angle)
