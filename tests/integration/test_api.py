"""The JSON API, as a program sees it."""

from __future__ import annotations

import io
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from emojicheck import intake
from emojicheck.bodies import REFUSED
from emojicheck.models import Portrait, State
from tests.factories import EXTENDED, FACE, make_photo, make_portrait

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/portraits"


def upload(client: Any, photo: bytes | None = None, *, headers: Any = None, **fields: str) -> Any:
    content = make_photo() if photo is None else photo
    data = {"photo": SimpleUploadedFile("me.jpg", content), **fields}
    return client.post(ADDRESS, data, headers=headers)


def link(client: Any, body: Any, **headers: str) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(ADDRESS, text, content_type="application/json", headers=headers)


def test_uploaded_photo_is_taken_and_its_address_is_told(client: Any, settings: Any) -> None:
    reply = upload(client)

    portrait = Portrait.objects.get()
    assert reply.status_code == 202
    assert reply.json() == {
        "id": str(portrait.id),
        "state": "waiting",
        "url": f"{settings.SITE_URL}/api/v1/portraits/{portrait.id}",
    }
    assert (portrait.source, portrait.model, portrait.ratio) == ("api", "emoji-detect-v1", "1:1")


def test_linked_photo_is_taken(client: Any) -> None:
    wish = {"image_url": "https://example.com/a.jpg", "model": "emo-detect-v1", "ratio": "3:4"}

    reply = link(client, wish)

    portrait = Portrait.objects.get()
    assert reply.status_code == 202
    assert (portrait.image_url, portrait.model, portrait.ratio) == tuple(wish.values())


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "json"),
        ("[" * 100_000, 400, "json"),
        ("[]", 422, "field"),
        ({}, 422, "field"),
        ({"image_url": 7}, 422, "field"),
        ({"image_url": "https://example.com/a.jpg", "model": "gpt"}, 422, "field"),
        ({"image_url": "https://example.com/a.jpg", "ratio": "3:4"}, 422, "ratio"),
        ({"image_url": "ftp://example.com/a.jpg"}, 422, "bad_url"),
        ({"image_url": ""}, 422, "bad_url"),
    ],
)
def test_bad_link_is_refused_in_words(client: Any, body: Any, status: int, code: str) -> None:
    reply = link(client, body)

    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert reply.json()["message"].endswith(".")
    assert not Portrait.objects.exists()


def test_refused_photo_is_told_with_its_numbers(client: Any) -> None:
    reply = upload(client, make_photo(399, 500))

    assert reply.status_code == 422
    assert reply.json()["code"] == "too_small"
    assert reply.json()["facts"] == {"width": 399, "height": 500, "limit": 400}


def test_form_without_a_photo_is_refused(client: Any) -> None:
    reply = client.post(ADDRESS, {"model": "emoji-detect-v1"})

    assert (reply.status_code, reply.json()["code"]) == (422, "photo")


def test_form_with_two_photos_is_refused(client: Any) -> None:
    photos = [SimpleUploadedFile(name, make_photo()) for name in ("a.jpg", "b.jpg")]

    reply = client.post(ADDRESS, {"photo": photos})

    assert (reply.status_code, reply.json()["facts"]) == (422, {"photos": 2})
    assert reply.json()["message"] == "One photo at a time: the form has 2 fields named photo."
    assert not Portrait.objects.exists()


def test_form_with_a_photo_and_a_link_is_refused(client: Any) -> None:
    reply = upload(client, image_url="https://example.com/a.jpg")

    assert (reply.status_code, reply.json()["code"]) == (422, "image_url")
    assert reply.json()["message"] == "The form has both photo and image_url. Send one of them."
    assert not Portrait.objects.exists()


def test_other_content_types_are_refused(client: Any) -> None:
    reply = client.post(ADDRESS, b"\xff\xd8", content_type="image/jpeg")

    assert (reply.status_code, reply.json()["code"]) == (415, "content_type")


def test_same_key_gives_the_same_portrait_and_other_content_a_conflict(client: Any) -> None:
    key = {"Idempotency-Key": "one"}
    first = upload(client, headers=key)
    second = upload(client, headers=key)
    third = upload(client, make_photo(colour="#123456"), headers=key)

    assert second.json() == first.json()
    assert (third.status_code, third.json()["code"]) == (409, "idempotency_key")
    assert Portrait.objects.count() == 1


def test_overlong_key_is_refused(client: Any) -> None:
    reply = upload(client, headers={"Idempotency-Key": "k" * 256})

    assert (reply.status_code, reply.json()["code"]) == (400, "idempotency_key")


def test_limit_is_told_with_the_time_to_return(client: Any, settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1
    upload(client)

    reply = upload(client)

    assert (reply.status_code, reply.json()["code"]) == (429, "too_many")
    assert reply.headers["Retry-After"] == str(reply.json()["facts"]["retry_after_seconds"])


def test_waiting_portrait_tells_its_place(client: Any) -> None:
    portrait = make_portrait(owner="api")

    told = client.get(f"{ADDRESS}/{portrait.id}").json()

    assert (told["state"], told["place"], told["face"]) == ("waiting", 1, None)


def test_portrait_that_no_worker_takes_is_promised_no_time(client: Any) -> None:
    portrait = make_portrait(owner="api", next_try_at=timezone.now() - timedelta(minutes=1))

    told = client.get(f"{ADDRESS}/{portrait.id}").json()

    assert (told["place"], told["wait_seconds"]) == (1, None)


def test_accepted_portrait_tells_boxes_and_next_step(client: Any) -> None:
    portrait = make_portrait(owner="api", state=State.ACCEPTED)

    told = client.get(f"{ADDRESS}/{portrait.id}").json()

    assert (told["state"], told["detector"]) == ("accepted", "local")
    assert (told["face"], told["extended"]) == (list(FACE), list(EXTENDED))
    assert told["next_step"]["body"]["input"]["ext_bbox"] == list(EXTENDED)
    assert told["cost"] == "0.0000"


def test_rejected_portrait_tells_reason_and_guidance(client: Any) -> None:
    portrait = make_portrait(owner="api", state=State.REJECTED, reason="head_tilted")

    told = client.get(f"{ADDRESS}/{portrait.id}").json()

    assert (told["state"], told["reason"]) == ("rejected", "head_tilted")
    assert len(told["guidance"]["actions"]) in {1, 2, 3}


def test_failed_portrait_tells_the_trouble(client: Any) -> None:
    portrait = make_portrait(owner="api", state=State.FAILED, trouble="service")

    told = client.get(f"{ADDRESS}/{portrait.id}").json()

    assert (told["state"], told["reason"], told["trouble"]["code"]) == ("failed", None, "service")


def test_boxes_count_the_pixels_of_the_photo_whose_address_is_told(
    client: Any, settings: Any
) -> None:
    mine = {"Authorization": "Bearer mine"}
    taken = upload(client, make_photo(7200, 3600), headers=mine).json()

    told = client.get(f"{ADDRESS}/{taken['id']}", headers=mine).json()
    reply = client.get(told["photo"].removeprefix(settings.SITE_URL), headers=mine)

    with Image.open(io.BytesIO(reply.getvalue())) as image:
        assert (image.format, image.size) == ("JPEG", (told["width"], told["height"]))
    assert (told["width"], told["height"]) == (7000, 3500)
    assert reply.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer other"}])
def test_photo_of_a_secret_is_nobody_elses(client: Any, headers: dict[str, str]) -> None:
    taken = upload(client, headers={"Authorization": "Bearer mine"}).json()

    reply = client.get(f"{ADDRESS}/{taken['id']}/photo.jpg", headers=headers)

    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


def test_photo_that_is_not_here_has_no_address(client: Any) -> None:
    portrait = make_portrait(owner="api", photo=b"", image_url="https://example.com/a.jpg")

    told = client.get(f"{ADDRESS}/{portrait.id}").json()
    reply = client.get(f"{ADDRESS}/{portrait.id}/photo.jpg")

    assert told["photo"] is None
    assert (reply.status_code, reply.json()["code"]) == (404, "no_photo")


def test_portraits_of_a_secret_are_invisible_to_everybody_else(client: Any) -> None:
    mine = {"Authorization": "Bearer mine"}
    portrait_id = upload(client, headers=mine).json()["id"]
    address = f"{ADDRESS}/{portrait_id}"

    statuses = [
        client.get(address, headers=headers).status_code
        for headers in (mine, {"Authorization": "Bearer other"}, {})
    ]

    assert statuses == [200, 404, 404]


def test_visitors_portraits_are_invisible_to_programs(client: Any) -> None:
    portrait = make_portrait(owner="visitor:one")

    assert client.get(f"{ADDRESS}/{portrait.id}").status_code == 404


def test_deleted_portrait_is_gone_with_its_photo(client: Any) -> None:
    portrait = make_portrait(owner="api", state=State.ACCEPTED)
    storage, name = portrait.photo.storage, portrait.photo.name

    reply = client.delete(f"{ADDRESS}/{portrait.id}")

    assert reply.status_code == 204
    assert client.get(f"{ADDRESS}/{portrait.id}").status_code == 404
    assert not storage.exists(name)


def test_unknown_and_malformed_ids_are_not_found(client: Any) -> None:
    assert client.get(f"{ADDRESS}/{uuid.uuid4()}").status_code == 404
    assert client.get(f"{ADDRESS}/17").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/api/v1/", "/api/v1/portrait", f"{ADDRESS}/", f"{ADDRESS}/17", "/api/v2/portraits"],
)
@pytest.mark.parametrize("debug", [False, True])
def test_address_that_does_not_exist_is_told_as_json(
    client: Any, settings: Any, path: str, *, debug: bool
) -> None:
    settings.DEBUG = debug

    reply = client.get(path)

    assert (reply.status_code, reply.headers["Content-Type"]) == (404, "application/json")
    assert reply.json() == {
        "code": "not_found",
        "message": "There is nothing at this address. /api/v1/docs tells what there is.",
        "facts": {},
    }
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", ADDRESS, ["POST"]),
        ("PUT", f"{ADDRESS}/{uuid.UUID(int=7)}", ["DELETE", "GET"]),
    ],
)
def test_method_that_is_not_taken_is_told_as_json_with_those_that_are(
    client: Any, method: str, path: str, allowed: list[str]
) -> None:
    reply = client.generic(method, path)

    assert (reply.status_code, reply.json()["code"]) == (405, "method")
    assert reply.json()["facts"] == {"allow": allowed}
    assert sorted(reply.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    ("path", "host"), [(f"{ADDRESS}?a=%00", "testserver"), (ADDRESS, "evil..com"), (ADDRESS, "x")]
)
def test_request_that_is_malformed_is_told_as_json(client: Any, path: str, host: str) -> None:
    reply = client.get(path, headers={"Host": host})

    assert (reply.status_code, reply.json()["code"]) == (400, "bad_request")


def test_body_that_the_web_server_did_not_take_is_told_as_json(client: Any) -> None:
    reply = client.post(ADDRESS, **{REFUSED: True})

    assert (reply.status_code, reply.json()) == (
        413,
        {
            "code": "too_many_bytes",
            "message": "The request is larger than 64 MB; a photo may have at most 30 MB.",
            "facts": {"limit": 64_000_000},
        },
    )
    assert reply.headers["Content-Length"] == str(len(reply.content))


def test_pages_for_people_stay_pages(client: Any) -> None:
    replies = [client.get("/nothing/"), client.put("/guide/"), client.get("/api")]

    assert [reply.status_code for reply in replies] == [404, 405, 404]
    assert [reply.headers["Content-Type"].partition(";")[0] for reply in replies] == [
        "text/html"
    ] * 3


def test_mistake_of_ours_is_told_as_json(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_asked: Any) -> None:
        raise ValueError("a mistake")

    monkeypatch.setattr(intake, "receive", broken)
    client.raise_request_exception = False

    reply = upload(client)

    assert (reply.status_code, reply.json()["code"]) == (500, "broken")


def test_api_describes_itself(client: Any) -> None:
    told = client.get("/api/v1/openapi.json").json()

    assert set(told["paths"]) == {
        "/api/v1/portraits",
        "/api/v1/portraits/{portrait_id}",
        "/api/v1/portraits/{portrait_id}/photo.jpg",
    }
    assert client.get("/api/v1/docs").status_code == 200


MULTIPART = "multipart/form-data; boundary=b"
ENCODED = (
    b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n!!!!=\r\n--b--\r\n"
)
LONG = b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\n%s\r\n--b--\r\n' % (
    b"a" * 3_000_000
)
FIELDS = b"".join(
    b'--b\r\nContent-Disposition: form-data; name="%d"\r\n\r\nx\r\n' % n for n in range(1_100)
)


def test_a_photo_that_is_too_large_is_told_the_limit_and_no_size_that_is_not_its_own(
    client: Any,
) -> None:
    reply = upload(client, make_photo() + bytes(35_000_000))

    assert (reply.status_code, reply.json()["code"]) == (413, "too_many_bytes")
    assert reply.json()["message"].startswith("Your photo is larger than 30 MB. ")
    assert reply.json()["facts"] == {"limit": 30_000_000}


@pytest.mark.parametrize(
    ("body", "content_type", "problem"),
    [
        (b"x", "multipart/form-data", (400, "form")),
        (ENCODED, MULTIPART, (400, "form")),
        (FIELDS + b"--b--", MULTIPART, (400, "form")),
        (LONG, MULTIPART, (413, "too_many_bytes")),
        (b'{"image_url": "%s"}' % (b"a" * 3_000_000), "application/json", (413, "too_many_bytes")),
    ],
    ids=["no boundary", "bad encoding", "many fields", "long field", "long json"],
)
def test_row_24_body_that_cannot_be_read_is_told_as_json(
    client: Any, body: bytes, content_type: str, problem: tuple[int, str]
) -> None:
    reply = client.generic("POST", ADDRESS, body, content_type=content_type)

    assert (reply.status_code, reply.json()["code"]) == problem
    assert Portrait.objects.count() == 0


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "", "  "])
def test_secret_that_is_empty_is_none(client: Any, header: str) -> None:
    upload(client, headers={"Authorization": header})

    assert Portrait.objects.get().owner == "api"
