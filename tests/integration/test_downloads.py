"""Links are downloaded under the rules that the settings make."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from emojicheck.downloads import fetch_policy
from emojicheck.models import Portrait, State
from tests.factories import make_photo, make_portrait
from tests.standin import StandIn, steps
from tests.standin.picture_host import PictureHost
from tests.unit.pictures.egress_proxy import EgressProxy

pytestmark = pytest.mark.django_db(transaction=True)

Judged = Callable[[Portrait], Portrait]


def linked(url: str) -> Portrait:
    return make_portrait(photo=b"", image_url=url, source="url")


@pytest.fixture
def no_connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    tried: list[Any] = []

    def connect(_socket: socket.socket, address: Any) -> None:
        tried.append(address)
        raise OSError("not in this test")

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


@pytest.mark.parametrize(
    "url",
    [
        "https://emojicheck.example.com/photos/abc.jpg",
        "http://EMOJICHECK.example.com./",
        "https://second.example.com/",
        "https://deep.third.example.com/",
        "https://third.example.com/",
    ],
)
def test_own_pages_are_never_downloaded(
    settings: Any, judged: Judged, no_connections: list[Any], url: str
) -> None:
    settings.SITE_URL = "https://emojicheck.example.com"
    settings.EXTRA_HOSTS = ["second.example.com", ".third.example.com"]

    portrait = judged(linked(url))

    assert (portrait.state, portrait.trouble) == (State.FAILED, Portrait.Trouble.LINK)
    assert portrait.refusal == {"code": "unreachable"}
    assert no_connections == []


def test_names_beside_our_own_may_be_downloaded(settings: Any) -> None:
    settings.SITE_URL = "https://emojicheck.example.com"
    settings.EXTRA_HOSTS = ["*", "[2001:db8::1]"]

    policy = fetch_policy()

    assert not policy.denies("example.com")
    assert not policy.denies("other.example.com")
    assert not policy.denies("notemojicheck.example.com")
    assert policy.denies("2001:db8::1")


def test_everything_goes_through_the_proxy_that_is_set(settings: Any, judged: Judged) -> None:
    with PictureHost(picture=make_photo()) as host, EgressProxy(host) as proxy:
        settings.FETCH_PROXY = f"http://127.0.0.1:{proxy.port}"
        portrait = judged(linked("http://pictures.example/picture.jpg"))

    [head] = proxy.heads
    assert head.startswith("GET http://pictures.example/picture.jpg HTTP/1.1\r\n")
    assert portrait.photo


def test_no_proxy_is_taken_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, judged: Judged
) -> None:
    with PictureHost(picture=make_photo()) as host, EgressProxy(host) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        judged(linked("http://pictures.invalid/me.jpg"))

    assert proxy.heads == []


SECRET = "token-0123456789"


@pytest.mark.parametrize(
    "url",
    [
        f"http://127.0.0.1/me.jpg?key={SECRET}",
        f"http://pictures.invalid/me.jpg?key={SECRET}",
        f"http://pictures.example/redirect?to=http%3A%2F%2F127.0.0.1%2F%3F{SECRET}",
        f"http://pictures.example/status/404?key={SECRET}",
        f"http://pictures.example/status/500?key={SECRET}",
        f"http://pictures.example/picture.jpg?key={SECRET}",
    ],
)
def test_questions_in_pasted_links_are_never_logged(
    settings: Any, judged: Judged, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    caplog.set_level("DEBUG")
    with PictureHost(picture=make_photo()) as host, EgressProxy(host) as proxy:
        if ".example" in url:
            settings.FETCH_PROXY = f"http://us:{SECRET}@127.0.0.1:{proxy.port}"
        portrait = judged(linked(url))

    assert portrait.attempt == 1
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "step",
    [steps.accepted(), steps.failed("InvalidApiKey"), steps.failed("InternalError")],
    ids=lambda step: step.name,
)
def test_key_and_signed_address_are_never_logged(
    service: StandIn, judged: Judged, caplog: pytest.LogCaptureFixture, step: steps.Step
) -> None:
    caplog.set_level("DEBUG")
    service.script(step)

    judged(make_portrait())

    [call] = service.calls
    assert "/photos/" in call.payload["input"]["image_url"]
    assert service.key not in caplog.text
    assert call.payload["input"]["image_url"] not in caplog.text
