"""The page of all parts: as accessible and as strict as the pages that use them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from emojicheck.presentation.pencil import FEWEST_POINTS

from .conftest import DESKTOP, PHONE, Visitor
from .test_every_state import findings, width_of


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_all_parts_are_accessible_and_fit(
    visit: Callable[..., Visitor],
    settings: Any,
    viewport: dict[str, int],
    dark: bool,  # noqa: FBT001
) -> None:
    settings.DEBUG = True
    visitor = visit(viewport, dark=dark)

    visitor.open("/styleguide/")

    assert findings(visitor) == []
    assert width_of(visitor) == viewport["width"]


def test_every_kind_of_mark_is_shown_once(visit: Callable[..., Visitor], settings: Any) -> None:
    settings.DEBUG = True

    page = visit().open("/styleguide/")

    expect(page.locator(".gallery h3")).to_contain_text([*IN_ORDER, "boxes"])
    expect(page.locator(".gallery g.spot")).to_have_count(len(FEWEST_POINTS))


IN_ORDER = ["line", "arrow", "outline", "area", "ring", "span", "edge"]
