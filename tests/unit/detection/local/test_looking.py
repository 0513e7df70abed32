"""Searching and looking with the real models."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PIL import Image

from emojicheck.detection.local.engine import Engine, thread_engine
from emojicheck.detection.local.faceframe import FaceFrame
from emojicheck.detection.local.looking import look
from emojicheck.detection.local.observation import CloseLook, Observation
from emojicheck.detection.local.pose import Pose
from emojicheck.detection.local.search import faces_in, small_faces, turned_faces
from emojicheck.detection.local.sightings import Pixels
from tests import portraits

HAND = "static/samples/hand-near-face.jpg"


@pytest.fixture(scope="session")
def engine() -> Engine:
    return thread_engine()


def test_one_person_is_one_face_seen_by_both_detectors(seen: Observation) -> None:
    assert seen.found == "at once"
    assert seen.main is not None
    assert min(seen.main.detection.full, seen.main.detection.short) > 0.8
    assert seen.main.mesh.presence > 0.99
    assert seen.others == ()
    assert seen.hands == ()


def test_points_lie_where_the_face_is(face: CloseLook) -> None:
    nose = face.mesh.points[4]

    assert nose[:2] == pytest.approx((387, 290), abs=15)
    assert face.mesh.points.shape == (478, 3)
    assert len(face.shaken) == 4


def test_every_face_is_reported_once(engine: Engine) -> None:
    faces = faces_in(engine.view(portraits.two_people()))

    assert len(faces) == 2
    assert faces[0].overlap(faces[1]) == 0


def test_second_person_is_among_the_others() -> None:
    seen = look(thread_engine(), portraits.two_people())

    assert len(seen.others) == 1
    assert seen.others[0].mesh.presence > 0.99


def test_tiles_find_a_face_too_small_for_the_whole_picture(engine: Engine) -> None:
    room = Image.new("RGB", (1280, 1280), portraits.GREY)
    person = Image.fromarray(portraits.portrait()).resize((150, 150), Image.Resampling.LANCZOS)
    room.paste(person, (900, 200))
    rgb = np.asarray(room)

    (small,) = small_faces(engine, rgb)

    x, y = small.centre
    assert (x, y) == pytest.approx((900 + 72, 200 + 55), abs=12)


def test_turned_copies_find_a_face_on_its_head(engine: Engine) -> None:
    rgb = np.ascontiguousarray(portraits.portrait()[::-1, ::-1])

    (found,) = turned_faces(engine, rgb)

    x, y = found.centre
    assert (x, y) == pytest.approx((800 - 388, 800 - 305), abs=25)
    left_eye, right_eye = found.keypoints[:2]
    assert left_eye[0] > right_eye[0]


def test_sky_has_no_faces_however_hard_one_searches(engine: Engine) -> None:
    sky = portraits.nobody()

    assert small_faces(engine, sky) == []
    assert turned_faces(engine, sky) == []
    assert look(engine, sky).main is None


@pytest.mark.parametrize("degrees", [-90, -40, 25, 60, 180])
def test_head_is_seen_the_right_way_up_at_any_tilt(
    engine: Engine, face: CloseLook, degrees: int
) -> None:
    seen = look(engine, portraits.tilted(degrees))

    assert seen.main is not None
    difference = Pose.of(seen.main.mesh.points).roll - Pose.of(face.mesh.points).roll
    assert (difference - degrees + 180) % 360 - 180 == pytest.approx(0, abs=3)


def test_picture_of_another_size_shows_the_same_face(engine: Engine, face: CloseLook) -> None:
    half = np.asarray(Image.fromarray(portraits.portrait()).resize((400, 400)))

    seen = look(engine, half)

    assert seen.main is not None
    small, large = FaceFrame.of(seen.main.mesh.points), FaceFrame.of(face.mesh.points)
    assert 2 * small.width == pytest.approx(large.width, rel=0.05)


def test_real_hand_stays_where_it_was() -> None:
    with Image.open(HAND) as image:
        rgb = np.asarray(image.convert("RGB"))

    hands = look(thread_engine(), rgb).hands

    assert max(hand.presence for hand in hands) > 0.9
    assert min(hand.wandering for hand in hands) < 0.05


def test_every_thread_has_its_own_engine() -> None:
    engines: list[Engine] = []
    thread = threading.Thread(target=lambda: engines.append(thread_engine()))
    thread.start()
    thread.join()

    assert thread_engine() is thread_engine()
    assert engines[0] is not thread_engine()


def test_same_picture_gives_the_same_numbers_after_others(engine: Engine) -> None:
    def points(rgb: Pixels) -> Pixels:
        main = look(engine, rgb).main
        assert main is not None
        return np.stack([main.mesh.points, *main.shaken])

    first = points(portraits.portrait())
    look(engine, portraits.two_people())
    look(engine, portraits.nobody())

    assert np.array_equal(points(portraits.portrait()), first)
