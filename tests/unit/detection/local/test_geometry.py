"""Frames, regions, poses and expressions: how they follow when a face is moved."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emojicheck.detection.local.expression import Expression
from emojicheck.detection.local.faceframe import FaceFrame
from emojicheck.detection.local.jitter import PARTS, Jitter
from emojicheck.detection.local.observation import CloseLook
from emojicheck.detection.local.pose import Pose
from emojicheck.detection.local.regions import FACE_POINTS
from emojicheck.detection.local.sightings import Detection, Hand, Points, Region

same_face = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def turned(points: Points, degrees: float) -> Points:
    """Clockwise on the screen, about the origin."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return points @ np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])


def yawed(points: Points, degrees: float) -> Points:
    """The nose towards the viewer's right."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return points @ np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])


@same_face
@given(degrees=st.floats(-80, 80))
def test_roll_follows_the_turn_of_the_picture(face: CloseLook, degrees: float) -> None:
    before, after = Pose.of(face.mesh.points), Pose.of(turned(face.mesh.points, degrees))

    assert after.roll - before.roll == pytest.approx(degrees, abs=1e-6)
    assert after.yaw == pytest.approx(before.yaw, abs=1e-6)
    assert after.pitch == pytest.approx(before.pitch, abs=1e-6)


@same_face
@given(degrees=st.floats(-60, 60))
def test_yaw_follows_the_turn_of_the_head(face: CloseLook, degrees: float) -> None:
    before, after = Pose.of(face.mesh.points), Pose.of(yawed(face.mesh.points, degrees))

    assert after.yaw - before.yaw == pytest.approx(degrees, abs=0.5)


def test_axes_of_a_head_stand_on_each_other(face: CloseLook) -> None:
    axes = Pose.of(face.mesh.points).axes

    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-9)


def test_pose_of_a_point_is_no_crash() -> None:
    pose = Pose.of(np.zeros((478, 3)))

    assert (pose.yaw, pose.roll) == (0, 0)


@same_face
@given(
    degrees=st.floats(-170, 170),
    scale=st.floats(0.2, 5),
    right=st.floats(-500, 500),
    down=st.floats(-500, 500),
)
def test_frame_keeps_its_shape_wherever_the_face_is(
    face: CloseLook, degrees: float, scale: float, right: float, down: float
) -> None:
    before = FaceFrame.of(face.mesh.points)
    moved = turned(face.mesh.points * scale, degrees) + np.array([right, down, 0])

    after = FaceFrame.of(moved)

    assert after.width == pytest.approx(before.width * scale)
    assert after.height == pytest.approx(before.height * scale)
    assert after.region().side == pytest.approx(1.5 * max(after.width, after.height))


def test_frame_holds_every_point_of_the_face(face: CloseLook) -> None:
    points = face.mesh.points[:FACE_POINTS, :2]
    frame = FaceFrame.of(face.mesh.points)
    cos, sin = math.cos(frame.angle), math.sin(frame.angle)
    own = (points - (frame.x, frame.y)) @ np.array([[cos, -sin], [sin, cos]])

    assert np.abs(own).max(axis=0) == pytest.approx((frame.width / 2, frame.height / 2))


@same_face
@given(degrees=st.floats(-60, 60), scale=st.floats(0.2, 5))
def test_expression_is_the_same_at_any_size_and_tilt(
    face: CloseLook, degrees: float, scale: float
) -> None:
    points = face.mesh.points
    moved = turned(points * scale, degrees)

    before = Expression.of(points, Pose.of(points))
    after = Expression.of(moved, Pose.of(moved))

    for name in before.__slots__:
        assert getattr(after, name) == pytest.approx(getattr(before, name), abs=1e-9)


def test_expression_sees_the_mouth_open_and_an_eye_shut(face: CloseLook) -> None:
    points = face.mesh.points.copy()
    at_rest = Expression.of(points, Pose.of(points))
    points[14, 1] += 60  # the lower lip
    for upper, lower in ((159, 145), (158, 153), (160, 144)):
        points[upper] = points[lower]

    pulled = Expression.of(points, Pose.of(points))

    assert pulled.mouth_open > at_rest.mouth_open + 0.2
    assert pulled.eye_narrower == 0
    assert pulled.eyes_open == pytest.approx(at_rest.eyes_open, rel=0.2)


def test_shut_eyes_stay_shut_however_the_head_is_raised(face: CloseLook) -> None:
    points = face.mesh.points
    level = Pose.of(points)

    raised = Expression.of(points, replace(level, pitch=-60.0))
    more = Expression.of(points, replace(level, pitch=-90.0))

    assert raised.eyes_open == more.eyes_open


def test_still_face_has_no_jitter(face: CloseLook) -> None:
    points = face.mesh.points

    jitter = Jitter.of(points, (points, points), FaceFrame.of(points))

    assert set(jitter.amount) == set(PARTS)
    assert set(jitter.amount.values()) == {0.0}


def test_jitter_is_told_of_the_part_and_side_that_moved(face: CloseLook) -> None:
    points = face.mesh.points
    shaken = points.copy()
    right_eye = list(PARTS["eye"][1])
    shaken[right_eye, 0] += 10
    frame = FaceFrame.of(points)

    jitter = Jitter.of(points, (shaken,), frame)

    assert jitter.amount["eye"] == pytest.approx(10 / frame.width)
    assert jitter.worse["eye"] == 1
    assert jitter.amount["mouth"] == 0


def test_real_face_is_steady(face: CloseLook) -> None:
    jitter = Jitter.of(face.mesh.points, face.shaken, FaceFrame.of(face.mesh.points))

    assert max(jitter.amount.values()) < 0.03


@given(angle=st.floats(-3, 3), right=st.floats(-1, 1), down=st.floats(-1, 1))
def test_region_moves_along_its_own_axes(angle: float, right: float, down: float) -> None:
    region = Region(x=100, y=50, side=40, angle=angle)

    moved = region.moved(right=right, down=down)

    assert math.dist((moved.x, moved.y), (100, 50)) == pytest.approx(40 * math.hypot(right, down))
    back = moved.moved(right=-right, down=-down)
    assert (back.x, back.y) == pytest.approx((100, 50))


def test_region_is_scaled_and_turned_about_its_centre() -> None:
    region = Region(x=100, y=50, side=40, angle=0.5).moved(scale=0.5, turn=1.0)

    assert region == Region(x=100, y=50, side=20, angle=1.5)


def detection(left: float, top: float, size: float) -> Detection:
    return Detection(
        left=left, top=top, width=size, height=size, keypoints=np.zeros((6, 2)), full=0.5
    )


def test_overlap_is_shared_area_over_joint_area() -> None:
    assert detection(0, 0, 10).overlap(detection(0, 0, 10)) == 1
    assert detection(0, 0, 10).overlap(detection(5, 0, 10)) == pytest.approx(1 / 3)
    assert detection(0, 0, 10).overlap(detection(20, 0, 10)) == 0


def test_region_of_a_detection_levels_the_eyes() -> None:
    eyes = np.array([[10.0, 10], [20, 20], [0, 0], [0, 0], [0, 0], [0, 0]])
    found = replace(detection(0, 0, 30), keypoints=eyes)

    assert found.region() == Region(x=15, y=15, side=45, angle=math.pi / 4)


def test_region_of_a_hand_holds_it_with_the_fingers_up() -> None:
    joints = np.zeros((21, 3))
    joints[:, 0] = np.linspace(0, 100, 21)  # a hand that points to the right
    joints[9, :2] = (60, 0)
    joints[13, :2] = (60, 5)
    joints[5, :2] = (60, -5)

    region = Hand(points=joints, presence=1).region()

    assert region.angle == pytest.approx(math.pi / 2)
    assert (region.x, region.y) == pytest.approx((50, 0))
    assert region.side == pytest.approx(200)
