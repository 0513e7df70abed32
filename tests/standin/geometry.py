"""Where the stand-in says that the face is: a fixed rule from the size of the picture."""

from __future__ import annotations

Box = list[int]

FACE_SHARE = 0.4
"""Side of the face box, as a share of the picture's shorter side."""
SCALE_AND_RAISE = {"emoji-detect-v1": (2.2, 0.06), "emo-detect-v1": (2.5, 0.15)}
"""How large the extended box is and how far it moves up, in face sides."""


def boxes(model: str, ratio: str, width: int, height: int) -> tuple[Box, Box]:
    """Face box and extended box, [left, top, right, bottom] in pixels, inside the picture."""
    side = FACE_SHARE * min(width, height)
    middle, centre = width / 2, height / 2
    face = [middle - side / 2, centre - side / 2, middle + side / 2, centre + side / 2]
    scale, lift = SCALE_AND_RAISE[model]
    wide = tall = scale * side
    centre -= lift * side
    if ratio == "3:4":  # half-body: reaches down to the shoulders
        tall = wide * 4 / 3
        centre += (tall - wide) / 2
    top, bottom = max(0.0, centre - tall / 2), min(float(height), centre + tall / 2)
    wide = min(wide * (bottom - top) / tall, float(width))
    extended = [middle - wide / 2, top, middle + wide / 2, bottom]
    return [round(x) for x in face], [round(x) for x in extended]
