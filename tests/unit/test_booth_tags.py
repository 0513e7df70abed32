"""What the tags of the booth write into pages."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from django.conf import settings

from emojicheck.templatetags import booth


def test_the_mark_of_the_tab_is_the_drawing_itself() -> None:
    drawing = (Path(settings.BASE_DIR) / "static" / "img" / "favicon.svg").read_text("utf-8")

    before, _, after = booth.favicon().partition("data:image/svg+xml,")

    assert before == '<link rel="icon" href="'
    assert unquote(after.split('"')[0]) == drawing.strip()
    assert after.split('"', 1)[1] == ' type="image/svg+xml">'
