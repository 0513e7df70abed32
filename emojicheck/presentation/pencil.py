"""Pencil marks as on a contact sheet: a spot becomes SVG path data in pixels of the photo."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import wording
from .hatching import hatching
from .strokes import at, closed, grown, ring

if TYPE_CHECKING:
    from emojicheck.detection.verdicts import Spot

    from .strokes import Point

FEWEST_POINTS = {
    "line": 2,
    "arrow": 2,
    "outline": 3,
    "area": 3,
    "ring": 2,
    "span": 2,
    "edge": 2,
}

_LONGEST_TILT_LINE = 0.5
"""Of the photo's width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    text: str
    x: int
    y: int
    size: int
    """Height of the letters in pixels of the photo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark: path data for the pencil, for dots, and perhaps a number beside it."""

    kind: str
    path: str
    dots: str = ""
    hatch: str = ""
    """Thinner lines, where a part is to be shaded."""
    label: Label | None = None

    @property
    def whole(self) -> str:
        """Everything drawn, for the white edge below the pencil."""
        return f"{self.path}{self.dots}"


def mark(spot: Spot, width: int, height: int) -> Mark:
    """The mark for a spot on a photo of width x height pixels."""
    match spot.kind:
        case "line":
            return _tilt(spot, width, height)
        case "arrow":
            return _arrow(spot, width, height)
        case "outline":
            return Mark(kind=spot.kind, path=closed(grown(spot.points)))
        case "area":
            return _area(spot, width, height)
        case "span":
            return _span(spot, width, height)
        case "edge":
            return _edge(spot, width, height)
        case "ring":
            return Mark(kind=spot.kind, path=ring(spot.points))


def _tilt(spot: Spot, width: int, height: int) -> Mark:
    """The line through the eyes, a dotted level one from the same start, and the arc between."""
    (x1, y1), (x2, y2) = spot.points[:2]
    apart = math.dist((x1, y1), (x2, y2)) or 1.0
    dx, dy = (x2 - x1) / apart, (y2 - y1) / apart
    length = min(max(2.4 * apart, 0.2 * width), _LONGEST_TILT_LINE * width)
    start = (x1 - 0.4 * apart * dx, y1 - 0.4 * apart * dy)
    end = (start[0] + length * dx, start[1] + length * dy)
    level = math.copysign(length, dx)
    radius = 0.8 * length
    arc_from = (start[0] + math.copysign(radius, dx), start[1])
    arc_to = (start[0] + radius * dx, start[1] + radius * dy)
    sweep = int((dy >= 0) == (dx >= 0))
    beside = 1.6 * _letters(width, height) * math.copysign(1, dx)
    return Mark(
        kind=spot.kind,
        path=(
            f"M{at(start)}L{at(end)}M{at(arc_from)}"
            f"A{radius:.0f} {radius:.0f} 0 0 {sweep} {at(arc_to)}"
        ),
        dots=f"M{at(start)}h{level:.0f}",
        label=_label(
            wording.degrees(spot.value if spot.value is not None else math.degrees(dy)),
            (arc_to[0] + beside, (arc_from[1] + arc_to[1]) / 2),
            width,
            height,
        ),
    )


def _arrow(spot: Spot, width: int, height: int) -> Mark:
    (x1, y1), (x2, y2) = spot.points[:2]
    length = math.dist((x1, y1), (x2, y2))
    shortest = 0.12 * min(width, height)
    angle = math.atan2(y2 - y1, x2 - x1)
    if length < shortest:
        x2, y2 = round(x1 + shortest * math.cos(angle)), round(y1 + shortest * math.sin(angle))
    wing = max(0.25 * length, 0.3 * shortest)
    wings = [
        (x2 - wing * math.cos(angle + side), y2 - wing * math.sin(angle + side))
        for side in (-0.55, 0.55)
    ]
    return Mark(
        kind=spot.kind,
        path=f"M{at((x1, y1))}L{at((x2, y2))}M{at(wings[0])}L{at((x2, y2))}L{at(wings[1])}",
    )


def _area(spot: Spot, width: int, height: int) -> Mark:
    corners = grown(spot.points)
    lines = hatching(corners, width, height)
    return Mark(
        kind=spot.kind,
        path=closed(corners),
        hatch="".join(f"M{at(start)}L{at(end)}" for start, end in lines),
    )


def _span(spot: Spot, width: int, height: int) -> Mark:
    """A measure from side to side, and the share of the photo's width that it takes."""
    (x1, y), (x2, _) = sorted(spot.points[:2])
    tick = 0.05 * max(width, height)
    size = _letters(width, height)
    return Mark(
        kind=spot.kind,
        path="".join(
            f"M{at(start)}L{at(end)}"
            for start, end in (
                ((x1, y), (x2, y)),
                ((x1, y - tick), (x1, y + tick)),
                ((x2, y - tick), (x2, y + tick)),
            )
        ),
        label=_label(
            wording.percent(spot.value if spot.value is not None else (x2 - x1) / width),
            ((x1 + x2) / 2, y - 0.7 * size),
            width,
            height,
        ),
    )


def _edge(spot: Spot, width: int, height: int) -> Mark:
    """Along the photo's edge, a little inside, because the photo ends there and the pencil too."""
    (x1, y1), (x2, y2) = spot.points[:2]
    inside = 0.012 * max(width, height)
    upright = x1 == x2
    shortest = 0.08 * (height if upright else width)
    (a1, a2), length = (sorted((y1, y2)), height) if upright else (sorted((x1, x2)), width)
    short = max(0.0, shortest - (a2 - a1)) / 2
    start, end = (min(max(a, inside), length - inside) for a in (a1 - short, a2 + short))
    if upright:
        across = min(max(x1, inside), width - inside)
        return Mark(kind=spot.kind, path=f"M{at((across, start))}L{at((across, end))}")
    across = min(max(y1, inside), height - inside)
    return Mark(kind=spot.kind, path=f"M{at((start, across))}L{at((end, across))}")


def _letters(width: int, height: int) -> int:
    """How high letters are, in pixels of the photo."""
    return max(14, round(0.045 * max(width, height)))


def _label(text: str, middle: Point, width: int, height: int) -> Label:
    """Text about there, but well inside the photo, also where that is very narrow."""
    size = min(_letters(width, height), width // 3)
    return Label(
        text=text,
        x=round(min(max(middle[0], 1.5 * size), width - 1.5 * size)),
        y=round(min(max(middle[1], 1.5 * size), height - size)),
        size=size,
    )
