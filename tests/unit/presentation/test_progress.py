"""The story of a portrait that has no verdict yet."""

from __future__ import annotations

from typing import Any

import pytest

from emojicheck.models import Portrait
from emojicheck.pacing import Place
from emojicheck.presentation.progress import progress


def test_held_line_says_that_it_is_us_and_names_no_time(settings: Any) -> None:
    settings.DETECTOR = "dashscope"
    settings.PRECHECK = "off"
    portrait = Portrait(model="emoji-detect-v1", width=1, height=1, photo="photos/a.jpg")
    place = Place(3, 40.0, held=True)

    told = progress(portrait, [], place, now=portrait.created)

    assert told.title == "This is taking longer, and that is us"
    assert "About" not in told.lead
    assert [step.aside for step in told.steps if step.status == "current"] == [""]


@pytest.mark.parametrize(
    ("portrait", "kept"),
    [
        (Portrait(photo="photos/a.jpg"), "The photo is kept and goes on."),
        (Portrait(image_url="https://example.com/a.jpg"), "The link is kept, and we go on."),
    ],
)
def test_photo_that_nobody_comes_for_is_told_that_it_is_us_and_no_time(
    portrait: Portrait, kept: str
) -> None:
    told = progress(portrait, [], Place(4, 1.2, late=True), now=portrait.created)

    assert told.title == "This is taking longer, and that is us"
    assert told.lead == (
        f"It has nothing to do with your photo. {kept} "
        "You can leave this page: the answer will be here."
    )
    assert told.look_again_ms == 10_000
