"""Uploading to the service's temporary store, and asking about what was uploaded."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from emojicheck.delivery.temporary import upload
from emojicheck.detection.errors import (
    DetectionError,
    DetectorBusy,
    DetectorRefusedUs,
    DetectorUnreachable,
    PhotoUnreachable,
    UnreadableAnswer,
)
from emojicheck.detection.verdicts import Accepted, Subject
from tests.standin import StandIn, steps
from tests.standin.replies import of_json, store_error
from tests.standin.steps import Step

from .conftest import HEIGHT, WIDTH

if TYPE_CHECKING:
    from emojicheck.detection.dashscope import DashScopeDetector

GRANTED = {
    "policy": "eyJl",
    "signature": "eWy=",
    "upload_dir": "dashscope-instant/1",
    "upload_host": "http://127.0.0.1:1",
    "oss_access_key_id": "LTA",
    "x_oss_object_acl": "private",
    "x_oss_forbid_overwrite": "true",
}


def send(standin: StandIn, picture: bytes, **changes: Any) -> str:
    arguments = {
        "name": "portrait.jpg",
        "model": "emoji-detect-v1",
        "api_key": standin.key,
        "base_url": standin.base_url,
        "connect_seconds": 1.0,
        "read_seconds": 1.0,
    }
    return upload(io.BytesIO(picture), **{**arguments, **changes})


def trouble(standin: StandIn, picture: bytes = b"x", **changes: Any) -> DetectionError:
    with pytest.raises(DetectionError) as caught:
        send(standin, picture, **changes)
    assert not caught.value.maybe_paid
    return caught.value


def says(status: int, code: str, message: str) -> Step:
    return Step(name=code, answer=lambda _: store_error(status, code, message))


def grants(**changes: object) -> Step:
    data = {key: value for key, value in {**GRANTED, **changes}.items() if value is not None}
    return Step(name="grants", answer=lambda _: of_json(200, {"data": data}))


@pytest.mark.parametrize("model", ["emoji-detect-v1", "emo-detect-v1"])
@pytest.mark.parametrize("prefix", ["", "/qwen"])
def test_uploaded_photo_can_be_asked_about(picture: bytes, model: str, prefix: str) -> None:
    from emojicheck.detection.dashscope import DashScopeDetector

    with StandIn(prefix=prefix) as standin:
        url = send(standin, picture, model=model)
        detector = DashScopeDetector(api_key=standin.key, base_url=standin.base_url)
        answer = detector.detect(
            Subject(open=io.BytesIO, width=WIDTH, height=HEIGHT, model=model, ratio="1:1", url=url)
        )

    assert url.startswith("oss://dashscope-instant/")
    assert isinstance(answer.verdict, Accepted)
    assert [stored.content for stored in standin.store.objects.values()] == [picture]


def test_photo_uploaded_for_one_model_is_no_use_to_the_other(
    standin: StandIn, detector: DashScopeDetector, picture: bytes
) -> None:
    url = send(standin, picture, model="emo-detect-v1")

    with pytest.raises(PhotoUnreachable):
        detector.detect(
            Subject(
                open=io.BytesIO,
                width=WIDTH,
                height=HEIGHT,
                model="emoji-detect-v1",
                ratio="1:1",
                url=url,
            )
        )


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.jpg", ".jpg"),
        ("A.JPEG", ".jpeg"),
        ("a.png", ".png"),
        ("a.exe", ".jpg"),
        ("../../etc/passwd", ".jpg"),
        ('a"\r\nX: y.webp', ".webp"),
        ("", ".jpg"),
    ],
)
def test_only_the_suffix_of_the_name_is_used(
    standin: StandIn, picture: bytes, name: str, suffix: str
) -> None:
    url = send(standin, picture, name=name)

    stem, _, found = url.rpartition("/")[2].rpartition(".")
    assert f".{found}" == suffix
    assert len(stem) == 32


def test_same_photo_can_be_uploaded_twice(standin: StandIn, picture: bytes) -> None:
    assert send(standin, picture) != send(standin, picture)


def test_photo_is_sent_byte_for_byte(standin: StandIn) -> None:
    every_byte = bytes(range(256)) * 10 + b"\r\n--\r\n"

    send(standin, every_byte)

    assert [stored.content for stored in standin.store.objects.values()] == [every_byte]


def test_leave_that_expired_is_asked_for_once_more(standin: StandIn, picture: bytes) -> None:
    expired = says(403, "AccessDenied", "Invalid according to Policy: Policy expired.")
    standin.script(expired, at="upload")

    assert send(standin, picture) in {f"oss://{key}" for key in standin.store.objects}


def test_leave_that_expires_twice_is_given_up_for_now(standin: StandIn) -> None:
    standin.store.policy_seconds = 0

    error = trouble(standin)

    assert (type(error), error.retryable) == (PhotoUnreachable, True)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (steps.failed("InvalidApiKey"), DetectorRefusedUs),
        (steps.failed("Throttling.RateQuota"), DetectorBusy),
        (steps.failed("InternalError"), DetectorUnreachable),
        (steps.html(502), DetectorUnreachable),
        (steps.html(404), DetectorRefusedUs),
        (steps.html(200), UnreadableAnswer),
        (steps.raw("{}"), UnreadableAnswer),
        (steps.raw('{"data": []}'), UnreadableAnswer),
        (steps.truncated(), UnreadableAnswer),
        (steps.deep(), UnreadableAnswer),
        (steps.huge(), UnreadableAnswer),
        (steps.drop(), DetectorUnreachable),
        (steps.hang(), DetectorUnreachable),
        (steps.redirect(), DetectorRefusedUs),
        (grants(upload_host=None), UnreadableAnswer),
        (grants(upload_host="ftp://example.com"), UnreadableAnswer),
        (grants(upload_dir="/"), UnreadableAnswer),
        (grants(policy="a\r\nb"), UnreadableAnswer),
        (grants(signature=7), UnreadableAnswer),
        (grants(oss_access_key_id=None), UnreadableAnswer),
        (grants(), DetectorUnreachable),
    ],
)
def test_trouble_with_the_leave_is_told_and_free(
    standin: StandIn, step: Step, kind: type[DetectionError]
) -> None:
    standin.script(step, at="policy")

    assert type(trouble(standin)) is kind


def test_leave_under_output_is_understood(standin: StandIn) -> None:
    step = Step(name="output", answer=lambda _: of_json(200, {"output": GRANTED}))
    standin.script(step, at="policy")

    assert type(trouble(standin)) is DetectorUnreachable  # it went on to the host, which is not


@pytest.mark.parametrize(
    ("step", "kind", "retryable"),
    [
        (says(400, "InvalidArgument", "Wrong field."), PhotoUnreachable, False),
        (says(403, "SignatureDoesNotMatch", "No."), PhotoUnreachable, False),
        (says(403, "AccessDenied", "No."), PhotoUnreachable, False),
        (says(409, "FileAlreadyExists", "Yes."), PhotoUnreachable, False),
        (says(503, "ServiceUnavailable", "Later."), DetectorUnreachable, True),
        (steps.html(502), DetectorUnreachable, True),
        (steps.html(400), PhotoUnreachable, False),
        (steps.reset(), DetectorUnreachable, True),
        (steps.hang(), DetectorUnreachable, True),
        (steps.drop(), DetectorUnreachable, True),
    ],
)
def test_trouble_with_the_store_is_told_and_free(
    standin: StandIn, step: Step, kind: type[DetectionError], *, retryable: bool
) -> None:
    standin.script(step, at="upload")

    error = trouble(standin)

    assert (type(error), error.retryable) == (kind, retryable)


def test_words_of_the_store_are_kept_for_the_operator(standin: StandIn) -> None:
    standin.script(says(400, "InvalidArgument", "Wrong field."), at="upload")

    error = trouble(standin)

    assert error.detail == "temporary store: HTTP 400 InvalidArgument: Wrong field."
    assert error.code == "InvalidArgument"
    assert len(error.request_id) == 24


def test_photo_beyond_the_limit_of_the_leave_is_not_sent(standin: StandIn) -> None:
    standin.script(grants(max_file_size_mb="1"), at="policy")

    error = trouble(standin, b"x" * 1_000_001)

    assert (type(error), error.retryable) == (PhotoUnreachable, False)


def test_leave_from_a_safe_address_does_not_lead_to_an_unsafe_one() -> None:
    from emojicheck.delivery.temporary import _read_leave
    from emojicheck.detection.transport import Reply

    reply = Reply(status=200, headers={}, body=of_json(200, {"data": GRANTED}).body, took_ms=1)

    with pytest.raises(UnreadableAnswer):
        _read_leave(reply, secure=True)


def test_wrong_key_is_the_operators_matter(standin: StandIn) -> None:
    assert type(trouble(standin, api_key="sk-other")) is DetectorRefusedUs
