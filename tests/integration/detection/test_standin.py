"""The stand-in keeps the service's contract, so that passing against it means something."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.standin import StandIn, steps
from tests.standin.replies import Sent

ROOT = Path(__file__).parents[3]
PATH = "/api/v1/services/aigc/image2video/face-detect"
GOOD = {"Authorization": "Bearer sk-standin", "Content-Type": "application/json"}


def call(
    standin: StandIn,
    body: object,
    *,
    method: str = "POST",
    path: str = PATH,
    headers: dict[str, str] | None = None,
) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection(standin.base_url.split("/")[2], timeout=10)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    try:
        connection.request(method, path, content, GOOD if headers is None else headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def question(url: str, **changes: object) -> dict[str, Any]:
    asked = {
        "model": "emoji-detect-v1",
        "input": {"image_url": url},
        "parameters": {"ratio": "1:1"},
    }
    return {key: value for key, value in {**asked, **changes}.items() if value is not None}


def test_good_call_is_answered_as_documented(standin: StandIn, picture: bytes) -> None:
    status, reply = call(standin, question(standin.show(picture)))

    assert status == 200
    assert reply.pop("request_id")
    assert reply == {
        "output": {"bbox_face": [230, 180, 470, 420], "ext_bbox_face": [86, 22, 614, 550]},
        "usage": {"image_count": 1},
    }


def test_emo_model_says_yes_in_so_many_words(standin: StandIn, picture: bytes) -> None:
    _, reply = call(standin, question(standin.show(picture), model="emo-detect-v1"))

    assert set(reply["output"]) == {"check_pass", "humanoid", "face_bbox", "ext_bbox"}
    assert reply["output"]["check_pass"] is True


JSON_ONLY = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("changes", "headers", "status", "code"),
    [
        ({}, JSON_ONLY, 401, "InvalidApiKey"),
        ({}, {**GOOD, "Authorization": "Basic eDp5"}, 401, "InvalidApiKey"),
        ({}, {**GOOD, "Authorization": "Bearer sk-other"}, 401, "InvalidApiKey"),
        ({}, {**GOOD, "X-DashScope-Async": "enable"}, 403, "AccessDenied"),
        ({}, {**GOOD, "Content-Type": "text/plain"}, 400, "InvalidParameter"),
        ({"model": None}, GOOD, 400, "BadRequest.EmptyModel"),
        ({"model": "emoji-v1"}, GOOD, 404, "ModelNotFound"),
        ({"input": None}, GOOD, 400, "BadRequest.EmptyInput"),
        ({"input": "x"}, GOOD, 400, "BadRequest.IllegalInput"),
        ({"input": {"url": "x"}}, GOOD, 400, "InvalidParameter"),
        ({"parameters": None}, GOOD, 400, "BadRequest.EmptyParameters"),
        ({"parameters": {"ratio": "3:4"}}, GOOD, 400, "InvalidParameter.Ratio"),
        ({"input": {"image_url": "file:///etc/passwd"}}, GOOD, 400, "InvalidURL"),
        ({"input": {"image_url": "data:image/png;base64,AA"}}, GOOD, 400, "InvalidURL"),
        ({"input": {"image_url": "oss://x"}}, GOOD, 400, "InvalidParameter.DataInspection"),
        (
            {"input": {"image_url": "http://127.0.0.1:1/a.jpg"}},
            GOOD,
            400,
            "InvalidURL.ConnectionRefused",
        ),
    ],
)
def test_bad_call_is_refused_and_free(
    standin: StandIn,
    picture: bytes,
    changes: dict[str, Any],
    headers: dict[str, str],
    status: int,
    code: str,
) -> None:
    found, reply = call(standin, question(standin.show(picture), **changes), headers=headers)

    assert (found, reply["code"]) == (status, code)
    assert "usage" not in reply
    assert standin.paid_calls == []
    assert [record.status for record in standin.calls] == [status]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
def test_body_that_is_no_object_is_refused(standin: StandIn, body: bytes) -> None:
    status, reply = call(standin, body)

    assert (status, reply["code"]) == (400, "InvalidParameter")


def test_other_methods_and_paths_are_refused(standin: StandIn) -> None:
    _, get = call(standin, {}, method="GET")
    _, elsewhere = call(standin, {}, path="/api/v1/elsewhere")

    assert get["message"] == "Request method 'GET' is not supported."
    assert elsewhere["code"] == "NotFound"


SERVED_BADLY: list[tuple[dict[str, Any], str]] = [
    ({"status": 404}, "InvalidURL"),
    ({"status": 302, "headers": {"Location": "/elsewhere"}}, "InvalidURL"),
    ({"status": 403}, "InvalidParameter.DataInspection"),
    ({"content_type": "text/html"}, "InvalidURL"),
    ({"content_type": "application/octet-stream"}, "InvalidURL"),
    ({"content_type": "image/png"}, "InvalidURL"),
    ({"declared_bytes": -1}, "InternalError.Algo"),
    ({"declared_bytes": 100_000}, "InvalidURL"),
    ({"headers": {"Content-Encoding": "gzip"}}, "InvalidURL"),
    ({"manner": "drop"}, "InvalidURL"),
    ({"manner": "cut"}, "InvalidURL"),
    ({"head": Sent(status=405)}, "InvalidURL"),
    ({"head": Sent(content_type="image/jpeg", declared_bytes=1)}, "InvalidURL"),
]


@pytest.mark.parametrize(("details", "code"), SERVED_BADLY)
def test_picture_that_is_served_badly_is_not_judged(
    standin: StandIn, picture: bytes, details: dict[str, Any], code: str
) -> None:
    _, reply = call(standin, question(standin.show(picture, **details)))

    assert reply["code"] == code
    assert standin.calls[0].problem
    assert standin.paid_calls == []


def test_what_is_no_picture_is_not_judged(standin: StandIn, picture: bytes) -> None:
    cut, text = standin.show(picture[: len(picture) // 2]), standin.show(b"<html>")

    found = [call(standin, question(url))[1]["code"] for url in (cut, text)]

    assert found == ["InvalidImage.FileFormat", "InvalidImage.FileFormat"]


def test_more_than_10_mb_is_refused(standin: StandIn, picture: bytes) -> None:
    heavy = picture + bytes(10 * 1024 * 1024)

    _, reply = call(standin, question(standin.show(heavy)))

    assert reply["code"] == "InvalidFile.Size"


def test_picture_of_the_wrong_size_is_rejected_and_paid(
    standin: StandIn, small_picture: bytes
) -> None:
    status, reply = call(standin, question(standin.show(small_picture)))

    assert (status, reply["output"]["code"]) == (200, "InvalidFile.Resolution")
    assert len(standin.paid_calls) == 1


def test_private_address_is_out_of_reach_when_told_so(picture: bytes) -> None:
    with StandIn(allow_private=False, limit=False) as standin:
        _, reply = call(standin, question(standin.show(picture)))

    assert reply["code"] == "InvalidParameter.DataInspection"


@pytest.mark.parametrize(("model", "allowed"), [("emoji-detect-v1", 1), ("emo-detect-v1", 5)])
def test_limit_is_per_model_and_second_and_can_be_switched(
    picture: bytes, model: str, allowed: int
) -> None:
    with StandIn() as standin:
        asked = question(standin.show(picture), model=model)
        started = time.monotonic()
        within = [call(standin, asked) for _ in range(allowed + 1)]
        if time.monotonic() - started > 0.9:
            pytest.skip("the machine is too busy to be too fast")
        standin.limit = False
        after, _ = call(standin, asked)

    assert [status for status, _ in within] == [200] * allowed + [429]
    assert within[-1][1]["code"] == "Throttling.RateQuota"
    assert after == 200


def test_limit_is_over_after_a_second(picture: bytes) -> None:
    with StandIn() as standin:
        asked = question(standin.show(picture))
        first, _ = call(standin, asked)
        time.sleep(1.05)
        second, _ = call(standin, asked)

    assert (first, second) == (200, 200)


def test_script_is_played_in_order_then_forgotten(standin: StandIn, picture: bytes) -> None:
    asked = question(standin.show(picture))
    standin.script(steps.failed("InternalError"), steps.rejected("InvalidFile.Value", "top_400"))

    found = [call(standin, asked)[0] for _ in range(3)]

    assert found == [500, 400, 200]


def test_step_may_be_for_one_picture_and_for_good(standin: StandIn, picture: bytes) -> None:
    other = picture + b"tail"
    standin.script(
        steps.rejected("InvalidFile.Value"), digest=hashlib.sha256(other).hexdigest(), times=None
    )

    def code(content: bytes) -> str:
        output = call(standin, question(standin.show(content)))[1]["output"]
        return str(output.get("code", ""))

    assert [code(picture), code(other), code(picture), code(other)] == [
        "",
        "InvalidFile.Value",
        "",
        "InvalidFile.Value",
    ]


def test_log_tells_what_was_asked_and_what_it_cost(standin: StandIn, picture: bytes) -> None:
    url = standin.show(picture)
    standin.script(steps.failed("InternalError"))
    for _ in range(2):
        call(standin, question(url))

    assert [(c.status, c.paid, c.image_url, c.question.model) for c in standin.calls] == [
        (500, False, url, "emoji-detect-v1"),
        (200, True, url, "emoji-detect-v1"),
    ]
    assert standin.calls[1].digest == hashlib.sha256(picture).hexdigest()
    assert standin.calls[1].payload == question(url)
    standin.clear()
    assert standin.calls == []


@pytest.mark.parametrize("name", steps.NAMED)
def test_every_step_can_be_named_on_the_command_line(name: str) -> None:
    assert steps.named(name).name.partition(":")[0] == name


def test_step_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="there are: accepted, rejected"):
        steps.named("nonsense:1")


def test_it_runs_by_hand_and_says_how_to_use_it(picture: bytes) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.standin", "--port", "0", "--prefix", "/qwen", "--fault",
         "rejected:InvalidFile.FullFace:output_400"],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    watchdog = threading.Timer(20, process.kill)
    watchdog.start()
    try:
        assert process.stdout
        told = "".join(process.stdout.readline() for _ in range(6))
        found = re.search(r"DASHSCOPE_HTTP_BASE_URL=http://(\S+)/qwen", told)
        assert found
        connection = http.client.HTTPConnection(found[1], timeout=10)
        with StandIn() as gallery:
            asked = json.dumps(question(gallery.show(picture)))
            connection.request("POST", f"/qwen{PATH}", asked, GOOD)
            response = connection.getresponse()
            reply = json.loads(response.read())
        connection.close()
    finally:
        watchdog.cancel()
        process.terminate()
        process.wait(10)
        process.stdout.close()  # type: ignore[union-attr]

    assert (response.status, reply["output"]["code"]) == (400, "InvalidFile.FullFace")


def test_wrong_option_by_hand_is_explained() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.standin", "--fault", "nonsense"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "there are: accepted" in done.stderr
