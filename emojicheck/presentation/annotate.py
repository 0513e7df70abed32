"""The photo with its boxes or spots drawn in, as a picture to keep or to send on."""

from __future__ import annotations

import io
import math
from itertools import pairwise
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from .hatching import hatching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emojicheck.detection.verdicts import BBox, Spot

Point = tuple[float, float]

MARIGOLD, WHITE, CASING, PENCIL = "#ffc53d", "#ffffff", "#10191d", "#d2371a"
STROKE_SHARE = 1 / 220
"""Width of the face box's line, as a share of the photo's longer side."""
ROOM = 1.2
"""How much wider than what it marks a ring is drawn."""
SMOOTHED_PIXELS = 2048
"""Up to this side length shapes are drawn at double size and shrunk, so that slants look smooth."""


def annotated_png(
    photo: bytes, *, face: BBox | None, extended: BBox | None, spots: Sequence[Spot]
) -> bytes:
    """A PNG of the photo's size with what was found drawn in.

    `photo` is a stored photo (an upright JPEG); boxes and spots are in its pixels and may reach
    outside it. Same arguments, same bytes. Raises OSError when the photo cannot be decoded.
    """
    with Image.open(io.BytesIO(photo), formats=("JPEG",)) as opened:
        canvas = _Canvas(opened.convert("RGB"))
    if extended:
        canvas.extended_box(extended)
    if face:
        canvas.face_box(face)
    for spot in spots:
        canvas.spot(spot)
    return canvas.png()


class _Canvas:
    """A photo and pens whose width fits it."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        longest = max(image.size)
        self.unit = max(2.0, longest * STROKE_SHARE)
        self.smoothing = 2 if longest <= SMOOTHED_PIXELS else 1

    def png(self) -> bytes:
        buffer = io.BytesIO()
        # Photographs hardly shrink further at higher levels, which take many times as long.
        self.image.save(buffer, "PNG", compress_level=1)
        return buffer.getvalue()

    def face_box(self, box: BBox) -> None:
        corners = _corners(box)
        self._line(corners, CASING, 2 * self.unit, opacity=0.75)
        self._line(corners, MARIGOLD, self.unit)

    def extended_box(self, box: BBox) -> None:
        self._line(_corners(box), CASING, 1.6 * self.unit, opacity=0.5)
        for dash in _dashes(_corners(box), 4 * self.unit, 3.2 * self.unit):
            self._line(dash, WHITE, self.unit)

    def spot(self, spot: Spot) -> None:
        points: list[Point] = list(spot.points)
        match spot.kind:
            case "line":
                self._tilt(points, spot.value)
            case "arrow":
                self._pencil(points, _arrow_head(points))
            case "outline":
                self._pencil([*points, points[0]])
            case "area":
                self._shaded(points)
            case "ring":
                self._pencil(_ring(points))
            case "span":
                self._measure(points, spot.value)
            case "edge":
                self._pencil([self._inside(point) for point in points])

    def _shaded(self, points: list[Point]) -> None:
        lines = hatching(points, *self.image.size)
        for line in lines:
            self._line(line, WHITE, 1.6 * self.unit)
        for line in lines:
            self._line(line, PENCIL, 0.8 * self.unit)
        self._pencil([*points, points[0]])

    def _measure(self, sides: list[Point], share: float | None) -> None:
        (x1, y), (x2, _) = sorted(sides)
        tick = 8 * self.unit
        ends = [[(x, y - tick), (x, y + tick)] for x in (x1, x2)]
        self._pencil([(x1, y), (x2, y)], *ends)
        if share is not None:
            self._label(f"{share:.0%}", ((x1 + x2) / 2, y - tick))

    def _inside(self, point: Point) -> Point:
        """No nearer to the edge than a pencil is thick: beyond it nothing is seen."""
        x, y = point
        room = 2 * self.unit
        return (
            min(max(x, room), self.image.width - room),
            min(max(y, room), self.image.height - room),
        )

    def _tilt(self, eyes: list[Point], degrees: float | None) -> None:
        """The line through the eyes, the level it should keep, and the angle between them."""
        (x1, y1), (x2, y2) = eyes
        dx, dy = x2 - x1, y2 - y1
        start, end = (x1 - 0.4 * dx, y1 - 0.4 * dy), (x1 + 2 * dx, y1 + 2 * dy)
        level = (start[0] + math.copysign(math.dist(start, end), dx or 1), start[1])
        for dot in _dashes([start, level], self.unit, 3 * self.unit):
            self._line(dot, WHITE, 2.6 * self.unit)
            self._line(dot, PENCIL, 1.4 * self.unit)
        self._pencil([start, end], _arc(start, level, end))
        if degrees is not None:
            middle = (level[0] + end[0]) / 2, (level[1] + end[1]) / 2
            beyond = [s + 1.25 * (m - s) for s, m in zip(start, middle, strict=True)]
            self._label(f"{abs(degrees):.0f}°", (beyond[0], beyond[1]))

    def _pencil(self, *lines: Sequence[Point]) -> None:
        for line in lines:
            self._line(line, WHITE, 2.6 * self.unit)
        for line in lines:
            self._line(line, PENCIL, 1.4 * self.unit)

    def _label(self, text: str, centre: Point) -> None:
        size = 10 * self.unit
        font = ImageFont.load_default(size)
        margin = 2 * size
        x = min(max(centre[0], margin), max(margin, self.image.width - margin))
        y = min(max(centre[1], size), max(size, self.image.height - size))
        ImageDraw.Draw(self.image).text(
            (x, y), text, PENCIL, font, "mm", stroke_width=self.unit, stroke_fill=WHITE
        )

    def _line(
        self, points: Sequence[Point], colour: str, width: float, *, opacity: float = 1.0
    ) -> None:
        """One stroke with round ends, drawn on a mask no larger than itself."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, top = (max(0, math.floor(min(v) - width)) for v in (xs, ys))
        right = min(self.image.width, math.ceil(max(xs) + width))
        bottom = min(self.image.height, math.ceil(max(ys) + width))
        if left >= right or top >= bottom:
            return
        k = self.smoothing
        mask = Image.new("L", ((right - left) * k, (bottom - top) * k))
        pen = ImageDraw.Draw(mask)
        scaled = [((x - left) * k, (y - top) * k) for x, y in points]
        ink, radius = round(255 * opacity), width * k / 2
        pen.line(scaled, ink, max(1, round(width * k)))
        for point in scaled:
            pen.circle(point, radius, ink)
        mask = mask.resize((right - left, bottom - top), Image.Resampling.BOX)
        self.image.paste(colour, (left, top), mask)


def _corners(box: BBox) -> list[Point]:
    left, top, right, bottom = box
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def _dashes(points: Sequence[Point], dash: float, gap: float) -> list[list[Point]]:
    """Straight dashes along each side; every side starts and ends with one."""
    dashes: list[list[Point]] = []
    for (x1, y1), (x2, y2) in pairwise(points):
        length = math.dist((x1, y1), (x2, y2))
        if not length:
            continue
        count = max(1, round((length + gap) / (dash + gap)))
        dash_share = min(1.0, dash / length)
        for i in range(count):
            start = i * (1 - dash_share) / max(1, count - 1)
            end = start + dash_share
            dashes.append(
                [
                    (x1 + (x2 - x1) * start, y1 + (y2 - y1) * start),
                    (x1 + (x2 - x1) * end, y1 + (y2 - y1) * end),
                ]
            )
    return dashes


def _arrow_head(points: Sequence[Point]) -> list[Point]:
    (x1, y1), (x2, y2) = points
    angle, length = math.atan2(y2 - y1, x2 - x1), 0.3 * math.dist((x1, y1), (x2, y2))
    barbs = [
        (x2 - length * math.cos(angle + turn), y2 - length * math.sin(angle + turn))
        for turn in (0.5, -0.5)
    ]
    return [barbs[0], (x2, y2), barbs[1]]


def _ring(points: Sequence[Point]) -> list[Point]:
    """An ellipse round the rectangle, close to its sides."""
    (x1, y1), (x2, y2) = points
    centre_x, centre_y = (x1 + x2) / 2, (y1 + y2) / 2
    radius_x, radius_y = ROOM * abs(x2 - x1) / 2, ROOM * abs(y2 - y1) / 2
    turns = [math.tau * i / 96 for i in range(97)]
    return [(centre_x + radius_x * math.cos(t), centre_y + radius_y * math.sin(t)) for t in turns]


def _arc(centre: Point, start: Point, end: Point) -> list[Point]:
    """The shorter way round `centre` from `start` to `end`, nine tenths as far out."""
    radius = 0.9 * math.dist(centre, start)
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    sweep = math.remainder(math.atan2(end[1] - centre[1], end[0] - centre[0]) - first, math.tau)
    turns = [first + sweep * i / 24 for i in range(25)]
    return [(centre[0] + radius * math.cos(t), centre[1] + radius * math.sin(t)) for t in turns]
