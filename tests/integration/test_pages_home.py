from __future__ import annotations

import io
import re
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from emojicheck import intake
from emojicheck.models import Portrait
from emojicheck.pictures import DecoderUnavailable
from emojicheck.presentation.samples import SAMPLES
from tests.factories import make_photo

pytestmark = pytest.mark.django_db


def upload(content: bytes | None = None, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_photo() if content is None else content)


def post(client: Client, **fields: Any) -> Any:
    return client.post("/", fields)


def test_the_first_page_is_a_form_with_a_key_of_its_own(client: Client) -> None:
    first, second = client.get("/"), client.get("/")

    keys = [
        re.findall(r'name="idempotency_key" value="([^"]{20,})"', page.content.decode())
        for page in (first, second)
    ]
    assert first.status_code == 200
    assert len(keys[0]) == 1
    assert keys[0] != keys[1]
    assert first.headers["Cache-Control"] == "private, no-store"


def test_a_photo_becomes_a_portrait_of_the_visitor(client: Client) -> None:
    reply = post(client, photo=upload(), model="emo-detect-v1", ratio="3:4")

    portrait = Portrait.objects.get()
    assert reply.status_code == 303
    assert reply.headers["Location"] == f"/portraits/{portrait.id}/"
    assert portrait.owner == f"visitor:{client.session['visitor']}"
    assert (portrait.source, portrait.model, portrait.ratio) == ("upload", "emo-detect-v1", "3:4")
    assert client.get(reply.headers["Location"]).status_code == 200


def test_a_link_becomes_a_portrait_without_a_download(client: Client) -> None:
    reply = post(client, image_url="https://example.com/me.jpg")

    portrait = Portrait.objects.get()
    assert reply.status_code == 303
    assert (portrait.source, portrait.image_url) == ("url", "https://example.com/me.jpg")
    assert not portrait.photo


@pytest.mark.parametrize("slug", SAMPLES)
def test_every_sample_can_be_tried(client: Client, slug: str) -> None:
    reply = post(client, sample=slug)

    portrait = Portrait.objects.get()
    assert reply.status_code == 303
    assert (portrait.source, portrait.sample) == ("sample", slug)
    assert (portrait.width, portrait.height) == (1024, 1024)


def test_a_sample_there_is_not_is_not_found(client: Client) -> None:
    assert post(client, sample="../../settings").status_code == 404


def test_a_second_press_leads_to_the_same_portrait(client: Client) -> None:
    replies = [post(client, photo=upload(), idempotency_key="k") for _ in range(2)]

    assert replies[0].headers["Location"] == replies[1].headers["Location"]
    assert Portrait.objects.count() == 1


def test_another_photo_in_the_old_form_is_a_new_question(client: Client) -> None:
    first = post(client, photo=upload(), idempotency_key="k")
    second = post(client, photo=upload(make_photo(500, 600)), idempotency_key="k")

    assert second.status_code == 303
    assert first.headers["Location"] != second.headers["Location"]


def test_the_old_form_after_deleting_is_a_new_question(client: Client) -> None:
    first = post(client, photo=upload(), idempotency_key="k")
    client.post(f"{first.headers['Location']}delete/")

    second = post(client, photo=upload(), idempotency_key="k")

    assert first.headers["Location"] != second.headers["Location"]
    assert client.get(second.headers["Location"]).status_code == 200


def refused(reply: Any) -> str:
    assert reply.status_code == 422
    assert Portrait.objects.count() == 0
    return re.sub(r"\s+", " ", reply.content.decode())


def gif() -> bytes:
    buffer = io.BytesIO()
    Image.new("P", (500, 500)).save(buffer, "GIF")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"hello", "This is a text file, not a photo."),
        (gif(), "This file is of the kind GIF."),
        (make_photo(320, 240), "Your photo is 320 × 240 pixels; each side needs at least 400."),
        (make_photo()[:2000], "The file is damaged"),
    ],
)
def test_a_file_that_will_not_do_is_told_beside_the_field(
    client: Client, content: bytes, words: str
) -> None:
    page = refused(post(client, photo=upload(content)))

    assert words in page
    assert 'aria-describedby="photo-help photo-wrong" aria-invalid="true"' in page


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("https://example.com:8443/me.jpg", "Links with a port number are not fetched."),
        (
            "https://me:secret@example.com/me.jpg",
            "Links with a user name or password are not fetched.",
        ),
        ("example.com/me.jpg", "It begins with http:// or https://"),
    ],
)
def test_what_is_the_matter_with_a_link_is_told(client: Client, link: str, words: str) -> None:
    assert words in refused(post(client, image_url=link))


def test_a_malformed_link_is_told_beside_its_field_and_kept(client: Client) -> None:
    page = refused(post(client, image_url='ftp://"><script>'))

    assert "This is not a complete link to a photo." in page
    assert 'value="ftp://&quot;&gt;&lt;script&gt;" aria-invalid="true"' in page


def test_nothing_chosen_is_told(client: Client) -> None:
    assert "Choose a photo, or paste the link to one." in refused(post(client))


def test_choices_stay_as_they_were_when_the_form_comes_back(client: Client) -> None:
    page = refused(post(client, model="emo-detect-v1", ratio="3:4"))

    assert 'value="emo-detect-v1" checked' in page
    assert 'value="3:4" checked' in page


@pytest.mark.parametrize("fields", [{"model": "gpt"}, {"idempotency_key": "k" * 101}])
def test_a_form_that_was_tampered_with_is_answered_in_words(
    client: Client, fields: dict[str, str]
) -> None:
    page = refused(post(client, photo=upload(), **fields))

    assert "Something in the form got lost." in page


def test_too_many_photos_in_an_hour_are_told_when_to_come_back(
    client: Client, settings: Any
) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1
    with time_machine.travel("2026-11-20 12:50:00Z", tick=False):
        post(client, photo=upload())

        reply = post(client, photo=upload())

    assert reply.status_code == 429
    assert reply.headers["Retry-After"] == "600"
    assert "Try again in 10 min." in reply.content.decode()


@pytest.mark.parametrize("trouble", [DecoderUnavailable("no memory"), OSError("disk full")])
def test_trouble_of_ours_is_never_the_photos_fault(
    client: Client, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def broken(_photo: bytes, **_: Any) -> None:
        raise trouble

    monkeypatch.setattr(intake, "read_picture", broken)

    reply = post(client, photo=upload())

    assert reply.status_code == 503
    assert "That was us, not your photo" in reply.content.decode()
    assert reply.headers["Retry-After"] == "30"


def test_a_refused_photo_leaves_nothing_behind(client: Client) -> None:
    before = default_storage.exists("photos")

    post(client, photo=upload(b"hello"))

    assert default_storage.exists("photos") == before


def test_a_form_without_its_token_is_refused_in_words() -> None:
    strict = Client(enforce_csrf_checks=True)

    reply = strict.post("/", {"photo": upload()})

    assert reply.status_code == 403
    assert "That form was too old" in reply.content.decode()


def test_other_methods_are_not_allowed(client: Client) -> None:
    assert client.put("/").status_code == 405
