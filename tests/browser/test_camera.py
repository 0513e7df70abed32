"""The camera page, with Chromium's stand-in camera."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from emojicheck.models import Portrait
from emojicheck.views import posing
from tests.hinting import HintsProgram, hints_program
from tests.running import children_of, eventually, running_site

from .cameras import FRAMES_A_SECOND, HEIGHT, WIDTH, chromium_with_camera, film, scene
from .conftest import DESKTOP, PHONE, Visitor
from .test_every_state import findings, width_of
from .test_weight import MAX_SCRIPT_BYTES, SHIFTS

SETTLED = re.compile("accepted|rejected|failed")
SECONDS = 60_000
Chromium = Callable[[str], Browser]


def films(place: Path) -> dict[str, Path]:
    tilted = scene(turned=30)
    far = scene(size=0.35)
    return {
        "good": film(place / "good.y4m", [scene()] * 2),
        "tilted": film(place / "tilted.y4m", [tilted] * 2),
        "far then good": film(
            place / "far.y4m", [far] * 4 * FRAMES_A_SECOND + [scene()] * 10 * FRAMES_A_SECOND
        ),
        "black": film(place / "black.y4m", [np.zeros((HEIGHT, WIDTH, 3), np.uint8)] * 2),
    }


@pytest.fixture(scope="module")
def chromium(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """A browser for each film; 'refused' has a camera that nobody allows, 'none' has none."""
    shown = films(tmp_path_factory.mktemp("films"))
    started: dict[str, Browser] = {"none": browser}
    with ExitStack() as stack:

        def start(what: str) -> Browser:
            if what not in started:
                camera = chromium_with_camera(browser, shown.get(what))
                started[what] = stack.enter_context(camera)
            return started[what]

        yield start


@pytest.fixture(scope="module")
def _hints() -> Iterator[HintsProgram]:
    with hints_program() as program:
        program.wake()
        yield program


@pytest.fixture
def hints(_hints: HintsProgram) -> Iterator[HintsProgram]:
    """The live server's threads ask a real program."""
    posing.line.open_line(_hints.ours)
    yield _hints
    posing.line.open_line(None)


@pytest.fixture
def quiet(visit: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Windows in which hints may be missing, which browsers complain about."""
    opened: list[Visitor] = []

    def open_window(*arguments: Any, **more: Any) -> Visitor:
        opened.append(visit(*arguments, **more))
        opened[-1].page.on(
            "console", lambda _message: forget(opened[-1], "503 (Service Unavailable)")
        )
        return opened[-1]

    return open_window


def forget(visitor: Visitor, words: str) -> None:
    visitor.complaints[:] = [line for line in visitor.complaints if words not in line]


def mode(page: Page, expected: str) -> None:
    expect(page.locator("[data-upload]")).to_have_attribute("data-mode", expected, timeout=30_000)


def take(page: Page) -> None:
    page.click("[data-shutter]")
    mode(page, "review")
    expect(page.locator("[data-shot]")).to_be_visible()


# Taking and sending


def test_a_picture_is_taken_looked_at_and_sent(
    quiet: Callable[..., Visitor], chromium: Chromium
) -> None:
    page = quiet(PHONE, through=chromium("good")).open("/camera/")
    expect(page.locator(".finder")).to_be_visible()
    expect(page.locator("#photo")).to_be_hidden()

    take(page)

    use = page.get_by_role("button", name="Use this photo", exact=True)
    expect(use).to_be_focused()
    assert page.evaluate("document.querySelector('video').srcObject") is None
    assert Portrait.objects.count() == 0

    use.click()
    page.wait_for_url("**/portraits/*/")
    assert Portrait.objects.get().source == "camera"


def test_the_stored_photo_is_what_was_seen_and_not_mirrored(
    quiet: Callable[..., Visitor], chromium: Chromium
) -> None:
    page = quiet(through=chromium("good")).open("/camera/")
    expect(page.locator(".mirrored video")).to_be_visible()
    take(page)
    page.click(".push")
    page.wait_for_url("**/portraits/*/")

    with Portrait.objects.get().photo.open() as file:
        photo = Image.open(BytesIO(file.read())).convert("L")

    seen = Image.fromarray(scene()).convert("L").crop((256, 0, 1024, 960))
    assert photo.size == seen.size

    def apart(one: Image.Image) -> float:
        return float(np.abs(np.asarray(one, float) - np.asarray(seen, float)).mean())

    assert apart(photo) < 5 < apart(photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT))


def test_a_picture_can_be_taken_again(quiet: Callable[..., Visitor], chromium: Chromium) -> None:
    page = quiet(through=chromium("good")).open("/camera/")
    take(page)

    page.click("[data-again]")

    mode(page, "camera")
    expect(page.locator("[data-shutter]")).to_be_focused()
    assert page.evaluate("document.querySelector('#photo').files.length") == 0
    take(page)


def test_a_refusal_is_told_beside_the_picture_which_stays(
    quiet: Callable[..., Visitor], chromium: Chromium, settings: Any
) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1
    visitor = quiet(through=chromium("good"))
    page = visitor.open("/camera/")
    take(page)
    page.click(".push")
    page.wait_for_url("**/portraits/*/")
    visitor.open("/camera/")
    take(page)

    page.click(".push")

    expect(page.locator("#problem")).to_contain_text("That was a lot of photos for one hour.")
    expect(page.locator("#problem")).to_be_focused()
    expect(page.locator("[data-shot]")).to_be_visible()
    expect(page.locator(".push")).to_be_enabled()
    forget(visitor, "429")


def test_the_timer_counts_before_the_picture_and_can_be_stopped(
    quiet: Callable[..., Visitor], chromium: Chromium
) -> None:
    page = quiet(through=chromium("good")).open("/camera/")
    page.uncheck("[data-auto]")
    page.check("[data-timer]")

    page.click("[data-shutter]")
    expect(page.locator("[data-count]")).to_have_text("3")
    page.click("[data-shutter]")
    expect(page.locator("[data-count]")).to_be_empty()
    time.sleep(1.2)
    mode(page, "camera")

    page.click("[data-shutter]")
    expect(page.locator("[data-count]")).to_have_text("1")
    mode(page, "review")


def test_somebody_may_choose_a_file_and_come_back(
    quiet: Callable[..., Visitor], chromium: Chromium
) -> None:
    page = quiet(PHONE, through=chromium("good")).open("/camera/")
    mode(page, "camera")

    page.click("[data-choose]")

    expect(page.locator("#photo")).to_be_focused()
    assert page.evaluate("document.querySelector('video').srcObject") is None

    page.click("[data-start]")
    mode(page, "camera")
    expect(page.locator("[data-shutter]")).to_be_enabled()


def test_a_chosen_file_is_an_upload(quiet: Callable[..., Visitor], chromium: Chromium) -> None:
    page = quiet(through=chromium("good")).open("/camera/")
    page.click("[data-choose]")
    file = BytesIO()
    Image.fromarray(scene()).save(file, "JPEG")

    page.set_input_files(
        "#photo", {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
    )
    page.click(".push")

    page.wait_for_url("**/portraits/*/")
    assert Portrait.objects.get().source == "upload"


def test_it_goes_by_keyboard_alone(quiet: Callable[..., Visitor], chromium: Chromium) -> None:
    page = quiet(through=chromium("good")).open("/camera/")
    expect(page.locator("[data-shutter]")).to_be_enabled()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-shutter]')"):
            break

    page.keyboard.press("Enter")
    expect(page.locator(".push")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[data-again]")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/portraits/*/")
    assert Portrait.objects.get().source == "camera"


# Trouble


@pytest.mark.parametrize(
    ("camera", "words"),
    [
        ("refused", "The camera is not allowed for this page"),
        ("none", "There seems to be no camera"),
        ("black", "The picture stays black"),
    ],
)
def test_without_a_picture_there_are_words_and_the_chooser(
    quiet: Callable[..., Visitor], chromium: Chromium, camera: str, words: str
) -> None:
    page = quiet(PHONE, through=chromium(camera)).open("/camera/")

    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible(timeout=30_000)
    expect(page.locator("#photo")).to_be_visible()
    expect(page.locator(".finder")).to_be_hidden()
    expect(page.get_by_role("button", name="Use the camera")).to_be_visible()
    expect(page.get_by_role("button", name="Check this portrait", exact=True)).to_be_enabled()


THROWS = "navigator.mediaDevices.getUserMedia = async () => {{ throw {0}; }};"
LACKS = "Object.defineProperty(navigator, 'mediaDevices', {});"
INSECURE = "Object.defineProperty(window, 'isSecureContext', { value: false });"
BROKEN = {
    THROWS.format("new DOMException('', 'NotReadableError')"): "Something else seems to use",
    LACKS + INSECURE: "Browsers give the camera to secure pages alone",
    LACKS: "This browser keeps the camera from pages",
    THROWS.format("new Error()"): "The camera did not start",
}


@pytest.mark.parametrize(("broken", "words"), BROKEN.items(), ids=BROKEN.values())
def test_rarer_troubles_have_words_of_their_own(
    quiet: Callable[..., Visitor], chromium: Chromium, broken: str, words: str
) -> None:
    visitor = quiet(through=chromium("good"))
    visitor.page.add_init_script(broken)

    page = visitor.open("/camera/")

    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    expect(page.locator("#photo")).to_be_visible()


def test_a_camera_that_ends_is_told(quiet: Callable[..., Visitor], chromium: Chromium) -> None:
    page = quiet(through=chromium("good")).open("/camera/")
    expect(page.locator("[data-shutter]")).to_be_enabled()

    page.evaluate(
        "document.querySelector('video').srcObject.getVideoTracks()[0]"
        ".dispatchEvent(new Event('ended'))"
    )

    expect(page.get_by_role("alert").filter(has_text="The camera was switched off")).to_be_visible()


def test_the_camera_is_off_while_nobody_looks(
    quiet: Callable[..., Visitor], chromium: Chromium
) -> None:
    page = quiet(through=chromium("good")).open("/camera/")
    expect(page.locator("[data-shutter]")).to_be_enabled()
    hide = """(hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""

    page.evaluate(hide, arg=True)
    assert page.evaluate("document.querySelector('video').srcObject") is None

    page.evaluate(hide, arg=False)
    expect(page.locator("[data-shutter]")).to_be_enabled()


def test_without_script_there_is_the_chooser(visit: Callable[..., Visitor]) -> None:
    page = visit(PHONE, script=False).open("/camera/")
    file = BytesIO()
    Image.fromarray(scene()).save(file, "JPEG")

    expect(page.locator(".finder")).to_be_hidden()
    expect(page.locator("[data-start]")).to_be_hidden()
    page.set_input_files(
        "#photo", {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
    )
    page.click(".push")

    page.wait_for_url("**/portraits/*/")


# Hints


def test_somebody_who_sits_well_need_press_nothing(
    visit: Callable[..., Visitor], chromium: Chromium, hints: HintsProgram
) -> None:
    page = visit(through=chromium("good")).open("/camera/")

    expect(page.locator("[data-says]")).to_have_text("Good. Hold still.", timeout=SECONDS)
    expect(page.locator("[data-hint=level]")).to_have_class("done")
    expect(page.locator("[data-hint=level]")).to_contain_text("Level,")
    mode(page, "review")
    expect(page.locator(".push")).to_be_focused()
    expect(page.locator("[data-count]")).to_be_empty()


def test_what_to_change_is_said_and_no_picture_taken(
    visit: Callable[..., Visitor], chromium: Chromium, hints: HintsProgram
) -> None:
    page = visit(through=chromium("tilted")).open("/camera/")

    expect(page.locator("[data-hint=level]")).to_have_class("todo", timeout=SECONDS)
    expect(page.locator("[data-hint=level]")).to_contain_text("Hold the head level")
    expect(page.locator("[role=status] [data-says]")).not_to_be_empty()
    time.sleep(5)
    mode(page, "camera")


def test_the_automatic_shutter_can_be_switched_off(
    visit: Callable[..., Visitor], chromium: Chromium, hints: HintsProgram
) -> None:
    page = visit(through=chromium("good")).open("/camera/")
    page.uncheck("[data-auto]")

    expect(page.locator("[data-says]")).to_have_text("Good. Hold still.", timeout=SECONDS)
    time.sleep(5)

    mode(page, "camera")


def test_the_count_stops_when_the_pose_is_lost(
    visit: Callable[..., Visitor], chromium: Chromium
) -> None:
    good = '{"hints": [], "say": "Good", "ready": true, "roll": null, "again_ms": 500}'
    bad = good.replace("true", "false").replace("Good", "Closer")
    visitor = visit(through=chromium("good"))
    answers = {"now": good}
    visitor.page.route(
        "**/hints/*",
        lambda route: route.fulfill(body=answers["now"], content_type="application/json"),
    )
    page = visitor.open("/camera/")
    expect(page.locator("[data-count]")).not_to_be_empty(timeout=SECONDS)

    answers["now"] = bad

    expect(page.locator("[data-count]")).to_be_empty()
    time.sleep(2.5)
    mode(page, "camera")
    expect(page.locator("[data-says]")).to_have_text("Closer")


def test_frames_are_few_small_and_one_at_a_time(
    visit: Callable[..., Visitor], chromium: Chromium
) -> None:
    visitor = visit(through=chromium("good"))
    times: list[float] = []

    def answer(route: Any) -> None:
        times.append(time.monotonic())
        assert len(route.request.post_data_buffer) <= 64 * 1024
        time.sleep(0.4)
        route.fulfill(body='{"hints": [], "ready": false, "roll": null, "again_ms": 500}')

    visitor.page.route("**/hints/*", answer)
    page = visitor.open("/camera/")
    page.wait_for_timeout(6000)

    gaps = np.diff(times)
    assert len(gaps) >= 2
    assert min(gaps) > 1.1  # three times as long as an answer takes


@pytest.mark.parametrize("answer", ["503", "nonsense", "nothing"])
def test_without_hints_the_shutter_works(
    visit: Callable[..., Visitor], chromium: Chromium, answer: str
) -> None:
    visitor = visit(through=chromium("good"))
    ways: dict[str, Callable[[Any], None]] = {
        "503": lambda route: route.fulfill(status=503, body='{"problem": "", "again_ms": 500}'),
        "nonsense": lambda route: route.fulfill(body="<p>"),
        "nothing": lambda route: route.abort(),
    }
    visitor.page.route("**/hints/*", ways[answer])
    page = visitor.open("/camera/")

    expect(page.locator("[data-off]")).to_be_visible(timeout=SECONDS)
    expect(page.locator("[data-auto]")).to_be_disabled()
    take(page)
    visitor.complaints.clear()


@pytest.mark.django_db
def test_from_a_far_face_to_an_accepted_portrait_without_a_hand(
    chromium: Chromium, tmp_path: Path
) -> None:
    """The whole site as people run it: the page, the program that looks, the worker."""
    with running_site(tmp_path) as site:
        address = site.wait_until_ready()
        page = chromium("far then good").new_page(viewport=PHONE)  # type: ignore[arg-type]
        page.goto(f"{address}/camera/")

        # Not what is said meanwhile: a busy machine may look for the first time when all is well.
        expect(page.locator("[data-upload]")).to_have_attribute(
            "data-mode", "review", timeout=SECONDS
        )
        expect(page.get_by_role("button", name="Use this photo")).to_be_focused()
        page.keyboard.press("Enter")

        page.wait_for_url("**/portraits/*/", timeout=SECONDS)
        expect(page.locator("main")).to_have_attribute("data-state", SETTLED, timeout=SECONDS)
        assert page.get_attribute("main", "data-state") == "accepted"
        assert eventually(lambda: "hints" in children_of(site.process.pid))
        page.close()


# For everybody


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_page_is_light_and_nothing_moves_when_the_camera_starts(
    visit: Callable[..., Visitor],
    chromium: Chromium,
    hints: HintsProgram,
    viewport: dict[str, int],
) -> None:
    visitor = visit(viewport, through=chromium("tilted"))
    loaded: dict[str, int] = {}
    visitor.page.on(
        "response",
        lambda reply: (
            reply.request.resource_type == "script"
            and loaded.update({reply.url: len(reply.body())})
        ),
    )

    page = visitor.open("/camera/")
    expect(page.locator("[data-hint=level]")).to_have_class("todo", timeout=SECONDS)

    assert {url.rsplit("/", 1)[1] for url in loaded} == {"camera.js", "pose.js"}
    assert sum(loaded.values()) <= MAX_SCRIPT_BYTES
    assert page.evaluate(SHIFTS) < 0.01


def test_the_shutter_is_in_a_phones_first_window(
    quiet: Callable[..., Visitor], chromium: Chromium
) -> None:
    page = quiet({"width": 390, "height": 664}, through=chromium("good")).open("/camera/")

    box = page.locator("[data-shutter]").bounding_box()

    assert box is not None
    assert box["y"] + box["height"] <= 664


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_state_of_the_page_is_accessible_and_fits(
    quiet: Callable[..., Visitor],
    chromium: Chromium,
    viewport: dict[str, int],
    dark: bool,  # noqa: FBT001
    language: str,
) -> None:
    wrong = {}
    for camera in ("good", "refused"):
        visitor = quiet(viewport, dark=dark, locale=language, through=chromium(camera))
        page = visitor.open("/camera/")
        mode(page, "camera" if camera == "good" else "file")
        wrong[camera] = [*findings(visitor), width_of(visitor) > viewport["width"]]
        if camera == "good":
            expect(page.locator("[data-shutter]")).to_be_enabled()
            take(page)
            wrong["review"] = [*findings(visitor), width_of(visitor) > viewport["width"]]

    assert wrong == {"good": [False], "review": [False], "refused": [False]}
