from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.core import signing
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.test import Client
from django.utils import translation

from emojicheck import vitals
from emojicheck.delivery.public import signed_photo_path
from emojicheck.detection.verdicts import Reason
from emojicheck.models import State
from emojicheck.presentation.guidance import guidance
from emojicheck.presentation.lessons import OTHER_LESSONS, SERVICE_LESSONS
from tests.factories import make_photo, make_portrait

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """A request leaves its language behind in the thread that answered it: the test's own."""
    yield
    translation.deactivate()


# Pages for everybody


def test_the_guide_has_a_pair_for_every_lesson(client: Client) -> None:
    page = client.get("/guide/").content.decode()

    anchors = re.findall(r'<section class="stack" id="(\w+)"', page)
    lessons = [str(lesson.reason) for lesson in (*SERVICE_LESSONS, *OTHER_LESSONS)]
    assert anchors == ["how", *lessons]


def test_the_four_rules_of_the_service_come_first() -> None:
    assert {lesson.reason for lesson in SERVICE_LESSONS} == {
        Reason.HEAD_TILTED,
        Reason.STRONG_EXPRESSION,
        Reason.HAND_NEAR_FACE,
        Reason.FACE_COVERED,
    }


def test_every_place_of_the_guide_can_be_linked_to_by_its_name(client: Client) -> None:
    page = client.get("/guide/").content.decode()

    places = re.findall(r'<section class="[^"]*" id="(\w+)"', page)
    anchors = re.findall(r'class="anchor" href="#(\w+)">.*?<span class="sr">([^<]+)', page)
    assert [place for place, _name in anchors] == places
    assert len({name for _place, name in anchors}) == len(places)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_that_can_be_shown_has_its_place_in_the_guide(
    client: Client, reason: Reason
) -> None:
    lesson = guidance(reason).lesson

    assert not lesson or f'id="{lesson}"' in client.get("/guide/").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"DETECTOR": "local"}, "Nobody else: photos are looked at on this machine."),
        ({"RETENTION_HOURS": 6}, "6 hours, then the photo deletes itself."),
        ({"DETECTOR": "dashscope"}, "Alibaba Cloud in Beijing, which looks at the photo"),
        (
            {"DETECTOR": "dashscope", "DASHSCOPE_BASE_URL": "https://relay.example/v1"},
            "Alibaba Cloud by way of relay.example, which looks at the photo",
        ),
        (
            {"DETECTOR": "dashscope", "PHOTO_DELIVERY": "public", "PHOTO_LINK_MINUTES": 7.0},
            "works for 7 minutes at most",
        ),
        ({"DETECTOR": "dashscope", "PHOTO_DELIVERY": "storage"}, "from our store"),
        ({"DETECTOR": "dashscope", "PHOTO_DELIVERY": "temporary"}, "deletes it after 48 hours"),
        ({"DETECTOR": "dashscope", "PRECHECK": "block"}, "A photo with a plain fault is stopped"),
    ],
)
def test_the_privacy_page_says_what_the_settings_say(
    client: Client, settings: Any, fields: dict[str, Any], words: str
) -> None:
    for name, value in fields.items():
        setattr(settings, name, value)

    assert words in client.get("/privacy/").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"DETECTOR": "local"}, "We look here, for free, and pass nothing on."),
        ({"DETECTOR": "dashscope"}, "Other photos go on to Alibaba Cloud in Beijing"),
        ({"DETECTOR": "dashscope", "PRECHECK": "off"}, "Your photo goes to Alibaba Cloud"),
        ({"DETECTOR": "dashscope", "PRECHECK": "warn"}, "then your photo goes to Alibaba Cloud"),
    ],
)
def test_the_form_promises_what_the_settings_say(
    client: Client, settings: Any, fields: dict[str, Any], words: str
) -> None:
    for name, value in fields.items():
        setattr(settings, name, value)

    assert words in client.get("/").content.decode()


def test_an_unknown_page_is_answered_in_words(client: Client) -> None:
    reply = client.get("/nothing/")

    assert reply.status_code == 404
    assert "Nothing here" in reply.content.decode()


def test_our_own_fault_is_answered_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr("emojicheck.views.home.promise", broken)

    reply = Client(raise_request_exception=False).get("/")

    assert reply.status_code == 500
    assert "That was us, not you" in reply.content.decode()


@pytest.mark.parametrize(
    "path", ["/", "/camera/", "/guide/", "/privacy/", "/portraits/", "/nothing/"]
)
def test_every_page_keeps_to_a_strict_content_policy(client: Client, path: str) -> None:
    reply = client.get(path)

    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    page = reply.content.decode()
    assert not re.search(r"<style|\sstyle=|<script(?![^>]* src=)|\son\w+=", page)


@pytest.mark.parametrize(("debug", "status"), [(False, 404), (True, 200)])
def test_all_parts_are_shown_to_developers_only(
    client: Client,
    settings: Any,
    debug: bool,  # noqa: FBT001
    status: int,
) -> None:
    settings.DEBUG = debug

    assert client.get("/styleguide/").status_code == status


def test_the_page_of_all_parts_keeps_to_the_content_policy_and_shows_every_icon(
    client: Client, settings: Any
) -> None:
    settings.DEBUG = True

    page = client.get("/styleguide/").content.decode()

    assert not re.search(r"<style|\sstyle=|<script(?![^>]* src=)|\son\w+=", page)
    assert page.count('<svg class="icon') > 40
    assert "var(--push-edge)" in page


# Language and colours


def test_the_language_follows_the_browser_and_the_choice(client: Client) -> None:
    asked = client.get("/", headers={"accept-language": "zh-CN,zh;q=0.9"})
    chosen = client.post("/language/", {"language": "en", "next": "/guide/"})
    then = client.get("/", headers={"accept-language": "zh-CN,zh;q=0.9"})

    assert '<html lang="zh-hans">' in asked.content.decode()
    assert (chosen.status_code, chosen.headers["Location"]) == (303, "/guide/")
    assert '<html lang="en">' in then.content.decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_choice_of_colours_outranks_the_system(client: Client, theme: str) -> None:
    reply = client.post("/theme/", {"theme": theme, "next": "/guide/"})

    page = client.get("/guide/").content.decode()

    assert (reply.status_code, reply.headers["Location"]) == (303, "/guide/")
    assert f'<html lang="en" data-theme="{theme}">' in page
    assert f'value="{theme}" aria-pressed="true"' in page


@pytest.mark.parametrize("theme", ["auto", '"><script>'])
def test_any_other_choice_follows_the_system_again(client: Client, theme: str) -> None:
    client.post("/theme/", {"theme": "dark"})
    client.post("/theme/", {"theme": theme})

    assert '<html lang="en">' in client.get("/").content.decode()


def test_a_cookie_of_somebody_elses_making_is_ignored(client: Client) -> None:
    client.cookies["theme"] = '"><script>'

    assert '<html lang="en">' in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/theme/", "/language/"])
@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_choice_leads_nowhere_else(client: Client, path: str, to: str) -> None:
    reply = client.post(path, {"theme": "dark", "language": "en", "next": to})

    assert (reply.status_code, reply.headers["Location"]) == (303, "/")


# The signed address of a photo


def test_the_service_gets_the_photo_at_once(client: Client) -> None:
    portrait = make_portrait()

    reply = client.get(signed_photo_path(portrait))

    assert reply.status_code == 200
    assert b"".join(reply) == make_photo()
    assert reply.headers["Content-Type"] == "image/jpeg"
    assert reply.headers["Content-Length"] == str(len(make_photo()))
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in reply.headers


def test_the_service_may_ask_for_the_head_first(client: Client) -> None:
    portrait = make_portrait()

    with closing(client.head(signed_photo_path(portrait))) as reply:
        body = b"".join(reply)

    assert (reply.status_code, body) == (200, b"")
    assert reply.headers["Content-Length"] == str(len(make_photo()))


def test_the_signed_address_ends_with_the_verdict(client: Client) -> None:
    assert client.get(signed_photo_path(make_portrait(state=State.ACCEPTED))).status_code == 404


@pytest.mark.parametrize(
    "signature", ["x", "a.b.c", signing.dumps("x")], ids=["short", "dots", "other"]
)
def test_a_forged_signature_is_not_found(client: Client, signature: str) -> None:
    assert client.get(f"/photos/{signature}.jpg").status_code == 404


# Health


def test_the_process_is_alive(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


READY = {
    "database": True,
    "migrations": True,
    "photos": True,
    "disk": True,
    "workers": 0,
    "overdue_seconds": 0.0,
    "stopped": [],
}


def test_the_site_is_ready(client: Client) -> None:
    reply = client.get("/readyz")

    assert (reply.status_code, reply.json()) == (200, READY)


def test_without_its_database_the_site_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise DatabaseError

    for name in ("probe_database", "missing_migrations", "oldest_overdue"):
        monkeypatch.setattr(vitals, name, away)

    reply = client.get("/readyz")

    unknown = {"workers": None, "overdue_seconds": None, "stopped": None}
    told = READY | {"database": False, "migrations": False} | unknown
    assert (reply.status_code, reply.json()) == (503, told)


def test_without_its_photo_folder_the_site_is_not_ready(
    client: Client, settings: Any, tmp_path: Any
) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "folder"

    reply = client.get("/readyz")

    assert (reply.status_code, reply.json()) == (503, READY | {"photos": False})


def test_an_object_store_is_not_asked_each_time(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(default_storage, "_wrapped", object())

    assert client.get("/readyz").json()["photos"] is True
