"""Whatever the service sends, reading it ends in an answer or in a DetectionError."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emojicheck.detection.catalogue import REJECTIONS
from emojicheck.detection.errors import DetectionError
from emojicheck.detection.untrusted import number, text
from emojicheck.detection.verdicts import Accepted, Answer, BBox
from emojicheck.detection.wire import read_failure, read_reply

WIDTH, HEIGHT = 700, 600

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Other tests may keep the machine busy."""

numbers = st.one_of(
    st.integers(),
    st.integers(-1000, 2000),
    st.floats(),
    st.text(max_size=5),
    st.booleans(),
    st.none(),
)
anything = st.recursive(
    st.one_of(numbers, st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(max_size=5), inner)),
    max_leaves=8,
)
codes = st.one_of(st.sampled_from([*REJECTIONS, "Throttling", "InternalError", "", "0"]), anything)
boxes = st.one_of(st.lists(numbers, min_size=3, max_size=5), anything)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


outputs = some(
    code=codes,
    message=anything,
    check_pass=anything,
    **{"pass": anything},
    bbox_face=boxes,
    face_bbox=boxes,
    ext_bbox=boxes,
    ext_bbox_face=boxes,
)
replies = some(
    code=codes,
    error_code=codes,
    message=anything,
    msg=anything,
    request_id=anything,
    output=st.one_of(outputs, anything),
    error=st.one_of(some(code=codes, message=anything, type=anything), anything),
    usage=st.one_of(some(image_count=anything), anything),
)
statuses = st.integers(100, 599)
headers = st.dictionaries(
    st.sampled_from(["Retry-After", "Date", "X-Request-Id", "Content-Type"]), st.text()
)


def outcome(status: int, headers: dict[str, str], body: bytes) -> Answer | DetectionError:
    try:
        return read_reply(status, headers, body, width=WIDTH, height=HEIGHT)
    except DetectionError as error:
        return error


def is_storable(value: str, limit: int) -> bool:
    return len(value) <= limit and value.isprintable() and value.encode("utf-8") is not None


def hold(found: Answer | DetectionError) -> None:
    """What must be true of any outcome, so that it can be stored and shown."""
    assert is_storable(found.request_id, 100)
    if isinstance(found, DetectionError):
        assert is_storable(found.code, 100)
        assert len(found.raw) <= 4096
        assert found.retry_after is None or 0 <= found.retry_after <= 3600
        return
    assert 0 <= found.billed_images <= 100
    if isinstance(found.verdict, Accepted):
        assert is_inside(found.verdict.face)
        assert is_inside(found.verdict.extended)
    else:
        assert is_storable(found.verdict.code, 100)
        assert is_storable(found.verdict.message, 1000)


def is_inside(box: BBox) -> bool:
    return 0 <= box.x1 < box.x2 <= WIDTH and 0 <= box.y1 < box.y2 <= HEIGHT


@patient
@given(statuses, headers, st.binary())
def test_any_bytes(status: int, headers: dict[str, str], body: bytes) -> None:
    hold(outcome(status, headers, body))
    hold(read_failure(status, headers, body))


@patient
@given(statuses, headers, replies)
def test_any_reply_of_nearly_the_right_shape(
    status: int, headers: dict[str, str], reply: dict[str, Any]
) -> None:
    body = json.dumps(reply).encode()

    hold(outcome(status, headers, body))
    hold(read_failure(status, headers, body))


@patient
@given(statuses, replies, st.data())
def test_any_reply_cut_anywhere(status: int, reply: dict[str, Any], data: st.DataObject) -> None:
    body = json.dumps(reply, ensure_ascii=False).encode("utf-8", "surrogatepass")

    hold(outcome(status, {}, body[: data.draw(st.integers(0, len(body)))]))


@patient
@given(
    st.lists(st.one_of(st.integers(-2000, 3000), st.floats(-2000, 3000)), min_size=4, max_size=4)
)
def test_any_numbers_make_a_box_inside_the_photo_or_none(corners: list[float]) -> None:
    output = {"bbox_face": corners, "ext_bbox_face": [0, 0, WIDTH, HEIGHT]}
    x1, x2 = sorted((round(corners[0]), round(corners[2])))
    y1, y2 = sorted((round(corners[1]), round(corners[3])))
    overlaps = max(x1, 0) < min(x2, WIDTH) and max(y1, 0) < min(y2, HEIGHT)

    found = outcome(200, {}, json.dumps({"output": output}).encode())

    hold(found)
    assert isinstance(found, Answer) is overlaps


@patient
@given(st.one_of(anything, st.text()), st.integers(1, 200))
def test_any_text_becomes_one_storable_line(value: object, limit: int) -> None:
    assert is_storable(text(value, limit=limit), limit)


@patient
@given(anything)
def test_any_value_becomes_a_finite_number_or_none(value: object) -> None:
    found = number(value)

    assert found is None or abs(found) <= 1_000_000_000
