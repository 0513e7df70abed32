"""What is stored is what was meant; what nobody knows is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emojicheck.detection.verdicts import BBox
from emojicheck.edits import Brighten, Crop, Edit, Level, edit_from


@pytest.mark.parametrize(
    "edit",
    [
        Level(roll=-12.5, face=BBox(1, 2, 3, 4)),
        Crop(frame=BBox(10, 20, 410, 553)),
        Brighten(gain=2.5),
    ],
)
def test_edit_comes_back_as_it_was_stored(edit: Edit) -> None:
    assert edit_from(json.loads(json.dumps(edit.stored()))) == edit


def test_crop_is_stored_as_people_count() -> None:
    assert Crop(frame=BBox(10, 20, 410, 553)).stored() == {
        "kind": "crop",
        "left": 10,
        "top": 20,
        "width": 400,
        "height": 533,
    }


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"kind": "explode"},
        {"kind": "level"},
        {"kind": "level", "roll": "much", "face": [1, 2, 3, 4]},
        {"kind": "level", "roll": 20, "face": [1, 2, 3]},
        {"kind": "level", "roll": 20, "face": None},
        {"kind": "crop", "left": 1},
        {"kind": "brighten", "gain": None},
        {"kind": ["level"]},
    ],
)
def test_anything_else_is_no_edit(stored: dict[str, Any]) -> None:
    assert edit_from(stored) is None
