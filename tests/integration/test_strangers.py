"""What strangers send to the front door, by the rows of the table in docs/security.md."""

from __future__ import annotations

import html
import json
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from emojicheck.delivery.public import signed_photo_path
from emojicheck.models import Detection, Portrait, State
from tests import pictures
from tests.factories import make_photo, make_portrait
from tests.naughty import NAUGHTY, SENDABLE
from tests.unit.pictures.test_fetch import SPELLINGS

pytestmark = pytest.mark.django_db

MULTIPART = "multipart/form-data; boundary=b"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def send(client: Client, content: bytes, name: str = "me.jpg") -> Any:
    return client.post("/", {"photo": SimpleUploadedFile(name, content)})


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def nothing_happened(folder: Path) -> bool:
    return not (Portrait.objects.exists() or Detection.objects.exists() or files(folder))


def plain(reply: Any) -> str:
    """What a page says, as somebody reads it."""
    text = re.sub(r"<[^>]+>", " ", reply.content.decode())
    return re.sub(r"\s+", " ", html.unescape(text))


# Files


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "The file is empty."), (b"\xff", "This file is not a photo that we can read.")],
)
def test_row_02_next_to_nothing_is_refused(
    client: Client, folder: Path, content: bytes, words: str
) -> None:
    reply = send(client, content)

    assert reply.status_code == 422
    assert words in plain(reply)
    assert nothing_happened(folder)


NAMES = [
    *("me.png", "me", "me.jpg.exe", "me.JPG", "con.jpg", "C:\\x.jpg", "../../etc/passwd"),
    *("a" * 400 + ".jpg", "<img onerror=alert(1)>.jpg", "\u202egpj.exe", "a&quot;b.jpg", "а.jpg"),
    *("a\nb.jpg", "me.php", "%00.jpg", "&#x2e;&#x2e;/x"),
]


@pytest.mark.parametrize("name", NAMES)
def test_row_05_and_23_names_decide_nothing_and_are_kept_nowhere(
    client: Client, folder: Path, name: str
) -> None:
    reply = send(client, make_photo(), name)

    portrait = Portrait.objects.get()
    page = client.get(reply.headers["Location"]).content.decode()
    own = r"photos/\d{4}/\d\d/\d\d/[\w-]{22}\.jpg"
    assert reply.status_code == 303
    assert re.fullmatch(own, portrait.photo.name)
    assert {re.fullmatch(own, str(path.relative_to(folder))) is None for path in files(folder)} == {
        False
    }
    assert "onerror" not in page


@pytest.mark.parametrize("name", ["", ".", "..", "a.jpg/"])
def test_row_23_names_that_are_none_are_told_as_no_file(
    client: Client, folder: Path, name: str
) -> None:
    body = (
        (
            f'--b\r\nContent-Disposition: form-data; name="photo"; filename="{name}"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        ).encode()
        + make_photo()
        + b"\r\n--b--\r\n"
    )

    reply = client.post("/", body, content_type=MULTIPART)

    assert reply.status_code == 422
    assert "Choose a photo, or paste the link to one." in plain(reply)
    assert nothing_happened(folder)


@pytest.mark.parametrize("kind", pictures.other_files())
def test_row_06_files_of_another_kind_are_refused_by_name(
    client: Client, folder: Path, kind: str
) -> None:
    reply = send(client, pictures.other_files()[kind], "me.jpg")

    assert reply.status_code == 422
    assert "Choose a" in plain(reply)
    assert nothing_happened(folder)


@pytest.mark.parametrize("kind", pictures.polyglots())
def test_row_07_nothing_hidden_in_a_photo_is_ever_served(
    client: Client, folder: Path, kind: str
) -> None:
    reply = send(client, pictures.polyglots()[kind])

    assert reply.status_code == 303
    served = b"".join(
        b"".join(client.get(f"{reply.headers['Location']}{name}"))
        for name in ("photo.jpg", "thumbnail.jpg")
    )
    assert b"<script" not in served
    assert b"<?php" not in served


def part(name: str, value: str = "x", *, file: bool = False) -> bytes:
    disposition = f'form-data; name="{name}"' + ('; filename="me.jpg"' if file else "")
    return f"--b\r\nContent-Disposition: {disposition}\r\n\r\n{value}\r\n".encode()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (part("photo", file=True), "multipart/form-data", 400),
        (part("photo", file=True), "multipart/form-data; boundary=", 400),
        (part("photo", file=True), "multipart/form-data; boundary=" + "b" * 300, 400),
        (b"", MULTIPART, 422),
        (b"no parts at all", MULTIPART, 422),
        (part("photo", file=True), MULTIPART, 422),  # without an end
        (b"".join(part(f"f{n}") for n in range(1_100)) + b"--b--", MULTIPART, 400),
        (b"".join(part("photo", file=True) for _ in range(30)) + b"--b--", MULTIPART, 422),
        (b"".join(part("photo", file=True) for _ in range(110)) + b"--b--", MULTIPART, 400),
        (part("photo", file=True), "application/x-www-form-urlencoded", 422),
        (b"&".join(b"a=b" for _ in range(1_100)), "application/x-www-form-urlencoded", 400),
        (b"\x00\xff" * 500, "application/json", 422),
        (b"a=b", "text/plain; charset=nonsense", 422),
        (b"image_url=%ff%fe", "application/x-www-form-urlencoded; charset=utf-16", 400),
        (b"", "", 422),
        (part("photo", file=True) + b"--b--", MULTIPART + "; charset=nonsense", 422),
    ],
)
def test_row_24_forms_that_are_none_are_refused(
    client: Client, folder: Path, body: bytes, content_type: str, status: int
) -> None:
    reply = client.generic("POST", "/", body, content_type=content_type)

    assert reply.status_code == status
    assert nothing_happened(folder)


def test_row_24_two_files_are_both_taken_from_a_page_and_refused_from_a_program(
    client: Client,
) -> None:
    photos = [make_photo(480 + n) for n in range(2)]

    def both() -> list[SimpleUploadedFile]:
        return [SimpleUploadedFile("me.jpg", photo) for photo in photos]

    form = client.post("/", {"photo": both()})
    api = client.post("/api/v1/portraits", {"photo": both()})

    assert (form.status_code, api.status_code) == (303, 422)
    widths = Portrait.objects.order_by("created").values_list("owner", "width")
    assert [width for owner, width in widths if owner != "api"] == [480, 481]
    assert [width for owner, width in widths if owner == "api"] == []


# Links

BAD_LINKS = [
    *("file:///etc/passwd", "ftp://a.test/", "gopher://a.test/", "data:image/png;base64,AAAA"),
    *("javascript:alert(1)", "//a.test/x.jpg", "a.test/x.jpg", "http://u:p@a.test/", "http://"),
    *("http://a.test:22/", "http://a.test:6379/", "http://a.test:8080/", "http://a.test/\x00"),
    *("http://a.test/\r\nX: y", "http://a b/", "http://[::1", "x" * 1_999, "http://" + "é" * 900),
]


@pytest.mark.parametrize("link", BAD_LINKS)
def test_row_27_and_30_odd_links_are_refused_by_form_and_api(
    client: Client, folder: Path, link: str
) -> None:
    form = client.post("/", {"image_url": link})
    api = client.post(
        "/api/v1/portraits", json.dumps({"image_url": link}), content_type="application/json"
    )

    assert (form.status_code, api.status_code) == (422, 422)
    assert nothing_happened(folder)


def test_row_27_endless_links_are_refused(client: Client, folder: Path) -> None:
    link = "https://a.test/" + "x" * 100_000

    form = client.post("/", {"image_url": link})
    api = client.post(
        "/api/v1/portraits", json.dumps({"image_url": link}), content_type="application/json"
    )

    assert (form.status_code, api.status_code) == (422, 422)
    assert nothing_happened(folder)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_row_28_and_29_links_inside_are_told_alike_and_never_connected_to(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    judged: Callable[[Portrait], Portrait],
    spelling: str,
) -> None:
    tried = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: tried.append(address))

    reply = client.post("/", {"image_url": f"http://{spelling}/latest/meta-data/"})
    portrait = judged(Portrait.objects.get())

    assert tried == []
    assert (portrait.state, portrait.refusal) == (State.FAILED, {"code": "unreachable"})
    page = plain(client.get(reply.headers["Location"]))
    assert "No public web server answers at this link." in page
    assert "private" not in page
    assert "internal" not in page


# Whose it is


@pytest.mark.parametrize(
    "portrait_id", ["1", "0", "-1", "x", "%00", "9" * 40, "00000000-0000-0000-0000-00000000000g"]
)
def test_row_54_malformed_ids_are_not_found(client: Client, portrait_id: str) -> None:
    paths = (f"/portraits/{portrait_id}/", f"/api/v1/portraits/{portrait_id}")

    assert [client.get(path).status_code for path in paths] == [404, 404]


def test_row_53_equal_photos_stay_their_owners(me: Client) -> None:
    other = Client()
    mine, theirs = send(me, make_photo()), send(other, make_photo())

    assert len(set(Portrait.objects.values_list("digest", flat=True))) == 1
    assert mine.headers["Location"] != theirs.headers["Location"]
    assert me.get(theirs.headers["Location"]).status_code == 404
    assert theirs.headers["Location"] not in me.get("/portraits/").content.decode()


# The photo's public address


def test_row_55_signed_address_works_as_it_was_signed_and_not_otherwise(client: Client) -> None:
    path = signed_photo_path(make_portrait())
    stem, _, signature = path.removesuffix(".jpg").rpartition(".")
    others = [
        f"{stem}.{signature[:-1]}{'A' if signature[-1] != 'A' else 'B'}.jpg",
        f"{stem}.{signature}",
        f"{stem}..jpg",
        path.replace(path[8], "0" if path[8] != "0" else "1", 1),
        path.replace(".jpg", ".jpg/x"),
        path.replace("/photos/", "/photos//"),
        "/photos/",
        "/photos",
        "/files/photos/",
        "/media/photos/",
    ]

    good = client.get(path)
    list(good)
    assert good.status_code == 200
    assert {address: client.get(address).status_code for address in others} == dict.fromkeys(
        others, 404
    )


def test_row_55_signed_address_ends_with_its_minutes(client: Client, settings: Any) -> None:
    settings.PHOTO_LINK_MINUTES = 10
    with time_machine.travel("2026-11-20 12:00:00Z", tick=False) as clock:
        path = signed_photo_path(make_portrait())
        clock.shift(601)

        assert client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["?download=x%0d%0aSet-Cookie:%20a=b", "?x=../../etc/passwd"])
def test_row_55_no_question_changes_the_photos_headers(client: Client, query: str) -> None:
    path = signed_photo_path(make_portrait())

    reply = client.get(path + query, headers={"Range": "bytes=0-1"})

    assert (reply.status_code, len(b"".join(reply))) == (200, len(make_photo()))
    assert reply.headers["Content-Type"] == "image/jpeg"
    assert reply.headers["Content-Disposition"] == 'inline; filename="portrait.jpg"'
    assert "Set-Cookie" not in reply.headers


@pytest.mark.parametrize(
    "asked",
    [
        {"If-Modified-Since": "Fri, 31 Dec 9999 23:59:59 GMT"},
        {"If-None-Match": "*"},
        {"If-Match": '"x"'},
        {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"Range": "bytes=999999999-"},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_row_55_conditions_tell_nothing_of_photos(client: Client, asked: dict[str, str]) -> None:
    """Of one's own the whole, of others' the same as of none, and nothing that may be kept."""
    signed = client.get(signed_photo_path(make_portrait()), headers=asked)
    others = client.get(f"{make_portrait().get_absolute_url()}photo.jpg", headers=asked)
    none = client.get("/portraits/00000000-0000-4000-8000-000000000000/photo.jpg", headers=asked)

    assert (signed.status_code, others.status_code, none.status_code) == (200, 404, 404)
    assert b"".join(signed) == make_photo()
    assert signed.headers["Cache-Control"] == "private, no-store"
    assert signed.headers.keys() & {"ETag", "Last-Modified", "Accept-Ranges"} == set()
    assert plain(others) == plain(none)


def test_row_55_head_tells_as_much_as_get(client: Client) -> None:
    path = signed_photo_path(make_portrait())
    whole, head = client.get(path), client.head(path)

    body = b"".join(whole)
    assert (head.status_code, head.content if not head.streaming else b"".join(head)) == (200, b"")
    assert head.headers["Content-Length"] == str(len(body))
    assert head.headers["Content-Type"] == "image/jpeg"


def test_row_57_session_of_ones_own_making_is_not_taken_over(client: Client) -> None:
    client.cookies["sessionid"] = chosen = "a" * 32

    send(client, make_photo())

    assert client.cookies["sessionid"].value != chosen
    assert Session.objects.filter(session_key=chosen).count() == 0


def test_row_65_signed_address_of_a_deleted_photo_is_dead(me: Client) -> None:
    portrait = make_portrait(owner="visitor:me")
    path = signed_photo_path(portrait)
    before = me.get(path)
    list(before)

    me.post(f"{portrait.get_absolute_url()}delete/")

    assert (before.status_code, me.get(path).status_code) == (200, 404)


def test_row_55_key_for_one_purpose_opens_no_other(client: Client) -> None:
    from django.core import signing

    portrait = make_portrait()
    foreign = signing.TimestampSigner(salt="something else", sep=".").sign(portrait.pk.hex)

    assert client.get(f"/photos/{foreign}.jpg").status_code == 404


# Hosts, addresses, crowds


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "a b", "", "[::1"])
def test_row_58_foreign_hosts_are_refused(client: Client, settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]

    assert client.get("/", HTTP_HOST=host).status_code == 400


def test_row_58_forged_hosts_reach_no_link(me: Client, settings: Any) -> None:
    settings.SITE_URL = "https://emojicheck.example.com"
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    make_portrait(owner="visitor:me", state=State.ACCEPTED, share_token="t" * 22)

    reply = send(me, make_photo())
    portrait = Portrait.objects.exclude(share_token="").get()
    page = me.get(portrait.get_absolute_url(), headers=forged).content.decode()

    assert reply.headers["Location"].startswith("/portraits/")
    assert "evil.example" not in page


def test_row_58_limit_is_not_dodged_by_headers(settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 2
    statuses = []
    with time_machine.travel("2026-11-20 12:15:00Z"):
        for number in range(4):
            forged = {
                "X-Forwarded-For": f"192.0.2.{number}",
                "Forwarded": f"for=192.0.2.{number}",
                "X-Real-IP": f"192.0.2.{number}",
                "CF-Connecting-IP": f"192.0.2.{number}",
            }
            reply = Client().post("/", {"image_url": "https://a.test/x.jpg"}, headers=forged)
            statuses.append(reply.status_code)

    assert statuses == [303, 303, 429, 429]


def test_row_59_a_flood_is_turned_away_and_others_are_served(settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 10
    link = {"image_url": "https://a.test/x.jpg"}
    with time_machine.travel("2026-11-20 12:15:00Z"):
        flood = Client()
        one = [flood.post("/", link).status_code for _ in range(100)]
        crowd = [
            Client().post("/", link, REMOTE_ADDR="198.51.100.7").status_code for _ in range(20)
        ]
        other = Client().post("/", link, REMOTE_ADDR="198.51.100.8")

    assert (one.count(303), one.count(429)) == (10, 90)
    assert (crowd.count(303), crowd.count(429)) == (10, 10)
    assert other.status_code == 303


def test_row_59_a_flood_of_the_refused_fills_no_table_of_sessions(settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 3
    with time_machine.travel("2026-11-20 12:15:00Z"):
        replies = [send(Client(), b"no photo") for _ in range(6)]
        replies.append(Client().post("/", {"image_url": "ftp://a.test/"}))

    assert {reply.status_code for reply in replies} == {422, 429}
    assert [reply.cookies.get("sessionid") for reply in replies] == [None] * 7
    assert Session.objects.count() == 0


def test_row_59_a_visitor_stays_the_same_when_one_photo_is_refused(client: Client) -> None:
    send(client, make_photo())
    send(client, b"no photo")
    send(client, make_photo(colour="#123456"))

    assert Portrait.objects.values("owner").distinct().count() == 1


# Words


@pytest.mark.parametrize("text", SENDABLE, ids=range(len(SENDABLE)))
def test_row_62_naughty_strings_in_every_field_of_every_form(me: Client, text: str) -> None:
    rejected = make_portrait(owner="visitor:me", state=State.REJECTED)
    fields = ("image_url", "model", "ratio", "idempotency_key", "sample", "source")
    forms = [("/", {"image_url": "https://a.test/x.jpg", name: text}) for name in fields]
    forms += [
        ("/theme/", {"theme": text, "next": text}),
        ("/language/", {"language": text, "next": text}),
        (f"{rejected.get_absolute_url()}objection/", {"objection": text}),
        (f"{rejected.get_absolute_url()}fix/", {"kind": text}),
        (f"{rejected.get_absolute_url()}crop/", {"left": text, "top": text, "width": text}),
        (f"{rejected.get_absolute_url()}ask/", {"verdict": text}),
    ]

    statuses = {me.post(path, fields).status_code for path, fields in forms}

    assert statuses <= {303, 404, 422}
    camera = me.get("/camera/", {"model": text, "ratio": text})
    assert camera.status_code == (400 if "\0" in text else 200)
    rejected.refresh_from_db()
    kept = text.strip()
    assert rejected.objection in {"", kept, kept.replace("\r\n", "\n")}
    page = me.get(rejected.get_absolute_url())
    assert page.status_code == 200
    if rejected.objection:
        assert html.escape(rejected.objection) in page.content.decode()


@pytest.mark.parametrize("text", SENDABLE, ids=range(len(SENDABLE)))
def test_row_62_naughty_strings_in_every_search(admin_client: Client, text: str) -> None:
    asked = quote(text[:2_000])
    paths = [
        f"/admin/emojicheck/portrait/?q={asked}",
        f"/admin/emojicheck/portrait/?state={asked}&reason={asked}&created__gte={asked}",
        f"/guide/?{asked}",
    ]

    statuses = {admin_client.get(path).status_code for path in paths}

    assert statuses <= ({400} if "\x00" in text else {200, 302})


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_row_62_naughty_strings_in_every_field_of_the_api(client: Client, text: str) -> None:
    fields = ("image_url", "model", "ratio", "more")
    bodies = [
        json.dumps({"image_url": "https://a.test/x.jpg", name: text}, ensure_ascii=True)
        for name in fields
    ]
    service = json.dumps({"model": text, "input": {"image_url": text}, "parameters": text})

    statuses = {
        client.post("/api/v1/portraits", body, content_type="application/json").status_code
        for body in [*bodies, json.dumps(text), text.encode(errors="surrogatepass")]
    }
    answer = client.post(
        "/api/v1/services/aigc/image2video/face-detect",
        service,
        content_type="application/json",
        headers={"Authorization": "Bearer x"},
    )

    assert statuses <= {202, 400, 415, 422}
    assert answer.status_code in {400, 404}


@pytest.mark.parametrize("text", SENDABLE, ids=range(len(SENDABLE)))
def test_row_62_naughty_strings_in_headers_and_cookies(text: str) -> None:
    line = text[:500].encode().decode("latin-1")
    client = Client()
    octal = "".join(f"\\{ord(mark):03o}" for mark in line[:50])
    cookies = (
        f'sessionid="{octal}"; csrftoken="{octal}"; django_language="{octal}"; theme="{octal}"'
    )

    replies = [
        client.get("/", HTTP_ACCEPT_LANGUAGE=line, HTTP_USER_AGENT=line, HTTP_REFERER=line),
        client.get("/portraits/", HTTP_COOKIE=cookies),
        client.get("/admin/", HTTP_COOKIE=cookies),
        client.post(
            "/api/v1/portraits", "{}", content_type="application/json", HTTP_AUTHORIZATION=line
        ),
        client.post(
            "/api/v1/portraits",
            '{"image_url": "https://a.test/x.jpg"}',
            content_type="application/json",
            HTTP_IDEMPOTENCY_KEY=line,
        ),
        client.get("/metrics", HTTP_AUTHORIZATION=line, REMOTE_ADDR="198.51.100.7"),
    ]

    assert {reply.status_code for reply in replies} <= {200, 202, 302, 400, 403, 422}


def test_row_62_what_people_write_is_shown_to_the_operator_as_it_is(admin_client: Client) -> None:
    assert User.objects.exists()
    text = '<b onclick="x">田中\u202e</b> =cmd'
    make_portrait(state=State.REJECTED, objection=text)

    page = admin_client.get(f"/admin/emojicheck/portrait/{Portrait.objects.get().pk}/change/")

    assert html.escape(text) in page.content.decode()
