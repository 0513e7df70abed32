"""One portrait in every state that a page can show."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from PIL import Image

from emojicheck.detection.verdicts import Reason
from emojicheck.models import Outcome, Portrait, State
from tests.factories import make_detection, make_portrait

SAMPLES = Path(settings.BASE_DIR) / "static" / "samples"
WIDTH = HEIGHT = 1024
FACE, EXTENDED = [326, 312, 698, 684], [103, 67, 921, 885]

FINE: list[dict[str, Any]] = [
    {"id": "faces", "value": 1, "low": 1, "high": 1, "passed": True},
    {"id": "face_width", "value": 0.36, "low": 0.12, "high": 0.85, "passed": True},
    {"id": "yaw", "value": -2.4, "low": -17, "high": 17, "passed": True},
    {"id": "roll", "value": 1.2, "low": -15, "high": 15, "passed": True},
    {"id": "hand_near_face", "value": None, "low": 0.5, "passed": True},
    {"id": "mouth_open", "value": 0.02, "high": 0.33, "passed": True},
]
FAILED: dict[str, dict[str, Any]] = {
    Reason.NO_PERSON: {"id": "faces", "value": 0, "low": 1, "high": 1},
    Reason.SEVERAL_PEOPLE: {"id": "faces", "value": 3, "low": 1, "high": 1},
    Reason.FACE_TOO_SMALL: {"id": "face_width", "value": 0.065, "low": 0.12, "high": 0.85},
    Reason.FACE_TOO_LARGE: {"id": "face_width", "value": 1.04, "low": 0.12, "high": 0.85},
    Reason.FACE_CUT_OFF: {"id": "face_cut_off", "value": 0.21, "high": 0.04},
    Reason.HEAD_TURNED: {"id": "yaw", "value": 26.4, "low": -17, "high": 17},
    Reason.HEAD_TILTED: {"id": "roll", "value": 25.6, "low": -15, "high": 15},
    Reason.FACE_COVERED: {"id": "covered", "value": 2.31, "high": 1.0},
    Reason.HAND_NEAR_FACE: {"id": "hand_near_face", "value": 0.0, "low": 0.5},
    Reason.STRONG_EXPRESSION: {"id": "mouth_open", "value": 0.62, "high": 0.33},
    Reason.TOO_DARK: {"id": "light", "value": 12.2, "low": 28},
    Reason.TOO_BLURRED: {"id": "blur", "value": 0.011, "low": 0.05},
}
HAND = {
    "kind": "outline",
    "points": [[630, 390], [700, 362], [860, 420], [872, 500], [820, 700], [720, 750], [606, 610]],
}
CROP = {"kind": "crop", "left": 103, "top": 67, "width": 818, "height": 818}
SPOTS: dict[str, list[dict[str, Any]]] = {
    Reason.SEVERAL_PEOPLE: [{"kind": "ring", "points": [[620, 380], [860, 660]]}],
    Reason.FACE_TOO_SMALL: [{"kind": "ring", "points": [[475, 420], [545, 500]]}],
    Reason.HEAD_TURNED: [{"kind": "arrow", "points": [[512, 500], [640, 510]], "value": 26.4}],
    Reason.HEAD_TILTED: [{"kind": "line", "points": [[470, 410], [610, 478]], "value": 25.6}],
    Reason.HAND_NEAR_FACE: [HAND],
    Reason.FACE_COVERED: [
        {
            "kind": "area",
            "points": [[372, 520], [512, 486], [652, 520], [640, 640], [512, 716], [386, 640]],
        }
    ],
    Reason.FACE_TOO_LARGE: [{"kind": "span", "points": [[-20, 560], [1044, 560]], "value": 1.04}],
    Reason.FACE_CUT_OFF: [
        {
            "kind": "outline",
            "points": [[90, -70], [330, 40], [360, 250], [250, 420], [80, 420], [-90, 180]],
        },
        {"kind": "edge", "points": [[0, 20], [0, 360]]},
        {"kind": "edge", "points": [[60, 0], [250, 0]]},
    ],
    Reason.STRONG_EXPRESSION: [
        {"kind": "outline", "points": [[452, 580], [572, 580], [586, 640], [512, 700], [438, 640]]}
    ],
}
DRAWINGS = {
    Reason.NO_PERSON: "no-person",
    Reason.SEVERAL_PEOPLE: "several-people",
    Reason.FACE_TOO_SMALL: "face-too-small",
    Reason.FACE_TOO_LARGE: "face-too-large",
    Reason.FACE_CUT_OFF: "face-cut-off",
    Reason.HEAD_TURNED: "head-turned",
    Reason.HEAD_TILTED: "head-tilted",
    Reason.FACE_COVERED: "face-covered",
    Reason.HAND_NEAR_FACE: "hand-near-face",
    Reason.STRONG_EXPRESSION: "strong-expression",
    Reason.TOO_DARK: "too-dark",
    Reason.TOO_BLURRED: "too-blurred",
}


def drawing(name: str) -> bytes:
    return (SAMPLES / f"{name}.jpg").read_bytes()


@cache
def small(name: str) -> bytes:
    with Image.open(io.BytesIO(drawing(name))) as picture:
        copy = picture.resize((320, 320))
    file = io.BytesIO()
    copy.save(file, "JPEG")
    return file.getvalue()


def make(owner: str, drawn: str = "ok", **fields: Any) -> Portrait:
    portrait = make_portrait(
        owner=owner, photo=drawing(drawn), width=WIDTH, height=HEIGHT, **fields
    )
    with portrait.thumbnail.storage.open(portrait.thumbnail.name, "wb") as file:
        file.write(small(drawn))
    return portrait


def waiting(owner: str) -> Portrait:
    return make(owner)


def in_line(owner: str) -> Portrait:
    for _ in range(2):
        make_portrait(owner="somebody else")
    portrait = make(owner)
    make_detection(portrait, measurements=FINE)
    return portrait


def late(owner: str) -> Portrait:
    """No worker takes it."""
    portrait = make(owner)
    portrait.next_try_at = timezone.now() - timedelta(minutes=1)
    portrait.save()
    return portrait


def downloading(owner: str) -> Portrait:
    return make_portrait(
        owner=owner,
        photo=b"",
        source=Portrait.Source.URL,
        image_url="https://example.com/me.jpg",
        width=None,
        height=None,
        photo_bytes=None,
    )


def asked_again_soon(owner: str) -> Portrait:
    portrait = make(owner, attempt=1, next_try_at=timezone.now() + timedelta(seconds=40))
    make_detection(portrait, measurements=FINE)
    make_detection(portrait, detector="dashscope", outcome=Outcome.FAILED)
    return portrait


def being_asked(owner: str) -> Portrait:
    portrait = make(owner, state=State.JUDGING)
    make_detection(portrait, measurements=FINE)
    make_detection(portrait, detector="dashscope", outcome=Outcome.STARTED)
    return portrait


def accepted_here(owner: str) -> Portrait:
    return _decided(owner, "ok", detector="local", measurements=FINE)


def accepted_by_service(owner: str) -> Portrait:
    return _decided(owner, "ok", detector="dashscope", before=FINE)


def rejected_here(reason: str) -> Callable[[str], Portrait]:
    def build(owner: str) -> Portrait:
        failed = FAILED.get(reason)
        return _decided(
            owner,
            DRAWINGS.get(Reason(reason), "ok"),
            detector="local",
            reason=reason,
            measurements=measured(failed),
            spots=SPOTS.get(reason, []),
        )

    return build


def measured(failed: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Every rule once."""
    if failed is None:
        return FINE
    return [{**failed, "passed": False}, *(row for row in FINE if row["id"] != failed["id"])]


def rejected_by_service(code: str, reason: str, **fields: Any) -> Callable[[str], Portrait]:
    def build(owner: str) -> Portrait:
        return _decided(
            owner, "ok", detector="dashscope", reason=reason, code=code, before=FINE, **fields
        )

    return build


def rejected_with_evidence(owner: str) -> Portrait:
    hand = {**FAILED[Reason.HAND_NEAR_FACE], "passed": False}
    return _decided(
        owner,
        "hand-near-face",
        detector="dashscope",
        reason=Reason.HEAD_TURNED,
        code="InvalidFile.FacePose",
        before=[hand, *FINE[:4]],
        before_spots=[HAND],
    )


def second_try(owner: str) -> Portrait:
    """Level by now, but the light has gone."""
    roll, light = FAILED[Reason.HEAD_TILTED], FAILED[Reason.TOO_DARK]
    first = rejected_here(Reason.HEAD_TILTED)(owner)
    first.created -= timedelta(minutes=4)
    first.save()
    first.detections.update(
        measurements=[{**roll, "passed": False}, {**light, "value": 62, "passed": True}, *FINE[:3]]
    )
    portrait = rejected_here(Reason.TOO_DARK)(owner)
    portrait.detections.update(
        measurements=[{**light, "passed": False}, {**roll, "value": 3.1, "passed": True}, *FINE[:3]]
    )
    return portrait


def refused_link(owner: str) -> Portrait:
    return make_portrait(
        owner=owner,
        photo=b"",
        state=State.REJECTED,
        reason=Reason.WRONG_DIMENSIONS,
        image_url="https://example.com/me.jpg",
        refusal={"code": "too_small", "width": 320, "height": 240, "limit": 400},
        width=None,
        height=None,
        photo_bytes=None,
    )


def failed(trouble: str) -> Callable[[str], Portrait]:
    def build(owner: str) -> Portrait:
        return make(owner, state=State.FAILED, trouble=trouble)

    return build


def failed_link(owner: str) -> Portrait:
    return make_portrait(
        owner=owner,
        photo=b"",
        state=State.FAILED,
        trouble=Portrait.Trouble.LINK,
        image_url="https://example.com/a/rather/long/way/to/the/photo/of/somebody/me.jpg",
        refusal={"code": "not_found", "status": 404},
        width=None,
        height=None,
        photo_bytes=None,
    )


def fix_waiting(owner: str) -> Portrait:
    return make_portrait(
        owner=owner,
        photo=b"",
        **fix_of(rejected_here(Reason.HEAD_TILTED)(owner)),
        width=None,
        height=None,
        photo_bytes=None,
    )


def fix_accepted(owner: str) -> Portrait:
    portrait = accepted_here(owner)
    for name, value in fix_of(rejected_here(Reason.HEAD_TILTED)(owner)).items():
        setattr(portrait, name, value)
    portrait.save()
    return portrait


def fixed_twice(owner: str) -> Portrait:
    """The photo that two fixes were made from."""
    original = rejected_here(Reason.HEAD_TILTED)(owner)
    make(owner, **fix_of(original))
    make(owner, state=State.ACCEPTED, **fix_of(original, edit=CROP))
    return original


def original_gone(owner: str) -> Portrait:
    portrait = fix_waiting(owner)
    assert portrait.derived_from is not None
    portrait.derived_from.erase()
    portrait.state, portrait.trouble = State.FAILED, Portrait.Trouble.ORIGINAL
    portrait.next_try_at = None
    portrait.save()
    return portrait


def fix_of(original: Portrait, *, edit: dict[str, Any] | None = None) -> dict[str, Any]:
    """The fields of a portrait made from this one."""
    return {
        "source": Portrait.Source.FIX,
        "derived_from": original,
        "edit": edit or {"kind": "level", "roll": 25.6, "face": FACE},
        "kept_since": original.created,
    }


STATES: dict[str, Callable[[str], Portrait]] = {
    "waiting": waiting,
    "in_line": in_line,
    "late": late,
    "downloading": downloading,
    "asked_again_soon": asked_again_soon,
    "being_asked": being_asked,
    "accepted_here": accepted_here,
    "accepted_by_service": accepted_by_service,
    **{f"rejected_{reason}": rejected_here(reason) for reason in Reason},
    "service_coarse": rejected_by_service("InvalidFile.FacePose", Reason.HEAD_TURNED),
    "service_plain": rejected_by_service("InvalidFile.MultiHuman", Reason.SEVERAL_PEOPLE),
    "service_unknown": rejected_by_service("InvalidFile.Brandnew", Reason.OTHER),
    "service_with_evidence": rejected_with_evidence,
    "second_try": second_try,
    "refused_link": refused_link,
    "failed_link": failed_link,
    **{
        f"failed_{trouble}": failed(trouble)
        for trouble in Portrait.Trouble.values
        # What was deleted has no page.
        if trouble not in {"link", "original", "deleted"}
    },
    "fix_waiting": fix_waiting,
    "fix_accepted": fix_accepted,
    "fixed_twice": fixed_twice,
    "original_gone": original_gone,
}


def _decided(
    owner: str,
    drawn: str,
    *,
    detector: str,
    reason: str = "",
    before: list[dict[str, Any]] | None = None,
    before_spots: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> Portrait:
    """A settled portrait, `before` being what our own check had measured first."""
    portrait = make(owner, drawn)
    outcome = Outcome.REJECTED if reason else Outcome.ACCEPTED
    if before is not None:
        make_detection(
            portrait, measurements=before, spots=before_spots or [], face=FACE, took_ms=210
        )
    if not reason:
        fields |= {"face": FACE, "extended": EXTENDED}
    else:  # with its no, the service tells no boxes
        found = detector == "local" and reason != Reason.NO_PERSON
        fields |= {"face": FACE if found else None, "extended": None}
    portrait.verdict = make_detection(
        portrait, detector=detector, outcome=outcome, reason=reason, **fields
    )
    portrait.state = State.REJECTED if reason else State.ACCEPTED
    portrait.reason = reason
    portrait.judged_at = timezone.now()
    portrait.next_try_at = None
    portrait.save()
    return portrait
