"""Lines as a hand draws them: points become SVG path data, in whole pixels of the photo."""

from __future__ import annotations

import math

Point = tuple[float, float]

_ROOM_ROUND_AN_OUTLINE = 1.08
_ROOM_ROUND_A_RING = 1.2
_RING_POINTS = 14
_RING_TURN = 1.06
"""A ring drawn by hand goes on a little after it has closed."""


def ring(points: tuple[tuple[int, int], ...]) -> str:
    """Around the rectangle with these two corners."""
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


def grown(points: tuple[tuple[int, int], ...]) -> list[Point]:
    """A polygon a little larger, so that its line shows what it is around."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    return [
        (
            middle_x + _ROOM_ROUND_AN_OUTLINE * (x - middle_x),
            middle_y + _ROOM_ROUND_AN_OUTLINE * (y - middle_y),
        )
        for x, y in points
    ]


def closed(points: list[Point]) -> str:
    """Smoothly through all points and back to the first."""
    return _curve([points[-1], *points, points[0], points[1]])


def _curve(points: list[Point]) -> str:
    """A smooth line through all points but the first and last, which only bend its ends."""
    parts = [f"M{at(points[1])}"]
    for before, start, end, after in zip(points, points[1:], points[2:], points[3:], strict=False):
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        parts.append(f"C{at(first)} {at(second)} {at(end)}")
    return "".join(parts)


def at(point: Point) -> str:
    """As path data has it."""
    return f"{point[0]:.0f} {point[1]:.0f}"
