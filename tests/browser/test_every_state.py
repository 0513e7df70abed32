"""Every page in every state: nothing for axe to find, nothing wider than a phone, nothing heavy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from .conftest import DESKTOP, PHONE, Visitor
from .states import STATES

PAGES = ["/", "/guide/", "/privacy/", "/portraits/", "/camera/", "/nothing/"]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "preload": False,
}


def findings(visitor: Visitor) -> list[str]:
    """What axe has to say, with everything unfolded."""
    visitor.page.evaluate(
        "for (const fold of document.querySelectorAll('details')) fold.open = true"
    )
    reply = Axe().run(visitor.page, options=RULES).response
    return [
        f"{found['id']}: {node['html'][:200]}"
        for found in reply["violations"]
        for node in found["nodes"]
    ]


def width_of(visitor: Visitor) -> int:
    return int(visitor.page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.parametrize(
    ("viewport", "dark"), [(PHONE, False), (DESKTOP, True)], ids=["phone-light", "desktop-dark"]
)
def test_every_state_of_a_portrait_is_accessible_and_fits(
    visit: Callable[..., Visitor],
    settings: Any,
    viewport: dict[str, int],
    dark: bool,  # noqa: FBT001
) -> None:
    settings.DETECTOR = "dashscope"
    visitor = visit(viewport, dark=dark)
    wrong = {}

    for name, build in STATES.items():
        visitor.open(build(visitor.owner).get_absolute_url())
        found = findings(visitor)
        if width_of(visitor) > viewport["width"]:
            found.append("wider than the window")
        if found:
            wrong[name] = found

    assert wrong == {}


@pytest.mark.parametrize(
    ("viewport", "language"), [(PHONE, "zh-CN"), (DESKTOP, "en")], ids=["phone-zh", "desktop-en"]
)
def test_every_other_page_is_accessible_and_fits(
    visit: Callable[..., Visitor], viewport: dict[str, int], language: str
) -> None:
    visitor = visit(viewport, locale=language)
    for name in ("accepted_here", "rejected_head_tilted", "failed_link", "downloading"):
        STATES[name](visitor.owner)
    wrong = {}

    for path in PAGES:
        visitor.open(path)
        found = findings(visitor)
        if width_of(visitor) > viewport["width"]:
            found.append("wider than the window")
        if found:
            wrong[path] = found

    assert wrong == {}
    visitor.complaints[:] = [line for line in visitor.complaints if "404" not in line]


@pytest.mark.parametrize("path", PAGES[:-1])
def test_pages_fit_the_narrowest_phones(visit: Callable[..., Visitor], path: str) -> None:
    visitor = visit({"width": 320, "height": 640})
    STATES["rejected_head_tilted"](visitor.owner)

    visitor.open(path)

    assert width_of(visitor) == 320
