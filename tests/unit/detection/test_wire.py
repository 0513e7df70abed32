"""What replies mean: recorded ones, and every oddity worth a rule of its own."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from emojicheck.detection.errors import (
    DetectionError,
    DetectorBusy,
    DetectorRefusedUs,
    DetectorUnreachable,
    UnreadableAnswer,
)
from emojicheck.detection.verdicts import Accepted, Answer, BBox, Reason, Rejected
from emojicheck.detection.wire import build_request, read_failure, read_reply

RECORDED = sorted((Path(__file__).parents[2] / "replies").glob("*.json"))
FACE, EXTENDED = [212, 194, 460, 441], [63, 30, 609, 575]
BOXES = {"bbox_face": FACE, "ext_bbox_face": EXTENDED}


def read(body: object, *, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_reply(status, headers or {}, content, width=1000, height=900)


def trouble(body: object, *, status: int = 200, **headers: str) -> DetectionError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with pytest.raises(DetectionError) as caught:
        read(body, status=status, headers=named)
    return caught.value


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_recorded_reply_is_understood(path: Path) -> None:
    record = json.loads(path.read_text())
    width, height = record["photo"]
    reply = (record["status"], record["headers"], json.dumps(record["body"]).encode())

    try:
        found = _told(read_reply(*reply, width=width, height=height))
    except DetectionError as error:
        found = _told_of_error(error)

    assert {key: found[key] for key in record["expected"]} == record["expected"]


def _told(answer: Answer) -> dict[str, Any]:
    evidence = {"billed_images": answer.billed_images, "request_id": answer.request_id}
    match answer.verdict:
        case Accepted(face=face, extended=extended):
            boxes = {"face": list(face), "extended": list(extended)}
            return {"verdict": "accepted", **boxes, **evidence}
        case Rejected(reason=reason, code=code, message=message):
            said = {"reason": reason.value, "code": code, "message": message}
            return {"verdict": "rejected", **said, **evidence}


def _told_of_error(error: DetectionError) -> dict[str, Any]:
    names = ("retryable", "maybe_paid", "code", "request_id", "retry_after")
    return {"error": error.kind, **{name: getattr(error, name) for name in names}}


@pytest.mark.parametrize(
    ("model", "ratio"),
    [("emoji-detect-v1", "1:1"), ("emo-detect-v1", "1:1"), ("emo-detect-v1", "3:4")],
)
def test_request_has_exactly_the_documented_fields(model: str, ratio: str) -> None:
    assert build_request(model, ratio, "https://example.com/a.jpg") == {
        "model": model,
        "input": {"image_url": "https://example.com/a.jpg"},
        "parameters": {"ratio": ratio},
    }


@pytest.mark.parametrize(
    ("model", "ratio"),
    [("emoji-detect-v1", "3:4"), ("emo-detect-v1", "16:9"), ("emoji-v1", "1:1"), ("", "")],
)
def test_request_for_something_there_is_not_is_refused(model: str, ratio: str) -> None:
    with pytest.raises(ValueError, match="cannot be asked"):
        build_request(model, ratio, "https://example.com/a.jpg")


@pytest.mark.parametrize("status", [200, 202, 400, 404, 429, 500, 503])
@pytest.mark.parametrize("shape", ["top", "output", "relay"])
def test_rejection_is_an_answer_in_every_shape_at_every_status(status: int, shape: str) -> None:
    said = {"code": "InvalidFile.FullFace", "message": "whole face"}
    body = {"top": said, "output": {"output": said}, "relay": {"error": said}}[shape]

    verdict = read(body, status=status).verdict

    assert verdict == Rejected(
        reason=Reason.FACE_CUT_OFF, code="InvalidFile.FullFace", message="whole face"
    )


@pytest.mark.parametrize("face", ["bbox_face", "face_bbox"])
@pytest.mark.parametrize("extended", ["ext_bbox_face", "ext_bbox"])
def test_boxes_are_read_under_either_spelling(face: str, extended: str) -> None:
    verdict = read({"output": {face: FACE, extended: EXTENDED}}).verdict

    assert verdict == Accepted(face=BBox(*FACE), extended=BBox(*EXTENDED))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ([460, 441, 212, 194], (212, 194, 460, 441)),
        ([212, 441, 460, 194], (212, 194, 460, 441)),
        ([212.4, 193.6, 460.49, 440.51], (212, 194, 460, 441)),
        (["212", " 194 ", "460.0", "+441"], (212, 194, 460, 441)),
        ([-50, -60, 460, 441], (0, 0, 460, 441)),
        ([212, 194, 4600, 4410], (212, 194, 1000, 900)),
        ([-9000, -9000, 9000, 9000], (0, 0, 1000, 900)),
        ([0, 0, 1000, 900], (0, 0, 1000, 900)),
        ([-0.0, 0, 1, 1], (0, 0, 1, 1)),
    ],
)
def test_box_is_ordered_rounded_and_clipped(
    written: list[Any], meant: tuple[int, int, int, int]
) -> None:
    verdict = read({"output": {**BOXES, "bbox_face": written}}).verdict

    assert verdict == Accepted(face=BBox(*meant), extended=BBox(*EXTENDED))


ODD_BOXES = [
    "[]", "[1,2,3]", "[1,2,3,4,5]", "null", "{}", '"1,2,3,4"', "7", "true",
    "[NaN,1,200,200]", "[1,2,Infinity,200]", "[1,2,-Infinity,200]", "[1,2,1e400,200]",
    "[true,false,true,true]", "[[1,2,300,400]]", "[null,1,2,3]", '["a","b","c","d"]',
    '["0x10",1,200,200]', '["1_0",1,200,200]', '["1e2",1,200,200]', '["nan",1,2,3]',
    '["\\u0661",1,200,200]', '["",1,200,200]', '["1,000",1,2000,200]',
    f"[1,1,200,{'9' * 30}]", f"[1,1,200,{'9' * 5000}]", "[1,1,200,1e300]",
    "[2000,1,3000,200]", "[-300,1,-200,200]", "[1,900,200,1200]", "[5,5,5,400]", "[5,5,400,5]",
    "[0.1,5,0.2,400]",
]  # fmt: skip


@pytest.mark.parametrize("key", ["bbox_face", "ext_bbox_face"])
@pytest.mark.parametrize("odd", ODD_BOXES)
def test_box_that_is_none_or_misses_the_photo_makes_no_verdict(key: str, odd: str) -> None:
    boxes = {name: json.dumps(value) for name, value in BOXES.items()} | {key: odd}
    output = ",".join(f'"{name}":{value}' for name, value in boxes.items())
    body = f'{{"output":{{{output}}},"usage":{{"image_count":1}}}}'.encode()

    error = trouble(body)

    assert type(error) is UnreadableAnswer
    assert error.maybe_paid


@pytest.mark.parametrize("said", [False, 0, "false", "False"])
@pytest.mark.parametrize("key", ["check_pass", "pass"])
def test_a_no_outweighs_boxes(key: str, said: object) -> None:
    assert read({"output": {key: said, **BOXES}}).verdict == Rejected(reason=Reason.OTHER)


@pytest.mark.parametrize("said", [True, 1, "true", None])
def test_a_yes_or_nothing_leaves_it_to_the_boxes(said: object) -> None:
    verdict = read({"output": {"check_pass": said, **BOXES}}).verdict

    assert verdict == Accepted(face=BBox(*FACE), extended=BBox(*EXTENDED))


@pytest.mark.parametrize("said", ["", "no", 2, [], {}, [False], "FALSE?"])
def test_neither_yes_nor_no_is_no_verdict(said: object) -> None:
    assert type(trouble({"output": {"check_pass": said, **BOXES}})) is UnreadableAnswer


def test_two_contradicting_answers_count_as_no() -> None:
    output = {"check_pass": True, "pass": False, **BOXES}

    assert read({"output": output}).verdict == Rejected(reason=Reason.OTHER)


def test_code_outweighs_a_yes_and_boxes() -> None:
    output = {"check_pass": True, "code": "InvalidFile.Value", "message": "dark", **BOXES}

    assert read({"output": output}).verdict == Rejected(
        reason=Reason.TOO_DARK, code="InvalidFile.Value", message="dark"
    )


@pytest.mark.parametrize("code", ["", "  ", None, 0, 200, "200", [], {}, False, 1.5])
def test_what_is_no_code_does_not_count_as_one(code: object) -> None:
    body = {"code": code, "output": {"code": code, **BOXES}}

    assert read(body).verdict == Accepted(face=BBox(*FACE), extended=BBox(*EXTENDED))


def test_failure_is_none_of_the_photo_even_beside_a_no() -> None:
    output = {"check_pass": False, "code": "InternalError", "message": "try again"}

    assert type(trouble({"output": output})) is DetectorUnreachable


def test_new_code_of_the_family_is_a_rejection_for_another_reason_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        verdict = read({"code": "InvalidFile.Hat", "message": "no hats"}, status=400).verdict

    assert verdict == Rejected(reason=Reason.OTHER, code="InvalidFile.Hat", message="no hats")
    assert [record.getMessage() for record in caplog.records] == [
        "The service rejected a photo with an unknown code InvalidFile.Hat: no hats"
    ]


def test_unknown_code_within_an_answer_is_a_rejection_for_another_reason() -> None:
    verdict = read({"output": {"code": "Hat", "message": "no hats"}}).verdict

    assert verdict == Rejected(reason=Reason.OTHER, code="Hat", message="no hats")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, UnreadableAnswer),
        (400, UnreadableAnswer),
        (418, UnreadableAnswer),
        (401, DetectorRefusedUs),
        (402, DetectorRefusedUs),
        (403, DetectorRefusedUs),
        (404, DetectorRefusedUs),
        (405, DetectorRefusedUs),
        (408, DetectorUnreachable),
        (429, DetectorBusy),
        (500, DetectorUnreachable),
        (502, DetectorUnreachable),
        (503, DetectorUnreachable),
        (504, DetectorUnreachable),
        (599, DetectorUnreachable),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        b"<html>Bad Gateway</html>",
        b"",
        b"{}",
        b"null",
        b"[]",
        b'"text"',
        b'{"detail":"sorry"}',
        b'{"error":"sorry"}',
        b'{"output":null}',
        b'{"output":[]}',
        b'{"code":"Unheard.Of","message":"?"}',
        b'{"error":{"code":null,"message":"?"}}',
    ],
)
def test_status_decides_when_the_body_says_nothing(
    status: int, kind: type[DetectionError], body: bytes
) -> None:
    assert type(trouble(body, status=status)) is kind


@pytest.mark.parametrize(
    ("status", "body", "maybe_paid"),
    [
        (200, b"", True),
        (200, b"{}", True),
        (400, b"{}", False),
        (502, b"<html>", False),
        (504, b"<html>", True),
        (504, b'{"code":"InternalError.Timeout"}', False),
        (200, b'{"code":"InternalError"}', False),
        (200, b'{"code":"InternalError","usage":{"image_count":1}}', True),
        (200, b'{"code":"InternalError","usage":{"image_count":0}}', False),
    ],
)
def test_reply_without_verdict_may_have_cost_money_when_it_came_from_an_answered_call(
    status: int, body: bytes, *, maybe_paid: bool
) -> None:
    assert trouble(body, status=status).maybe_paid is maybe_paid


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 50_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"output":{"check_pass":true,"check_pass":false}}',
        b'{"request_id":"a","request_id":"a"}',
        b" " * 1_000_001,
        b'{"output":{}} trailing',
        b"\x00",
        b"\xff\xfe{\x00}\x00",
        b'{"output":',
    ],
    ids=["deep list", "deep object", "twice", "twice the same", "long", "tail", "NUL", "UTF-16",
         "half"],
)  # fmt: skip
def test_json_that_cannot_be_trusted_is_no_answer(body: bytes) -> None:
    error = trouble(body)

    assert type(error) is UnreadableAnswer
    assert error.raw == body[:4096]


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf{"output":%s}',
        b'{"output":%s,"seed":' + b"9" * 5000 + b"}",
        b'{"output":%s,"score":NaN}',
        b'{"output":%s,"note":"\xff\xfe"}',
        b'{"output":%s,"note":"\\ud83d"}',
    ],
    ids=["byte order mark", "5000 digits", "NaN", "not UTF-8", "lone surrogate"],
)
def test_oddity_beside_the_verdict_does_not_lose_it(body: bytes) -> None:
    answer = read(body % json.dumps(BOXES).encode())

    assert answer.verdict == Accepted(face=BBox(*FACE), extended=BBox(*EXTENDED))


def test_text_is_made_storable_and_cut() -> None:
    output = {
        "code": "Odd\x00\ud83d " + "c" * 300,
        "message": "a\x00b\ud83d\n<script>‮" + "m" * 2000,
    }

    answer = read({"output": output, "request_id": "r\x00" + "q" * 300})

    assert isinstance(answer.verdict, Rejected)
    assert answer.verdict.code == "Odd " + "c" * 96
    assert answer.verdict.message == "a b <script> " + "m" * 987
    assert answer.request_id == "r " + "q" * 98


def test_api_key_in_an_error_is_not_repeated() -> None:
    error = trouble(
        {"error": {"code": "invalid_api_key", "message": "Incorrect key: sk-abcdef0123456789."}},
        status=401,
    )

    assert error.detail == "HTTP 401 invalid_api_key: Incorrect key: sk-…."


@pytest.mark.parametrize(
    "name", ["x-request-id", "Request-Id", "X-DashScope-Request-Id", "X-Acs-Request-Id"]
)
def test_request_id_comes_from_a_header_when_the_body_has_none(name: str) -> None:
    assert read({"output": BOXES}, headers={name: "from-header"}).request_id == "from-header"


def test_request_id_of_the_body_comes_first() -> None:
    answer = read({"output": BOXES, "request_id": "body"}, headers={"x-request-id": "header"})

    assert answer.request_id == "body"


@pytest.mark.parametrize(
    ("usage", "billed"),
    [
        ({"image_count": 1}, 1),
        ({"image_count": 0}, 0),
        ({"image_count": "2"}, 2),
        ({"image_count": 1.0}, 1),
        ({"image_count": 1.5}, 1),
        ({"image_count": -1}, 1),
        ({"image_count": 10**9}, 1),
        ({"image_count": True}, 1),
        ({"image_count": None}, 1),
        ({}, 1),
        ([], 1),
        (None, 1),
        ("1", 1),
    ],
)
def test_bill_is_what_usage_says_or_one(usage: object, billed: int) -> None:
    assert read({"output": BOXES, "usage": usage}).billed_images == billed


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry_After": "3"}, 3.0),
        ({"retry_after": " 2.5 "}, 2.5),
        ({"Retry_After": "0"}, 0.0),
        ({"Retry_After": "-5"}, None),
        ({"Retry_After": "999999"}, 3600.0),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "nan"}, None),
        (
            {
                "Retry_After": "Fri, 20 Nov 2026 10:00:30 GMT",
                "Date": "Fri, 20 Nov 2026 10:00:00 GMT",
            },
            30.0,
        ),
        (
            {
                "Retry_After": "Fri, 20 Nov 2026 09:00:00 GMT",
                "Date": "Fri, 20 Nov 2026 10:00:00 GMT",
            },
            None,
        ),
        ({"Retry_After": "Fri, 20 Nov 2026 10:00:30 GMT"}, None),
        ({"Retry_After": "Fri, 20 Nov 99999999999999999999 10:00:30 GMT"}, None),
        (
            {
                "Retry_After": "Fri, 20 Nov 2026 10:00:30 -0000",
                "Date": "Fri, 20 Nov 2026 10:00:00 GMT",
            },
            None,
        ),
    ],
)
def test_pause_that_is_asked_for_is_carried(headers: dict[str, str], seconds: float | None) -> None:
    error = trouble({"code": "Throttling", "message": "slow down"}, status=429, **headers)

    assert error.retry_after == seconds


def test_failure_can_be_read_where_no_verdict_was_expected() -> None:
    refused = read_failure(
        401, {}, b'{"code":"InvalidApiKey","message":"Invalid API-key provided."}'
    )
    page = read_failure(503, {}, b"<html>")
    odd = read_failure(200, {}, b'{"data":{}}')

    assert [type(refused), type(page), type(odd)] == [
        DetectorRefusedUs,
        DetectorUnreachable,
        UnreadableAnswer,
    ]
