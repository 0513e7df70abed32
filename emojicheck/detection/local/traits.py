"""The numbers the rules read: everything measured on one observation, and nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .appearance import Appearance
from .expression import Expression
from .faceframe import FaceFrame
from .jitter import Jitter
from .pose import Pose
from .regions import FACE_POINTS, OUTLINE, rows

if TYPE_CHECKING:
    from .observation import CloseHand, CloseLook, Face, Found, Observation
    from .sightings import Pixels, Points


_MESH_PRESENCE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherFace:
    """A further face beside the main one."""

    size: float
    """Over the size of the main face."""
    away: float
    """Distance between the centres, in main faces."""
    presence: float
    full: float
    """Score of the full-range detector."""
    short: float
    """Score of the short-range detector."""

    @property
    def score(self) -> float:
        return max(self.full, self.short)


@dataclass(frozen=True, slots=True, kw_only=True)
class NearHand:
    presence: float
    wandering: float
    """Movement of its joints between two looks, over its size."""
    away: float
    """Nearest joint from the outline of the face, in face widths; negative inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What was measured of the main face and around it."""

    found: Found
    full: float
    """Score of the full-range detector."""
    short: float
    """Score of the short-range detector."""
    first_presence: float
    """Presence in the region the detector gave."""
    presence: float
    """Presence in the face's own region."""
    width_share: float
    """Face width over photo width."""
    outside: float
    """Share of the face's points outside the picture."""
    eyes_apart: float
    """Distance of the detector's eye points over the width of its frame: small in a profile."""
    nose_off: float
    """Distance of the detector's nose point from the middle of the eyes, along the eye line, over
    the width of its frame: large in a profile."""
    pose: Pose
    jitter: Jitter
    expression: Expression
    appearance: Appearance
    others: tuple[OtherFace, ...] = ()
    hands: tuple[NearHand, ...] = ()

    @property
    def score(self) -> float:
        return max(self.full, self.short)

    @classmethod
    def of(cls, seen: Observation, main: CloseLook, rgb: Pixels) -> Traits:
        points = main.mesh.points
        frame = FaceFrame.of(points)
        eyes_apart, nose_off = _keypoint_profile(main)
        pose = Pose.of(points)
        return cls(
            found=seen.found,
            full=main.detection.full,
            short=main.detection.short,
            first_presence=main.first.presence,
            presence=main.mesh.presence,
            width_share=_width(main, frame) / seen.width,
            outside=_outside(points, seen),
            eyes_apart=eyes_apart,
            nose_off=nose_off,
            pose=pose,
            jitter=Jitter.of(points, main.shaken, frame),
            expression=Expression.of(points, pose),
            appearance=Appearance.of(rgb, points, frame),
            others=tuple(_other(face, frame) for face in seen.others),
            hands=tuple(_near(hand, points, frame) for hand in seen.hands),
        )


def _width(main: CloseLook, frame: FaceFrame) -> float:
    """Of the face; of the detector's frame where the mesh found nothing to hold on to."""
    return frame.width if main.mesh.presence > _MESH_PRESENCE else main.detection.width


def _outside(points: Points, seen: Observation) -> float:
    x, y = points[:FACE_POINTS, 0], points[:FACE_POINTS, 1]
    return float(((x < 0) | (x > seen.width - 1) | (y < 0) | (y > seen.height - 1)).mean())


def _keypoint_profile(main: CloseLook) -> tuple[float, float]:
    left_eye, right_eye, nose = main.detection.keypoints[:3]
    eye_line = right_eye - left_eye
    apart = float(np.linalg.norm(eye_line))
    if apart == 0:
        return 0.0, 0.0
    off = float((nose - (left_eye + right_eye) / 2) @ eye_line) / apart
    return apart / main.detection.width, abs(off) / main.detection.width


def _other(face: Face, main: FaceFrame) -> OtherFace:
    frame = FaceFrame.of(face.mesh.points)
    return OtherFace(
        size=frame.size / (main.size or 1.0),
        away=math.dist((frame.x, frame.y), (main.x, main.y)) / (main.size or 1.0),
        presence=face.mesh.presence,
        full=face.detection.full,
        short=face.detection.short,
    )


def _near(hand: CloseHand, points: Points, frame: FaceFrame) -> NearHand:
    outline = points[rows(OUTLINE), :2].astype(np.float32)
    inside = [
        cv2.pointPolygonTest(outline, (float(x), float(y)), measureDist=True)
        for x, y in hand.points[:, :2]
    ]
    return NearHand(
        presence=hand.presence,
        wandering=hand.wandering,
        away=-max(inside) / (frame.width or 1.0),
    )
