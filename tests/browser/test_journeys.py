"""From the first page to a verdict, as people go there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from emojicheck import judging
from emojicheck.models import Portrait, State
from tests.worker import workers

from .conftest import DESKTOP, PHONE, Visitor
from .faces import astronaut, jpeg
from .states import STATES, in_line

SETTLED = re.compile("accepted|rejected|failed")
PHOTO = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": jpeg(astronaut())}


def judge_the_latest() -> Portrait:
    judging.judge(Portrait.objects.latest("created").pk)
    return Portrait.objects.latest("created")


def drop(page: Page, selector: str, *, name: str, kind: str, event: str = "drop") -> None:
    """Let go of a file over an element, as a mouse does."""
    page.evaluate(
        """([selector, name, type, event]) => {
          const data = new DataTransfer();
          data.items.add(new File(["x"], name, { type }));
          const target = document.querySelector(selector);
          const init = { bubbles: true, cancelable: true, dataTransfer: data };
          if (event === "paste") {
            target.dispatchEvent(new ClipboardEvent(event, { bubbles: true, clipboardData: data }));
          } else {
            target.dispatchEvent(new DragEvent("dragenter", init));
            if (event !== "dragenter") target.dispatchEvent(new DragEvent(event, init));
          }
        }""",
        [selector, name, kind, event],
    )


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_worker_brings_the_verdict_to_the_open_page(
    visit: Callable[..., Visitor],
    settings: Any,
    viewport: dict[str, int],
    script: bool,  # noqa: FBT001
) -> None:
    visitor = visit(viewport, script=script)
    with workers(1):
        page = visitor.open("/")
        page.set_input_files("#photo", PHOTO)
        page.click(".push")
        page.wait_for_url("**/portraits/*/")
        expect(page.locator("main")).to_have_attribute("data-state", "accepted", timeout=30_000)

    expect(page.locator("h1")).to_have_text("Yes. This portrait looks right.")
    expect(page.locator("[data-bbox=face]")).to_have_count(1)
    if script:
        expect(page.locator("h1")).to_be_focused()
        expect(page.locator("h1")).to_have_accessible_description(
            "Passes here: nothing has to be changed."
        )
        # Once: what has the focus is read, and nothing else speaks up.
        expect(page.locator("main [role=status], main [role=alert]")).to_have_count(0)


def test_a_sample_is_judged_without_script(visit: Callable[..., Visitor]) -> None:
    page = visit(PHONE, script=False).open("/")

    page.click("button[value=head-tilted]")
    judge_the_latest()
    page.reload()

    expect(page.locator("main")).to_have_attribute("data-reason", "head_tilted")


def test_a_refused_photo_is_told_without_losing_the_form(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.check("[value=emo-detect-v1]")
    page.set_input_files(
        "#photo", {"name": "me.gif", "mimeType": "image/gif", "buffer": b"GIF89a" + b"0" * 99}
    )

    page.click(".push")

    expect(page.locator("#photo-wrong")).to_be_focused()
    expect(page.locator("#photo-wrong")).to_contain_text("This file is of the kind GIF.")
    expect(page.locator("#photo")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[value=emo-detect-v1]")).to_be_checked()
    expect(page.locator(".push")).to_be_enabled()

    page.set_input_files("#photo", PHOTO)
    page.click(".push")
    page.wait_for_url("**/portraits/*/")
    visitor.complaints[:] = [line for line in visitor.complaints if "422" not in line]


def test_a_chosen_photo_is_shown_before_it_is_sent(visit: Callable[..., Visitor]) -> None:
    page = visit().open("/")

    page.set_input_files("#photo", PHOTO)

    expect(page.locator("img.chosen")).to_be_visible()


def test_a_photo_the_browser_cannot_show_can_be_sent_all_the_same(
    visit: Callable[..., Visitor],
) -> None:
    page = visit().open("/")

    page.set_input_files("#photo", {"name": "me.heic", "mimeType": "image/heic", "buffer": b"x"})

    expect(page.locator(".files .big")).to_be_visible()
    expect(page.locator("img.chosen")).to_be_hidden()


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_photo_can_be_dropped_and_pasted(visit: Callable[..., Visitor], event: str) -> None:
    page = visit().open("/")
    page.fill("#image_url", "https://example.com/other.jpg")

    drop(page, ".drop", name="dropped.jpg", kind="image/jpeg", event=event)

    assert page.evaluate("document.querySelector('#photo').files[0]?.name") == "dropped.jpg"
    expect(page.locator("#image_url")).to_have_value("")
    expect(page.locator(".drop")).not_to_have_class(re.compile("over"))


def test_the_drop_zone_shows_that_it_is_one(visit: Callable[..., Visitor]) -> None:
    page = visit().open("/")

    drop(page, ".drop", name="me.jpg", kind="image/jpeg", event="dragenter")

    expect(page.locator(".drop")).to_have_class(re.compile("over"))


def test_an_upload_can_be_cancelled(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.route("**/", lambda _route: None)  # the network swallows it
    page.set_input_files("#photo", PHOTO)
    page.click(".push")
    expect(page.locator("[data-progress]")).to_be_visible()
    expect(page.locator(".push")).to_be_disabled()

    page.click("[data-progress] button")

    expect(page.locator("[data-progress]")).to_be_hidden()
    expect(page.locator(".push")).to_be_enabled()
    assert Portrait.objects.count() == 0


def test_a_broken_connection_is_told(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.route("**/", lambda route: route.abort())
    page.set_input_files("#photo", PHOTO)

    page.click(".push")

    expect(page.locator("#problem")).to_contain_text("The photo did not get through.")
    visitor.complaints.clear()


def test_a_file_that_is_too_large_is_not_even_sent(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(32e6)], "me.jpg", { type: "image/jpeg" }));
          document.querySelector("#photo").files = data.files;
        }"""
    )

    page.click(".push")

    expect(page.locator("#problem")).to_contain_text("Your photo is larger than 30 MB.")
    expect(page.locator(".push")).to_be_enabled()


def test_only_emo_offers_the_tall_shape(visit: Callable[..., Visitor]) -> None:
    page = visit().open("/")
    expect(page.locator("[value='3:4']")).to_be_disabled()

    page.check("[value=emo-detect-v1]")
    page.check("[value='3:4']")
    page.check("[value=emoji-detect-v1]")

    expect(page.locator("[value='3:4']")).to_be_disabled()
    expect(page.locator("[value='1:1']")).to_be_checked()


def test_the_waiting_page_follows_the_line_without_moving_the_focus(
    visit: Callable[..., Visitor], settings: Any
) -> None:
    settings.DETECTOR = "dashscope"
    visitor = visit()
    portrait = in_line(visitor.owner)
    page = visitor.open(portrait.get_absolute_url())
    expect(page.locator("h1")).to_have_text("Number 3 in line")
    page.focus(".keep button")

    Portrait.objects.filter(owner="somebody else").update(state=State.FAILED, trouble="ours")

    expect(page.locator("h1")).to_have_text("You are next", timeout=15_000)
    expect(page.locator(".keep button")).to_be_focused()


def test_a_portrait_deleted_elsewhere_ends_the_waiting(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    portrait = STATES["waiting"](visitor.owner)
    page = visitor.open(portrait.get_absolute_url())

    portrait.erase()

    expect(page.locator("h1")).to_have_text("Nothing here", timeout=15_000)
    visitor.complaints.clear()


def test_the_switches_hide_and_show_what_is_drawn_without_script(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit(script=False)
    page = visitor.open(STATES["rejected_hand_near_face"](visitor.owner).get_absolute_url())
    expect(page.locator(".spot path.pencil")).to_be_visible()
    expect(page.locator("[data-bbox=face]")).to_be_hidden()

    page.focus("[name=face]")
    page.keyboard.press("Space")
    page.uncheck("[name=spot]")

    expect(page.locator("[data-bbox=face]")).to_be_visible()
    expect(page.locator(".spot path.pencil")).to_be_hidden()


def test_texts_can_be_copied(visit: Callable[..., Visitor]) -> None:
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    page = visitor.open(STATES["accepted_here"](visitor.owner).get_absolute_url())

    page.click("[data-copy=request]")

    expect(page.locator("[data-copy=request]")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("curl https://dashscope")


def test_without_script_the_request_opens_instead_of_being_copied(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit(script=False)
    page = visitor.open(STATES["accepted_here"](visitor.owner).get_absolute_url())

    page.click("[data-copy=request]")

    expect(page.locator("#request")).to_be_visible()
    expect(page.locator("[data-copy=json]")).to_be_hidden()


def test_a_portrait_can_be_deleted_from_its_page(visit: Callable[..., Visitor]) -> None:
    visitor = visit(PHONE)
    page = visitor.open(STATES["accepted_here"](visitor.owner).get_absolute_url())

    page.click(".keep button")

    page.wait_for_url("**/portraits/")
    assert Portrait.objects.filter(deleted_at=None).count() == 0


def test_language_and_colours_can_be_chosen_on_any_page(visit: Callable[..., Visitor]) -> None:
    page = visit().open("/guide/")

    page.click("[name=language]")
    page.click("[value=dark]")

    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url.endswith("/guide/")


def test_the_photo_is_not_loaded_again_when_the_verdict_comes(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    portrait = STATES["waiting"](visitor.owner)
    page = visitor.open(portrait.get_absolute_url())

    judging.judge(portrait.pk)

    expect(page.locator("main")).to_have_attribute("data-state", SETTLED, timeout=15_000)
    assert len([url for url in asked if url.endswith("photo.jpg")]) == 1


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 min"),
        (59, "59 min"),
        (61, "1 h 1 min"),
        (180, "3 hours"),
        (1421, "23 h 41 min"),
        (72 * 60 - 5, "71 hours"),
    ],
)
def test_the_time_that_is_left_stays_true_while_the_page_is_open(
    visit: Callable[..., Visitor], settings: Any, minutes: int, words: str
) -> None:
    settings.RETENTION_HOURS = 72
    visitor = visit()
    portrait = STATES["accepted_here"](visitor.owner)
    visitor.page.clock.install()
    age = timedelta(hours=72) - timedelta(minutes=minutes + 4)
    Portrait.objects.update(created=timezone.now() - age)
    page = visitor.open(portrait.get_absolute_url())

    page.clock.run_for(4 * 60_000 + 5_000)

    expect(page.locator("[data-left]")).to_have_text(words)
