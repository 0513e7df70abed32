"""Pencil marks as on a contact sheet: a spot becomes SVG path data in pixels of the photo."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import wording
from .hatching import hatching

if TYPE_CHECKING:
    from emojicheck.detection.verdicts import Spot

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
_ROOM_ROUND_AN_OUTLINE = 1.08
_ROOM_ROUND_A_RING = 1.2
_RING_POINTS = 14
_RING_TURN = 1.06
"""A ring drawn by hand goes on a little after it has closed."""

Point = tuple[float, float]


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
            return Mark(kind=spot.kind, path=_closed(_grown(spot.points)))
        case "area":
            return _area(spot, width, height)
        case "span":
            return _span(spot, width, height)
        case "edge":
            return _edge(spot, width, height)
        case "ring":
            return Mark(kind=spot.kind, path=_ring(spot.points))


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
            f"M{_at(start)}L{_at(end)}M{_at(arc_from)}"
            f"A{radius:.0f} {radius:.0f} 0 0 {sweep} {_at(arc_to)}"
        ),
        dots=f"M{_at(start)}h{level:.0f}",
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
        path=f"M{_at((x1, y1))}L{_at((x2, y2))}M{_at(wings[0])}L{_at((x2, y2))}L{_at(wings[1])}",
    )


def _area(spot: Spot, width: int, height: int) -> Mark:
    corners = _grown(spot.points)
    lines = hatching(corners, width, height)
    return Mark(
        kind=spot.kind,
        path=_closed(corners),
        hatch="".join(f"M{_at(start)}L{_at(end)}" for start, end in lines),
    )


def _span(spot: Spot, width: int, height: int) -> Mark:
    """A measure from side to side, and the share of the photo's width that it takes."""
    (x1, y), (x2, _) = sorted(spot.points[:2])
    tick = 0.05 * max(width, height)
    size = _letters(width, height)
    return Mark(
        kind=spot.kind,
        path="".join(
            f"M{_at(start)}L{_at(end)}"
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
        return Mark(kind=spot.kind, path=f"M{_at((across, start))}L{_at((across, end))}")
    across = min(max(y1, inside), height - inside)
    return Mark(kind=spot.kind, path=f"M{_at((start, across))}L{_at((end, across))}")


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


def _ring(points: tuple[tuple[int, int], ...]) -> str:
    (x1, y1), (x2, y2) = points[:2]
    middle_x, middle_y = (x1 + x2) / 2, (y1 + y2) / 2
    radius_x = _ROOM_ROUND_A_RING * abs(x2 - x1) / 2
    radius_y = _ROOM_ROUND_A_RING * abs(y2 - y1) / 2
    drawn = []
    for step in range(_RING_POINTS + 1):
        turn = step / _RING_POINTS
        angle = 2 * math.pi * turn * _RING_TURN - 1.9
        reach = 1 + 0.05 * turn
        drawn.append(
            (
                middle_x + reach * radius_x * math.cos(angle),
                middle_y + reach * radius_y * math.sin(angle),
            )
        )
    return _curve([drawn[0], *drawn, drawn[-1]])


def _grown(points: tuple[tuple[int, int], ...]) -> list[Point]:
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    return [
        (
            middle_x + _ROOM_ROUND_AN_OUTLINE * (x - middle_x),
            middle_y + _ROOM_ROUND_AN_OUTLINE * (y - middle_y),
        )
        for x, y in points
    ]


def _closed(points: list[Point]) -> str:
    return _curve([points[-1], *points, points[0], points[1]])


def _curve(points: list[Point]) -> str:
    """A smooth line through all points but the first and last, which only bend its ends."""
    parts = [f"M{_at(points[1])}"]
    for before, start, end, after in zip(points, points[1:], points[2:], points[3:], strict=False):
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        parts.append(f"C{_at(first)} {_at(second)} {_at(end)}")
    return "".join(parts)


def _at(point: Point) -> str:
    return f"{point[0]:.0f} {point[1]:.0f}"
