"""Everything the models saw in one picture, before any rule is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .sightings import Detection, Mesh, Points

Found = Literal["at once", "in tiles", "turned"]
"""How hard the faces had to be searched for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One candidate: a detector's frame and the landmarks found in it."""

    detection: Detection
    mesh: Mesh


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseLook:
    """The main face, looked at several times."""

    detection: Detection
    first: Mesh
    """In the region the detector gave."""
    mesh: Mesh
    """In the region its own landmarks gave: these points count."""
    shaken: tuple[Points, ...]
    """The same face in slightly different regions. Visible parts stay; guessed ones wander."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseHand:
    """A hand near the main face, looked at twice."""

    points: Points
    """21 joints, as seen first."""
    presence: float
    """The lower of both looks."""
    wandering: float
    """Median movement of the joints between the looks, over the size of the hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """All coordinates are pixels of the analysed picture (`width` x `height`)."""

    width: int
    height: int
    found: Found = "at once"
    main: CloseLook | None = None
    others: tuple[Face, ...] = ()
    hands: tuple[CloseHand, ...] = ()
