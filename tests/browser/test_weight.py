"""What a page weighs on the wire, as the real server sends it, and how steadily it is painted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.running import running_site

from .conftest import DESKTOP, PHONE, be_lively, photo_is_here

MAX_PAGE_BYTES = 50_000
MAX_SCRIPT_BYTES = 12_000
PHOTOS = ("photo.jpg", "thumbnail.jpg")
FIRST_PACKETS = 10 * 1460
"""What a server sends before it waits for an answer."""
SCRIPTS = """() => {
  const stood = performance.getEntriesByType("navigation")[0].loadEventStart;
  const all = performance.getEntriesByType("resource");
  const scripts = all.filter(({ name }) => name.includes("/js/"));
  const names = (some) => some.map(({ name }) => name.match(/js\\/(\\w+)/)[1]).sort();
  return [
    names(scripts.filter(({ startTime }) => startTime < stood)),
    names(scripts.filter(({ startTime }) => startTime >= stood)),
  ];
}"""
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) sum += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[str]:
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running.wait_until_ready()


def bodies(page: Page, address: str) -> dict[str, int]:
    """Bytes of every body as sent, by address, after scrolling through the whole page."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sent: dict[str, Any] = {}

    def received(event: dict[str, Any]) -> None:
        reply = event["response"]
        sent[event["requestId"]] = [reply["url"], -reply["encodedDataLength"]]

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] in sent:
            sent[event["requestId"]][1] += event["encodedDataLength"]

    devtools.on("Network.responseReceived", received)
    devtools.on("Network.loadingFinished", finished)
    page.goto(address)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    devtools.detach()
    return dict(sent.values())


def slow_down(page: Page) -> None:
    line = {"offline": False, "latency": 20, "downloadThroughput": 4000, "uploadThroughput": 4000}
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", line)


def see_an_accepted_portrait(page: Page, site: str) -> None:
    page.goto(site)
    page.click("button[value=ok]")
    page.wait_for_selector("main[data-state=accepted]", timeout=60_000)


@pytest.mark.parametrize("path", ["/", "/camera/", "/guide/", "/privacy/", "/portraits/"])
@pytest.mark.django_db
def test_pages_are_light(browser: Browser, site: str, path: str) -> None:
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]

    weight = bodies(page, f"{site}{path}")

    page.close()
    assert sum(weight.values()) <= MAX_PAGE_BYTES, weight
    assert [url for url in weight if not url.startswith((site, "data:"))] == []


@pytest.mark.parametrize("sample", ["ok", "head-tilted"])
@pytest.mark.django_db
def test_a_verdict_is_light_and_does_not_move(browser: Browser, site: str, sample: str) -> None:
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
    page.goto(site)
    page.click(f"button[value={sample}]")
    page.wait_for_selector("main[data-state=accepted], main[data-state=rejected]", timeout=60_000)

    weight = bodies(page, page.url)
    shifts = page.evaluate(SHIFTS)

    page.close()
    assert sum(size for url, size in weight.items() if not url.endswith(PHOTOS)) <= MAX_PAGE_BYTES
    assert shifts < 0.001


@pytest.mark.django_db
def test_a_phone_sees_a_small_copy_at_once_and_then_the_photo(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
    see_an_accepted_portrait(page, site)

    weight = bodies(page, page.url)
    photo_is_here(page)

    page.close()
    photos = {url.rsplit("/", 1)[1]: size for url, size in weight.items() if url.endswith(PHOTOS)}
    assert list(photos) == ["thumbnail.jpg", "photo.jpg"]
    assert photos["thumbnail.jpg"] <= FIRST_PACKETS


@pytest.mark.django_db
def test_a_verdict_and_its_photo_come_before_what_makes_it_livelier(
    browser: Browser, site: str
) -> None:
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
    see_an_accepted_portrait(page, site)

    page.goto(page.url)
    be_lively(page)

    early, late = page.evaluate(SCRIPTS)
    page.close()
    assert early == ["later"]
    assert late == ["countdown", "lens", "portrait"]


@pytest.mark.django_db
def test_a_photo_that_does_not_come_holds_up_no_script(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
    see_an_accepted_portrait(page, site)
    page.route("**/photo.jpg", lambda _route: None)  # neither answered nor refused

    page.goto(page.url, wait_until="commit")

    page.wait_for_selector("html[data-lively]", state="attached")
    assert page.evaluate("document.readyState") == "interactive"
    page.close()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("path", ["/", "/guide/"])
@pytest.mark.django_db
def test_nothing_moves_while_a_page_loads(
    browser: Browser, site: str, path: str, viewport: dict[str, int]
) -> None:
    page = browser.new_page(viewport=viewport)  # type: ignore[arg-type]
    page.goto(f"{site}{path}")
    slow_down(page)  # styles are kept from before, so that the page is painted as it trickles in
    page.goto(f"{site}{path}?again")

    shifts = page.evaluate(SHIFTS)

    page.close()
    assert shifts < 0.001


@pytest.mark.parametrize("path", ["/", "/guide/", "/privacy/", "/portraits/", "/camera/"])
@pytest.mark.django_db
def test_the_script_of_a_page_is_small(browser: Browser, site: str, path: str) -> None:
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
    page.goto(site)
    if path == "/portraits/":
        page.click("button[value=ok]")  # with something to wait for it has more to do
        page.wait_for_url("**/portraits/*/")

    assert scripts(page, f"{site}{path}") <= MAX_SCRIPT_BYTES
    page.close()


@pytest.mark.django_db
def test_the_script_of_a_portrait_is_small(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
    page.goto(site)
    page.click("button[value=ok]")
    page.wait_for_url("**/portraits/*/")

    assert 0 < scripts(page, page.url) <= MAX_SCRIPT_BYTES
    page.close()


@pytest.mark.django_db
def test_cropping_is_light(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
    see_an_accepted_portrait(page, site)

    weight = bodies(page, f"{page.url}crop/")

    assert sum(size for url, size in weight.items() if not url.endswith(PHOTOS)) <= MAX_PAGE_BYTES
    assert 0 < scripts(page, page.url) <= MAX_SCRIPT_BYTES
    page.close()


def scripts(page: Page, address: str) -> int:
    """Bytes of all script that a page loads, unpacked."""
    loaded: set[str] = set()
    page.on("request", lambda r: r.resource_type == "script" and loaded.add(r.url))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return sum(len(page.request.get(url).body()) for url in loaded)
