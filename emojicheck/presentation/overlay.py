"""Boxes and spots as shapes to draw over a photo. All coordinates are pixels of the photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from emojicheck.detection.verdicts import BBox, Spot

from . import pencil, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What the template `parts/overlay.svg` draws."""

    width: int
    height: int
    face: BBox | None
    extended: BBox | None
    marks: tuple[pencil.Mark, ...]
    title: str
    description: str
    """The same in words, for those who do not see the picture."""

    @property
    def corner(self) -> int:
        """The radius of a box's corners: small beside any photo."""
        return max(2, min(self.width, self.height) // 170)

    @property
    def shows_something(self) -> bool:
        return bool(self.face or self.extended or self.marks)


def overlay(
    width: int,
    height: int,
    *,
    face: BBox | None = None,
    extended: BBox | None = None,
    spots: Iterable[Spot] = (),
) -> Overlay:
    """The overlay of a photo of width x height pixels."""
    spots = tuple(spots)
    sentences = [*(_spot_in_words(spot) for spot in spots)]
    if face:
        sentences.append(_("Solid box: the face, from %(from)s to %(to)s.") % _corners(face))
    if extended:
        sentences.append(
            _("Dashed box: the area it may move in, from %(from)s to %(to)s.") % _corners(extended)
        )
    return Overlay(
        width=width,
        height=height,
        face=face,
        extended=extended,
        marks=tuple(pencil.mark(spot, width, height) for spot in spots),
        title=_("Face and extended area") if extended else _("What was found"),
        description=wording.joined(*sentences),
    )


def spots_from(stored: Iterable[Mapping[str, Any]]) -> tuple[Spot, ...]:
    """Spots as a detection stores them; those that cannot be drawn are left out."""
    spots = []
    for fields in stored:
        try:
            points = tuple((int(x), int(y)) for x, y in fields["points"])
            spot = Spot(kind=fields["kind"], points=points, value=fields.get("value"))
        except (KeyError, TypeError, ValueError):
            continue
        if spot.kind in pencil.FEWEST_POINTS and len(points) >= pencil.FEWEST_POINTS[spot.kind]:
            spots.append(spot)
    return tuple(spots)


def _corners(box: BBox) -> dict[str, str]:
    return {"from": f"{box.x1}, {box.y1}", "to": f"{box.x2}, {box.y2}"}


def _spot_in_words(spot: Spot) -> str:
    xs, ys = [x for x, _y in spot.points], [y for _x, y in spot.points]
    corners = _corners(BBox(min(xs), min(ys), max(xs), max(ys)))
    match spot.kind:
        case "line" | "arrow" | "edge":
            return _direction_in_words(spot, xs, ys)
        case "outline":
            return _("A pencil line goes round the spot from %(from)s to %(to)s.") % corners
        case "area":
            return _("Hatched with a pencil: the part from %(from)s to %(to)s.") % corners
        case "ring":
            return _("A pencil ring marks a face from %(from)s to %(to)s.") % corners
        case "span":
            return _("A pencil line measures the face from side to side: %s of the width.") % (
                wording.percent(spot.value or 0)
            )


def _direction_in_words(spot: Spot, xs: list[int], ys: list[int]) -> str:
    if spot.kind == "line":
        angle = wording.degrees(spot.value or 0)
        if (spot.value or 0) >= 0:
            return _("A line through both eyes falls %s to the right.") % angle
        return _("A line through both eyes falls %s to the left.") % angle
    if spot.kind == "arrow":
        if xs[1] >= xs[0]:
            return _("An arrow shows that the nose points to the right.")
        return _("An arrow shows that the nose points to the left.")
    if xs[0] == xs[1]:
        if xs[0] <= 0:
            return _("A pencil line marks where the left edge of the photo cuts the face.")
        return _("A pencil line marks where the right edge of the photo cuts the face.")
    if ys[0] <= 0:
        return _("A pencil line marks where the top edge of the photo cuts the face.")
    return _("A pencil line marks where the bottom edge of the photo cuts the face.")
