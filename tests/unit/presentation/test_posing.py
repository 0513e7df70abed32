"""What is said to somebody who poses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from emojicheck.detection.verdicts import Measurement
from emojicheck.hints.sight import Sight
from emojicheck.presentation.posing import OVAL_DOWN, Posing, posing, what_counts

FINE = {
    "faces": 1,
    "face_width": 0.34,
    "face_cut_off": 0,
    "blur": 0.2,
    "light": 80,
    "yaw": 1,
    "pitch": 2,
    "roll": -2.4,
    "hand_near_face": None,
    "covered": 0.3,
    "mouth_open": 0.02,
    "eyes_open": 0.3,
    "wink": 0.01,
    "brows_up": 0.2,
    "mouth_shape": 0.3,
}


def sight(failed: dict[str, float] | None = None, **place: Any) -> Sight:
    """A good one, but for the rules that failed with these values and where the face is."""
    failed = failed or {}
    rules = tuple(
        Measurement(id=rule, value=failed.get(rule, value), passed=rule not in failed)
        for rule, value in FINE.items()
    )
    where = {"share": 0.34, "across": 0.0, "down": OVAL_DOWN} | place
    return Sight(measurements=rules, **where)


def told(seen: Sight, *, back: bool = False, language: str = "en") -> Posing:
    with translation.override(language):
        return posing(seen, back=back)


def test_when_all_is_well_it_is_time_to_hold_still() -> None:
    words = told(sight())

    assert (words.say, words.ready, words.roll) == ("Good. Hold still.", True, -2.4)
    assert [hint.text for hint in words.hints] == [
        "One face",
        "In the oval",
        "Enough light",
        "Sharp",
        "Hands down",
        "Level, 2°",
        "Facing the camera",
        "Nothing over the face",
        "Face at rest",
    ]


FAULTS: list[tuple[Sight, str, str]] = [
    (sight({"faces": 0}, share=None), "face", "Come into the picture"),
    (sight({"faces": 2}), "face", "Be alone in the picture"),
    (sight(share=0.2), "place", "A little closer"),
    (sight(share=0.5), "place", "A little further away"),
    (sight({"face_cut_off": 0.2}), "place", "A little further away"),
    (sight(across=0.2), "place", "A little to your right"),
    (sight(across=-0.2), "place", "A little to your left"),
    (sight(down=0.2), "place", "Bring your face a little higher"),
    (sight(down=-0.3), "place", "Bring your face a little lower"),
    (sight({"light": 10}), "light", "More light on the face"),
    (sight({"blur": 0.01}), "sharp", "Hold still"),
    (sight({"hand_near_face": 0.1}), "hands", "Hands away from the face"),
    (sight({"roll": 18.2}), "level", "Hold the head level, 18°"),
    (sight({"yaw": 20}), "straight", "Turn a little to your right"),
    (sight({"yaw": -20}), "straight", "Turn a little to your left"),
    (sight({"pitch": 30}), "straight", "Lift the chin a little"),
    (sight({"pitch": -30}), "straight", "Lower the chin a little"),
    (sight({"covered": 1.4}), "free", "Show the whole face: nothing over it"),
    (sight({"mouth_open": 0.5}), "calm", "Close the mouth"),
    (sight({"eyes_open": 0.1}), "calm", "Open the eyes"),
    (sight({"wink": 0.2}), "calm", "Open both eyes"),
    (sight({"brows_up": 0.5}), "calm", "Relax the brows"),
    (sight({"mouth_shape": 1.4}), "calm", "Relax the lips"),
]
BACK = {
    "A little closer": "Go a little closer",
    "A little to your right": "Point the camera a little to the right",
    "A little to your left": "Point the camera a little to the left",
    "Bring your face a little higher": "Point the camera a little lower",
    "Bring your face a little lower": "Point the camera a little higher",
}


@pytest.mark.parametrize(("seen", "fault", "words"), FAULTS, ids=[row[2] for row in FAULTS])
def test_one_fault_is_told_by_what_to_do(seen: Sight, fault: str, words: str) -> None:
    posed = told(seen)

    assert [hint.id for hint in posed.hints if hint.passed is False] == [fault]
    assert (posed.say, posed.ready) == (words, False)


@pytest.mark.parametrize(("seen", "words"), [(row[0], row[2]) for row in FAULTS])
def test_whoever_holds_the_camera_is_told_where_to_point_it(seen: Sight, words: str) -> None:
    assert told(seen, back=True).say == BACK.get(words, words)


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("seen", [sight(), *(row[0] for row in FAULTS)])
def test_nothing_stays_english_in_chinese(seen: Sight, back: bool) -> None:  # noqa: FBT001
    english, chinese = told(seen, back=back), told(seen, back=back, language="zh-hans")

    said = {english.say, *(hint.text for hint in english.hints)}
    assert said & {chinese.say, *(hint.text for hint in chinese.hints)} == set()


def test_what_makes_the_rest_meaningless_is_told_first() -> None:
    everything = sight({"light": 10, "roll": 20, "mouth_open": 0.5}, share=0.2)

    assert told(everything).say == "A little closer"
    assert told(replace(everything, share=0.34)).say == "More light on the face"


def test_what_could_not_be_looked_at_is_neither_right_nor_wrong() -> None:
    few = Sight(
        measurements=(Measurement(id="faces", value=0, passed=False),), across=None, share=None
    )

    posed = told(few)

    assert {hint.id: hint.passed for hint in posed.hints} == {
        hint.id: False if hint.id == "face" else None for hint in what_counts()
    }
    assert (posed.ready, posed.roll) == (False, None)


def test_a_small_face_says_nothing_about_sharpness() -> None:
    posed = told(sight({"blur": 0.01}, share=0.15))

    assert {hint.id: hint.passed for hint in posed.hints}["sharp"] is None


def test_a_sight_without_any_rule_promises_nothing() -> None:
    posed = told(Sight())

    assert (posed.ready, posed.say) == (False, "Come into the picture")
