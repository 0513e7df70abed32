"""What a detector says about a photo, in our own words. Pure data: no HTTP, no Django."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Literal, NamedTuple


class Reason(StrEnum):
    """Why a photo cannot be used: a closed list, in this project's words."""

    NO_PERSON = "no_person"
    SEVERAL_PEOPLE = "several_people"
    FACE_TOO_SMALL = "face_too_small"
    FACE_TOO_LARGE = "face_too_large"
    FACE_CUT_OFF = "face_cut_off"
    HEAD_TURNED = "head_turned"
    HEAD_TILTED = "head_tilted"
    FACE_COVERED = "face_covered"
    HAND_NEAR_FACE = "hand_near_face"
    STRONG_EXPRESSION = "strong_expression"
    TOO_DARK = "too_dark"
    TOO_BLURRED = "too_blurred"
    WRONG_DIMENSIONS = "wrong_dimensions"
    UNREADABLE_FILE = "unreadable_file"
    DECLINED = "declined"
    OTHER = "other"


class BBox(NamedTuple):
    """A rectangle in integer pixels of the photo: left, top, right, bottom."""

    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def width(self) -> int:
        return self.x2 - self.x1

    @property
    def height(self) -> int:
        return self.y2 - self.y1

    @classmethod
    def clipped(
        cls, x1: float, y1: float, x2: float, y2: float, width: int, height: int
    ) -> BBox | None:
        """The corners put in order, rounded and clipped to a photo of width x height.

        None when a corner is not a finite number or nothing of the box lies inside the photo.
        """
        try:
            left, right = sorted((round(x1), round(x2)))
            top, bottom = sorted((round(y1), round(y2)))
        except (OverflowError, ValueError):  # infinity, not a number
            return None
        box = cls(max(0, left), max(0, top), min(width, right), min(height, bottom))
        return box if box.width > 0 and box.height > 0 else None


Source = Literal["local", "service"]
Certainty = Literal["certain", "likely", "unsure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One rule that was looked at. Words for it live in `presentation`, by `id`."""

    id: str
    value: float | None
    """What was measured; degrees, shares (0 to 1) or counts, see the rule's own documentation."""
    low: float | None = None
    high: float | None = None
    """The rule passes while low <= value <= high; None means no limit on that side."""
    passed: bool
    source: Source = "local"
    certainty: Certainty = "likely"
    """How sure a failed rule is. Only "certain" may stop a paid call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where on the photo a fault was seen, for the pencil mark.

    kind "line": the two eyes, viewer's left first (head tilt; `value`: degrees, clockwise > 0).
    kind "arrow": from the face's centre to where the nose points (head turned; `value`: degrees).
    kind "outline": a polygon (hand, open mouth, face).
    kind "area": a polygon that is to be shaded (covered part).
    kind "ring": two corners of a rectangle (a second face, a small face).
    kind "span": both sides of a face, viewer's left first (face too large; `value`: its share).
    kind "edge": the piece of the photo's edge that cuts the face.
    """

    kind: Literal["line", "arrow", "outline", "area", "ring", "span", "edge"]
    points: tuple[tuple[int, int], ...]
    """Pixels of the photo; may lie outside it."""
    value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The photo can be used; both boxes in pixels of the photo."""

    face: BBox
    extended: BBox


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The photo cannot be used. An answer, not an error."""

    reason: Reason
    code: str = ""
    """The service's own code, for admins and support."""
    message: str = ""
    """The service's own words, for admins; never shown to a visitor."""
    certain: bool = False
    """Sure enough to stop a paid call (local detector only)."""
    face: BBox | None = None


Verdict = Accepted | Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a detector is shown: one stored photo and how to ask about it."""

    open: Callable[[], BinaryIO]
    """Opens the photo's bytes (an upright, clean JPEG)."""
    width: int
    height: int
    model: str
    """emoji-detect-v1 or emo-detect-v1."""
    ratio: str
    """1:1, or 3:4 (emo only)."""
    url: str = ""
    """An address from which the service can fetch the photo; empty for the local detector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A verdict with its evidence."""

    verdict: Verdict
    measurements: tuple[Measurement, ...] = ()
    spots: tuple[Spot, ...] = ()
    request_id: str = ""
    billed_images: int = 0
