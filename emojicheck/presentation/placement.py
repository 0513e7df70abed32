"""Where a face is in its photo, as one sentence that serves everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from . import wording

if TYPE_CHECKING:
    from emojicheck.detection.verdicts import BBox

NEARLY_CENTRED = 0.06
"""Of the photo's side: nearer than this to the middle nobody sees a difference."""


def described(
    face: BBox, extended: BBox, *, width: int, height: int, measured: float | None = None
) -> str:
    """How much of the photo the face fills, where it is, and how much room it has.

    `measured` is the face's own share of the width, where somebody has measured it: the box is a
    square with some air, and two numbers for one thing would puzzle.
    """
    share = face.width / width if measured is None else measured
    return _("The face fills %(share)s of the width, %(place)s, %(room)s.") % {
        "share": wording.unbroken(wording.percent(share)),
        "place": _place(face, width, height),
        "room": _room(extended, width, height),
    }


def _place(face: BBox, width: int, height: int) -> str:
    across = _side((face.x1 + face.x2) / 2 / width - 0.5)
    down = _side((face.y1 + face.y2) / 2 / height - 0.5)
    return {
        (0, 0): _("in the middle"),
        (0, -1): _("in the middle and a little high"),
        (0, 1): _("in the middle and a little low"),
        (-1, 0): _("a little to the left"),
        (-1, -1): _("a little to the left and high"),
        (-1, 1): _("a little to the left and low"),
        (1, 0): _("a little to the right"),
        (1, -1): _("a little to the right and high"),
        (1, 1): _("a little to the right and low"),
    }[across, down]


def _side(offset: float) -> int:
    if abs(offset) < NEARLY_CENTRED:
        return 0
    return 1 if offset > 0 else -1


def _room(extended: BBox, width: int, height: int) -> str:
    edges = [
        name
        for name, touched in (
            (_("the top"), extended.y1 <= 0),
            (_("the left"), extended.x1 <= 0),
            (_("the right"), extended.x2 >= width),
            (_("the bottom"), extended.y2 >= height),
        )
        if touched
    ]
    if not edges:
        return _("with room to move all around")
    return _("with no room to spare at %(edges)s") % {"edges": get_text_list(edges, _("and"))}
