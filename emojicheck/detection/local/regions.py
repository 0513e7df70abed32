"""Which points of MediaPipe's face mesh make up which part of a face.

"Left" and "right" are the viewer's. A region that is filled with colour statistics is the convex
hull of its points. Numbering: MediaPipe's canonical face model (478 points with irises).
"""

from __future__ import annotations

from typing import Final

import numpy as np

FACE_POINTS: Final = 468
"""The points after these belong to the irises and do not mark the outline of anything."""

FOREHEAD_TOP: Final = 10
CHIN_TIP: Final = 152
NOSE_TIP: Final = 4
NOSE_BASE: Final = 2
EYE_OUTER: Final = (33, 263)
EYE_INNER: Final = (133, 362)
MOUTH_CORNERS: Final = (61, 291)
LIP_UPPER_TOP: Final = 0
LIP_UPPER_INNER: Final = 13
LIP_LOWER_INNER: Final = 14
LIP_LOWER_BOTTOM: Final = 17
BROW_MIDDLE: Final = (105, 334)
BROW_INNER: Final = (107, 336)

LID_PAIRS: Final = (
    ((159, 145), (158, 153), (160, 144)),
    ((386, 374), (385, 380), (387, 373)),
)
"""Upper and lower lid points above each other, viewer's left eye first."""

OUTLINE: Final = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""The face's edge as a closed line, clockwise from the top."""

LIPS: Final = (
    61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146,
)  # fmt: skip
"""The lips' outer edge as a closed line."""

INNER_LIPS: Final = (
    78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95,
)  # fmt: skip

EYES: Final = (
    (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7),
    (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249),
)
UNDER_EYES: Final = (
    (111, 117, 118, 119, 120, 121, 128, 232, 231, 230, 229, 228),
    (340, 346, 347, 348, 349, 350, 357, 452, 451, 450, 449, 448),
)
LIDS_AND_BROWS: Final = (
    (70, 63, 105, 66, 107, 55, 193, 244, 112, 26, 22, 23, 24, 110, 25, 130, 226),
    (300, 293, 334, 296, 336, 285, 417, 464, 341, 256, 252, 253, 254, 339, 255, 359, 446),
)
CHEEKS: Final = (
    (50, 101, 118, 117, 123, 147, 205, 36),
    (280, 330, 347, 346, 352, 376, 425, 266),
)
LOW_CHEEKS: Final = (
    (207, 192, 214, 212, 216, 187),
    (427, 416, 434, 432, 436, 411),
)
JAWS: Final = (
    (135, 169, 150, 149, 170, 140),
    (364, 394, 379, 378, 395, 369),
)
TEMPLES: Final = (
    (21, 54, 68, 71, 139, 162),
    (251, 284, 298, 301, 368, 389),
)
FOREHEAD: Final = (109, 10, 338, 337, 151, 108, 69, 299)
BETWEEN_BROWS: Final = (107, 9, 336, 8)
BRIDGE: Final = (6, 197, 195, 5, 122, 351, 196, 419)
NOSE_FRONT: Final = (5, 4, 45, 275, 1)
NOSE: Final = (1, 2, 4, 5, 98, 327, 195, 197, 6)
ABOVE_LIPS: Final = (2, 97, 326, 164, 0, 37, 267)
CHIN: Final = (18, 83, 313, 199, 208, 428, 200)
CHIN_END: Final = (152, 148, 377, 171, 396, 175)

SKIN: Final = (FOREHEAD, BRIDGE, NOSE_FRONT, *CHEEKS, BETWEEN_BROWS)
"""Where skin is most likely to be seen, whatever else is covered."""

OUTLINE_SIDES: Final = (
    tuple(OUTLINE[len(OUTLINE) // 2 :]),
    tuple(OUTLINE[: len(OUTLINE) // 2]),
)
"""The edge's left and right half, from top to chin each."""


def rows(points: tuple[int, ...]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The same numbers as an index for arrays."""
    return np.array(points, np.intp)


LOWER_FACE: Final = (
    123, 50, 36, 98, 2, 327, 266, 280, 352, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176,
    149, 150, 136, 172, 58, 132,
)  # fmt: skip
"""What a mask covers: cheeks, mouth and chin."""

BROWS: Final = (
    (70, 63, 105, 66, 107, 55, 65, 52, 53, 46),
    (300, 293, 334, 296, 336, 285, 295, 282, 283, 276),
)
