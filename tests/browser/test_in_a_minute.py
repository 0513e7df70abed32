"""From a photo to an accepted portrait, with a mouse or by keys alone, before a real worker.

The camera's ways are in `test_camera`, those without script beside their neighbours.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Protocol

import pytest
from playwright.sync_api import Locator, Page, expect

from emojicheck.models import Portrait, State
from tests import portraits
from tests.standin.picture_host import PictureHost
from tests.unit.pictures.egress_proxy import EgressProxy
from tests.worker import workers

from .conftest import PHONE, Visitor
from .faces import astronaut, jpeg
from .test_fixing import in_a_corner

GOOD = jpeg(astronaut())
TILTED = portraits.jpeg(portraits.tilted(20))
CORNER = portraits.jpeg(in_a_corner())
MOST_STOPS = 90
VERDICT_MS = 60_000
TO_CLIPBOARD = """async (photo) => {
  const bytes = Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0));
  const drawn = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
  const canvas = new OffscreenCanvas(drawn.width, drawn.height);
  canvas.getContext("2d").drawImage(drawn, 0, 0);
  const png = await canvas.convertToBlob({ type: "image/png" });
  await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
}"""
DROP = """([photo, selector]) => {
  const bytes = Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "me.jpg", { type: "image/jpeg" }));
  const init = { bubbles: true, cancelable: true, dataTransfer: data };
  for (const kind of ["dragenter", "dragover", "drop"]) {
    document.querySelector(selector).dispatchEvent(new DragEvent(kind, init));
  }
}"""


class Hand(Protocol):
    def __call__(self, control: Locator) -> None: ...


def mouse(control: Locator) -> None:
    control.click()


def reach(control: Locator) -> None:
    """Tab until the focus is there."""
    for _ in range(MOST_STOPS):
        control.page.keyboard.press("Tab")
        if control.evaluate("control => control === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {control}")


def keys(control: Locator) -> None:
    reach(control)
    control.page.keyboard.press("Enter")


by_either = pytest.mark.parametrize("press", [mouse, keys])


@pytest.fixture
def page(visit: Callable[..., Visitor]) -> Iterator[Page]:
    """The home page on a phone, and somewhere a worker."""
    with (
        PictureHost(picture=GOOD) as host,
        EgressProxy(host) as proxy,
        workers(1, FETCH_PROXY=f"http://127.0.0.1:{proxy.port}"),
    ):
        yield visit(PHONE).open("/")


def choose(page: Page, press: Hand, *photos: bytes) -> None:
    opener = page.locator("#photo") if press is keys else page.locator("label[for=photo]").first
    with page.expect_file_chooser() as chooser:
        press(opener)
    chooser.value.set_files(
        [
            {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": photo}
            for number, photo in enumerate(photos)
        ]
    )


def send(page: Page, press: Hand) -> None:
    press(page.locator("form.ask .push"))
    page.wait_for_url("**/portraits/*-*/")


def expect_verdict(page: Page, state: str, words: str = "") -> None:
    expect(page.locator("main")).to_have_attribute("data-state", state, timeout=VERDICT_MS)
    expect(page.locator("h1")).to_be_focused()
    expect(page.locator("main")).to_contain_text(words)


@by_either
def test_a_tilted_portrait_is_levelled_and_accepted(page: Page, press: Hand) -> None:
    choose(page, press, TILTED)
    send(page, press)
    expect_verdict(page, "rejected", "Your head seems to lean to one side")
    before = page.url

    press(page.get_by_role("button", name="Level it for me"))
    page.wait_for_url(lambda url: url != before)

    expect_verdict(page, "accepted", "Levelled by ")


@by_either
def test_a_face_in_the_corner_of_a_large_photo_is_cropped_and_accepted(
    page: Page, press: Hand
) -> None:
    choose(page, press, CORNER)
    send(page, press)
    expect_verdict(page, "rejected")

    press(page.get_by_role("link", name="Adjust the frame yourself"))
    page.wait_for_url("**/crop/")
    press(page.get_by_role("button", name="Crop and check"))
    page.wait_for_url("**/portraits/*-*/")

    expect_verdict(page, "accepted", "Cropped to ")


@by_either
def test_a_picture_from_the_clipboard_is_pasted_and_accepted(page: Page, press: Hand) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(TO_CLIPBOARD, base64.b64encode(GOOD).decode())

    page.keyboard.press("Control+V")
    expect(page.locator("[data-files] img.chosen")).to_be_visible()
    send(page, press)

    expect_verdict(page, "accepted")


def test_a_picture_is_dropped_and_accepted(page: Page) -> None:
    page.evaluate(DROP, [base64.b64encode(GOOD).decode(), "form.ask .drop"])
    expect(page.locator("[data-files] img.chosen")).to_be_visible()
    send(page, mouse)

    expect_verdict(page, "accepted")


@by_either
def test_a_link_is_followed_and_its_picture_accepted(page: Page, press: Hand) -> None:
    field = page.locator("#image_url")
    reach(field) if press is keys else field.click()
    page.keyboard.type("http://pictures.example/picture.jpg")
    send(page, press)

    expect_verdict(page, "accepted")
    assert Portrait.objects.get().source == "url"


def test_one_press_sends_the_link_that_took_the_place_of_a_photo(page: Page) -> None:
    choose(page, mouse, TILTED)
    page.locator("#image_url").press_sequentially("http://pictures.example/picture.jpg")

    expect(page.locator("[data-told]")).to_have_text("The link takes the place of the photo.")
    where = page.locator("form.ask .push").bounding_box()
    assert where is not None
    page.mouse.click(where["x"] + where["width"] / 2, where["y"] + where["height"] / 2)

    page.wait_for_url("**/portraits/*-*/")
    expect_verdict(page, "accepted")


@by_either
def test_three_at_once_come_back_as_a_list_of_verdicts(page: Page, press: Hand) -> None:
    choose(page, press, GOOD, TILTED, CORNER)
    press(page.locator("form.ask .push"))

    links = page.locator("[data-files] a:visible")
    expect(links).to_have_count(3, timeout=VERDICT_MS)
    press(links.nth(1))
    page.wait_for_url("**/portraits/*-*/")
    expect(page.locator("main")).to_have_attribute("data-reason", "head_tilted", timeout=VERDICT_MS)
    states = sorted(Portrait.objects.values_list("state", flat=True))
    assert states == [State.ACCEPTED, State.REJECTED, State.REJECTED]


@by_either
def test_what_was_accepted_is_deleted(page: Page, press: Hand) -> None:
    choose(page, press, GOOD)
    send(page, press)
    expect_verdict(page, "accepted")

    press(page.locator(".keep button"))
    page.wait_for_url("**/portraits/")

    expect(page.locator("#told")).to_contain_text("Nothing of the photo is left here.")
    assert [portrait.photo.name for portrait in Portrait.objects.all()] == [""]
