"""Where the pencil goes, for every fault that can be pointed at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from emojicheck.detection.local.limits import LIMITS
from emojicheck.detection.local.observation import CloseHand, CloseLook, Face, Observation
from emojicheck.detection.local.regions import CHIN_TIP, EYE_INNER, FOREHEAD_TOP, MOUTH_CORNERS
from emojicheck.detection.local.rules import judge, leading
from emojicheck.detection.local.rules.finding import Finding
from emojicheck.detection.local.spots import Pencil
from emojicheck.detection.local.traits import Traits
from emojicheck.detection.verdicts import Spot

from .ordinary import HAND, SOMEBODY, looking, making, posed, traits, unsteady


def told(measured: Traits) -> Finding:
    finding = leading(judge(measured, LIMITS))
    assert finding is not None
    return finding


def mark(
    seen: Observation, measured: Traits, *, scale: tuple[float, float] = (1, 1)
) -> tuple[Spot, ...]:
    assert seen.main is not None
    return Pencil(seen, seen.main, measured, LIMITS, scale).mark(told(measured))


def holds(spot: Spot, point: np.ndarray) -> bool:
    corners = np.array(spot.points)
    low, high = corners.min(axis=0), corners.max(axis=0)
    return bool((low <= point[:2]).all() and (point[:2] <= high).all())


def test_tilt_is_a_line_through_the_eyes_with_its_degrees(seen: Observation) -> None:
    (spot,) = mark(seen, posed(roll=30.0))

    left, right = spot.points
    assert spot.kind == "line"
    assert left[0] < right[0]
    assert spot.value == 30


def test_turn_is_an_arrow_the_way_the_nose_points(seen: Observation) -> None:
    assert seen.main is not None
    yaw = np.radians(30)
    axes = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])

    (spot,) = mark(seen, posed(yaw=30.0, axes=axes))

    (x, y), (tip_x, tip_y) = spot.points
    assert spot.kind == "arrow"
    assert spot.value == 30
    assert tip_x > x
    assert abs(tip_y - y) <= 1


def test_raised_head_tells_its_pitch(seen: Observation) -> None:
    (spot,) = mark(seen, posed(pitch=-40.0))

    assert spot.value == -40


def test_second_person_is_ringed(seen: Observation, face: CloseLook) -> None:
    there = replace(face.mesh, points=face.mesh.points + np.array([300, 0, 0]))
    both = replace(seen, others=(Face(detection=face.detection, mesh=there),))

    (spot,) = mark(both, traits(others=(SOMEBODY,)))

    assert spot.kind == "ring"
    assert holds(spot, there.points[CHIN_TIP])


def test_small_face_is_ringed(seen: Observation, face: CloseLook) -> None:
    (spot,) = mark(seen, traits(width_share=0.05))

    assert spot.kind == "ring"
    assert holds(spot, face.mesh.points[FOREHEAD_TOP])


def test_face_that_is_too_large_is_measured_from_side_to_side(
    seen: Observation, face: CloseLook
) -> None:
    (spot,) = mark(seen, traits(width_share=0.95))

    (left, y), (right, same) = spot.points
    across = face.mesh.points[:468, 0]
    assert (spot.kind, spot.value, y) == ("span", 0.95, same)
    assert (left, right) == (round(across.min()), round(across.max()))


@pytest.mark.parametrize(
    ("axis", "move", "edge"),
    [(0, "below", 0), (0, "beyond", "width"), (1, "below", 0), (1, "beyond", "height")],
    ids=["left", "right", "top", "bottom"],
)
def test_edge_that_cuts_a_face_is_marked_where_it_does(
    seen: Observation, face: CloseLook, axis: int, move: str, edge: int | str
) -> None:
    size = (seen.width, seen.height)[axis]
    points = face.mesh.points.copy()
    points[:, axis] -= points[:, axis].mean() - (0 if move == "below" else size)
    moved = replace(seen, main=replace(face, mesh=replace(face.mesh, points=points)))

    outline, cut = mark(moved, traits(outside=0.4))

    across = {point[axis] for point in cut.points}
    along = [point[1 - axis] for point in cut.points]
    assert (outline.kind, cut.kind) == ("outline", "edge")
    assert across == {0 if edge == 0 else size}
    assert 0 <= along[0] < along[1] <= (seen.width, seen.height)[1 - axis]


def test_face_in_a_corner_is_cut_by_two_edges(seen: Observation, face: CloseLook) -> None:
    points = face.mesh.points - [*face.mesh.points[:, :2].mean(axis=0), 0]
    moved = replace(seen, main=replace(face, mesh=replace(face.mesh, points=points)))

    spots = mark(moved, traits(outside=0.6))

    assert [spot.kind for spot in spots] == ["outline", "edge", "edge"]


def test_only_hands_at_the_face_are_outlined(seen: Observation) -> None:
    joints = np.array([[100.0, 100, 0], [150, 100, 0], [150, 160, 0], [100, 160, 0]])
    hand = CloseHand(points=joints, presence=1, wandering=0)
    far = replace(hand, points=joints + 400)
    both = replace(seen, hands=(far, hand))

    (spot,) = mark(both, traits(hands=(replace(HAND, away=0.9), HAND)))

    assert spot.kind == "outline"
    assert set(spot.points) == {(100, 100), (150, 100), (150, 160), (100, 160)}


@pytest.mark.parametrize(
    ("measured", "inside", "areas"),
    [
        pytest.param(unsteady(6, "mouth"), MOUTH_CORNERS[0], 1, id="mouth"),
        pytest.param(unsteady(6, "eye"), EYE_INNER[0], 1, id="eye"),
        pytest.param(unsteady(6, "outline"), 205, 1, id="side"),
        pytest.param(unsteady(6, "nose tip"), 4, 1, id="nose"),
        pytest.param(unsteady(6, "face"), 4, 1, id="whole face"),
        pytest.param(looking(under_eyes=0.2), EYE_INNER[0], 2, id="dark glasses"),
        pytest.param(looking(foreign_colour=90.0, foreign_part=1), CHIN_TIP, 1, id="chin"),
    ],
)
def test_covered_part_is_shaded(
    seen: Observation, face: CloseLook, measured: Traits, inside: int, areas: int
) -> None:
    spots = mark(seen, measured)

    assert [spot.kind for spot in spots] == ["area"] * areas
    assert any(holds(spot, face.mesh.points[inside].round()) for spot in spots)


@pytest.mark.parametrize(
    ("measured", "outlines"),
    [
        (making(mouth_open=0.7), 1),
        (making(eyes_open=0.05, eye_narrower=0.05), 2),
        (making(eye_narrower=0.1), 2),
        (making(brows_up=0.5), 2),
    ],
)
def test_expression_is_outlined_where_it_is_made(
    seen: Observation, measured: Traits, outlines: int
) -> None:
    assert [spot.kind for spot in mark(seen, measured)] == ["outline"] * outlines


@pytest.mark.parametrize("measured", [looking(light=5.0), looking(sharpness=-2.0)])
def test_light_and_blur_have_no_place(seen: Observation, measured: Traits) -> None:
    assert mark(seen, measured) == ()


def test_spots_are_scaled_to_the_photo(seen: Observation) -> None:
    (one,) = mark(seen, posed(roll=30.0))
    (other,) = mark(seen, posed(roll=30.0), scale=(2, 3))

    expected = [(2 * x, 3 * y) for x, y in one.points]
    assert np.array(other.points) == pytest.approx(np.array(expected), abs=2)
