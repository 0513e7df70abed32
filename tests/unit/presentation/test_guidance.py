from __future__ import annotations

import pytest

from emojicheck.detection.catalogue import REJECTIONS
from emojicheck.detection.verdicts import Measurement, Reason
from emojicheck.presentation import spoken
from emojicheck.presentation.causes import likely_causes, name_of, title_of
from emojicheck.presentation.guidance import guidance
from emojicheck.presentation.lessons import OTHER_LESSONS, SERVICE_LESSONS

TILTED = Measurement(id="roll", value=-25.6, low=-15, high=15, passed=False)
LEVEL = Measurement(id="roll", value=1.2, low=-15, high=15, passed=True)
HAND = Measurement(id="hand_near_face", value=0.1, low=0.5, passed=False)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_in_words(reason: Reason) -> None:
    told = guidance(reason)

    assert told.name
    assert told.title
    assert told.seen
    assert 1 <= len(told.actions) <= 3
    assert "%(" not in " ".join([told.title, told.seen, told.note, *told.actions])


@pytest.mark.parametrize("reason", Reason)
def test_titles_stay_short(reason: Reason) -> None:
    assert len(guidance(reason).title.split()) <= 10


@pytest.mark.parametrize("reason", Reason)
def test_no_word_blames(reason: Reason) -> None:
    told = guidance(reason)

    words = " ".join([told.title, told.seen, told.note, *told.actions]).lower()

    assert [word for word in ("failed", "invalid", "wrong ", "error") if word in words] == []


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_form_to_be_spoken(reason: Reason) -> None:
    sentence = spoken.rejected("Not accepted", guidance(reason).spoken)

    assert sentence.startswith("Not accepted: please ")
    assert 5 <= len(sentence.split()) <= 16
    assert sentence.count(".") == 1


def test_our_own_numbers_are_in_the_words() -> None:
    told = guidance(Reason.HEAD_TILTED, [TILTED])

    assert told.seen == (
        "The line through your eyes is 26° off level; up to 15° usually passes. "
        "Both eyes should be on one level line."
    )


def test_numbers_of_rules_that_passed_are_left_out() -> None:
    assert guidance(Reason.HEAD_TILTED, [LEVEL]) == guidance(Reason.HEAD_TILTED)


def test_a_low_limit_is_told_for_a_low_value() -> None:
    small = Measurement(id="face_width", value=0.065, low=0.12, high=0.85, passed=False)

    seen = guidance(Reason.FACE_TOO_SMALL, [small]).seen

    assert seen.startswith(
        "It fills 6\N{NO-BREAK SPACE}% of the width; at least 12\N{NO-BREAK SPACE}% is needed."
    )


def test_every_lesson_of_the_guide_can_be_linked_to() -> None:
    anchors = {str(lesson.reason) for lesson in (*SERVICE_LESSONS, *OTHER_LESSONS)} | {"file", ""}

    assert {guidance(reason).lesson for reason in Reason} == anchors


@pytest.mark.parametrize("code", [*REJECTIONS, "InvalidFile.Brandnew", ""])
def test_every_code_has_causes_a_name_and_a_title(code: str) -> None:
    causes = likely_causes(code, [])

    assert causes
    assert name_of(causes[0].guidance.reason, code)
    assert title_of(code)


def test_what_we_measured_ourselves_is_the_likeliest_cause() -> None:
    causes = likely_causes("InvalidFile.FacePose", [LEVEL, HAND])

    assert causes[0].guidance.reason == Reason.HAND_NEAR_FACE
    assert [cause.seen_here for cause in causes] == [True, False, False, False, False]


def test_without_measurements_causes_keep_the_usual_order() -> None:
    causes = likely_causes("InvalidFile.FacePose", [])

    assert [cause.guidance.reason for cause in causes] == list(REJECTIONS["InvalidFile.FacePose"])


def test_a_coarse_code_is_not_named_after_one_of_its_causes() -> None:
    assert name_of(Reason.HEAD_TURNED, "InvalidFile.FacePose") == "Pose of the face"
    assert name_of(Reason.SEVERAL_PEOPLE, "InvalidFile.MultiHuman") == "Several people"
    assert name_of(Reason.HEAD_TURNED, "") == "Head turned"
