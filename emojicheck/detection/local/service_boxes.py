"""The two boxes the service returns for an accepted photo, from the face found here.

Ratios measured on the service's own published answers: the face box is square; the extended box
is a multiple of it around a shifted centre, clipped to the photo and then shrunk about the face's
centre to keep its ratio.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emojicheck.detection.verdicts import BBox

if TYPE_CHECKING:
    from .faceframe import FaceFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extension:
    width: float
    """In face sides."""
    height: float
    raised: float
    """Of the centre, in face sides; negative = lowered."""


_EXTENSIONS = {
    ("emoji-detect-v1", "1:1"): _Extension(width=2.2, height=2.2, raised=0.06),
    ("emo-detect-v1", "1:1"): _Extension(width=2.5, height=2.5, raised=0.15),
    # No published answer for 3:4; taller towards the shoulders is what half-body asks for.
    ("emo-detect-v1", "3:4"): _Extension(width=2.5, height=2.5 * 4 / 3, raised=-0.5),
}


def face_box(frame: FaceFrame, *, width: int, height: int) -> BBox:
    """The square around a face that lies in a photo of width x height.

    Where it sticks out it is moved in rather than cut, so that it stays square.
    """
    side = max(1, round(min(max(frame.width, frame.height), width, height)))
    left = min(max(round(frame.x - side / 2), 0), width - side)
    top = min(max(round(frame.y - side / 2), 0), height - side)
    return BBox(left, top, left + side, top + side)


def visible_face(frame: FaceFrame, *, width: int, height: int) -> BBox | None:
    """What the photo shows of the square around a face; None when it lies outside."""
    half = max(frame.width, frame.height) / 2
    x, y = frame.x, frame.y
    return BBox.clipped(x - half, y - half, x + half, y + half, width, height)


def extended_box(face: BBox, *, model: str, ratio: str, width: int, height: int) -> BBox:
    """The part of the photo the service would animate.

    Inside the photo, of the asked ratio to a pixel, and around the whole face box unless the photo
    is too short or too narrow for both.

    Raises KeyError for a model or ratio the service does not have.
    """
    extension = _EXTENSIONS[model, ratio]
    x, y = (face.x1 + face.x2) / 2, (face.y1 + face.y2) / 2
    middle = y - face.height * extension.raised
    across = _Span.around(x, face.width * extension.width).clipped(width)
    down = _Span.around(middle, face.height * extension.height).clipped(height)
    aspect = extension.width / extension.height
    if across.length > down.length * aspect:
        across = across.shrunk(down.length * aspect, about=x).holding(face.x1, face.x2)
    else:
        down = down.shrunk(across.length / aspect, about=y).holding(face.y1, face.y2)
    return BBox(round(across.start), round(down.start), round(across.end), round(down.end))


@dataclass(frozen=True, slots=True)
class _Span:
    """One side of a box."""

    start: float
    end: float

    @classmethod
    def around(cls, centre: float, length: float) -> _Span:
        return cls(centre - length / 2, centre + length / 2)

    @property
    def length(self) -> float:
        return self.end - self.start

    def clipped(self, limit: float) -> _Span:
        return _Span(max(0.0, self.start), min(float(limit), self.end))

    def shrunk(self, length: float, *, about: float) -> _Span:
        part = length / self.length
        return _Span(about - (about - self.start) * part, about + (self.end - about) * part)

    def holding(self, start: float, end: float) -> _Span:
        """Slid so that start..end is inside, if it fits."""
        if end - start > self.length + 0.5:
            return self
        slide = min(0.0, start - self.start) + max(0.0, end - self.end)
        return _Span(self.start + slide, self.end + slide)
