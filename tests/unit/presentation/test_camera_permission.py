from __future__ import annotations

import pytest
from django.utils import translation

from emojicheck.presentation.camera_permission import steps
from emojicheck.presentation.camera_troubles import camera_troubles

WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT}"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {WEBKIT}"
AGENTS = {
    f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1": "“Website Settings”",
    f"{IPHONE.replace('iPhone;', 'iPad;')} Version/17.5 Safari/604.1": "“Website Settings”",
    f"{IPHONE} CriOS/126.0 Mobile/15E148 Safari/604.1": "then Chrome",
    f"{IPHONE} Mobile/15E148 MicroMessenger/8.0.49": "“Open in browser”",
    "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36": "then “Permissions”",
    "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0": "Tap the lock",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0": "crossed-out camera",
    "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36": "Click the sign",
    "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0": "for this site”",
    f"{MAC} Version/17.5 Safari/605.1.15": "Safari menu",
    "curl/8": "Press the sign beside the address",
    "": "Press the sign beside the address",
}


@pytest.mark.parametrize(("agent", "words"), AGENTS.items())
def test_every_browser_family_gets_its_own_steps(agent: str, words: str) -> None:
    with translation.override("en"):
        told = steps(agent)

    assert words in told[0]
    assert 2 <= len(told) <= 4


@pytest.mark.parametrize("agent", AGENTS)
def test_nothing_stays_english_in_chinese(agent: str) -> None:
    with translation.override("en"):
        english = camera_troubles(agent)
    with translation.override("zh-hans"):
        chinese = camera_troubles(agent)

    assert {trouble.title for trouble in english} & {trouble.title for trouble in chinese} == set()
    said = {step for trouble in english for step in trouble.steps}
    assert said & {step for trouble in chinese for step in trouble.steps} == set()
