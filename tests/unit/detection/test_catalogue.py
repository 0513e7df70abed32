"""Every code the service documents, and what it means to us."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from emojicheck.detection import catalogue
from emojicheck.detection.errors import (
    AnswerLost,
    DetectionError,
    DetectorBusy,
    DetectorRefusedUs,
    DetectorUnreachable,
    PhotoUnreachable,
    RequestNotUnderstood,
)
from emojicheck.detection.verdicts import Reason, Rejected
from emojicheck.detection.wire import read_reply
from tests.standin import catalogue as documented
from tests.standin.catalogue import Row

REASONS = {
    "InvalidFile.NoHuman": Reason.NO_PERSON,
    "InvalidFile.MultiHuman": Reason.SEVERAL_PEOPLE,
    "InvalidFile.BodyProportion": Reason.FACE_TOO_SMALL,
    "InvalidFile.Resolution": Reason.WRONG_DIMENSIONS,
    "InvalidFile.Value": Reason.TOO_DARK,
    "InvalidFile.FrontBody": Reason.HEAD_TURNED,
    "InvalidFile.FullFace": Reason.FACE_CUT_OFF,
    "InvalidFile.FacePose": Reason.HEAD_TURNED,
    "InvalidFile.FullBody": Reason.FACE_CUT_OFF,
    "InvalidFile.BodyPose": Reason.HEAD_TURNED,
    "InvalidFile.Content": Reason.NO_PERSON,
    "InvalidFile.ImageSize": Reason.WRONG_DIMENSIONS,
    "InvalidImage.ImageSize": Reason.WRONG_DIMENSIONS,
    "InvalidImageResolution": Reason.WRONG_DIMENSIONS,
    "InvalidImage.NoHumanFace": Reason.NO_PERSON,
    "InvalidFile.AspectRatio": Reason.WRONG_DIMENSIONS,
    "InvalidFile.Size": Reason.WRONG_DIMENSIONS,
    "InvalidFile.Format": Reason.UNREADABLE_FILE,
    "InvalidFile.Openerror": Reason.UNREADABLE_FILE,
    "InvalidPerson": Reason.NO_PERSON,
    "DataInspectionFailed": Reason.DECLINED,
    "data_inspection_failed": Reason.DECLINED,
    "IPInfringementSuspect": Reason.DECLINED,
    "CustomRoleBlocked": Reason.DECLINED,
    "FaqRuleBlocked": Reason.DECLINED,
}
VERDICTS = [*documented.REJECTIONS, *documented.SIBLING_REJECTIONS, *documented.MODERATION]
RETRIED_DOWNLOADS = {
    "Connection to xxx refused, please provide available URL.": 1,
    "Download xxx timeout, please check network connection.": 2,
    "Download the media resource timed out during the data inspection process.": 2,
    "Don't have authorization to access the media resource during the data inspection process.": 2,
}
"""How often the photo may be asked for again, where asking again may help."""


def label(row: Row) -> str:
    return f"{row.code}: {row.message[:30]}"


def failure(row: Row) -> DetectionError:
    body = json.dumps({"code": row.code, "message": row.message, "request_id": "r"}).encode()
    with pytest.raises(DetectionError) as caught:
        read_reply(row.status, {}, body, width=700, height=600)
    assert caught.value.code == row.code
    assert caught.value.request_id == "r"
    assert not caught.value.maybe_paid
    return caught.value


@pytest.mark.parametrize("row", VERDICTS, ids=label)
@pytest.mark.parametrize("shape", ["documented", "output", "top", "relay"])
def test_rejection_has_our_reason_and_keeps_their_words(row: Row, shape: str) -> None:
    said = {"code": row.code, "message": row.message}
    status, body = {
        "documented": (200, {"output": {"check_pass": False, **said}, "usage": {"image_count": 1}}),
        "output": (row.status, {"output": said}),
        "top": (row.status, said),
        "relay": (row.status, {"error": {**said, "type": "upstream_error"}}),
    }[shape]

    answer = read_reply(status, {}, json.dumps(body).encode(), width=700, height=600)

    assert answer.verdict == Rejected(reason=REASONS[row.code], code=row.code, message=row.message)
    assert answer.billed_images == (1 if shape == "documented" else 0)


@pytest.mark.parametrize("row", documented.BAD_REQUEST, ids=label)
def test_request_that_makes_no_sense_is_our_fault_and_final(row: Row) -> None:
    error = failure(row)

    assert (type(error), error.retryable) == (RequestNotUnderstood, False)


@pytest.mark.parametrize("row", documented.PHOTO_NOT_FETCHED, ids=label)
def test_photo_that_was_not_fetched_is_tried_again_only_where_that_may_help(row: Row) -> None:
    error = failure(row)

    assert type(error) is PhotoUnreachable
    again = RETRIED_DOWNLOADS.get(row.message, 0)
    assert (error.max_retries if error.retryable else 0) == again


@pytest.mark.parametrize("row", documented.REFUSED, ids=label)
def test_key_account_and_model_wait_for_the_operator(row: Row) -> None:
    error = failure(row)

    assert (type(error), error.retryable) == (DetectorRefusedUs, False)


@pytest.mark.parametrize("row", documented.THROTTLED, ids=label)
def test_throttling_is_retried(row: Row) -> None:
    error = failure(row)

    assert (type(error), error.retryable) == (DetectorBusy, True)


@pytest.mark.parametrize("row", documented.BROKEN, ids=label)
def test_trouble_on_their_side_is_retried(row: Row) -> None:
    error = failure(row)

    assert (type(error), error.retryable) == (DetectorUnreachable, True)


def test_rare_connection_troubles_are_final() -> None:
    found = {row.code: failure(row) for row in documented.RARE}

    assert {code: (type(error), error.retryable) for code, error in found.items()} == {
        "APIConnectionError": (DetectorUnreachable, False),
        "ClientDisconnect": (AnswerLost, False),
    }


def test_every_documented_row_is_covered_here() -> None:
    groups = [
        *VERDICTS,
        *documented.BAD_REQUEST,
        *documented.PHOTO_NOT_FETCHED,
        *documented.REFUSED,
        *documented.THROTTLED,
        *documented.BROKEN,
        *documented.RARE,
    ]

    assert sorted(groups) == sorted(documented.ALL)


def test_wording_does_not_decide_where_a_code_has_one_meaning() -> None:
    words = "timed out: free allocated quota, missing content-length of the provided url"

    found = [
        type(failure(Row(400, code, words)))
        for code in ("InternalError", "Throttling.RateQuota", "Arrearage", "InvalidURL")
    ]

    assert found == [DetectorUnreachable, DetectorBusy, DetectorRefusedUs, PhotoUnreachable]


def test_coarse_code_tells_all_that_it_may_mean() -> None:
    assert set(catalogue.reasons_behind("InvalidFile.FacePose")) == {
        Reason.HEAD_TURNED,
        Reason.HEAD_TILTED,
        Reason.STRONG_EXPRESSION,
        Reason.HAND_NEAR_FACE,
        Reason.FACE_COVERED,
    }
    assert catalogue.reasons_behind("InvalidFile.Hat") == (Reason.OTHER,)


def test_every_reason_of_ours_but_other_can_come_from_the_service() -> None:
    told = {reason for reasons in catalogue.REJECTIONS.values() for reason in reasons}

    assert told == set(Reason) - {Reason.OTHER}


def test_docs_tell_every_code_and_every_kind_of_trouble() -> None:
    docs = (Path(__file__).parents[3] / "docs" / "detectors.md").read_text()
    kinds = [kind.kind for kind in DetectionError.__subclasses__()]

    missing = [name for name in [*catalogue.REJECTIONS, *kinds] if f"`{name}`" not in docs]

    assert missing == []
