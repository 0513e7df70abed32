"""The story of a portrait that has no verdict yet."""

from __future__ import annotations

from typing import Any

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
