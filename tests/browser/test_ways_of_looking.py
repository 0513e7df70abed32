"""The same pages for people who look at them in other ways: enlarged, in colours of their own,
without motion, style or script, by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from emojicheck.detection.verdicts import Reason

from .audits import UNFOLD, colours, layout
from .conftest import DESKTOP, PHONE, Visitor
from .pages import pages, pages_of_a_portrait
from .sights import PAGES, sights
from .test_every_state import look

SIGHTS = sights()
STATES_APART = [
    "in_line",
    "accepted_by_service",
    "rejected_hand_near_face",
    "service_with_evidence",
    "second_try",
    "failed_link",
    "shared",
    "portraits_many",
    "home_wrong_file",
]
"""States whose pages are built differently."""
NAMES = [*PAGES, *STATES_APART]

BREATHES = "document.getAnimations().filter((one) => one.playState === 'running').length"
UNDRESS = "for (const sheet of document.querySelectorAll('link[rel=stylesheet]')) sheet.remove()"
WORDS = """() => [...document.querySelectorAll("main :is(h1, h2, p, button, label, summary, a)")]
  .filter((node) => node.checkVisibility())
  .map((node) => node.innerText)"""
TOO_LARGE = """() => {
  const found = [];
  for (const icon of document.querySelectorAll("svg:not([role=img], .overlay)")) {
    const { width } = icon.getBoundingClientRect();
    if (width > 60) found.push(`${width} pixels wide: ${icon.outerHTML.slice(0, 80)}`);
  }
  return found;
}"""
STOPS = """() => [...document.querySelectorAll(
    "a[href], button, input, textarea, summary, select, [tabindex='0']"
  )]
  .filter((node) => node.checkVisibility() && !node.disabled && node.type !== "hidden")
  .filter((node) => node.type !== "radio" || node.checked)
  .map((node, at) => node.dataset.stop = String(at))"""
HERE = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const style = getComputedStyle(node);
  const behind = (outer) => {
    for (; outer; outer = outer.parentElement) {
      const colour = getComputedStyle(outer).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)" && !colour.endsWith(", 0)")) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3)
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [one, other] = [light(style.outlineColor), light(behind(node.parentElement))];
  return {
    stop: node.dataset.stop ?? null,
    is: node.outerHTML.slice(0, 100),
    ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    contrast: (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05),
  };
}"""


@pytest.mark.parametrize(
    "window",
    [
        pytest.param(
            {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}, id="200"
        ),
        pytest.param(
            {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}, id="400"
        ),
    ],
)
def test_everything_can_be_enlarged(
    visit: Callable[..., Visitor], asks_the_service: None, window: dict[str, Any]
) -> None:
    """In per cent of a window 1280 pixels wide."""

    def audit(visitor: Visitor) -> list[str]:
        visitor.page.evaluate(UNFOLD)
        return layout(visitor.page)

    look(visit(**window), list(SIGHTS), audit)


def test_colours_of_the_visitors_own_leave_everything_legible(
    visit: Callable[..., Visitor], asks_the_service: None
) -> None:
    look(visit(), NAMES, lambda visitor: colours(visitor.page, forced_colors="active"))


def test_nothing_moves_for_those_who_want_no_motion(
    visit: Callable[..., Visitor], asks_the_service: None
) -> None:
    def audit(visitor: Visitor) -> list[str]:
        running = visitor.page.evaluate(BREATHES)
        return [f"{running} animations"] if running else []

    moving, still = visit(), visit(reduced_motion="reduce")

    SIGHTS["in_line"](moving)
    assert moving.page.evaluate(BREATHES) == 1
    look(still, NAMES, audit)


def test_nothing_is_lost_without_style(
    visit: Callable[..., Visitor], asks_the_service: None
) -> None:
    def audit(visitor: Visitor) -> list[str]:
        visitor.page.evaluate(UNFOLD)
        wanted = visitor.page.evaluate(WORDS)
        visitor.page.evaluate(UNDRESS)
        text = "".join(visitor.page.inner_text("body").split())
        lost = [words for words in wanted if "".join(words.split()) not in text]
        return [*visitor.page.evaluate(TOO_LARGE), *(f"lost: {words}" for words in lost)]

    look(visit(PHONE), NAMES, audit)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_control_is_reached_by_tab_in_reading_order_and_seen(
    visit: Callable[..., Visitor],
    asks_the_service: None,
    dark: bool,  # noqa: FBT001
) -> None:
    look(visit(DESKTOP, dark=dark), NAMES, tabbed)


def tabbed(visitor: Visitor) -> list[str]:
    """What is wrong with going through the page by Tab."""
    page = visitor.page
    page.evaluate(UNFOLD)
    stops = page.evaluate(STOPS)
    page.evaluate("document.activeElement.blur(); window.getSelection().empty()")
    _to_the_top(page)
    reached, found = [], []
    for _ in stops:
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None:
            break
        reached.append(here["stop"])
        if here["ring"] < 2 or here["contrast"] < 3:
            found.append(f"ring {here['ring']}, contrast {here['contrast']:.1f}: {here['is']}")
    if reached != stops:
        found.append(f"{reached} instead of {stops}")
    return found


def _to_the_top(page: Page) -> None:
    """Where Tab begins in a page that was just opened, whatever has the focus now."""
    page.evaluate(
        """() => {
          const top = document.createElement("span");
          top.tabIndex = -1;
          document.body.prepend(top);
          top.focus();
          top.remove();
        }"""
    )


def test_titles_tell_what_a_tab_shows(
    visit: Callable[..., Visitor], asks_the_service: None
) -> None:
    """Each page and each kind of verdict by another title, so that tabs can be told apart."""
    visitor = visit()
    visitor.expects.append("status of 4")
    titles: dict[str, list[str]] = {}
    verdicts = [
        "in_line",
        "accepted_here",
        "failed_link",
        *(f"rejected_{reason}" for reason in Reason),
    ]
    for name in [*verdicts, *pages(), *pages_of_a_portrait(), "status_404", "home_wrong_file"]:
        SIGHTS[name](visitor)
        titles.setdefault(visitor.page.title(), []).append(name)

    assert [names for names in titles.values() if len(names) > 1] == []
