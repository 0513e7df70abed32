"""The camera page: take a portrait here and have it checked."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from emojicheck.forms import PortraitForm
from emojicheck.pictures.limits import DEFAULT as LIMITS
from emojicheck.presentation import refusals
from emojicheck.presentation.camera_troubles import camera_troubles
from emojicheck.presentation.posing import what_counts
from emojicheck.presentation.privacy import promise

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def camera(request: HttpRequest) -> HttpResponse:
    """The page posts to the first one, and so does it without script."""
    context = {
        "form": PortraitForm(request.GET or None),
        "idempotency_key": secrets.token_urlsafe(16),
        "promise": promise(),
        "live_hints": settings.LIVE_HINTS,
        "hints": what_counts(),
        "troubles": camera_troubles(request.headers.get("User-Agent", "")),
        "most_bytes": LIMITS.max_bytes,
        "too_large": refusals.picture_refusal("too_many_bytes", {"limit": LIMITS.max_bytes}),
    }
    response = render(request, "camera.html", context)
    # Every form carries a key of its own: a kept copy would send an old one.
    response.headers["Cache-Control"] = "private, no-store"
    return response
