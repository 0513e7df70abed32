"""The remote detector against the stand-in: every verdict, every fault."""

from __future__ import annotations

import io
import threading
import time
from typing import TYPE_CHECKING

import pytest

from emojicheck.detection.base import MODELS, Detector
from emojicheck.detection.dashscope import DashScopeDetector
from emojicheck.detection.errors import (
    AnswerLost,
    DetectionError,
    DetectorBusy,
    DetectorRefusedUs,
    DetectorUnreachable,
    PhotoUnreachable,
    UnreadableAnswer,
)
from emojicheck.detection.verdicts import Accepted, BBox, Reason, Rejected, Subject
from tests.standin import StandIn, steps

from .conftest import HEIGHT, WIDTH

if TYPE_CHECKING:
    from emojicheck.detection.transport import Reply
    from tests.standin.steps import Step

FACE, EXTENDED = BBox(230, 180, 470, 420), BBox(86, 22, 614, 550)
ACCEPTED = Accepted(face=FACE, extended=EXTENDED)


def about(url: str, *, model: str = "emoji-detect-v1", ratio: str = "1:1") -> Subject:
    return Subject(open=io.BytesIO, width=WIDTH, height=HEIGHT, model=model, ratio=ratio, url=url)


@pytest.fixture
def subject(standin: StandIn, picture: bytes) -> Subject:
    return about(standin.show(picture))


def test_it_is_a_detector_that_needs_an_address(detector: Detector) -> None:
    assert (detector.name, detector.needs_url) == ("dashscope", True)


@pytest.mark.parametrize(
    ("model", "ratio", "extended"),
    [
        ("emoji-detect-v1", "1:1", EXTENDED),
        ("emo-detect-v1", "1:1", BBox(68, 0, 632, 564)),
        ("emo-detect-v1", "3:4", BBox(125, 0, 575, 600)),
    ],
)
def test_good_photo_is_accepted_by_each_model(
    standin: StandIn,
    detector: DashScopeDetector,
    picture: bytes,
    model: str,
    ratio: str,
    extended: BBox,
) -> None:
    answer = detector.detect(about(standin.show(picture), model=model, ratio=ratio))

    assert answer.verdict == Accepted(face=FACE, extended=extended)
    assert answer.billed_images == 1
    assert len(answer.request_id) == 36
    assert len(standin.paid_calls) == 1


def test_every_model_and_ratio_is_tried_above() -> None:
    assert MODELS == {"emoji-detect-v1": ("1:1",), "emo-detect-v1": ("1:1", "3:4")}


@pytest.mark.parametrize("prefix", ["", "/qwen", "/a/b/c"])
@pytest.mark.parametrize("ending", ["", "/", "/api/v1", "/api/v1/"])
def test_base_url_may_have_any_prefix_and_ending(picture: bytes, prefix: str, ending: str) -> None:
    with StandIn(prefix=prefix, limit=False) as standin:
        detector = DashScopeDetector(api_key=standin.key, base_url=standin.base_url + ending)
        answer = detector.detect(about(standin.show(picture)))

    assert answer.verdict == ACCEPTED
    assert standin.calls[0].path == f"{prefix}/api/v1/services/aigc/image2video/face-detect"


def test_photo_on_the_web_is_asked_about_without_special_headers(
    standin: StandIn, detector: DashScopeDetector, subject: Subject
) -> None:
    detector.detect(subject)

    assert [name for name in standin.calls[0].headers if name.startswith("x-")] == []


def test_photo_in_the_temporary_store_is_asked_about_with_the_resolve_header(
    standin: StandIn, detector: DashScopeDetector
) -> None:
    with pytest.raises(PhotoUnreachable):
        detector.detect(about("oss://nowhere/a.jpg"))

    special = {
        name: value for name, value in standin.calls[0].headers.items() if name.startswith("x-")
    }
    assert special == {"x-dashscope-ossresourceresolve": "enable"}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("shape", ["documented", "output_400", "top_400", "relay"])
def test_rejection_is_understood_in_each_shape(
    standin: StandIn, detector: DashScopeDetector, picture: bytes, model: str, shape: steps.Shape
) -> None:
    standin.script(steps.rejected("InvalidFile.MultiHuman", shape))

    answer = detector.detect(about(standin.show(picture), model=model))

    assert isinstance(answer.verdict, Rejected)
    assert answer.verdict.reason is Reason.SEVERAL_PEOPLE
    assert answer.verdict.code == "InvalidFile.MultiHuman"
    assert answer.billed_images == len(standin.paid_calls)


def test_rejection_without_words_is_a_rejection(
    standin: StandIn, detector: DashScopeDetector, subject: Subject
) -> None:
    standin.script(steps.rejected(shape="empty"))

    answer = detector.detect(subject)

    assert answer.verdict == Rejected(reason=Reason.OTHER)
    assert answer.billed_images == 1


def test_photo_of_the_wrong_size_is_rejected(
    standin: StandIn, detector: DashScopeDetector, small_picture: bytes
) -> None:
    answer = detector.detect(about(standin.show(small_picture)))

    assert isinstance(answer.verdict, Rejected)
    assert answer.verdict.reason is Reason.WRONG_DIMENSIONS


@pytest.mark.parametrize("kind", ["swapped", "floats", "strings"])
def test_odd_but_readable_boxes_are_put_in_order(
    standin: StandIn, detector: DashScopeDetector, subject: Subject, kind: str
) -> None:
    standin.script(steps.boxes(kind))

    assert detector.detect(subject).verdict == ACCEPTED


def test_boxes_larger_than_the_photo_are_clipped(
    standin: StandIn, detector: DashScopeDetector, subject: Subject
) -> None:
    standin.script(steps.boxes("overhanging"))

    whole = BBox(0, 0, WIDTH, HEIGHT)
    assert detector.detect(subject).verdict == Accepted(face=whole, extended=whole)


def test_empty_code_beside_boxes_is_no_rejection(
    standin: StandIn, detector: DashScopeDetector, subject: Subject
) -> None:
    standin.script(steps.empty_code())

    assert detector.detect(subject).verdict == ACCEPTED


READABLE_BOXES = {"swapped", "floats", "strings", "overhanging"}
FAULTS: list[tuple[Step, type[DetectionError], bool, bool]] = [
    # step, what it is to us, whether to try again, whether it may have cost money
    (steps.failed("Throttling.RateQuota"), DetectorBusy, True, False),
    (steps.failed("Throttling.RateQuota", shape="output", status=200), DetectorBusy, True, False),
    (steps.failed("Throttling.AllocationQuota", "free"), DetectorRefusedUs, False, False),
    (steps.failed("PostpaidBillOverdue"), DetectorRefusedUs, False, False),
    (steps.failed("Arrearage"), DetectorRefusedUs, False, False),
    (steps.failed("ModelNotFound", shape="relay"), DetectorRefusedUs, False, False),
    (steps.failed("InternalError"), DetectorUnreachable, True, False),
    (steps.failed("InternalError.Algo", "content-length"), PhotoUnreachable, False, False),
    (steps.failed("InvalidURL.Timeout"), PhotoUnreachable, True, False),
    (steps.failed("Never.Heard.Of"), UnreadableAnswer, False, False),
    (steps.html(502), DetectorUnreachable, True, False),
    (steps.html(504), DetectorUnreachable, True, True),
    (steps.html(403), DetectorRefusedUs, False, False),
    (steps.html(200), UnreadableAnswer, False, True),
    (steps.empty(), UnreadableAnswer, False, True),
    (steps.truncated(), UnreadableAnswer, False, True),
    (steps.huge(), UnreadableAnswer, False, True),
    (steps.deep(), UnreadableAnswer, False, True),
    (steps.duplicate_keys(), UnreadableAnswer, False, True),
    (steps.redirect(), DetectorRefusedUs, False, False),
    (steps.drop(), AnswerLost, True, True),
    (steps.cut(), AnswerLost, True, True),
    (steps.reset(), AnswerLost, True, True),
    *(
        (steps.boxes(kind), UnreadableAnswer, False, True)
        for kind in steps.BOX_ODDITIES
        if kind not in READABLE_BOXES
    ),
]


@pytest.mark.parametrize(
    ("step", "kind", "retryable", "maybe_paid"), FAULTS, ids=[fault[0].name for fault in FAULTS]
)
def test_fault_is_told_for_what_it_is(
    standin: StandIn,
    detector: DashScopeDetector,
    subject: Subject,
    step: Step,
    kind: type[DetectionError],
    *,
    retryable: bool,
    maybe_paid: bool,
) -> None:
    standin.script(step)

    with pytest.raises(DetectionError) as caught:
        detector.detect(subject)

    error = caught.value
    assert (type(error), error.retryable, error.maybe_paid) == (kind, retryable, maybe_paid)
    assert len(standin.calls) == 1


@pytest.mark.parametrize("step", [steps.hang(), steps.slow(2), steps.drip()], ids=lambda s: s.name)
def test_silence_is_left_at_the_deadline_and_never_asked_again(
    standin: StandIn, hasty_detector: DashScopeDetector, subject: Subject, step: Step
) -> None:
    standin.script(step)
    started = time.monotonic()

    with pytest.raises(AnswerLost) as caught:
        hasty_detector.detect(subject)

    assert caught.value.maybe_paid
    assert time.monotonic() - started < 2
    assert len(standin.calls) == 1


def test_slow_answer_within_the_deadline_is_taken(
    standin: StandIn, detector: DashScopeDetector, subject: Subject
) -> None:
    standin.script(steps.slow(0.3))

    assert detector.detect(subject).verdict == ACCEPTED


def test_pause_the_service_asks_for_is_carried(
    standin: StandIn, detector: DashScopeDetector, subject: Subject
) -> None:
    standin.script(steps.failed("Throttling", retry_after="4"))

    with pytest.raises(DetectorBusy) as caught:
        detector.detect(subject)

    assert caught.value.retry_after == 4.0


def test_service_that_is_not_there_costs_nothing(subject: Subject) -> None:
    with StandIn() as gone:
        pass
    detector = DashScopeDetector(api_key="sk-1", base_url=gone.base_url, connect_seconds=1)

    with pytest.raises(DetectorUnreachable) as caught:
        detector.detect(subject)

    assert not caught.value.maybe_paid


def test_wrong_key_is_the_operators_matter(standin: StandIn, subject: Subject) -> None:
    detector = DashScopeDetector(api_key="sk-wrong-secret", base_url=standin.base_url)

    with pytest.raises(DetectorRefusedUs) as caught:
        detector.detect(subject)

    assert caught.value.code == "InvalidApiKey"
    assert "sk-wrong" not in repr(caught.value) + repr(vars(detector.read)) + repr(detector)


def test_photo_that_cannot_be_fetched_is_not_the_photos_fault(
    standin: StandIn, detector: DashScopeDetector
) -> None:
    with pytest.raises(PhotoUnreachable):
        detector.detect(about(standin.origin + "/pictures/nowhere"))

    assert standin.paid_calls == []


def test_photo_without_an_address_is_not_asked_about(
    standin: StandIn, detector: DashScopeDetector
) -> None:
    with pytest.raises(PhotoUnreachable) as caught:
        detector.detect(about(""))

    assert not caught.value.retryable
    assert standin.calls == []


def test_raw_reply_is_handed_over_before_it_is_read(
    standin: StandIn, detector: DashScopeDetector, subject: Subject
) -> None:
    standin.script(steps.html(200))
    kept: list[Reply] = []

    with pytest.raises(UnreadableAnswer):
        detector.detect(subject, on_reply=kept.append)

    assert [(reply.status, reply.body[:15]) for reply in kept] == [(200, b"<!doctype html>")]


def test_kept_reply_can_be_read_again_without_asking(
    standin: StandIn, detector: DashScopeDetector, subject: Subject
) -> None:
    reply = detector.ask(subject)

    assert detector.read(reply, subject) == detector.read(reply, subject)
    assert len(standin.calls) == 1


@pytest.mark.parametrize(
    ("api_key", "base_url"),
    [("", "https://example.com"), ("sk-1\n", "example.com"), ("sk 1", "https://example.com")],
)
def test_settings_that_cannot_work_are_refused_at_once(api_key: str, base_url: str) -> None:
    with pytest.raises(ValueError, match=r"must|API key"):
        DashScopeDetector(api_key=api_key, base_url=base_url)


def test_one_detector_serves_many_threads(
    standin: StandIn, detector: DashScopeDetector, subject: Subject
) -> None:
    verdicts = []

    def ask() -> None:
        verdicts.append(detector.detect(subject).verdict)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verdicts == [ACCEPTED] * 8
