"""Slanting lines that fill a polygon: a covered part shows through them, and colours do not matter.

A pattern would be shorter in SVG, but Pillow knows none, and lines keep their width on the screen
at any size of the photo.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Point = tuple[float, float]
Segment = tuple[Point, Point]

SPACING_SHARE = 1 / 40
"""Distance of two lines, as a share of the photo's longer side."""
CLOSEST_SHARE = 1 / 60
"""The same for small parts, which would get too few lines to look shaded."""
LINES = 8
"""So many for a small part, where they are not too close then."""


def hatching(polygon: Sequence[Point], width: int, height: int) -> tuple[Segment, ...]:
    """Lines from lower left to upper right inside the polygon, on a photo of width x height.

    Lines that would lie outside the photo altogether are left out, so that there are never many.
    """
    side = max(width, height)
    extent = max(x for x, _ in polygon) - min(x for x, _ in polygon)
    spacing = min(max(extent / LINES, CLOSEST_SHARE * side), SPACING_SHARE * side)
    # Along a line x + y stays the same; across it y - x does.
    step = spacing * math.sqrt(2)
    sums = [x + y for x, y in polygon]
    first = max(1, math.ceil(max(0.0, min(sums)) / step))
    last = math.floor(min(width + height, max(sums)) / step)
    lines: list[Segment] = []
    for number in range(first, last + 1):
        crossings = _crossings(polygon, number * step)
        lines += zip(crossings[::2], crossings[1::2], strict=False)
    return tuple(lines)


def _crossings(polygon: Sequence[Point], along: float) -> list[Point]:
    """Where the line x + y = along enters and leaves the polygon, lower left first."""
    found = []
    for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        before, after = x1 + y1 - along, x2 + y2 - along
        # A corner on the line belongs to one of its two sides only.
        if (before < 0) != (after < 0):
            share = before / (before - after)
            found.append((x1 + share * (x2 - x1), y1 + share * (y2 - y1)))
    return sorted(found, key=lambda point: point[0] - point[1])
