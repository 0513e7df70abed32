"""Which language somebody is answered in, and that each reason is told whole in all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import translation

from emojicheck.detection.verdicts import Reason
from emojicheck.presentation import wording
from emojicheck.presentation.guidance import guidance
from emojicheck.presentation.lessons import OTHER_LESSONS, SERVICE_LESSONS

HAN = re.compile("[\u3400-\u9fff]")
LANGUAGES = [code for code, _name in settings.LANGUAGES]
WITHOUT_LESSON = {Reason.DECLINED, Reason.OTHER}
LESSONS = {lesson.reason: lesson for lesson in (*SERVICE_LESSONS, *OTHER_LESSONS)}


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """A request leaves its language behind in the thread that answered it: the test's own."""
    yield
    translation.activate("en")


def language_of(client: Client, wish: str = "") -> str:
    reply = client.get("/guide/", headers={"accept-language": wish} if wish else {})
    [code] = re.findall(r'<html lang="([\w-]+)"', reply.content.decode())
    assert reply.headers["Content-Language"] == code
    assert {"Accept-Language", "Cookie"} <= set(re.split(r",\s*", reply.headers["Vary"]))
    return str(code)


def choose(client: Client, language: str) -> None:
    assert client.post("/language/", {"language": language, "next": "/guide/"}).status_code == 303


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        ("", "en"),
        ("de, fr;q=0.8", "en"),
        ("en-GB", "en"),
        ("zh", "zh-hans"),
        ("zh-CN", "zh-hans"),
        ("zh-SG, en;q=0.5", "zh-hans"),
        ("en;q=0.5, zh-CN;q=0.9", "zh-hans"),
        ("zh-CN;q=0.4, en;q=0.9", "en"),
        ("de, zh-CN;q=0.3", "zh-hans"),
        ("*", "en"),
        (";;;q=x, \u0000", "en"),
    ],
)
def test_the_browser_s_wish_is_heard(client: Client, wish: str, answer: str) -> None:
    assert language_of(client, wish) == answer


@pytest.mark.django_db
def test_what_was_chosen_outranks_the_browser(client: Client) -> None:
    choose(client, "zh-hans")
    assert language_of(client, "en") == "zh-hans"

    choose(client, "en")
    assert language_of(client, "zh-CN") == "en"


@pytest.mark.django_db
@pytest.mark.parametrize("nonsense", ["", "xx", "../../etc", "zh-hans\r\nX: y", "e" * 5000])
def test_nonsense_changes_nothing(client: Client, nonsense: str) -> None:
    choose(client, nonsense)
    assert language_of(client, "zh-CN") == "zh-hans"

    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert language_of(client, "zh-CN") == "zh-hans"


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_switch_offers_the_other_language_in_its_own_words(
    client: Client, language: str
) -> None:
    choose(client, language)

    page = client.get("/guide/").content.decode()

    [(code, word)] = re.findall(r'name="language" value="([\w-]+)" lang="[\w-]+">(.*?)<', page)
    assert (code, word) == {"en": ("zh-hans", "中文"), "zh-hans": ("en", "English")}[language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_whole(reason: Reason, language: str) -> None:
    with translation.override(language):
        told = guidance(reason)
        parts = [told.name, told.title, told.seen, told.spoken, *told.actions]

    assert 1 <= len(told.actions) <= 3
    assert [part for part in parts if bool(HAN.search(part)) != (language == "zh-hans")] == []
    assert bool(told.lesson) == (reason not in WITHOUT_LESSON)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lesson_is_in_the_guide_with_its_pictures(client: Client, language: str) -> None:
    choose(client, language)
    page = client.get("/guide/").content.decode()
    anchors = set(re.findall(r'\bid="([\w-]+)"', page))

    wanted = {guidance(reason).lesson for reason in Reason} - {""}

    assert wanted - anchors == set()
    for lesson in LESSONS.values():
        with translation.override(language):
            assert f'alt="{lesson.good_alt}"' in page
            assert f'alt="{lesson.bad_alt}"' in page
        assert finders.find(lesson.good_drawing)
        assert finders.find(lesson.bad_drawing)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["36 %", "¥0.004", "3 s", "9 min", "1 hour", "24 hours"]),
        ("zh-hans", ["36%", "0.004 元", "3 秒", "9 分钟", "1 小时", "24 小时"]),
    ],
)
def test_numbers_are_written_as_the_language_does(language: str, said: list[str]) -> None:
    with translation.override(language):
        spans = [wording.span(seconds) for seconds in (3, 540, 3600, 86400)]
        written = [wording.percent(0.364), wording.yuan(Decimal("0.004")), *spans]

    assert written == said
