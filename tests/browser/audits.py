"""What can be found wrong with the page that a window shows, in words."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "preload": False,  # it would fetch every stylesheet again, and look for imports beside the page
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

MAIN_CONTROLS = (
    ".button, .field, textarea, summary, .choice label, .legend label, [type=file], "
    "nav :is(a, button)"
)
MAIN_CONTROL_PIXELS = 40
"""WCAG 2.5.8, which axe looks after, asks for 24."""

UNFOLD = "for (const fold of document.querySelectorAll('details')) fold.open = true"

LAYOUT = """([controls, least]) => {
  const found = [];
  const width = document.documentElement.clientWidth;
  const say = (what, node) => found.push(`${what}: ${node.outerHTML.slice(0, 120)}`);
  const shown = (node) =>
    node.checkVisibility() && !node.closest(".sr, [hidden], dialog:not([open])");
  const scrolls = (node) => node && (
    getComputedStyle(node).overflowX !== "visible" || scrolls(node.parentElement));

  if (document.documentElement.scrollWidth > width) found.push("wider than the window");
  for (const node of document.body.querySelectorAll("*")) {
    if (!shown(node)) continue;
    const box = node.getBoundingClientRect();
    const out = box.width && (box.right > width + 1 || box.left < -1);
    if (out && !scrolls(node.parentElement)) say("sticks out", node);
    const hides = ["hidden", "clip"].includes(getComputedStyle(node).overflowX);
    const more = node.scrollWidth > node.clientWidth + 1;
    if (hides && more && !node.closest("svg, input")) say("cut", node);
  }
  for (const node of document.querySelectorAll(controls)) {
    if (!shown(node)) continue;
    const box = node.getBoundingClientRect();
    const size = `${box.width.toFixed()} x ${box.height.toFixed()}`;
    if (box.height < least - 0.5 || box.width < 24) say(`small, ${size}`, node);
  }
  const headings = [...document.querySelectorAll("h1")].filter(shown).length;
  if (headings !== 1) found.push(`${headings} first headings`);
  return found;
}"""


def axe(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe finds."""
    reply = Axe().run(page, options=rules).response
    return [
        f"{found['id']}: {node['html'][:200]}"
        for found in reply["violations"]
        for node in found["nodes"]
    ]


def colours(page: Page, **media: Any) -> list[str]:
    """What axe finds about colours when somebody wishes other ones."""
    page.emulate_media(**media)
    found = axe(page, COLOURS)
    page.emulate_media(color_scheme="light", forced_colors="none")
    return [f"{media}: {words}" for words in found]


def layout(page: Page) -> list[str]:
    """Whether all is within the window, whole, and large enough for fingers."""
    found: list[str] = page.evaluate(LAYOUT, [MAIN_CONTROLS, MAIN_CONTROL_PIXELS])
    return found


def language(page: Page, wanted: str) -> list[str]:
    said = page.evaluate("document.documentElement.lang")
    return [] if said == wanted else [f"says that its language is {said!r}"]
