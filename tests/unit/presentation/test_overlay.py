from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emojicheck.detection.verdicts import BBox, Spot
from emojicheck.presentation import pencil
from emojicheck.presentation.overlay import overlay, spots_from

FACE, EXTENDED = BBox(326, 312, 698, 684), BBox(103, 67, 921, 885)
TILT = Spot(kind="line", points=((470, 410), (610, 478)), value=25.9)
ARROW = Spot(kind="arrow", points=((512, 500), (640, 510)), value=20)
HAND = Spot(kind="outline", points=((630, 390), (860, 420), (720, 750)))
MASK = Spot(kind="area", points=((300, 400), (700, 400), (640, 700), (360, 700)))
RING = Spot(kind="ring", points=((100, 100), (300, 400)))


def test_both_boxes_are_told_in_words() -> None:
    drawn = overlay(1024, 1024, face=FACE, extended=EXTENDED)

    assert drawn.title == "Face and extended area"
    assert drawn.description == (
        "Solid box: the face, from 326, 312 to 698, 684. "
        "Dashed box: the area it may move in, from 103, 67 to 921, 885."
    )


@pytest.mark.parametrize(
    ("spot", "words"),
    [
        (TILT, "A line through both eyes falls 26° to the right."),
        (
            Spot(kind="line", points=((470, 478), (610, 410)), value=-25.9),
            "A line through both eyes falls 26° to the left.",
        ),
        (ARROW, "An arrow shows that the nose points to the right."),
        (
            Spot(kind="arrow", points=((640, 510), (512, 500))),
            "An arrow shows that the nose points to the left.",
        ),
        (HAND, "A pencil line goes round the spot from 630, 390 to 860, 750."),
        (RING, "A pencil ring marks a face from 100, 100 to 300, 400."),
        (MASK, "Hatched with a pencil: the part from 300, 400 to 700, 700."),
        (
            Spot(kind="span", points=((40, 500), (980, 500)), value=0.92),
            "A pencil line measures the face from side to side: 92 % of the width.",
        ),
        (
            Spot(kind="edge", points=((0, 100), (0, 400))),
            "A pencil line marks where the left edge of the photo cuts the face.",
        ),
        (
            Spot(kind="edge", points=((1024, 100), (1024, 400))),
            "A pencil line marks where the right edge of the photo cuts the face.",
        ),
        (
            Spot(kind="edge", points=((100, 0), (400, 0))),
            "A pencil line marks where the top edge of the photo cuts the face.",
        ),
        (
            Spot(kind="edge", points=((100, 1024), (400, 1024))),
            "A pencil line marks where the bottom edge of the photo cuts the face.",
        ),
    ],
)
def test_every_kind_of_spot_is_told_in_words(spot: Spot, words: str) -> None:
    assert overlay(1024, 1024, spots=[spot]).description == words


def test_an_empty_overlay_shows_nothing() -> None:
    assert not overlay(1024, 1024).shows_something


@pytest.mark.parametrize("size", [(400, 400), (7000, 400), (400, 7000)])
def test_corners_are_rounded_a_little_on_any_photo(size: tuple[int, int]) -> None:
    assert 2 <= overlay(*size).corner <= 41


def test_a_tilt_is_drawn_with_its_angle_beside_it() -> None:
    mark = pencil.mark(TILT, 1024, 1024)

    assert mark.label is not None
    assert mark.label.text == "26°"
    assert mark.dots.startswith("M")
    assert "A" in mark.path


def test_a_covered_part_is_hatched_and_nothing_else_is() -> None:
    assert pencil.mark(MASK, 1024, 1024).hatch.count("M") > 10
    assert [pencil.mark(spot, 1024, 1024).hatch for spot in (TILT, ARROW, HAND, RING)] == [""] * 4


def test_a_face_that_is_too_large_is_measured_with_its_share_beside_it() -> None:
    mark = pencil.mark(Spot(kind="span", points=((40, 500), (980, 500)), value=0.92), 1024, 1024)

    assert mark.label is not None
    assert mark.label.text == "92 %"
    assert mark.path.startswith("M40 500L980 500")


@pytest.mark.parametrize(
    ("ends", "path"),
    [
        (((0, 100), (0, 400)), "M12 100L12 400"),
        (((1024, 100), (1024, 400)), "M1012 100L1012 400"),
        (((400, 0), (100, 0)), "M100 12L400 12"),
        (((500, 1024), (510, 1024)), "M464 1012L546 1012"),
    ],
    ids=["left", "right", "top", "bottom, very short"],
)
def test_an_edge_is_marked_inside_the_photo(
    ends: tuple[tuple[int, int], tuple[int, int]], path: str
) -> None:
    assert pencil.mark(Spot(kind="edge", points=ends), 1024, 1024).path == path


points = st.tuples(st.integers(-500, 7500), st.integers(-500, 7500))
spots = st.one_of(
    st.builds(
        Spot,
        kind=st.sampled_from(["line", "arrow", "ring", "span", "edge"]),
        points=st.tuples(points, points),
        value=st.none() | st.floats(-180, 180),
    ),
    st.builds(
        Spot,
        kind=st.sampled_from(["outline", "area"]),
        points=st.lists(points, min_size=3).map(lambda p: tuple(p)),
    ),
)


@given(spot=spots, width=st.integers(400, 7000), height=st.integers(400, 7000))
def test_any_spot_becomes_path_data_that_a_browser_can_draw(
    spot: Spot, width: int, height: int
) -> None:
    mark = pencil.mark(spot, width, height)

    assert re.fullmatch(r"[MLCAh\d \-]+", mark.whole)
    assert re.fullmatch(r"[ML\d \-]*", mark.hatch)
    assert len(mark.hatch) < 200_000
    if mark.label:
        assert 0 <= mark.label.x <= width
        assert 0 <= mark.label.y <= height


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"kind": "line", "points": None},
        {"kind": "line", "points": [[1, 2]]},
        {"kind": "line", "points": [[1, 2], ["a", "b"]]},
        {"kind": "outline", "points": [[1, 2], [3, 4]]},
        {"kind": "cloud", "points": [[1, 2], [3, 4]]},
    ],
)
def test_a_stored_spot_that_cannot_be_drawn_is_left_out(stored: dict[str, Any]) -> None:
    assert spots_from([stored]) == ()


def test_stored_spots_come_back_as_they_were() -> None:
    stored = {"kind": "line", "points": [[470, 410], [610, 478]], "value": 25.9}

    assert spots_from([stored]) == (TILT,)
