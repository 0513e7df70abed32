"""The service as a stand-in, the site as a live server that the stand-in can fetch photos from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from emojicheck import judging
from emojicheck.models import Portrait
from tests.factories import make_photo, make_portrait
from tests.standin import StandIn


@pytest.fixture
def me(client: Client) -> Client:
    """A browser whose portraits are those of "visitor:me"."""
    session = client.session
    session["visitor"] = "me"
    session.save()
    return client


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(limit=False) as service:
        yield service


@pytest.fixture
def service(standin: StandIn, settings: Any, live_server: Any) -> StandIn:
    """The site asks the stand-in about every photo, unchecked and unpaced."""
    settings.DETECTOR = "dashscope"
    settings.DASHSCOPE_API_KEY = standin.key
    settings.DASHSCOPE_BASE_URL = standin.base_url
    settings.DASHSCOPE_CONNECT_SECONDS = 2
    settings.DASHSCOPE_READ_SECONDS = 5
    settings.PHOTO_DELIVERY = "public"
    settings.SITE_URL = live_server.url
    settings.PRECHECK = "off"
    settings.CALLS_PER_SECOND = {"emoji-detect-v1": 1000, "emo-detect-v1": 1000}
    return standin


@pytest.fixture
def judged() -> Callable[..., Portrait]:
    """Judge one portrait once, here and now, and give it back as it is then."""

    def judge(portrait: Portrait) -> Portrait:
        judging.judge(portrait.pk)
        return Portrait.objects.get(pk=portrait.pk)

    return judge


@pytest.fixture
def coloured() -> Callable[[str], Portrait]:
    """A waiting portrait whose photo (and so whose digest) depends on the colour alone."""

    def make(colour: str, **fields: Any) -> Portrait:
        import hashlib

        photo = make_photo(colour=colour)
        digest = hashlib.sha256(photo).hexdigest()
        return make_portrait(photo=photo, **({"digest": digest} | fields))

    return make
