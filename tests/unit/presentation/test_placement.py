from __future__ import annotations

import pytest

from emojicheck.detection.verdicts import BBox
from emojicheck.presentation.placement import described

ROOMY = BBox(10, 10, 990, 990)


def face_at(x: int, y: int) -> BBox:
    return BBox(x - 180, y - 180, x + 180, y + 180)


@pytest.mark.parametrize(
    ("x", "y", "place"),
    [
        (500, 500, "in the middle"),
        (550, 450, "in the middle"),
        (500, 400, "in the middle and a little high"),
        (500, 600, "in the middle and a little low"),
        (400, 500, "a little to the left"),
        (400, 400, "a little to the left and high"),
        (400, 600, "a little to the left and low"),
        (600, 500, "a little to the right"),
        (600, 400, "a little to the right and high"),
        (600, 600, "a little to the right and low"),
    ],
)
def test_the_sentence_says_where_the_face_is(x: int, y: int, place: str) -> None:
    sentence = described(face_at(x, y), ROOMY, width=1000, height=1000)

    assert sentence == (
        f"The face fills 36\N{NO-BREAK SPACE}% of the width, {place}, with room to move all around."
    )


@pytest.mark.parametrize(
    ("extended", "edges"),
    [
        (BBox(10, 0, 990, 990), "the top"),
        (BBox(0, 0, 990, 990), "the top and the left"),
        (BBox(0, 0, 1000, 1000), "the top, the left, the right and the bottom"),
    ],
)
def test_the_sentence_says_where_there_is_no_room(extended: BBox, edges: str) -> None:
    sentence = described(face_at(500, 500), extended, width=1000, height=1000)

    assert sentence.endswith(f"with no room to spare at {edges}.")


def test_measured_share_is_told_rather_than_the_boxes() -> None:
    face, extended = BBox(326, 312, 698, 684), BBox(103, 67, 921, 885)

    sentence = described(face, extended, width=1024, height=1024, measured=0.31)

    assert sentence.startswith("The face fills 31\N{NO-BREAK SPACE}% of the width")
