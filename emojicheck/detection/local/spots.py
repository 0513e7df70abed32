"""Where on the photo the told fault is, for the pencil mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from emojicheck.detection.verdicts import Reason, Spot

from .appearance import PLAIN_PARTS
from .regions import (
    ABOVE_LIPS,
    BROWS,
    CHEEKS,
    EYE_OUTER,
    EYES,
    FACE_POINTS,
    LIDS_AND_BROWS,
    LIPS,
    LOWER_FACE,
    NOSE,
    OUTLINE,
    OUTLINE_SIDES,
    UNDER_EYES,
    rows,
)
from .rules.coverings import hands_near, strongest_sign
from .rules.people import is_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from .limits import Limits
    from .observation import CloseLook, Observation
    from .rules.finding import Finding
    from .sightings import Points
    from .traits import Traits

ARROW_FACES = 0.9
"""Length of the arrow of a head in full profile, in face sizes."""

EDGE_ROOM = 0.02
"""How much further than the face an edge is marked, at either end, as a share of its length."""


class Pencil:
    """Marks the told fault of one observation, in photo pixels."""

    def __init__(
        self,
        seen: Observation,
        main: CloseLook,
        traits: Traits,
        limits: Limits,
        scale: tuple[float, float],
    ) -> None:
        """`scale` is photo pixels for each analysed pixel, across and down."""
        self._seen = seen
        self._face = main.mesh.points[:FACE_POINTS]
        self._traits = traits
        self._limits = limits
        self._scale = scale

    def mark(self, told: Finding) -> tuple[Spot, ...]:
        """Spots for one finding; none where there is nothing to point at."""
        ways: dict[Reason, Callable[[Finding], Iterable[Spot]]] = {
            Reason.SEVERAL_PEOPLE: self._other_people,
            Reason.FACE_TOO_SMALL: self._whole_face,
            Reason.FACE_TOO_LARGE: self._side_to_side,
            Reason.FACE_CUT_OFF: self._cutting_edges,
            Reason.HEAD_TILTED: self._eye_line,
            Reason.HEAD_TURNED: self._nose_direction,
            Reason.HAND_NEAR_FACE: self._hands,
            Reason.FACE_COVERED: self._covered_part,
            Reason.STRONG_EXPRESSION: self._grimace,
        }
        way = ways.get(told.reason)
        return tuple(way(told)) if way else ()

    def _other_people(self, _: Finding) -> Iterable[Spot]:
        for face, other in zip(self._seen.others, self._traits.others, strict=True):
            if is_person(other, self._limits):
                yield self._ring(face.mesh.points)

    def _whole_face(self, _: Finding) -> Iterable[Spot]:
        yield self._ring(self._face)

    def _side_to_side(self, told: Finding) -> Iterable[Spot]:
        sides = self._face[[self._face[:, 0].argmin(), self._face[:, 0].argmax()], :2].copy()
        sides[:, 1] = self._face[:, 1].mean()
        yield Spot(kind="span", points=self._pixels(sides), value=told.measurement.value)

    def _cutting_edges(self, _: Finding) -> Iterable[Spot]:
        """The whole face as the mesh knows it, and every edge of the photo that runs through it."""
        outline = self._face[rows(OUTLINE), :2]
        yield self._outline(outline)
        for axis, end in enumerate((self._seen.width, self._seen.height)):
            for edge, outside in ((0, outline[:, axis] < 0), (end, outline[:, axis] > end)):
                if outside.any():
                    yield self._cut(outline, outside, axis, edge)

    def _cut(self, outline: Points, outside: NDArray[np.bool_], axis: int, edge: int) -> Spot:
        """From where to where the face lies beyond this edge, but within its two neighbours."""
        along = 1 - axis
        length = (self._seen.width, self._seen.height)[along]
        beyond = outline[outside][:, along]
        ends = np.full((2, 2), float(edge))
        ends[:, along] = np.clip(
            [beyond.min() - EDGE_ROOM * length, beyond.max() + EDGE_ROOM * length], 0, length
        )
        return Spot(kind="edge", points=self._pixels(ends))

    def _eye_line(self, _: Finding) -> Iterable[Spot]:
        eyes = self._pixels(self._face[list(EYE_OUTER)])
        yield Spot(kind="line", points=eyes, value=self._traits.pose.roll)

    def _nose_direction(self, told: Finding) -> Iterable[Spot]:
        centre = self._face[:, :2].mean(axis=0)
        size = float(np.ptp(self._face[:, :2], axis=0).max())
        forward = -self._traits.pose.axes[2][:2]
        tip = centre + forward * size * ARROW_FACES
        yield Spot(
            kind="arrow",
            points=self._pixels(np.stack([centre, tip])),
            value=told.measurement.value,
        )

    def _hands(self, _: Finding) -> Iterable[Spot]:
        for index in hands_near(self._traits, self._limits):
            yield self._outline(_hull(self._seen.hands[index].points))

    def _covered_part(self, _: Finding) -> Iterable[Spot]:
        for points in self._covered_points():
            yield Spot(kind="area", points=self._pixels(points))

    def _covered_points(self) -> Iterable[Points]:
        sign = strongest_sign(self._traits, self._limits)
        if sign.of == "lenses":
            for lids, under in zip(LIDS_AND_BROWS, UNDER_EYES, strict=True):
                yield _hull(self._face[rows(lids + under)])
            return
        if sign.of == "colour":
            yield _hull(self._face[rows(PLAIN_PARTS[self._traits.appearance.foreign_part])])
            return
        side = self._traits.jitter.worse[sign.of]
        match sign.of:
            case "face":
                yield self._face[rows(OUTLINE)]
            case "mouth" | "upper lip" | "jaw" | "chin" | "low cheek":
                yield _hull(self._face[rows(LOWER_FACE)])
            case "eye" | "brow":
                yield _hull(self._face[rows(LIDS_AND_BROWS[side] + UNDER_EYES[side])])
            case "outline" | "cheek":
                yield _hull(self._face[rows(OUTLINE_SIDES[side] + CHEEKS[side])])
            case _:
                yield _hull(self._face[rows(NOSE + ABOVE_LIPS)])

    def _grimace(self, told: Finding) -> Iterable[Spot]:
        match told.measurement.id:
            case "eyes_open" | "wink":
                for eye in EYES:
                    yield self._outline(self._face[rows(eye)])
            case "brows_up":
                for brow in BROWS:
                    yield self._outline(_hull(self._face[rows(brow)]))
            case _:
                yield self._outline(self._face[rows(LIPS)])

    def _ring(self, points: Points) -> Spot:
        corners = np.stack([points[:, :2].min(axis=0), points[:, :2].max(axis=0)])
        return Spot(kind="ring", points=self._pixels(corners))

    def _outline(self, points: Points) -> Spot:
        return Spot(kind="outline", points=self._pixels(points))

    def _pixels(self, points: Points) -> tuple[tuple[int, int], ...]:
        across, down = self._scale
        return tuple((round(x * across), round(y * down)) for x, y in points[:, :2].tolist())


def _hull(points: Points) -> Points:
    hull = cv2.convexHull(points[:, :2].astype(np.float32))
    return hull.reshape(-1, 2).astype(np.float64)
