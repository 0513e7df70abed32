"""All ways in: several photos at once, huge ones, links, the clipboard; and what may go wrong."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image, ImageFilter
from playwright.sync_api import Page, expect

from emojicheck import judging
from emojicheck.models import Portrait, State
from tests.factories import make_photo, make_portrait
from tests.worker import workers

from .conftest import DESKTOP, PHONE, Visitor
from .faces import FACE_CENTRE, astronaut, jpeg
from .states import STATES, drawing
from .test_every_state import findings, width_of
from .test_journeys import PHOTO
from .test_overlay import MEASURE

HEIC = Path(__file__).parent.parent / "unit" / "pictures" / "samples" / "corners.heic"
SIZES = "[...document.querySelector('#photo').files].map((file) => [file.name, file.size])"


def file(content: bytes, name: str = "me.jpg", kind: str = "image/jpeg") -> dict[str, Any]:
    return {"name": name, "mimeType": kind, "buffer": content}


def three() -> list[dict[str, Any]]:
    """One that passes, one that does not, one that is no photo; two share their name."""
    return [file(drawing("ok")), file(drawing("head-tilted")), file(b"hello", "letter.jpg")]


def hand_over(page: Page, event: str, *, text: str = "", files: int = 0, on: str = ".drop") -> None:
    """Let go of something over an element, or paste it there."""
    page.evaluate(
        """([selector, event, text, files]) => {
          const data = new DataTransfer();
          for (let n = 0; n < files; n += 1) {
            data.items.add(new File(["x"], `${n}.jpg`, { type: "image/jpeg" }));
          }
          if (text) data.setData(event === "paste" ? "text/plain" : "text/uri-list", text);
          const init = { bubbles: true, cancelable: true };
          const target = document.querySelector(selector);
          target.dispatchEvent(
            event === "paste"
              ? new ClipboardEvent(event, { ...init, clipboardData: data })
              : new DragEvent(event, { ...init, dataTransfer: data }),
          );
        }""",
        [on, event, text, files],
    )


def ignore(visitor: Visitor, *statuses: str) -> None:
    """Browsers complain about every refusal, also where it is what the test is about."""
    visitor.complaints[:] = [
        line for line in visitor.complaints if not any(status in line for status in statuses)
    ]


def latest() -> Portrait:
    return Portrait.objects.latest("created")


# Several at once


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_three_at_once_are_sent_one_by_one_and_followed_to_their_verdicts(
    visit: Callable[..., Visitor], viewport: dict[str, int]
) -> None:
    visitor = visit(viewport)
    with workers(1):
        page = visitor.open("/")
        page.set_input_files("#photo", three())
        expect(page.locator("form.ask .push")).to_have_text("Check these 3 portraits")
        page.click("form.ask [type=submit]")
        lines = page.locator("[data-files] li")
        expect(lines.nth(0).locator("a")).to_have_text("Passes here", timeout=60_000)
        expect(lines.nth(1).locator("a")).to_have_text("Not accepted, Head tilted", timeout=60_000)

    expect(lines.nth(2)).to_contain_text("This is a text file, not a photo.")
    status = page.locator("[data-summary] [role=status]")
    expect(status).to_have_text("2 of 2 checked. Yes to 1, no to 1. 1 could not be taken.")
    expect(page.locator("[data-summary] [aria-live]")).to_have_text(
        re.compile(r"^me\.jpg: (Passes here|Not accepted, Head tilted)\.$")
    )
    assert Portrait.objects.count() == 2
    assert findings(visitor) == []
    assert width_of(visitor) <= viewport["width"]
    lines.nth(0).locator("a").click()
    expect(page.locator("main")).to_have_attribute("data-state", "accepted")
    ignore(visitor, "422")


def test_three_at_once_without_script(visit: Callable[..., Visitor]) -> None:
    visitor = visit(PHONE, script=False)
    with workers(1):
        page = visitor.open("/")
        page.set_input_files("#photo", three())
        page.click("form.ask .push")
        expect(page.locator("#receipt")).to_have_text("2 of 3 photos were taken")
        expect(page.locator(".receipt li")).to_contain_text("letter.jpg")
        assert width_of(visitor) == PHONE["width"]
        page.click("text=See those that were taken")
        expect(page.locator(".sheet")).to_contain_text("Passes here", timeout=60_000)
        expect(page.locator(".sheet")).to_contain_text("Head tilted", timeout=60_000)
    expect(page.locator("[data-waiting]")).to_be_empty()
    ignore(visitor, "422")


def test_one_of_several_can_be_cancelled_and_the_others_go_on(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.set_input_files("#photo", [PHOTO, file(drawing("ok")), PHOTO])
    held: list[Any] = []
    page.route("**/", lambda route: held.append(route) if not held else route.continue_())
    page.click("form.ask .push")
    lines = page.locator("[data-files] li")
    expect(lines.nth(0).locator("progress")).to_be_visible()

    lines.nth(2).locator("button").click()
    lines.nth(0).locator("button").click()

    expect(lines.nth(1)).to_contain_text("Taken")
    expect(lines.nth(0)).to_contain_text("Not sent.")
    expect(lines.nth(2)).to_contain_text("Not sent.")
    expect(page.locator("[data-summary] [role=status]")).to_have_text("0 of 1 checked.")
    assert Portrait.objects.count() == 1


def test_the_rest_can_be_sent_once_the_network_is_back(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.set_input_files("#photo", [PHOTO, file(drawing("ok"))])
    away = [True]
    page.route("**/", lambda route: route.abort() if away[0] else route.continue_())
    page.click("form.ask .push")
    expect(page.locator("#problem")).to_be_focused()
    expect(page.locator("#problem")).to_contain_text("did not get through")
    assert Portrait.objects.count() == 0

    away[0] = False
    page.click("text=Send the rest")

    expect(page.locator("[data-files] a:visible")).to_have_count(2)
    expect(page.locator("#problem")).to_be_hidden()
    expect(page.locator("text=Send the rest")).to_be_hidden()
    assert Portrait.objects.count() == 2
    ignore(visitor, "ERR_FAILED")


def test_a_limit_half_way_keeps_what_was_taken(
    visit: Callable[..., Visitor], settings: Any
) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1
    visitor = visit()
    page = visitor.open("/")
    page.set_input_files("#photo", [PHOTO, file(drawing("ok")), PHOTO])

    page.click("form.ask .push")

    expect(page.locator("#problem")).to_contain_text("That was a lot of photos for one hour.")
    lines = page.locator("[data-files] li")
    expect(lines.nth(0)).to_contain_text("Taken")
    expect(lines.nth(1)).to_contain_text("Not sent yet.")
    expect(page.locator("text=Send the rest")).to_be_visible()
    assert Portrait.objects.count() == 1
    ignore(visitor, "429")


def test_eleven_are_told_as_soon_as_they_are_chosen(visit: Callable[..., Visitor]) -> None:
    page = visit().open("/")
    page.set_input_files("#photo", [file(make_photo(400 + n, 400)) for n in range(11)])

    expect(page.locator("#problem")).to_contain_text("These are 11 photos; at most 10")
    expect(page.locator("[data-files] li")).to_have_count(11)
    expect(page.locator("form.ask .push")).to_be_disabled()

    page.locator("[data-files] li").last.locator("button").click()

    expect(page.locator("#problem")).to_be_hidden()
    expect(page.locator("form.ask .push")).to_be_enabled()
    assert Portrait.objects.count() == 0


def test_several_by_keyboard_alone(visit: Callable[..., Visitor]) -> None:
    page = visit().open("/")
    page.set_input_files("#photo", [PHOTO, file(drawing("ok"), "other.jpg"), PHOTO])
    page.focus("[data-files] li:nth-child(2) button")

    page.keyboard.press("Enter")
    expect(page.locator("#photo")).to_be_focused()
    assert [name for name, _size in page.evaluate(SIZES)] == ["me.jpg", "me.jpg"]
    page.focus("form.ask .push")
    page.keyboard.press("Enter")

    expect(page.locator("[data-summary] [role=status]")).to_be_focused()
    expect(page.locator("[data-files] a:visible")).to_have_count(2)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/portraits/")


# Choosing


def test_what_was_chosen_can_be_taken_out_again(visit: Callable[..., Visitor]) -> None:
    page = visit(PHONE).open("/")
    page.set_input_files("#photo", PHOTO)
    expect(page.locator("[data-files]")).to_contain_text("me.jpg")

    page.click("text=Take out")

    expect(page.locator("[data-files]")).to_be_hidden()
    expect(page.locator("#photo")).to_be_focused()
    assert page.evaluate(SIZES) == []


def test_the_preview_stands_upright(visit: Callable[..., Visitor]) -> None:
    page = visit().open("/")
    wide = astronaut().resize((600, 400))

    page.set_input_files("#photo", file(jpeg(wide, orientation=6)))

    shown = page.locator("img.chosen").bounding_box()
    assert shown is not None
    assert shown["width"] > shown["height"]


def test_several_can_be_dropped(visit: Callable[..., Visitor]) -> None:
    page = visit().open("/")

    hand_over(page, "drop", files=3, on="h1")

    expect(page.locator("[data-files] li")).to_have_count(3)


@pytest.mark.parametrize("event", ["paste", "drop"])
def test_an_address_that_is_handed_over_fills_the_field_and_wins(
    visit: Callable[..., Visitor], event: str
) -> None:
    page = visit().open("/")
    page.set_input_files("#photo", PHOTO)

    hand_over(page, event, text="https://example.com/me.jpg")

    expect(page.locator("#image_url")).to_have_value("https://example.com/me.jpg")
    expect(page.locator("#image_url")).to_be_focused()
    expect(page.locator("[data-told]")).to_have_text("The link takes the place of the photo.")
    expect(page.locator("[data-files]")).to_be_hidden()
    assert page.evaluate(SIZES) == []


def test_any_other_text_is_left_alone(visit: Callable[..., Visitor]) -> None:
    page = visit().open("/")
    page.set_input_files("#photo", PHOTO)

    hand_over(page, "paste", text="my face")

    expect(page.locator("#image_url")).to_have_value("")
    expect(page.locator("[data-files]")).to_be_visible()


def test_a_photo_takes_the_place_of_a_link_and_that_is_said(visit: Callable[..., Visitor]) -> None:
    page = visit().open("/")
    page.fill("#image_url", "https://example.com/me.jpg")

    page.set_input_files("#photo", PHOTO)

    expect(page.locator("#image_url")).to_have_value("")
    expect(page.locator("[data-told]")).to_have_text("The photo takes the place of the link.")


def test_heading_drop_zone_and_button_are_on_the_first_screen_of_a_phone(
    visit: Callable[..., Visitor],
) -> None:
    for language in ("en", "zh-CN"):
        page = visit(PHONE, locale=language).open("/")
        button = page.locator("form.ask .push").bounding_box()

        assert button is not None
        assert button["y"] + button["height"] <= PHONE["height"]


def test_the_button_is_in_sight_once_a_photo_is_chosen(visit: Callable[..., Visitor]) -> None:
    page = visit(PHONE).open("/")

    page.set_input_files("#photo", PHOTO)

    expect(page.locator("[data-files] img.chosen")).to_be_visible()
    expect(page.locator("form.ask .push")).to_be_in_viewport(ratio=0.95)


def test_what_fingers_press_is_large_enough(visit: Callable[..., Visitor]) -> None:
    page = visit(PHONE).open("/")
    page.set_input_files("#photo", [PHOTO, PHOTO])

    boxes = [
        button.bounding_box()
        for button in page.locator("form.ask :is(button, input.field, .drop a):visible").all()
    ]

    assert min(box["height"] for box in boxes if box) >= 44


# Huge ones


def test_a_huge_photo_is_made_smaller_and_stays_upright(visit: Callable[..., Visitor]) -> None:
    seen = astronaut().resize((5000, 7000))  # upright; stored lying, as a phone does
    visitor = visit()
    page = visitor.open("/")
    page.set_input_files("#photo", file(jpeg(seen, orientation=6)))

    page.click("form.ask .push")
    page.wait_for_url("**/portraits/*/", timeout=60_000)

    portrait = latest()
    assert (portrait.width, portrait.height) == (2926, 4096)
    assert portrait.repairs == []
    judging.judge(portrait.pk)
    page.reload()
    shown = page.evaluate(MEASURE)
    assert shown["natural"] == [2926, 4096]
    assert page.url.endswith(reverse("portrait", args=[portrait.id]))
    with portrait_photo(portrait) as stored:
        across, down = 2926 / 512, 4096 / 512
        spot = (round(FACE_CENTRE[0] * across), round(FACE_CENTRE[1] * down))
        wanted = seen.resize(stored.size).filter(ImageFilter.BoxBlur(8)).getpixel(spot)
        got = stored.filter(ImageFilter.BoxBlur(8)).getpixel(spot)
    assert max(abs(a - b) for a, b in zip(wanted, got, strict=True)) <= 6


def portrait_photo(portrait: Portrait) -> Image.Image:
    with portrait.photo.open() as photo:
        return Image.open(io.BytesIO(photo.read())).convert("RGB")


def test_the_box_on_a_photo_made_smaller_lies_where_the_face_is(
    visit: Callable[..., Visitor],
) -> None:
    """The drawing is judged as it is and enlarged: the boxes must be the same but for the scale."""
    with Image.open(io.BytesIO(drawing("ok"))) as drawn:
        large = drawn.convert("RGB").resize((4900, 4900), Image.Resampling.LANCZOS)
    visitor = visit()
    boxes = []
    for content in (drawing("ok"), jpeg(large, orientation=6)):
        page = visitor.open("/")
        page.set_input_files("#photo", file(content))
        page.click("form.ask .push")
        page.wait_for_url("**/portraits/*/", timeout=60_000)
        judging.judge(latest().pk)
        portrait = latest()
        assert portrait.state == State.ACCEPTED
        assert portrait.verdict is not None
        boxes.append([edge / (portrait.width or 1) for edge in portrait.verdict.face])

    assert max(abs(a - b) for a, b in zip(*boxes, strict=True)) < 0.01


def test_a_photo_of_ordinary_size_is_sent_byte_by_byte(visit: Callable[..., Visitor]) -> None:
    content = jpeg(astronaut(), orientation=6)
    visitor = visit()
    page = visitor.open("/")
    page.set_input_files("#photo", file(content))
    sent: list[bytes] = []
    page.on("request", lambda r: r.method == "POST" and sent.append(r.post_data_buffer or b""))

    page.click("form.ask .push")
    page.wait_for_url("**/portraits/*/")

    direct = judged_alike(content)
    assert latest().digest == direct
    assert "shrink" not in " ".join(
        page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    )


def judged_alike(content: bytes) -> str:
    """The digest of a photo that came without any browser."""
    from emojicheck.pictures import read_picture

    return read_picture(content).digest


def test_a_huge_transparent_picture_gets_a_white_ground(visit: Callable[..., Visitor]) -> None:
    clear = Image.new("RGBA", (4200, 4200), (0, 0, 0, 0))
    clear.paste(astronaut().resize((2100, 2100)), (1050, 1050))
    buffer = io.BytesIO()
    clear.save(buffer, "PNG", compress_level=1)
    visitor = visit()
    page = visitor.open("/")
    page.set_input_files("#photo", file(buffer.getvalue(), "me.png", "image/png"))

    page.click("form.ask .push")
    page.wait_for_url("**/portraits/*/", timeout=60_000)

    portrait = latest()
    assert (portrait.width, portrait.height) == (4096, 4096)
    with portrait_photo(portrait) as stored:
        assert min(stored.getpixel((20, 20))) >= 250


def test_what_the_browser_cannot_open_goes_as_it_is(visit: Callable[..., Visitor]) -> None:
    content = HEIC.read_bytes()
    visitor = visit()
    page = visitor.open("/")
    page.set_input_files("#photo", file(content, "me.heic", "image/heic"))

    page.click("form.ask .push")

    expect(page.locator("#photo-wrong, main[data-state]").first).to_be_visible()
    if Portrait.objects.count():
        assert latest().digest == judged_alike(content)
    else:  # a sample too small to be taken: the server has read it all the same
        expect(page.locator("#photo-wrong")).to_contain_text("pixels")
    ignore(visitor, "422")


# Trouble


def test_being_offline_is_told_and_the_photo_stays_chosen(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.set_input_files("#photo", PHOTO)
    visitor.context.set_offline(True)

    page.click("form.ask .push")

    expect(page.locator("#problem")).to_be_focused()
    expect(page.locator("#problem")).to_contain_text("You are offline.")
    visitor.context.set_offline(False)
    expect(page.locator("#problem")).to_be_hidden()
    page.click("form.ask .push")
    page.wait_for_url("**/portraits/*/")
    ignore(visitor, "ERR_INTERNET")


def test_a_form_that_grew_old_is_renewed_without_a_word(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.open("/")
    visitor.context.clear_cookies()
    page.set_input_files("#photo", PHOTO)

    page.click("form.ask .push")

    page.wait_for_url("**/portraits/*/")
    assert Portrait.objects.count() == 1
    ignore(visitor, "403")


def test_a_browser_that_keeps_no_cookies_is_told(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.route(
        "**/",
        lambda route: (
            route.fulfill(
                status=403, content_type="text/html", body="<main><p class=lead>No cookies.</main>"
            )
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    page.set_input_files("#photo", PHOTO)

    page.click("form.ask .push")

    expect(page.locator("#problem")).to_have_text("No cookies.")
    assert page.evaluate(SIZES) != []
    ignore(visitor, "403")


def test_trouble_of_ours_is_told_and_the_photo_stays_chosen(
    visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    from emojicheck import intake

    def full(_photo: bytes, **_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(intake, "read_picture", full)
    visitor = visit()
    page = visitor.open("/")
    page.set_input_files("#photo", PHOTO)

    page.click("form.ask .push")

    expect(page.locator("#problem")).to_contain_text("That was us, not your photo")
    expect(page.locator("form.ask .push")).to_be_enabled()
    assert page.evaluate(SIZES) != []
    ignore(visitor, "503")


def test_an_empty_file_is_told(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.set_input_files("#photo", file(b"", "empty.jpg"))

    page.click("form.ask .push")

    expect(page.locator("#photo-wrong")).to_be_focused()
    expect(page.locator("#photo-wrong")).to_contain_text("The file is empty.")
    ignore(visitor, "422")


def test_going_back_after_sending_leaves_a_form_that_works(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.set_input_files("#photo", PHOTO)
    page.click("form.ask .push")
    page.wait_for_url("**/portraits/*/")

    page.go_back()
    page.set_input_files("#photo", file(drawing("ok")))
    page.click("form.ask .push")
    page.wait_for_url("**/portraits/*/")

    assert Portrait.objects.count() == 2


# The list


def test_the_list_follows_without_loading_anew(visit: Callable[..., Visitor]) -> None:
    visitor = visit(PHONE)
    first, second = STATES["waiting"](visitor.owner), STATES["waiting"](visitor.owner)
    page = visitor.open("/portraits/")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    link = page.locator(f"[data-portrait='{first.pk}'] a")
    link.focus()

    judging.judge(first.pk)

    expect(link).to_contain_text("Passes here", timeout=15_000)
    expect(link).to_be_focused()
    expect(page.locator("[data-news]")).to_contain_text("Passes here.")
    expect(page.locator("[data-waiting]")).to_contain_text("1 photo is still being looked at.")
    second.erase()
    expect(page.locator("[data-portrait]")).to_have_count(1, timeout=15_000)
    expect(page.locator("[data-waiting]")).to_be_empty()
    expect(page.locator("[data-news]")).to_contain_text("All are looked at.")
    assert [url for url in asked if "thumbnail" in url] == []
    quiet = len(asked)
    page.wait_for_timeout(2500)
    assert len(asked) == quiet


def test_what_was_deleted_is_said_where_the_visitor_lands(visit: Callable[..., Visitor]) -> None:
    visitor = visit(PHONE)
    page = visitor.open(STATES["accepted_here"](visitor.owner).get_absolute_url())

    page.click(".keep button")

    expect(page.locator("#told")).to_be_focused()
    expect(page.locator("#told")).to_have_text("Deleted. Nothing of the photo is left here.")
    assert findings(visitor) == []
    page.reload()
    expect(page.locator("#told")).to_have_count(0)


def test_sixty_fit(visit: Callable[..., Visitor]) -> None:
    visitor = visit({"width": 320, "height": 640})
    for _ in range(61):
        make_portrait(owner=visitor.owner)

    page = visitor.open("/portraits/")

    expect(page.locator("[data-portrait]")).to_have_count(60)
    assert width_of(visitor) == 320


# Every state, for everybody


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_state_of_the_form_is_accessible_and_fits(
    visit: Callable[..., Visitor],
    settings: Any,
    viewport: dict[str, int],
    language: str,
    dark: bool,  # noqa: FBT001
) -> None:
    settings.SUBMISSIONS_PER_HOUR = 5
    visitor = visit(viewport, locale=language, dark=dark)
    long = f"{'a_very_long_name_' * 6}.jpg"
    wrong = {}

    def look(name: str) -> None:
        found = findings(visitor)
        if width_of(visitor) > viewport["width"]:
            found.append("wider than the window")
        if found:
            wrong[name] = found

    page = visitor.open("/")
    page.set_input_files("#photo", file(PHOTO["buffer"], long))
    look("one chosen")
    page.set_input_files("#photo", [file(PHOTO["buffer"], long), PHOTO, file(b"no", long)])
    look("three chosen")
    page.click("form.ask .push")
    expect(page.locator("[data-summary] .row")).to_be_visible()
    look("three sent")
    page = visitor.open("/")
    page.set_input_files("#photo", file(b"no", long))
    page.click("form.ask .push")
    expect(page.locator("#photo-wrong")).to_be_visible()
    look("one refused")
    page.set_input_files("#photo", [PHOTO, file(drawing("ok")), PHOTO])
    page.click("form.ask .push")
    expect(page.locator("#problem")).to_be_visible()
    look("a limit")
    visitor.open("/portraits/")
    look("the list")

    assert wrong == {}
    ignore(visitor, "422", "429")


def test_a_receipt_is_accessible_in_the_dark(visit: Callable[..., Visitor]) -> None:
    visitor = visit(PHONE, dark=True)
    page = visitor.open("/")
    page.evaluate("document.querySelector('[data-upload]').removeAttribute('data-several')")
    page.set_input_files("#photo", three())

    page.evaluate("HTMLFormElement.prototype.submit.call(document.querySelector('[data-upload]'))")

    expect(page.locator(".receipt")).to_be_focused()
    expect(page).to_have_title(re.compile("Not all were taken"))
    assert findings(visitor) == []
    ignore(visitor, "422")


def test_a_receipt_gives_way_to_what_is_sent_next(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.set_input_files("#photo", three())
    page.evaluate("HTMLFormElement.prototype.submit.call(document.querySelector('[data-upload]'))")
    expect(page.locator(".receipt")).to_be_focused()
    page.route("**/", lambda route: route.abort())
    page.set_input_files("#photo", PHOTO)

    page.click("form.ask .push")

    expect(page.locator("#problem")).to_be_focused()
    expect(page.locator("#problem")).to_contain_text("did not get through")
    expect(page.locator(".receipt")).to_have_count(0)
    ignore(visitor, "422", "ERR_FAILED")
