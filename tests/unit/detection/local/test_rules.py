"""Every rule, fed with the numbers of an ordinary portrait in which one thing is wrong."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from emojicheck.detection.local.limits import LIMITS
from emojicheck.detection.local.rules import DETAILS, FUNDAMENTALS, judge, leading
from emojicheck.detection.local.rules.coverings import strongest_sign
from emojicheck.detection.local.rules.finding import Finding, Rank
from emojicheck.detection.local.traits import Traits
from emojicheck.detection.verdicts import Reason

from .ordinary import (
    HAND,
    ORDINARY,
    SOMEBODY,
    looking,
    making,
    posed,
    traits,
    unsteady,
)

ALL_IDS = [
    "faces",
    "face_width",
    "face_cut_off",
    "blur",
    "light",
    "yaw",
    "pitch",
    "roll",
    "hand_near_face",
    "covered",
    "mouth_open",
    "eyes_open",
    "wink",
    "brows_up",
    "mouth_shape",
]


def told(seen: Traits | None) -> Finding | None:
    return leading(judge(seen, LIMITS))


def reason(seen: Traits | None) -> Reason | None:
    finding = told(seen)
    return finding.reason if finding else None


def test_ordinary_portrait_passes_every_rule() -> None:
    findings = judge(ORDINARY, LIMITS)

    assert [f.measurement.id for f in findings] == ALL_IDS
    assert not any(f.failed for f in findings)
    assert leading(findings) is None


def test_every_rule_is_asked_once() -> None:
    assert len(FUNDAMENTALS) + len(DETAILS) == len(ALL_IDS)


def test_nothing_found_is_certainly_no_person() -> None:
    (finding,) = judge(None, LIMITS)

    assert finding.reason == Reason.NO_PERSON
    assert finding.certain
    assert finding.measurement.value == 0


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        pytest.param(traits(others=(SOMEBODY,)), Reason.SEVERAL_PEOPLE, id="a second face"),
        pytest.param(traits(width_share=0.07), Reason.FACE_TOO_SMALL, id="far away"),
        pytest.param(traits(width_share=0.9), Reason.FACE_TOO_LARGE, id="too close"),
        pytest.param(traits(outside=0.2), Reason.FACE_CUT_OFF, id="partly outside"),
        pytest.param(looking(sharpness=-1.8), Reason.TOO_BLURRED, id="blurred"),
        pytest.param(looking(light=12.0), Reason.TOO_DARK, id="dark"),
        pytest.param(posed(yaw=33.0), Reason.HEAD_TURNED, id="turned to the right"),
        pytest.param(posed(yaw=-33.0), Reason.HEAD_TURNED, id="turned to the left"),
        pytest.param(posed(pitch=-35.0), Reason.HEAD_TURNED, id="raised"),
        pytest.param(posed(pitch=35.0), Reason.HEAD_TURNED, id="lowered"),
        pytest.param(posed(roll=24.0), Reason.HEAD_TILTED, id="tilted clockwise"),
        pytest.param(posed(roll=-24.0), Reason.HEAD_TILTED, id="tilted anticlockwise"),
        pytest.param(traits(hands=(HAND,)), Reason.HAND_NEAR_FACE, id="hand at the face"),
        pytest.param(unsteady(7, "mouth", "chin"), Reason.FACE_COVERED, id="mask"),
        pytest.param(unsteady(4.5, "eye"), Reason.FACE_COVERED, id="hair over an eye"),
        pytest.param(looking(under_eyes=0.3), Reason.FACE_COVERED, id="dark glasses"),
        pytest.param(looking(foreign_colour=60.0), Reason.FACE_COVERED, id="green cloth"),
        pytest.param(making(mouth_open=0.6), Reason.STRONG_EXPRESSION, id="shouting"),
        pytest.param(
            making(eyes_open=0.09, eye_narrower=0.09), Reason.STRONG_EXPRESSION, id="eyes shut"
        ),
        pytest.param(making(eye_narrower=0.1), Reason.STRONG_EXPRESSION, id="winking"),
        pytest.param(making(brows_up=0.4), Reason.STRONG_EXPRESSION, id="brows raised"),
        pytest.param(making(corners_down=0.08), Reason.STRONG_EXPRESSION, id="pouting"),
        pytest.param(making(corners_uneven=0.09), Reason.STRONG_EXPRESSION, id="smirking"),
        pytest.param(
            making(mouth_width=0.38, upper_lip=0.14), Reason.STRONG_EXPRESSION, id="kissing"
        ),
        pytest.param(
            making(corners_down=0.04, nose_to_lip=0.09), Reason.STRONG_EXPRESSION, id="disgusted"
        ),
    ],
)
def test_one_thing_wrong_is_told_by_its_name(seen: Traits, expected: Reason) -> None:
    assert reason(seen) == expected


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(posed(yaw=12.0, roll=9.0, pitch=-12.0), id="a relaxed pose"),
        pytest.param(looking(light=52.0, lightness=33.0), id="dark skin in low light"),
        pytest.param(looking(light=100.0), id="bright light"),
        pytest.param(looking(sharpness=-1.1), id="a soft lens"),
        pytest.param(making(mouth_open=0.28, corners_down=-0.06), id="a laugh"),
        pytest.param(making(eyes_open=0.2, eye_narrower=0.19), id="narrow eyes"),
        pytest.param(unsteady(3.0, "outline", "brow"), id="a fringe"),
        pytest.param(traits(hands=(replace(HAND, away=0.8),)), id="hands in the lap"),
        pytest.param(traits(hands=(replace(HAND, presence=0.4),)), id="hardly a hand"),
        pytest.param(traits(hands=(replace(HAND, wandering=0.3),)), id="a ghost of a hand"),
        pytest.param(
            traits(hands=(replace(HAND, away=-0.4),)), id="a hand inside a face it does not hide"
        ),
        pytest.param(traits(others=(replace(SOMEBODY, size=0.3),)), id="passer-by far behind"),
        pytest.param(traits(others=(replace(SOMEBODY, away=0.3),)), id="the same face twice"),
        pytest.param(
            traits(others=(replace(SOMEBODY, presence=0.0, full=0.3),)), id="pattern like a face"
        ),
    ],
)
def test_what_people_are_like_is_accepted(seen: Traits) -> None:
    assert reason(seen) is None


def test_hand_inside_the_face_counts_when_it_hides_something() -> None:
    hidden = replace(unsteady(3.0, "mouth"), hands=(replace(HAND, away=-0.3),))

    assert reason(hidden) == Reason.HAND_NEAR_FACE


def test_profile_of_a_second_person_counts_when_both_detectors_see_it() -> None:
    profile = replace(SOMEBODY, presence=0.0, full=0.8, short=0.7)

    assert reason(traits(others=(profile,))) == Reason.SEVERAL_PEOPLE


def test_beard_may_wander_where_a_mask_may_not() -> None:
    bearded = looking(beard=0.25)
    shaven = ORDINARY
    mouth = unsteady(5.5, "mouth").jitter

    assert reason(replace(bearded, jitter=mouth)) is None
    assert reason(replace(shaven, jitter=mouth)) == Reason.FACE_COVERED


def test_beard_does_not_excuse_the_eyes() -> None:
    assert (
        reason(replace(looking(beard=0.25), jitter=unsteady(4.2, "eye").jitter))
        == Reason.FACE_COVERED
    )


def test_open_mouth_may_be_wider_in_a_smile() -> None:
    assert reason(making(mouth_open=0.25, corners_down=0.0)) == Reason.STRONG_EXPRESSION
    assert reason(making(mouth_open=0.25, corners_down=-0.06)) is None


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(traits(full=0.3, short=0.4, first_presence=0.2), id="doubted by all"),
        pytest.param(replace(unsteady(8), full=0.0), id="animal"),
        pytest.param(traits(presence=0.2), id="no face where the detector saw one"),
        pytest.param(replace(unsteady(8), found="in tiles", width_share=0.08), id="headlamp"),
        pytest.param(
            traits(found="in tiles", width_share=0.08, presence=0.6), id="small and doubtful"
        ),
        pytest.param(replace(unsteady(8), found="turned"), id="animal on its head"),
    ],
)
def test_what_only_looks_like_a_face_is_no_person(seen: Traits) -> None:
    (finding,) = judge(seen, LIMITS)

    assert finding.reason == Reason.NO_PERSON


def test_unsteady_everywhere_is_certainly_no_person() -> None:
    assert judge(replace(unsteady(8), full=0.0), LIMITS)[0].certain
    assert not judge(replace(unsteady(5), full=0.0), LIMITS)[0].certain


def test_half_hidden_face_that_the_full_range_detector_sees_is_a_covered_person() -> None:
    assert reason(unsteady(6)) == Reason.FACE_COVERED


def test_full_profile_is_a_turned_head_even_when_the_mesh_is_lost() -> None:
    profile = traits(presence=0.0, eyes_apart=0.1, nose_off=0.3, short=0.8)

    assert reason(profile) == Reason.HEAD_TURNED
    assert told(profile).rank == Rank.PROFILE  # type: ignore[union-attr]


def test_head_turned_right_away_is_told_before_blur() -> None:
    away = replace(posed(yaw=55.0), appearance=looking(sharpness=-1.8).appearance)

    assert reason(away) == Reason.HEAD_TURNED


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        pytest.param(traits(others=(SOMEBODY,)), posed(roll=30.0), id="people before tilt"),
        pytest.param(traits(outside=0.2), looking(light=5.0), id="cut off before dark"),
        pytest.param(looking(light=5.0), unsteady(7, "mouth"), id="dark before covered"),
        pytest.param(traits(hands=(HAND,)), posed(roll=30.0), id="hand before tilt"),
        pytest.param(unsteady(7, "mouth"), posed(yaw=20.0), id="mask before a slight turn"),
        pytest.param(posed(yaw=27.0), unsteady(7, "mouth"), id="plain turn before mask"),
        pytest.param(making(mouth_open=0.6), unsteady(7, "mouth"), id="shout before mask"),
        pytest.param(posed(roll=17.0), making(brows_up=0.4), id="tilt before brows"),
    ],
)
def test_the_fault_that_helps_most_is_told_first(worse: Traits, better: Traits) -> None:
    both = replace(ORDINARY, **{**changed(better), **changed(worse)})

    assert reason(both) == reason(worse)
    assert reason(both) != reason(better)


def changed(seen: Traits) -> dict[str, object]:
    names = [field.name for field in fields(Traits)]
    return {
        name: getattr(seen, name)
        for name in names
        if getattr(seen, name) is not getattr(ORDINARY, name)
    }


def test_finer_rules_are_not_asked_of_a_dark_face() -> None:
    ids = [f.measurement.id for f in judge(looking(light=5.0), LIMITS)]

    assert ids == ALL_IDS[: len(FUNDAMENTALS)]


@pytest.mark.parametrize(
    "seen",
    [
        posed(roll=30.0),
        posed(yaw=35.0),
        traits(width_share=0.05),
        traits(width_share=1.2),
        traits(outside=0.4),
        traits(hands=(HAND,)),
        looking(light=9.0),
        looking(sharpness=-2.0),
        looking(under_eyes=0.2),
        unsteady(8, "mouth"),
        making(mouth_open=0.7),
        making(eyes_open=0.05, eye_narrower=0.05),
        traits(others=(SOMEBODY,)),
    ],
)
def test_extremes_are_certain(seen: Traits) -> None:
    assert told(seen).certain  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "seen",
    [
        posed(roll=16.0),
        posed(yaw=18.0),
        posed(pitch=60.0),
        traits(width_share=0.11),
        traits(outside=0.06),
        looking(light=22.0),
        looking(sharpness=-1.4),
        looking(foreign_colour=90.0),
        unsteady(4.5, "mouth"),
        making(mouth_open=0.3),
        making(corners_down=0.2),
        traits(hands=(replace(HAND, away=0.4),)),
    ],
)
def test_what_could_be_an_ordinary_portrait_is_never_certain(seen: Traits) -> None:
    assert not any(finding.certain for finding in judge(seen, LIMITS))


def test_near_the_limit_the_measurement_says_unsure() -> None:
    (covered,) = (f for f in judge(unsteady(3.7, "cheek"), LIMITS) if f.failed)

    assert covered.measurement.certainty == "unsure"


def test_passed_and_limits_agree_where_a_rule_is_a_plain_limit() -> None:
    for f in judge(posed(yaw=16.9, roll=-14.9), LIMITS):
        m = f.measurement
        if m.value is not None and m.id != "wink":
            inside = (m.low is None or m.value >= m.low) and (m.high is None or m.value <= m.high)
            assert inside == m.passed, m


def test_strongest_sign_names_the_part() -> None:
    assert strongest_sign(unsteady(6, "brow"), LIMITS).of == "brow"
    assert strongest_sign(looking(under_eyes=0.3), LIMITS).of == "lenses"
    assert strongest_sign(looking(foreign_colour=60.0), LIMITS).of == "colour"
