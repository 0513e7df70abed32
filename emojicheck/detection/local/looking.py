"""Looks at one picture with all the models and reports what they saw."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .faceframe import FaceFrame
from .jitter import Jitter
from .observation import CloseHand, CloseLook, Face, Found, Observation
from .search import (
    SAME_FACE_OVERLAP,
    SEEN_SCORE,
    faces_in,
    shifted,
    small_faces,
    turned_faces,
)

if TYPE_CHECKING:
    from .engine import Engine, View
    from .sightings import Detection, Pixels, Region

MIN_CANDIDATE_SCORE = 0.3
MAX_CANDIDATES = 12
MIN_MAIN_PRESENCE = 0.3

_SHAKES: tuple[dict[str, float], ...] = (
    {"scale": 0.8},
    {"scale": 1.25},
    {"down": -0.08},
    {"down": 0.08},
)
"""Smaller, larger, further up, further down: the four of fourteen ways tried that tell most."""

_ZOOM_FACES = 3.5
"""Side of the square searched again, in main faces: parts heads that touch."""
_ZOOM_SCORE = 0.7
_LOST = 0.016
"""Face widths that the landmarks of a face seen right hardly ever wander."""
_MAX_HANDS = 4
_HAND_REACH_FACES = 2.5
"""A palm further from the main face's centre than this cannot be near the face."""
_GHOST_PRESENCE = 0.3
"""Not worth a second look below."""
_SAME_HAND = 0.5
"""Of a region's side: nearer regions show the same hand."""


def look(engine: Engine, rgb: Pixels) -> Observation:
    """Run the models on one picture. Same pixels, same answer."""
    view = engine.view(rgb)
    found, detections = _search(engine, view)
    if not detections:
        return Observation(width=view.width, height=view.height, found=found)
    faces = [Face(detection=d, mesh=view.mesh(d.region())) for d in detections]
    first = max(faces, key=_prominence)
    main = _right_way_up(view, first)
    others = [face for face in faces if face is not first]
    if found == "at once":
        others += _zoomed(engine, view, main, [face.detection for face in faces])
    return Observation(
        width=view.width,
        height=view.height,
        found=found,
        main=main,
        others=tuple(others),
        hands=_hands_near(view, FaceFrame.of(main.mesh.points)),
    )


def _search(engine: Engine, view: View) -> tuple[Found, list[Detection]]:
    seen = faces_in(view)
    found: Found = "at once"
    if not any(face.score > SEEN_SCORE for face in seen):
        if small := small_faces(engine, view.rgb):
            found, seen = "in tiles", small
        elif turned := turned_faces(engine, view.rgb):
            found, seen = "turned", turned
    seen = [face for face in seen if face.score > MIN_CANDIDATE_SCORE]
    return found, seen[:MAX_CANDIDATES]


def _prominence(face: Face) -> tuple[bool, float]:
    size = np.ptp(face.mesh.points[:, :2], axis=0)
    return face.mesh.presence > MIN_MAIN_PRESENCE, float(size[0] * size[1])


def _right_way_up(view: View, face: Face) -> CloseLook:
    """A close look, upside down if the landmarks hold still better that way.

    Detectors see faces on their heads too, but take the chin for the forehead.
    """
    upright = _close_look(view, face)
    lost = _wandering(upright)
    if lost < _LOST:
        return upright
    region = FaceFrame.of(face.mesh.points).region()
    on_its_head = Face(detection=face.detection, mesh=view.mesh(region.moved(turn=math.pi)))
    upside_down = _close_look(view, on_its_head)
    return upside_down if _wandering(upside_down) < lost else upright


def _wandering(look: CloseLook) -> float:
    frame = FaceFrame.of(look.mesh.points)
    return Jitter.of(look.mesh.points, look.shaken, frame).amount["face"]


def _close_look(view: View, face: Face) -> CloseLook:
    mesh = view.mesh(FaceFrame.of(face.mesh.points).region())
    region = FaceFrame.of(mesh.points).region()
    return CloseLook(
        detection=face.detection,
        first=face.mesh,
        mesh=mesh,
        shaken=tuple(view.mesh(region.moved(**shake)).points for shake in _SHAKES),
    )


def _zoomed(engine: Engine, view: View, main: CloseLook, known: list[Detection]) -> list[Face]:
    """Faces that show only in a close-up of the main one."""
    frame = FaceFrame.of(main.mesh.points)
    half = _ZOOM_FACES * max(frame.width, frame.height) / 2
    left, top = max(0, round(frame.x - half)), max(0, round(frame.y - half))
    crop = view.rgb[top : round(frame.y + half), left : round(frame.x + half)]
    if not crop.size:
        return []
    new = []
    for found in faces_in(engine.view(np.ascontiguousarray(crop))):
        face = shifted(found, left, top)
        apart = math.dist(face.centre, (frame.x, frame.y)) > 0.6 * frame.width
        if (
            face.score > _ZOOM_SCORE
            and apart
            and all(face.overlap(other) <= SAME_FACE_OVERLAP for other in known)
        ):
            new.append(Face(detection=face, mesh=view.mesh(face.region())))
    return new


def _hands_near(view: View, face: FaceFrame) -> tuple[CloseHand, ...]:
    reach = _HAND_REACH_FACES * max(face.width, face.height)
    regions: list[Region] = []
    for palm in view.palms():
        place = (palm.region.x, palm.region.y)
        known = any(
            math.dist(place, (other.x, other.y)) < _SAME_HAND * other.side for other in regions
        )
        if math.dist(place, (face.x, face.y)) < reach + palm.region.side / 2 and not known:
            regions.append(palm.region)
    return tuple(_hand_twice(view, region) for region in regions[:_MAX_HANDS])


def _hand_twice(view: View, region: Region) -> CloseHand:
    """Ghosts of hands, in hair and collars, sit elsewhere when looked at again."""
    hand = view.hand(region)
    if hand.presence < _GHOST_PRESENCE or hand.size == 0:
        return CloseHand(points=hand.points, presence=hand.presence, wandering=1.0)
    again = view.hand(hand.region())
    moved = np.linalg.norm((again.points - hand.points)[:, :2], axis=1)
    return CloseHand(
        points=hand.points,
        presence=min(hand.presence, again.presence),
        wandering=float(np.median(moved)) / hand.size,
    )
