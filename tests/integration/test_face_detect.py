"""The service's own contract on top of the local detector, as the service's clients see it."""

from __future__ import annotations

import importlib.util
import json
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from emojicheck import intake, judging, tasks
from emojicheck.models import Portrait
from emojicheck.pictures import check_address
from tests.pictures import make_picture
from tests.standin.picture_host import PictureHost

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/api/v1/services/aigc/image2video/face-detect"
KEY = {"Authorization": "Bearer sk-any"}


def astronaut() -> bytes:
    """A real face that ships with scikit-image."""
    spec = importlib.util.find_spec("skimage")
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / "data" / "astronaut.png").read_bytes()


def ask(client: Any, body: Any, *, headers: Any = KEY, address: str = ADDRESS) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(address, text, content_type="application/json", headers=headers)


def question(image_url: str, model: str = "emoji-detect-v1", ratio: str = "1:1") -> dict[str, Any]:
    return {"model": model, "input": {"image_url": image_url}, "parameters": {"ratio": ratio}}


@pytest.fixture
def host(monkeypatch: Any) -> Iterator[PictureHost]:
    with PictureHost() as host:
        policy = host.policy()
        monkeypatch.setattr(judging, "fetch_policy", lambda: policy)
        monkeypatch.setattr(intake, "check_address", partial(check_address, policy=policy))
        host.picture = astronaut()
        yield host


@pytest.fixture
def worker() -> Iterator[None]:
    """Judges what comes, as a worker process does, for as long as the test runs."""
    done = threading.Event()

    def judge() -> None:
        try:
            while not done.wait(0.05):
                for pk in Portrait.objects.due().values_list("pk", flat=True):
                    tasks.judge_portrait.call(str(pk))
        finally:
            connection.close()

    thread = threading.Thread(target=judge)
    thread.start()
    yield
    done.set()
    thread.join()


@pytest.mark.parametrize("prefix", ["", "/qwen", "/a/relay/of/ours"])
def test_emoji_portrait_is_accepted_with_both_boxes_under_any_prefix(
    client, host, worker, prefix
) -> None:
    reply = ask(client, question(host.url()), address=prefix + ADDRESS).json()

    assert set(reply) == {"output", "usage", "request_id"}
    assert set(reply["output"]) == {"bbox_face", "ext_bbox_face"}
    assert reply["usage"] == {"image_count": 1}


def test_emo_portrait_is_accepted_in_the_other_spelling(client, host, worker) -> None:
    output = ask(client, question(host.url(), "emo-detect-v1", "3:4")).json()["output"]

    assert set(output) == {"check_pass", "face_bbox", "ext_bbox"}
    assert output["check_pass"] is True


@pytest.mark.parametrize("model", ["emoji-detect-v1", "emo-detect-v1"])
def test_rejection_is_an_answer_with_the_services_code(client, host, worker, model) -> None:
    host.picture = make_picture(600, 600)

    reply = ask(client, question(host.url(), model))

    assert reply.status_code == 200
    assert reply.json()["output"]["code"] == "InvalidFile.NoHuman"
    assert reply.json()["output"].get("check_pass") is (False if model.startswith("emo-") else None)


def test_too_small_picture_is_a_rejection_too(client, host, worker) -> None:
    host.picture = make_picture(300, 600)

    output = ask(client, question(host.url())).json()["output"]

    assert output["code"] == "InvalidFile.Resolution"


def test_address_that_leads_nowhere_is_a_failed_request(client, host, worker) -> None:
    reply = ask(client, question(host.url("/status/404")))

    assert (reply.status_code, reply.json()["code"]) == (400, "InvalidURL")
    assert set(reply.json()) == {"request_id", "code", "message"}


def test_photo_is_gone_after_the_answer(client, host, worker) -> None:
    ask(client, question(host.url()))

    portrait = Portrait.objects.get()
    assert portrait.deleted_at is not None
    assert portrait.photo.name == ""


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (question("https://example.com/a.jpg"), {}, 401, "InvalidApiKey"),
        (
            question("https://example.com/a.jpg"),
            KEY | {"X-DashScope-Async": "enable"},
            403,
            "AccessDenied",
        ),
        ("{", KEY, 400, "InvalidParameter"),
        ("[]", KEY, 400, "InvalidParameter"),
        (f'{{"model": "{"a" * 3_000_000}"}}', KEY, 400, "InvalidParameter"),
        ({"input": {}}, KEY, 400, "BadRequest.EmptyModel"),
        (question("https://example.com/a.jpg", "gpt"), KEY, 404, "ModelNotFound"),
        ({"model": "emoji-detect-v1"}, KEY, 400, "InvalidParameter"),
        (question("https://example.com/a.jpg", ratio="3:4"), KEY, 400, "InvalidParameter"),
        (question("file:///etc/passwd"), KEY, 400, "InvalidURL"),
    ],
)
def test_bad_request_is_refused_as_the_service_does(client, body, headers, status, code) -> None:
    reply = ask(client, body, headers=headers)

    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert not Portrait.objects.exists()


def test_other_methods_are_refused_as_the_service_does(client) -> None:
    reply = client.get(ADDRESS, headers=KEY)

    assert (reply.status_code, reply.json()["code"]) == (400, "InvalidParameter")


def test_photo_is_never_shown_to_the_paid_service(client, host, worker, service) -> None:
    ask(client, question(host.url()))

    assert service.calls == []


def test_nobody_there_to_judge_is_our_failure(client, host, monkeypatch) -> None:
    monkeypatch.setattr("emojicheck.api.face_detect.ANSWER_WITHIN_SECONDS", 0.3)

    reply = ask(client, question(host.url()))

    assert (reply.status_code, reply.json()["code"]) == (500, "InternalError.Timeout")
