from __future__ import annotations

import pytest

from emojicheck.detection.verdicts import Measurement, Reason
from emojicheck.models import Detection
from emojicheck.presentation.checks import check, checks, own_limit, reason_of, summary


def measured(rule: str, value: float | None, **limits: float) -> Measurement:
    low, high = limits.get("low"), limits.get("high")
    failed = value is not None and (
        (low is not None and value < low) or (high is not None and value > high)
    )
    return Measurement(id=rule, value=value, low=low, high=high, passed=not failed)


@pytest.mark.parametrize(
    ("measurement", "value", "limit"),
    [
        (measured("faces", 2, low=1, high=1), "2", "exactly 1"),
        (measured("face_width", 0.364, low=0.12, high=0.85), "36 %", "12 % to 85 %"),
        (measured("face_cut_off", 0.21, high=0.04), "21 %", "up to 4 %"),
        (measured("blur", 0.0111, low=0.0501), "0.01", "from 0.05"),
        (measured("light", 12.4, low=28), "12", "from 28"),
        (measured("yaw", -26.4, low=-17, high=17), "26°", "up to 17°"),
        (measured("pitch", -30, low=-26, high=24), "30°", "up to 26°"),
        (measured("pitch", 12, low=-26, high=24), "12°", "up to 24°"),
        (measured("hand_near_face", None, low=0.5), "no hand", "from 0.5 faces away"),
        (measured("hand_near_face", 0.0, low=0.5), "at the face", "from 0.5 faces away"),
        (measured("hand_near_face", 0.31, low=0.5), "0.3 faces away", "from 0.5 faces away"),
        (measured("covered", 2.0, high=1), "2", "up to 1"),
        (measured("mouth_open", 0.62, high=0.33), "62 %", "up to 33 %"),
    ],
)
def test_values_and_limits_are_written_in_their_units(
    measurement: Measurement, value: str, limit: str
) -> None:
    row = check(measurement)

    assert (row.value, row.limit) == (value, limit)


def test_an_unknown_rule_is_shown_under_its_id() -> None:
    row = check(measured("hat_size", 7.5, low=1))

    assert (row.label, row.value, row.limit) == ("hat_size", "7.5", "from 1")
    assert reason_of(measured("hat_size", 0, low=1)) is None


def test_a_rule_without_limits_and_value_is_shown_with_dashes() -> None:
    row = check(measured("hat_size", None))

    assert (row.value, row.limit) == ("–", "")
    assert own_limit(measured("hat_size", None)) == ""


@pytest.mark.parametrize(
    ("measurement", "reason"),
    [
        (measured("faces", 0, low=1, high=1), Reason.NO_PERSON),
        (measured("faces", 3, low=1, high=1), Reason.SEVERAL_PEOPLE),
        (measured("face_width", 0.05, low=0.12, high=0.85), Reason.FACE_TOO_SMALL),
        (measured("face_width", 0.95, low=0.12, high=0.85), Reason.FACE_TOO_LARGE),
        (measured("yaw", -40, low=-17, high=17), Reason.HEAD_TURNED),
        (measured("wink", 0.3, high=0.11), Reason.STRONG_EXPRESSION),
    ],
)
def test_a_failed_rule_means_a_reason(measurement: Measurement, reason: Reason) -> None:
    assert reason_of(measurement) == reason


def test_what_failed_comes_first_and_the_service_has_a_row() -> None:
    own = Detection(
        detector="local",
        outcome="accepted",
        measurements=[
            {"id": "faces", "value": 1, "low": 1, "high": 1, "passed": True},
            {"id": "roll", "value": 20, "low": -15, "high": 15, "passed": False},
        ],
    )
    service = Detection(detector="dashscope", outcome="rejected", code="InvalidFile.FacePose")

    rows = checks([own, service])

    assert [(row.id, row.source, row.value) for row in rows] == [
        ("roll", "local", "20°"),
        ("verdict", "service", "not accepted"),
        ("faces", "local", "1"),
    ]
    assert summary(rows) == "1 of 3 fine"


def test_an_acceptance_of_the_service_is_a_row_that_passed() -> None:
    (row,) = checks([Detection(detector="dashscope", outcome="accepted")])

    assert (row.value, row.limit, row.passed) == ("accepted", "accepted", True)


def test_a_call_without_an_answer_is_no_row() -> None:
    assert checks([Detection(detector="dashscope", outcome="failed")]) == ()
