"""Which part of a photo to keep: plain geometry, without a picture and without image libraries."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from .verdicts import BBox

if TYPE_CHECKING:
    from collections.abc import Iterable

MIN_SIDE_PIXELS = 400
"""The service refuses smaller photos."""

FACES_ACROSS = 2.6
"""Width of a frame in face sides: room for hair, ears and the beginning of the shoulders."""
FEWEST_FACES_ACROSS = 1.55
"""A narrower frame leaves the face no room to move in."""
MOST_FACES_ACROSS = 6.5
"""In a wider one the face is too small all the same."""
RAISED = 0.12
"""How far above the middle of the face the middle of a square frame lies, in face sides."""
LOWERED = 0.25
"""How far below it that of a 3:4 frame lies, which shows more of the shoulders."""

NEEDED_AROUND_FACE = 1.7
"""Face sides that a turned photo must show without filling anything in."""
_BETWEEN = (0.0, 0.25, 0.5, 0.75, 1.0)


class Window(NamedTuple):
    """A part of a turned photo."""

    left: float
    top: float
    width: float
    height: float


def framed(left: int, top: int, width: int, ratio: str) -> BBox:
    """The frame of this width and ratio, "1:1" or "3:4"."""
    return BBox(left, top, left + width, top + height_of(width, ratio))


def height_of(width: int, ratio: str) -> int:
    across, down = _proportions(ratio)
    return round(width * down / across)


def widest(ratio: str, *, width: int, height: int) -> int:
    """The width of the largest frame in a photo; below MIN_SIDE_PIXELS there is none to use."""
    across, down = _proportions(ratio)
    most = min(width, math.ceil(height * across / down))
    return most if height_of(most, ratio) <= height else most - 1


def is_free(ratio: str, *, width: int, height: int) -> bool:
    """Whether a photo has frames besides itself."""
    smallest = framed(0, 0, MIN_SIDE_PIXELS, ratio)
    fits = smallest.width <= width and smallest.height <= height
    return fits and (smallest.width, smallest.height) != (width, height)


def nearest(left: int, top: int, width: int, *, ratio: str, within: BBox) -> BBox:
    """The frame inside `within` that comes nearest to the one that was asked for."""
    most = widest(ratio, width=within.width, height=within.height)
    width = _between(width, MIN_SIDE_PIXELS, most)
    left = _between(left, within.x1, within.x2 - width)
    top = _between(top, within.y1, within.y2 - height_of(width, ratio))
    return framed(left, top, width, ratio)


def around_face(face: BBox, *, ratio: str, within: BBox) -> BBox | None:
    """Head and shoulders, in a frame inside `within`; None where there is no usable one."""
    most = widest(ratio, width=within.width, height=within.height)
    width = min(max(round(FACES_ACROSS * face.width), MIN_SIDE_PIXELS), most)
    if width < MIN_SIDE_PIXELS:
        return None
    if not FEWEST_FACES_ACROSS <= width / face.width <= MOST_FACES_ACROSS:
        return None
    height = height_of(width, ratio)
    middle_x, middle_y = _middle(face)
    middle_y += face.height * (-RAISED if width == height else LOWERED)
    left, top = round(middle_x - width / 2), round(middle_y - height / 2)
    return nearest(left, top, width, ratio=ratio, within=within)


def apart_from(others: Iterable[BBox], *, face: BBox, photo: BBox) -> BBox | None:
    """The part of the photo that shows this face and none of the others; None if there is none."""
    part = photo
    for other in others:
        rooms = (
            (face.x1 - other.x2, part._replace(x1=max(part.x1, other.x2))),
            (other.x1 - face.x2, part._replace(x2=min(part.x2, other.x1))),
            (face.y1 - other.y2, part._replace(y1=max(part.y1, other.y2))),
            (other.y1 - face.y2, part._replace(y2=min(part.y2, other.y1))),
        )
        room, part = max(rooms, key=lambda pair: pair[0])
        if room < 0:
            return None
    return part


def levelled_window(face: BBox, *, roll: float, width: int, height: int) -> Window:
    """What to keep of a photo of width x height that was turned back by `roll` around its face.

    The largest window without empty corners; where that would leave too little around the face,
    or too little at all, as much as the photo showed.
    """
    middle = _middle(face)
    corners = [_turned(x, y, middle, roll) for x, y in _corners(width, height)]
    on_its_side = abs(math.sin(math.radians(roll))) > abs(math.cos(math.radians(roll)))
    shape = (height, width) if on_its_side else (width, height)
    centre = (sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4)
    windows = [
        _window(corners, _mixed(middle, centre, part), shape[0] / shape[1]) for part in _BETWEEN
    ]
    enough = [window for window in windows if _shows_enough(window, middle, face.width)]
    if enough:
        return max(enough, key=lambda window: window.height)
    x, y = middle
    return Window(x - shape[0] * x / width, y - shape[1] * y / height, *map(float, shape))


def _proportions(ratio: str) -> tuple[int, int]:
    across, down = ratio.split(":")
    return int(across), int(down)


def _middle(face: BBox) -> tuple[float, float]:
    return (face.x1 + face.x2) / 2, (face.y1 + face.y2) / 2


def _between(value: int, low: int, high: int) -> int:
    return max(low, min(value, high))


def _corners(width: int, height: int) -> tuple[tuple[int, int], ...]:
    return (0, 0), (width, 0), (width, height), (0, height)


def _turned(x: float, y: float, middle: tuple[float, float], degrees: float) -> tuple[float, float]:
    """Anticlockwise on the screen, as OpenCV turns."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    across, down = x - middle[0], y - middle[1]
    return middle[0] + cos * across + sin * down, middle[1] - sin * across + cos * down


def _mixed(
    one: tuple[float, float], other: tuple[float, float], part: float
) -> tuple[float, float]:
    return one[0] + part * (other[0] - one[0]), one[1] + part * (other[1] - one[1])


def _window(
    corners: list[tuple[float, float]], centre: tuple[float, float], aspect: float
) -> Window:
    """The largest of this aspect around a point, inside the four corners."""
    half = math.inf
    for (x, y), (next_x, next_y) in zip(corners, [*corners[1:], corners[0]], strict=True):
        length = math.hypot(next_x - x, next_y - y)
        inward = (-(next_y - y) / length, (next_x - x) / length)
        distance = (centre[0] - x) * inward[0] + (centre[1] - y) * inward[1]
        half = min(half, distance / (abs(inward[0]) * aspect + abs(inward[1])))
    half = max(half, 0.0)
    return Window(centre[0] - half * aspect, centre[1] - half, 2 * half * aspect, 2 * half)


def _shows_enough(window: Window, middle: tuple[float, float], face_side: float) -> bool:
    if min(window.width, window.height) < MIN_SIDE_PIXELS:
        return False
    left, top = middle[0] - window.left, middle[1] - window.top
    nearest = min(left, top, window.width - left, window.height - top)
    return nearest >= NEEDED_AROUND_FACE * face_side / 2
