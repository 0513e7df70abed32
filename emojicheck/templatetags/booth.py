"""Tags for the parts of the booth: icons, marks, and the visitor's choice of colours."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from emojicheck.presentation import wording

if TYPE_CHECKING:
    from django.template.context import Context

register = template.Library()

THEMES = ("auto", "light", "dark")
SYMBOL = re.compile(r'<symbol id="([\w-]+)"([^>]*)>(.*?)</symbol>', re.DOTALL)
_TICK = "M14 56C24 66 32 78 38 88C48 58 66 32 90 12"
_CROSS = "M16 18C38 38 62 62 86 88M84 14C62 36 36 64 14 90"


@register.simple_tag
def icon(name: str, more: str = "") -> SafeString:
    """One icon of the sprite, as large as its text; `more` are further classes.

    Drawn right in the page: the few that a page shows weigh less than a file to wait for.
    """
    frame, drawing = _icons()[name]
    return format_html(
        '<svg class="icon{}" width="22" height="22"{} aria-hidden="true">{}</svg>',
        f" {more}" if more else "",
        frame,
        drawing,
    )


@register.simple_tag
@cache
def favicon() -> SafeString:
    """The mark for the browser's tab, in the page itself: a file of its own is a trip more."""
    drawing = Path(settings.BASE_DIR) / "static" / "img" / "favicon.svg"
    data = quote(drawing.read_text(encoding="utf-8").strip(), safe=" =/:")
    return format_html('<link rel="icon" href="data:image/svg+xml,{}" type="image/svg+xml">', data)


@cache
def _icons() -> dict[str, tuple[SafeString, SafeString]]:
    """The attributes and the drawing of every icon by its name."""
    sprite = Path(settings.BASE_DIR) / "static" / "img" / "icons.svg"
    symbols = SYMBOL.findall(sprite.read_text(encoding="utf-8"))
    # Ours, as it stands in the project.
    return {name: (mark_safe(frame), mark_safe(drawn)) for name, frame, drawn in symbols}  # noqa: S308


@register.simple_tag
def pencil_mark(kind: str) -> SafeString:
    """A tick or a cross in the corner of a small print."""
    good = kind == "tick"
    return format_html(
        '<svg class="mark{}" viewBox="0 0 100 100" width="40" height="40" fill="none"'
        ' stroke="currentColor" aria-hidden="true"><path d="{}"/></svg>',
        " good" if good else "",
        _TICK if good else _CROSS,
    )


@register.simple_tag
def countdown(words: str, seconds: int) -> SafeString:
    """A span of time that a script keeps true; without one it is true when the page is sent."""
    forms = wording.span_forms()
    return format_html(
        '<span data-left="{}" data-minutes="{}" data-hours="{}" data-whole="{}">{}</span>',
        seconds,
        forms.minutes,
        forms.hours,
        forms.whole_hours,
        words,
    )


@register.simple_tag(takes_context=True)
def page_address(context: Context) -> str:
    """Where to come back to. What a portrait's button answered cannot be asked for again by its
    address: then it is the portrait's own page.
    """
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return "/"
    match = request.resolver_match
    if (
        request.method == "POST"
        and match is not None
        and "portrait_id" in match.kwargs
        and match.url_name != "portrait_crop"  # a page of its own
    ):
        return reverse("portrait", kwargs={"portrait_id": match.kwargs["portrait_id"]})
    return request.get_full_path()


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """auto, light or dark, as the visitor chose."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "auto") if isinstance(request, HttpRequest) else "auto"
    return chosen if chosen in THEMES else "auto"


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """The attribute of <html> that outranks the system's wish."""
    chosen = theme(context)
    return format_html(' data-theme="{}"', chosen) if chosen != "auto" else SafeString("")
