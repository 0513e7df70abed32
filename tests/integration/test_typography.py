from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from tests.browser.pages import MISSING, pages
from tests.browser.states import STATES
from tests.typography import faults, texts_of

pytestmark = pytest.mark.django_db


def wrong_on(client: Client, path: str) -> list[str]:
    page = client.get(path, headers={"accept-language": "zh-CN"}).content.decode()
    assert '<html lang="zh-hans"' in page
    return [fault for text in texts_of(html.unescape(page)) for fault in faults(text)]


@pytest.mark.parametrize("detector", ["local", "dashscope"])
@pytest.mark.parametrize("path", [*pages().values(), MISSING])
def test_pages_are_set_as_chinese_is(
    client: Client, settings: Any, path: str, detector: str
) -> None:
    settings.DETECTOR = detector

    assert wrong_on(client, path) == []


@pytest.mark.parametrize("name", STATES)
def test_every_state_is_set_as_chinese_is(client: Client, settings: Any, name: str) -> None:
    settings.DETECTOR = "dashscope"
    session = client.session
    session["visitor"] = "me"
    session.save()

    assert wrong_on(client, STATES[name]("visitor:me").get_absolute_url()) == []
