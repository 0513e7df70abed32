"""Which edits may help a rejected portrait, worked out from what was measured and nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .detection.catalogue import reasons_behind
from .detection.frames import apart_from, around_face
from .detection.verdicts import BBox, Reason
from .edits import Brighten, Crop, Edit, Level
from .models import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .models import Detection, Portrait

WORTH_LEVELLING_DEGREES = 6.0
"""When the service complains of the pose, and we would let this tilt pass."""
FAR_AWAY_SHARE = 0.2
"""Of the width: when the service complains of the size, smaller faces gain by a crop."""
DIM_LIGHT = 60.0
"""When the service complains of the light, and we would let this pass."""

WANTED_LIGHT = 78.0
"""95th percentile of the lightness (L*) that a face in ordinary light has."""
LEAST_LIGHT = 30.0
"""What must come out at least: a little more than the local detector takes."""
MAX_GAIN = 10.0
"""More would lift noise rather than light."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    edit: Edit
    likely: bool
    """Nothing else was found wrong, so that this may be enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What our own check saw, and what the verdict may mean."""

    photo: BBox
    ratio: str
    face: BBox
    others: tuple[BBox, ...]
    measured: Mapping[str, Any]
    failed: frozenset[str]
    meant: frozenset[Reason]
    """By the service; empty when its verdict does not decide."""

    def value(self, rule: str) -> float | None:
        value = self.measured.get(rule, {}).get("value")
        return None if value is None else float(value)


def fixes(portrait: Portrait, detections: Sequence[Detection]) -> tuple[Fix, ...]:
    """All that may help, what was told to the visitor first. `detections` are all of its own."""
    look = _look_at(portrait, detections)
    if look is None:
        return ()
    found = [fix for rule in _RULES for fix in rule(look)]
    told = Reason(portrait.reason)
    return tuple(sorted(found, key=lambda fix: told not in _HELPS[fix.edit.kind]))


def known_face(detections: Sequence[Detection]) -> BBox | None:
    """Where the face is, by the latest that saw it."""
    return next((d.face_box for d in reversed(detections) if d.face_box), None)


def suggested_frame(portrait: Portrait, detections: Sequence[Detection]) -> BBox | None:
    """Head and shoulders, apart from other people where that can be; None where the face is not
    known, or fits no frame."""
    face = known_face(detections)
    if face is None:
        return None
    photo = BBox(0, 0, portrait.width or 0, portrait.height or 0)
    others = [ring for d in detections for ring in _rings(d)]
    for part in (apart_from(others, face=face, photo=photo), photo):
        frame = around_face(face, ratio=portrait.ratio, within=part) if part else None
        if frame:
            return frame
    return None


def _look_at(portrait: Portrait, detections: Sequence[Detection]) -> _Look | None:
    verdict = portrait.verdict
    if portrait.state != State.REJECTED or verdict is None or not portrait.photo:
        return None
    seen = next((d for d in reversed(detections) if d.is_local and d.face_box), None)
    if seen is None or seen.face_box is None or not (portrait.width and portrait.height):
        return None
    measured = {str(row["id"]): row for row in seen.measurements}
    return _Look(
        photo=BBox(0, 0, portrait.width, portrait.height),
        ratio=portrait.ratio,
        face=seen.face_box,
        others=tuple(_rings(seen)),
        measured=measured,
        failed=frozenset(name for name, row in measured.items() if not row["passed"]),
        meant=frozenset() if verdict.is_local else _meant(portrait, verdict),
    )


def _meant(portrait: Portrait, verdict: Detection) -> frozenset[Reason]:
    return frozenset({Reason(portrait.reason), *reasons_behind(verdict.code)})


def _rings(detection: Detection) -> Iterator[BBox]:
    """Where other faces were seen. A ring may also be around the one face that is too small."""
    if all(row["passed"] for row in detection.measurements if row["id"] == "faces"):
        return
    for spot in detection.spots:
        match spot:
            case {"kind": "ring", "points": [[x1, y1], [x2, y2]]}:
                yield BBox(x1, y1, x2, y2)


def _level(look: _Look) -> Iterator[Fix]:
    roll = look.value("roll")
    if roll is None:
        return
    blamed = Reason.HEAD_TILTED in look.meant and abs(roll) >= WORTH_LEVELLING_DEGREES
    if "roll" in look.failed or blamed:
        edit = Level(roll=round(roll, 1), face=look.face)
        yield Fix(edit=edit, likely=look.failed == {"roll"})


def _crop(look: _Look) -> Iterator[Fix]:
    share = look.face.width / look.photo.width
    far = "face_width" in look.failed and share < FAR_AWAY_SHARE
    blamed = Reason.FACE_TOO_SMALL in look.meant and share < FAR_AWAY_SHARE
    not_alone = "faces" in look.failed or Reason.SEVERAL_PEOPLE in look.meant
    if not (far or blamed or not_alone):
        return
    others = look.others if not_alone else ()
    part = apart_from(others, face=look.face, photo=look.photo)
    frame = around_face(look.face, ratio=look.ratio, within=part) if part else None
    if frame is None or frame == look.photo or ("faces" in look.failed and not others):
        return
    yield Fix(edit=Crop(frame=frame), likely=look.failed in ({"face_width"}, {"faces"}))


def _brighten(look: _Look) -> Iterator[Fix]:
    light = look.value("light")
    if light is None or not 0 < light < WANTED_LIGHT:
        return
    blamed = Reason.TOO_DARK in look.meant and light < DIM_LIGHT
    if "light" in look.failed or blamed:
        # L* is near enough to the pixel values for one curve to serve both.
        wanted, dark = 1 - WANTED_LIGHT / 100, 1 - light / 100
        gain = min(math.log(wanted) / math.log(dark), MAX_GAIN)
        if 1 - dark**gain >= LEAST_LIGHT / 100:
            edit = Brighten(gain=round(gain, 2))
            yield Fix(edit=edit, likely=look.failed == {"light"})


_RULES: tuple[Callable[[_Look], Iterator[Fix]], ...] = (_level, _crop, _brighten)
_HELPS: Mapping[str, frozenset[Reason]] = {
    "level": frozenset({Reason.HEAD_TILTED}),
    "crop": frozenset({Reason.FACE_TOO_SMALL, Reason.SEVERAL_PEOPLE}),
    "brighten": frozenset({Reason.TOO_DARK}),
}
