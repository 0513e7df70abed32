"""The camera page and the form behind it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from emojicheck.models import Portrait
from emojicheck.presentation.camera_troubles import camera_troubles
from tests.factories import make_photo

from .test_pages_home import post, upload

pytestmark = pytest.mark.django_db


def test_the_camera_page_is_a_form_for_the_first_page(client: Client) -> None:
    page = client.get("/camera/")

    text = page.content.decode()
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert '<form class="sides" method="post" action="/" enctype="multipart/form-data"' in text
    assert re.search(r'name="idempotency_key" value="[^"]{20,}"', text)
    assert 'name="photo" type="file" capture="user"' in text


def test_the_first_page_leads_to_the_camera(client: Client) -> None:
    assert 'href="/camera/"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"source": "camera"}, "camera"),
        ({"source": "sample"}, "upload"),
        ({"source": "x" * 5000}, "upload"),
        ({}, "upload"),
    ],
)
def test_a_photo_from_the_camera_is_known_as_one_and_anything_else_is_an_upload(
    client: Client, sent: dict[str, Any], kept: str
) -> None:
    reply = post(client, photo=upload(make_photo()), **sent)

    assert reply.status_code == 303
    assert Portrait.objects.get().source == kept


def test_a_link_is_a_link_wherever_it_says_it_comes_from(client: Client) -> None:
    post(client, image_url="https://example.com/me.jpg", source="camera")

    assert Portrait.objects.get().source == "url"


def test_the_wish_for_a_model_and_a_shape_can_be_brought_along(client: Client) -> None:
    wished = client.get("/camera/?model=emo-detect-v1&ratio=3:4").content.decode()
    nonsense = client.get("/camera/?model=x&ratio=9:1").content.decode()

    assert 'value="emo-detect-v1" checked' in wished
    assert 'value="3:4" checked' in wished
    assert 'value="emoji-detect-v1" checked' in nonsense


def test_the_page_has_words_for_every_trouble_its_script_knows(client: Client) -> None:
    text = client.get("/camera/").content.decode()

    kinds = {trouble.kind for trouble in camera_troubles("")}
    assert set(re.findall(r'<template data-trouble="(\w+)">', text)) == kinds
    assert {"refused", "missing", "busy", "black", "ended", "insecure"} <= kinds


def test_the_steps_are_those_of_the_visitors_browser(client: Client) -> None:
    chrome = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"

    text = client.get("/camera/", headers={"user-agent": chrome}).content.decode()

    assert "then “Permissions”." in text
    assert "Website Settings" not in text
