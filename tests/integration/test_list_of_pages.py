from __future__ import annotations

import pytest
from django.test import Client

from tests.browser.pages import pages, pages_of_a_portrait
from tests.browser.states import STATES


@pytest.mark.django_db
@pytest.mark.parametrize("name", pages())
def test_what_is_listed_as_a_page_is_one(client: Client, name: str) -> None:
    reply = client.get(pages()[name])

    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize("name", pages_of_a_portrait())
def test_what_is_listed_as_a_page_of_a_portrait_is_one(client: Client, name: str) -> None:
    session = client.session
    session["visitor"] = "me"
    session.save()
    portrait = STATES["rejected_face_too_small"]("visitor:me")

    reply = client.get(f"{portrait.get_absolute_url()}{pages_of_a_portrait()[name]}")

    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_list_of_pages_finds_those_everybody_knows() -> None:
    assert {"home", "portraits", "guide", "privacy", "camera"} <= set(pages())
    assert "portrait_crop" in pages_of_a_portrait()
