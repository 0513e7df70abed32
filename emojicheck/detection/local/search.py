"""Finds the faces in a picture with both detectors, and harder where they find nothing."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .engine import Engine, View
    from .sightings import Detection, Pixels, Points

SAME_FACE_OVERLAP = 0.3
SEEN_SCORE = 0.5
"""With one face this sure there is no need to search harder."""
TILE_SCORE = 0.6
"""A tile shows everything larger, so chance resemblances must be surer."""

_TILE_SIDE = 0.45
"""Of the longer side: makes a face of 4 % of the width large enough for the full-range model."""
_TILE_STEP = 0.7
"""Of a tile: neighbours overlap by 30 %, so that no small face is cut by all of them."""
_TURNS_DEGREES = (180, 90, -90, 45, -45)
_TURNED_PIXELS = 640
"""Of the longer side: the detectors look at 192 pixels anyway."""


def faces_in(view: View) -> list[Detection]:
    """Every face either detector saw, each once, with both scores; surest first."""
    faces: list[Detection] = []
    for found in view.faces():
        same = next((f for f in faces if f.overlap(found) > SAME_FACE_OVERLAP), None)
        if same is None:
            faces.append(found)
        else:
            faces[faces.index(same)] = _merged(same, found)
    return sorted(faces, key=lambda face: -face.score)


def _merged(face: Detection, again: Detection) -> Detection:
    # The short-range detector places the eyes better; the full-range one frames more faces.
    keypoints = again.keypoints if again.short > face.full else face.keypoints
    return replace(
        face,
        full=max(face.full, again.full),
        short=max(face.short, again.short),
        keypoints=keypoints,
    )


def small_faces(engine: Engine, rgb: Pixels) -> list[Detection]:
    """Faces too small to be seen in the whole picture, searched tile by tile."""
    height, width = rgb.shape[:2]
    side = round(max(width, height) * _TILE_SIDE)
    faces: list[Detection] = []
    for top in _starts(height, side):
        for left in _starts(width, side):
            tile = np.ascontiguousarray(rgb[top : top + side, left : left + side])
            for found in faces_in(engine.view(tile)):
                face = shifted(found, left, top)
                known = any(face.overlap(other) > SAME_FACE_OVERLAP for other in faces)
                if face.full > TILE_SCORE and not known:
                    faces.append(face)
    return faces


def _starts(length: int, side: int) -> list[int]:
    if length <= side:
        return [0]
    count = math.ceil((length - side) / (side * _TILE_STEP)) + 1
    return [round(start) for start in np.linspace(0, length - side, count)]


def turned_faces(engine: Engine, rgb: Pixels) -> list[Detection]:
    """Faces in a picture that lies on its head or side: the first turn that shows any."""
    for turned, back in _turned_copies(rgb):
        faces = [face for face in faces_in(engine.view(turned)) if face.score > TILE_SCORE]
        if faces:
            return [_turned_back(face, back) for face in faces]
    return []


def _turned_copies(rgb: Pixels) -> Iterator[tuple[Pixels, Points]]:
    """The picture turned, with the matrix that leads back."""
    height, width = rgb.shape[:2]
    scale = min(1.0, _TURNED_PIXELS / max(width, height))
    for degrees in _TURNS_DEGREES:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, scale)
        cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
        new_width = round(height * sin + width * cos)
        new_height = round(height * cos + width * sin)
        matrix[:, 2] += ((new_width - width) / 2, (new_height - height) / 2)
        turned = cv2.warpAffine(rgb, matrix, (new_width, new_height)).astype(np.uint8, copy=False)
        yield turned, cv2.invertAffineTransform(matrix).astype(np.float64)


def _turned_back(face: Detection, back: Points) -> Detection:
    scale = math.hypot(back[0, 0], back[0, 1])
    width, height = face.width * scale, face.height * scale
    x, y = back @ (*face.centre, 1.0)
    return replace(
        face,
        left=float(x) - width / 2,
        top=float(y) - height / 2,
        width=width,
        height=height,
        keypoints=np.c_[face.keypoints, np.ones(len(face.keypoints))] @ back.T,
    )


def shifted(face: Detection, right: float, down: float) -> Detection:
    """The same face in a picture whose origin lies further left and up."""
    return replace(
        face,
        left=face.left + right,
        top=face.top + down,
        keypoints=face.keypoints + np.array([right, down]),
    )
