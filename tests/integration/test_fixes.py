"""Which fixes are offered, by what was measured: none that cannot help."""

from __future__ import annotations

from typing import Any

import pytest

from emojicheck.detection.verdicts import BBox
from emojicheck.edits import Brighten, Crop, Level
from emojicheck.fixes import Fix, fixes, suggested_frame
from emojicheck.models import Portrait, State
from tests.factories import make_detection, make_portrait

pytestmark = pytest.mark.django_db

FACE = [900, 600, 1100, 800]
NEXT_TO_IT = {"kind": "ring", "points": [[1300, 600], [1500, 800]]}


def row(rule: str, value: float | None, *, failed: bool = False) -> dict[str, Any]:
    return {"id": rule, "value": value, "low": None, "high": None, "passed": not failed}


def rejected(
    *rows: dict[str, Any], reason: str, spots: Any = (), code: str = "", face: Any = FACE
) -> Portrait:
    """By our own check, or by the service's code after our own check had looked."""
    portrait = make_portrait(width=2000, height=1500)
    seen = make_detection(
        portrait,
        outcome="accepted" if all(r["passed"] for r in rows) else "rejected",
        reason=reason,
        face=face,
        extended=FACE,
        measurements=list(rows),
        spots=list(spots),
    )
    verdict = seen
    if code:
        verdict = make_detection(
            portrait, detector="dashscope", outcome="rejected", reason=reason, code=code
        )
    portrait.state, portrait.reason, portrait.verdict = State.REJECTED, reason, verdict
    portrait.save()
    return portrait


def offered(portrait: Portrait) -> tuple[Fix, ...]:
    return fixes(portrait, list(portrait.detections.all()))


def test_tilt_out_of_its_limits_is_levelled() -> None:
    portrait = rejected(row("roll", 23.456, failed=True), row("light", 80), reason="head_tilted")

    level = Level(roll=23.5, face=BBox(*FACE))
    assert offered(portrait) == (Fix(edit=level, likely=True),)


def test_fix_that_leaves_another_fault_is_not_likely_to_be_enough() -> None:
    portrait = rejected(
        row("roll", 23, failed=True), row("yaw", 40, failed=True), reason="head_turned"
    )

    assert [fix.likely for fix in offered(portrait)] == [False]


def test_what_was_told_is_fixed_first() -> None:
    portrait = rejected(
        row("roll", 23, failed=True), row("light", 12, failed=True), reason="too_dark"
    )

    assert [fix.edit.kind for fix in offered(portrait)] == ["brighten", "level"]


@pytest.mark.parametrize(
    ("roll", "kinds"), [(3, []), (5.9, []), (-6, ["level"]), (14, ["level"]), (None, [])]
)
def test_tilt_that_only_the_service_may_mind_is_levelled_when_it_is_one(
    roll: float | None, kinds: list[str]
) -> None:
    portrait = rejected(row("roll", roll), reason="head_turned", code="InvalidFile.FacePose")

    assert [(fix.edit.kind, fix.likely) for fix in offered(portrait)] == [
        (kind, False) for kind in kinds
    ]


@pytest.mark.parametrize(
    ("light", "gain"),
    [(1, None), (3, None), (4, 10.0), (12, 10.0), (20, 6.79), (50, 2.18), (0, None)],
)
def test_dark_face_is_brightened_if_that_makes_it_light_enough(
    light: float, gain: float | None
) -> None:
    portrait = rejected(row("light", light, failed=True), reason="too_dark")

    expected = (Fix(edit=Brighten(gain=gain), likely=True),) if gain else ()
    assert offered(portrait) == expected


@pytest.mark.parametrize(("light", "count"), [(59, 1), (61, 0)])
def test_light_that_only_the_service_minds(light: float, count: int) -> None:
    portrait = rejected(row("light", light), reason="too_dark", code="InvalidFile.Value")

    assert len(offered(portrait)) == count


def test_ring_around_the_one_small_face_is_nobody_to_be_cropped_away() -> None:
    portrait = rejected(
        row("face_width", 0.1, failed=True),
        row("faces", 1),
        reason="several_people",
        code="InvalidFile.MultiHuman",
        spots=[{"kind": "ring", "points": [[890, 590], [1110, 810]]}],
    )

    assert [fix.edit.kind for fix in offered(portrait)] == ["crop"]


def test_far_away_face_is_cropped() -> None:
    portrait = rejected(row("face_width", 0.1, failed=True), reason="face_too_small")

    crop = Crop(frame=BBox(740, 416, 1260, 936))
    assert offered(portrait) == (Fix(edit=crop, likely=True),)


def test_face_too_far_away_for_any_crop_is_not() -> None:
    portrait = rejected(
        row("face_width", 0.01, failed=True),
        reason="face_too_small",
        face=[900, 600, 920, 620],
    )

    assert offered(portrait) == ()


def test_face_that_is_too_large_is_not_cropped() -> None:
    portrait = rejected(
        row("face_width", 0.9, failed=True),
        reason="face_too_large",
        face=[100, 0, 1600, 1500],
    )

    assert offered(portrait) == ()


def test_other_people_are_cut_off() -> None:
    portrait = rejected(row("faces", 2, failed=True), reason="several_people", spots=[NEXT_TO_IT])

    (fix,) = offered(portrait)

    assert isinstance(fix.edit, Crop)
    assert fix.likely
    assert fix.edit.frame.x2 <= 1300


@pytest.mark.parametrize(
    "spots",
    [[], [{"kind": "ring", "points": [[1050, 650], [1250, 850]]}]],
    ids=["nobody knows where", "cheek to cheek"],
)
def test_people_who_cannot_be_cut_off_are_left_in(spots: list[Any]) -> None:
    portrait = rejected(row("faces", 2, failed=True), reason="several_people", spots=spots)

    assert offered(portrait) == ()


@pytest.mark.parametrize("state", [State.ACCEPTED, State.FAILED, State.WAITING])
def test_only_rejections_are_fixed(state: str) -> None:
    assert offered(make_portrait(state=state)) == ()


def test_without_a_look_of_our_own_nothing_is_offered() -> None:
    portrait = make_portrait(state=State.REJECTED, reason="head_tilted", detector="dashscope")

    assert offered(portrait) == ()


def test_without_its_photo_nothing_is_offered() -> None:
    portrait = rejected(row("roll", 23, failed=True), reason="head_tilted")
    portrait.photo = ""

    assert offered(portrait) == ()


@pytest.mark.parametrize(
    "reason", ["face_cut_off", "face_covered", "hand_near_face", "too_blurred", "no_person"]
)
def test_other_faults_have_no_fix(reason: str) -> None:
    rule = "faces" if reason == "no_person" else "other"

    assert offered(rejected(row(rule, 0, failed=True), reason=reason)) == ()


def test_suggested_frame_leaves_others_out_where_that_can_be() -> None:
    apart = rejected(row("faces", 2, failed=True), reason="several_people", spots=[NEXT_TO_IT])
    close = rejected(
        row("faces", 2, failed=True),
        reason="several_people",
        spots=[{"kind": "ring", "points": [[1050, 650], [1250, 850]]}],
    )

    frames = [suggested_frame(p, list(p.detections.all())) for p in (apart, close)]

    assert [frame is not None and frame.x2 <= 1300 for frame in frames] == [True, True]
    assert frames[1] == BBox(740, 416, 1260, 936)


def test_nobody_knows_a_frame_without_a_face() -> None:
    portrait = make_portrait(state=State.REJECTED, reason="no_person")

    assert suggested_frame(portrait, []) is None
