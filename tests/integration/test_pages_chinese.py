from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from tests.browser.states import STATES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """A request leaves its language behind in the thread that answered it: the test's own."""
    yield
    translation.deactivate()


MACHINE_TEXT = re.compile(r"<(pre|code|dd)\b.*?</\1>|<head>.*?</head>", re.DOTALL)
ENGLISH = re.compile(r"\b[A-Za-z]+ [a-z]+ [a-z]+\b")


def english_in(page: str) -> list[str]:
    """Three English words in a row, anywhere a person would read them."""
    attributes = re.findall(r'(?:alt|aria-label|placeholder|data-\w+)="([^"]*)"', page)
    text = re.sub(r"<[^>]+>", "\n", MACHINE_TEXT.sub("", page))
    return [found for part in (text, *attributes) for found in ENGLISH.findall(part)]


def get(client: Client, path: str) -> str:
    reply = client.get(path, headers={"accept-language": "zh-CN"})
    content: str = reply.content.decode()
    return content


@pytest.mark.parametrize("detector", ["local", "dashscope"])
@pytest.mark.parametrize("path", ["/", "/guide/", "/privacy/", "/portraits/", "/nothing/"])
def test_pages_speak_chinese_throughout(
    client: Client, settings: Any, path: str, detector: str
) -> None:
    settings.DETECTOR = detector

    assert english_in(get(client, path)) == []


@pytest.mark.parametrize("name", STATES)
def test_every_state_speaks_chinese_throughout(me: Client, settings: Any, name: str) -> None:
    settings.DETECTOR = "dashscope"
    portrait = STATES[name]("visitor:me")

    page = get(me, portrait.get_absolute_url())

    assert '<html lang="zh-hans">' in page
    assert english_in(page) == []
