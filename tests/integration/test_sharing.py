"""A link to show around: off at first, read-only, gone with the photo or at the owner's word."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from emojicheck.models import Portrait, State
from tests.factories import make_photo, make_portrait

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Portrait:
    return make_portrait(owner="visitor:me", state=State.ACCEPTED)


def share(me: Client, portrait: Portrait, **fields: str) -> str:
    """The path of the link; empty when there is none."""
    me.post(f"/portraits/{portrait.pk}/share/", fields)
    portrait.refresh_from_db()
    return f"/shared/{portrait.share_token}/" if portrait.share_token else ""


def status(path: str) -> int:
    """As somebody else sees it."""
    reply = Client().get(path)
    list(reply)
    return int(reply.status_code)


def test_nothing_is_shared_until_the_owner_wants_it(me: Client, mine: Portrait) -> None:
    page = me.get(mine.get_absolute_url()).content.decode()

    assert mine.share_token == ""
    assert "/shared/" not in page
    assert "Make a link" in page
    assert status("/shared//") == 404


def test_link_shows_the_photo_with_its_boxes_and_nothing_to_press(
    me: Client, mine: Portrait, settings: Any
) -> None:
    settings.SITE_URL = "https://emojicheck.example.com"
    link = share(me, mine)

    theirs = Client().get(link)
    photo = Client().get(f"{link}photo.jpg")

    page, own = theirs.content.decode(), me.get(mine.get_absolute_url()).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert len(mine.share_token) >= 22  # 128 bits
    assert f"https://emojicheck.example.com{link}" in own
    assert re.findall(r'data-bbox="(\w+)"', main) == ["extended", "face"]
    assert "<form" not in main
    assert str(mine.pk) not in page
    assert b"".join(photo) == make_photo()


def test_shared_page_is_listed_and_kept_nowhere(me: Client, mine: Portrait) -> None:
    link = share(me, mine)

    for path in (link, f"{link}photo.jpg"):
        reply = Client().get(path)
        list(reply)
        assert reply.headers["X-Robots-Tag"] == "noindex"
        assert reply.headers["Cache-Control"] == "private, no-store"
    assert '<meta name="robots" content="noindex">' in Client().get(link).content.decode()


def test_link_can_be_taken_back_and_never_comes_back(me: Client, mine: Portrait) -> None:
    first = share(me, mine)

    none = share(me, mine, stop="")
    second = share(me, mine)

    assert (none, status(first), status(f"{first}photo.jpg")) == ("", 404, 404)
    assert second != first
    assert status(second) == 200


def test_second_press_keeps_the_link(me: Client, mine: Portrait) -> None:
    assert share(me, mine) == share(me, mine)


def test_link_ends_with_the_photo(me: Client, mine: Portrait) -> None:
    link = share(me, mine)

    me.post(f"/portraits/{mine.pk}/delete/")

    assert (status(link), status(f"{link}photo.jpg")) == (404, 404)
    mine.refresh_from_db()
    assert mine.share_token == ""


def test_link_ends_in_time_even_if_nobody_cleans_up(
    me: Client, mine: Portrait, settings: Any
) -> None:
    link = share(me, mine)
    hours = timedelta(hours=settings.RETENTION_HOURS)
    Portrait.objects.update(created=timezone.now() - hours - timedelta(seconds=1))

    assert (status(link), status(f"{link}photo.jpg")) == (404, 404)


@pytest.mark.parametrize("state", [State.WAITING, State.JUDGING, State.FAILED])
def test_there_is_nothing_to_share_without_a_verdict(me: Client, state: str) -> None:
    portrait = make_portrait(owner="visitor:me", state=state)

    assert share(me, portrait) == ""
    assert "Make a link" not in me.get(portrait.get_absolute_url()).content.decode()


def test_link_rests_while_the_photo_is_judged_again(me: Client, mine: Portrait) -> None:
    link = share(me, mine)
    Portrait.objects.update(state=State.WAITING, verdict=None)

    assert status(link) == 404


def test_rejection_can_be_shared_too(me: Client) -> None:
    link = share(me, make_portrait(owner="visitor:me", state=State.REJECTED))

    assert status(link) == 200


def test_others_portraits_cannot_be_shared(me: Client) -> None:
    others = make_portrait(owner="visitor:somebody", state=State.ACCEPTED)

    reply = me.post(f"/portraits/{others.pk}/share/")

    others.refresh_from_db()
    assert (reply.status_code, others.share_token) == (404, "")


@pytest.mark.parametrize("token", ["x", "t" * 22, "%00", "é", "../admin", "a" * 5000])
def test_guessed_links_lead_nowhere(mine: Portrait, token: str) -> None:
    assert status(f"/shared/{token}/") == 404


def test_looking_does_not_share(me: Client, mine: Portrait) -> None:
    assert me.get(f"/portraits/{mine.pk}/share/").status_code == 405


@pytest.mark.parametrize(("limit", "told"), [(0, 0), (10, 1)])
def test_privacy_page_tells_of_the_count_when_there_is_one(
    client: Client, settings: Any, limit: int, told: int
) -> None:
    settings.SUBMISSIONS_PER_HOUR = limit

    page = client.get("/privacy/").content.decode()

    assert page.count("how much was asked from your internet address") == told
    assert "Whoever you give a link to" in page
