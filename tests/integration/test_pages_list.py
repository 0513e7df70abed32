"""The list of a visitor's portraits: follows those without a verdict, says what was deleted."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from emojicheck.models import Portrait, State
from tests.browser.states import STATES
from tests.factories import make_portrait

pytestmark = pytest.mark.django_db

OWNER = "visitor:me"


def page_of(client: Client) -> str:
    return client.get("/portraits/").content.decode()


@pytest.mark.parametrize("state", ["waiting", "being_asked", "downloading"])
def test_the_list_looks_again_while_one_has_no_verdict(me: Client, state: str) -> None:
    STATES["accepted_here"](OWNER)
    STATES[state](OWNER)

    page = page_of(me)

    assert "1 photo is still being looked at." in page
    assert re.findall(r'data-look-again="(\d+)"', page) == ["1500"]
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page


def test_a_long_line_is_asked_after_less_often(me: Client) -> None:
    for _ in range(200):
        make_portrait(owner="visitor:somebody else", photo=b"")
    STATES["waiting"](OWNER)
    STATES["waiting"](OWNER)

    page = page_of(me)

    assert "2 photos are still being looked at." in page
    assert re.findall(r'data-look-again="(\d+)"', page) == ["10000"]
    assert 'content="10"' in page


def test_a_line_that_nobody_works_on_is_told_to_be_our_fault(me: Client) -> None:
    make_portrait(owner=OWNER, next_try_at=timezone.now() - timedelta(minutes=1))

    page = page_of(me)

    assert "still being looked at. This page tells when it is done. This is taking longer" in page
    assert re.findall(r'data-look-again="(\d+)"', page) == ["10000"]


def test_a_list_of_answers_stays_as_it_is(me: Client) -> None:
    for state in ("accepted_here", "failed_link", "refused_link"):
        STATES[state](OWNER)

    page = page_of(me)

    assert "data-look-again" not in page
    assert "refresh" not in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("waiting", ["Waiting"]),
        ("being_asked", ["Waiting", "Having a look"]),
        ("downloading", ["Waiting", "Fetching your photo"]),
        ("fix_waiting", ["Waiting", "Levelling your photo", "Not accepted", "Head tilted"]),
        ("failed_link", ["No verdict", "Link"]),
        ("rejected_head_tilted", ["Not accepted", "Head tilted"]),
    ],
)
def test_every_print_says_how_far_it_is(me: Client, state: str, words: list[str]) -> None:
    portrait = STATES[state](OWNER)

    page = page_of(me)

    assert re.findall(r'<span class="name[^>]*>(?:<b>)?([^<]+)', page) == words
    assert f'data-portrait="{portrait.id}" data-state="{portrait.state}"' in page


def test_sixty_are_shown_and_asked_for_in_few_queries(
    me: Client, django_assert_max_num_queries: object
) -> None:
    for _ in range(61):
        make_portrait(owner=OWNER, photo=b"")

    with django_assert_max_num_queries(6):  # type: ignore[operator]
        page = page_of(me)

    assert page.count("data-portrait=") == 60
    assert "60 photos are still being looked at." in page


def test_others_who_wait_are_nothing_to_wait_for(me: Client) -> None:
    make_portrait(owner="visitor:somebody else")

    page = page_of(me)

    assert "None yet from this browser" in page
    assert "data-look-again" not in page


def test_what_was_deleted_is_said_once(me: Client) -> None:
    portrait = make_portrait(owner=OWNER, state=State.ACCEPTED)

    me.post(f"{portrait.get_absolute_url()}delete/")
    first, second = page_of(me), page_of(me)

    assert '<p class="note said" id="told" tabindex="-1">' in first
    assert "<title>Deleted – My portraits – emojicheck</title>" in first
    assert "Deleted. Nothing of the photo is left here." in first
    assert "Deleted" not in second
    assert Portrait.objects.filter(deleted_at=None).count() == 0


def test_whoever_deletes_one_version_is_told_that_another_is_left(me: Client) -> None:
    original = make_portrait(owner=OWNER, state=State.REJECTED)
    fix = make_portrait(
        owner=OWNER, state=State.ACCEPTED, derived_from=original, kept_since=original.created
    )

    me.post(f"{original.get_absolute_url()}delete/")
    first = page_of(me)
    me.post(f"{fix.get_absolute_url()}delete/")
    second = page_of(me)

    assert "Deleted. Another version of this photo is still here." in first
    assert "Nothing of the photo is left" not in first
    assert "Deleted. Nothing of the photo is left here." in second


@pytest.mark.parametrize(
    "other",
    [
        {"owner": "visitor:somebody else"},
        {"photo": b""},
        {"kept_since": None},
    ],
    ids=["of somebody else", "not made yet", "of another photo"],
)
def test_nothing_is_left_but_versions_with_a_photo(me: Client, other: dict[str, Any]) -> None:
    original = make_portrait(owner=OWNER, state=State.REJECTED)
    make_portrait(**{"owner": OWNER, "kept_since": original.created, **other})

    me.post(f"{original.get_absolute_url()}delete/")

    assert "Deleted. Nothing of the photo is left here." in page_of(me)


def test_nobody_can_be_made_to_read_it_by_an_address(me: Client) -> None:
    for query in ("?deleted=1", "?just_deleted=1", "?told=Deleted"):
        assert "Deleted. Nothing" not in me.get(f"/portraits/{query}").content.decode()


def test_a_failed_deletion_says_nothing(me: Client) -> None:
    others = make_portrait(owner="visitor:somebody else")

    assert me.post(f"{others.get_absolute_url()}delete/").status_code == 404
    assert "Deleted" not in page_of(me)
