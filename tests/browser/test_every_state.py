"""Everything there is to see, in every look: nothing for axe to find, nothing cut or small."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .audits import UNFOLD, axe, colours, language, layout
from .conftest import DESKTOP, PHONE, Visitor
from .sights import sights

SIGHTS = sights()
SHARES = 3
"""Each test looks at one sight of so many: long enough to be worth its window, short enough to
share out among processors."""
share = pytest.mark.parametrize("share", range(SHARES))


def findings(visitor: Visitor) -> list[str]:
    """What is wrong with the page, with everything unfolded."""
    visitor.page.evaluate(UNFOLD)
    return axe(visitor.page) + layout(visitor.page)


def width_of(visitor: Visitor) -> int:
    return int(visitor.page.evaluate("document.documentElement.scrollWidth"))


def look(visitor: Visitor, names: list[str], audit: Callable[[Visitor], list[str]]) -> None:
    """Fails with all that the audit finds, by sight."""
    visitor.expects.append("status of 4")  # what is not there, or not taken
    wrong = {}
    for name in names:
        SIGHTS[name](visitor)
        if found := audit(visitor):
            wrong[name] = found
    assert wrong == {}


@share
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_everything_is_accessible_and_fits(
    visit: Callable[..., Visitor],
    asks_the_service: None,
    viewport: dict[str, int],
    locale: str,
    share: int,
) -> None:
    def audit(visitor: Visitor) -> list[str]:
        return [
            *findings(visitor),
            *colours(visitor.page, color_scheme="dark"),
            *language(visitor.page, {"en": "en", "zh-CN": "zh-hans"}[locale]),
        ]

    look(visit(viewport, locale=locale), list(SIGHTS)[share::SHARES], audit)
