"""Everything a visitor can come to see, by name: states, pages, refusals, what a press opens.

New states come from `states`, new pages from the site's own list of addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from emojicheck.detection.verdicts import Reason
from emojicheck.limits import Limit
from emojicheck.presentation.refusals import limit_refusal

from .conftest import Visitor
from .faces import astronaut, jpeg
from .pages import MISSING, pages, pages_of_a_portrait
from .states import STATES

Sight = Callable[[Visitor], Any]
PHOTO = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": jpeg(astronaut())}
NO_PHOTO = {"name": "me.gif", "mimeType": "image/gif", "buffer": b"GIF89a" + b"0" * 99}
MANY = ("accepted_here", "rejected_head_tilted", "failed_link", "downloading", "service_plain")
BROKEN = ("400", "403_csrf", "429", "500", "503")
PAGES = [*pages(), *pages_of_a_portrait(), *(f"status_{name}" for name in ("404", *BROKEN))]
"""All that is not the page of a verdict."""


def sights() -> dict[str, Sight]:
    return {
        # First, while the visitor has no portraits yet.
        **{name: _page(path) for name, path in pages().items()},
        **{name: _state(name) for name in STATES},
        **{name: _page_of_a_portrait(ending) for name, ending in pages_of_a_portrait().items()},
        **{f"status_{name}": _broken(name) for name in BROKEN},
        "status_404": _page(MISSING),
        "camera": camera,
        "portraits_many": portraits_many,
        "shared": shared,
        "home_chosen": home_chosen,
        "home_wrong_file": home_wrong_file,
        "home_wrong_link": home_wrong_link,
        "home_nothing_given": home_nothing_given,
    }


def _state(name: str) -> Sight:
    return lambda visitor: visitor.open(STATES[name](visitor.owner).get_absolute_url())


def _page(path: str) -> Sight:
    return lambda visitor: visitor.open(path)


def _page_of_a_portrait(ending: str) -> Sight:
    def see(visitor: Visitor) -> None:
        portrait = STATES[f"rejected_{Reason.FACE_TOO_SMALL}"](visitor.owner)
        visitor.open(f"{portrait.get_absolute_url()}{ending}")

    return see


def _broken(name: str) -> Sight:
    """A page for when something is wrong, put where the site would have sent it."""

    def see(visitor: Visitor) -> None:
        language = visitor.page.evaluate("navigator.language").lower()
        with translation.override("zh-hans" if language.startswith("zh") else "en"):
            html = render_to_string(
                f"{name}.html",
                {"refusal": limit_refusal(Limit.HOURLY, 1500)},
                request=RequestFactory().get("/"),
            )
        path = f"/status/{name}"
        visitor.page.route(
            f"**{path}", lambda route: route.fulfill(body=html, content_type="text/html")
        )
        visitor.open(path)

    return see


def camera(visitor: Visitor) -> None:
    """Where there is none: the page offers files instead."""
    visitor.open("/camera/")
    if visitor.page.evaluate("typeof navigator.mediaDevices") != "undefined":
        visitor.page.wait_for_selector(".drop")


def portraits_many(visitor: Visitor) -> None:
    for name in MANY:
        STATES[name](visitor.owner)
    visitor.open("/portraits/")


def shared(visitor: Visitor) -> None:
    portrait = STATES["accepted_by_service"](visitor.owner)
    portrait.share_token = "s" * 22
    portrait.save()
    visitor.open(f"/shared/{portrait.share_token}/")


def home_chosen(visitor: Visitor) -> None:
    visitor.open("/").set_input_files("#photo", PHOTO)
    visitor.page.wait_for_selector("img.chosen")


def home_wrong_file(visitor: Visitor) -> None:
    visitor.open("/").set_input_files("#photo", NO_PHOTO)
    _send(visitor, "#photo-wrong")


def home_wrong_link(visitor: Visitor) -> None:
    visitor.open("/").fill("#image_url", "ftp://example.com/me.jpg")
    _send(visitor, "#image_url-wrong")


def home_nothing_given(visitor: Visitor) -> None:
    visitor.open("/")
    _send(visitor, "#photo-wrong")


def _send(visitor: Visitor, answer: str) -> None:
    visitor.page.click(".push")
    visitor.page.wait_for_selector(answer)
    visitor.page.wait_for_load_state()  # the answer may be a page of its own
