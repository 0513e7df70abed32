"""Several photos in one form: each becomes a portrait, or is told why it does not."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from emojicheck import intake
from emojicheck.models import Bucket, Portrait
from emojicheck.pictures import DecoderUnavailable
from tests.factories import make_photo
from tests.naughty import SENDABLE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_our_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(content: bytes, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def photos(count: int) -> list[SimpleUploadedFile]:
    """So many files, each another photo; all have the same name."""
    return [upload(make_photo(400 + number, 400)) for number in range(count)]


def send(client: Client, files: list[SimpleUploadedFile], **fields: Any) -> Any:
    return client.post("/", {"photo": files, **fields})


def words(reply: Any) -> str:
    """What can be read on the page, on one line."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", reply.content.decode()))
    return re.sub(r"\s+", " ", text)


def test_each_photo_becomes_a_portrait_and_the_list_comes_next(client: Client) -> None:
    reply = send(client, photos(3), model="emo-detect-v1", ratio="3:4")

    assert (reply.status_code, reply.headers["Location"]) == (303, "/portraits/")
    portraits = Portrait.objects.order_by("created")
    assert [portrait.width for portrait in portraits] == [400, 401, 402]
    assert {(p.model, p.ratio, p.source) for p in portraits} == {("emo-detect-v1", "3:4", "upload")}
    assert {p.owner for p in portraits} == {f"visitor:{client.session['visitor']}"}
    assert words(client.get("/portraits/")).count("Waiting") == 3


def test_one_photo_leads_to_its_own_page_as_ever(client: Client) -> None:
    reply = send(client, photos(1))

    assert reply.headers["Location"] == f"/portraits/{Portrait.objects.get().id}/"


def test_a_second_press_makes_none_a_second_time(client: Client) -> None:
    replies = [send(client, photos(3), idempotency_key="k") for _ in range(2)]

    assert [reply.status_code for reply in replies] == [303, 303]
    assert Portrait.objects.count() == 3


def test_a_second_press_after_one_was_refused_takes_only_what_is_missing(client: Client) -> None:
    good, bad = make_photo(), b"not a photo"
    send(client, [upload(good), upload(bad)], idempotency_key="k")

    send(client, [upload(good), upload(make_photo(500, 500))], idempotency_key="k")

    assert Portrait.objects.count() == 2


def test_the_same_file_twice_is_two_questions(client: Client) -> None:
    reply = send(client, [upload(make_photo()), upload(make_photo())], idempotency_key="k")

    assert reply.status_code == 303
    assert Portrait.objects.count() == 2
    assert Portrait.objects.values("digest").distinct().count() == 1


def test_refused_ones_are_told_by_name_and_the_others_are_taken(client: Client) -> None:
    reply = send(
        client,
        [
            upload(make_photo(), "fine.jpg"),
            upload(b"", "empty.jpg"),
            upload(b"hello", "letter.txt"),
            upload(make_photo(320, 240), "small.jpg"),
        ],
    )

    assert reply.status_code == 422
    page = words(reply)
    assert "1 of 4 photos were taken See those that were taken" in page
    assert "empty.jpg The file is empty." in page
    assert "letter.txt This is a text file, not a photo." in page
    assert "small.jpg Your photo is 320 × 240 pixels" in page
    assert "fine.jpg" not in page
    assert 'href="/portraits/"' in reply.content.decode()
    assert Portrait.objects.count() == 1


def test_when_none_was_taken_nothing_stays_behind(client: Client, tmp_path: Path) -> None:
    reply = send(client, [upload(b"hello"), upload(b"")], model="emo-detect-v1", ratio="3:4")

    assert reply.status_code == 422
    assert "None of the 2 photos was taken" in words(reply)
    assert 'value="3:4" checked' in reply.content.decode()
    assert Portrait.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("count", [11, 40])
def test_more_than_ten_are_told_so_and_none_is_taken(client: Client, count: int) -> None:
    reply = send(client, photos(count))

    assert reply.status_code == 422
    told = f"These are {count} photos; at most 10 go at a time. Choose fewer."
    assert told in words(reply)
    assert Portrait.objects.count() == 0


def test_ten_are_taken(client: Client) -> None:
    assert send(client, photos(10)).status_code == 303
    assert Portrait.objects.count() == 10


def test_photos_and_a_link_together_are_one_too_many(client: Client) -> None:
    reply = send(client, photos(2), image_url="https://example.com/me.jpg")

    assert reply.status_code == 422
    assert "Choose either a file or a link, not both." in words(reply)
    assert Portrait.objects.count() == 0


def test_a_limit_half_way_leaves_what_was_taken_and_says_when_to_return(
    client: Client, settings: Any
) -> None:
    settings.SUBMISSIONS_PER_HOUR = 2
    with time_machine.travel("2026-11-20 12:50:00Z", tick=False):
        reply = send(client, photos(4), idempotency_key="k")

    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "600")
    page = words(reply)
    assert "2 of 4 photos were taken" in page
    assert "That was a lot of photos for one hour. Try again in 10 min." in page
    assert page.count("me.jpg Not looked at yet.") == 2
    assert Portrait.objects.count() == 2


def test_the_rest_is_taken_when_the_form_is_sent_again_in_time(
    client: Client, settings: Any
) -> None:
    settings.SUBMISSIONS_PER_HOUR = 2
    with time_machine.travel("2026-11-20 12:50:00Z", tick=False) as clock:
        send(client, photos(4), idempotency_key="k")
        clock.shift(601)

        reply = send(client, photos(4), idempotency_key="k")

    assert reply.status_code == 303
    assert Portrait.objects.count() == 4


def test_a_full_line_half_way_is_told_alike(client: Client, settings: Any) -> None:
    settings.MAX_WAITING = 1

    reply = send(client, photos(2))

    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "60")
    assert "So many photos are waiting" in words(reply)
    assert Portrait.objects.count() == 1


@pytest.mark.parametrize("trouble", [DecoderUnavailable("no memory"), OSError("disk full")])
def test_trouble_of_ours_half_way_is_ours_and_does_not_count(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    settings.SUBMISSIONS_PER_HOUR = 9
    read = intake.read_picture
    asked: list[int] = []

    def break_down(photo: bytes, **more: Any) -> Any:
        asked.append(len(photo))
        if len(asked) == 2:
            raise trouble
        return read(photo, **more)

    monkeypatch.setattr(intake, "read_picture", break_down)

    reply = send(client, photos(3))

    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "30")
    assert "That was us, not your photo" in words(reply)
    assert "1 of 3 photos were taken" in words(reply)
    assert len(asked) == 2  # the others would only have to wait for the same
    assert set(Bucket.objects.filter(slot__gt=0).values_list("taken", flat=True)) == {1}


def as_browsers_do(name: str, content: bytes) -> bytes:
    """A form with this file after an empty one, in the spelling of the wire."""
    quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    parts = [("empty.jpg", b""), (quoted, content)]
    lines = [
        f'--b\r\nContent-Disposition: form-data; name="photo"; filename="{named}"\r\n'
        "Content-Type: image/jpeg\r\n\r\n".encode()
        + of
        + b"\r\n"
        for named, of in parts
    ]
    return b"".join([*lines, b"--b--\r\n"])


def test_names_of_any_kind_are_shown_as_plain_text_and_short(client: Client) -> None:
    kind = "multipart/form-data; boundary=b"
    wrong = {}
    told = 0

    for name in SENDABLE:
        reply = client.post("/", as_browsers_do(name, b"hello"), content_type=kind)
        shown = re.findall(r'<bdi class="file-name">(.*?)</bdi>', reply.content.decode(), re.DOTALL)
        plain = [html.unescape(text) for text in shown]
        told += len(shown)
        fit = all(0 < len(text) <= 40 and text.isprintable() for text in plain)
        if reply.status_code >= 500 or "<" in "".join(shown) or not fit:
            wrong[name] = shown

    assert wrong == {}
    assert told > len(SENDABLE)


def test_without_its_token_nothing_is_taken() -> None:
    strict = Client(enforce_csrf_checks=True)

    assert send(strict, photos(2)).status_code == 403
    assert Portrait.objects.count() == 0


def test_photos_are_nobody_elses(client: Client) -> None:
    send(client, photos(2))

    assert "Waiting" not in words(Client().get("/portraits/"))
