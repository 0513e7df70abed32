"""Photos over HTTP: to their owner, and for minutes to whoever holds a signed address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from emojicheck.delivery.public import photo_from_signature
from emojicheck.jpegs import jpeg, lock_away
from emojicheck.presentation.annotate import annotated_png
from emojicheck.presentation.overlay import spots_from

from .visitors import personal, visible_portrait

if TYPE_CHECKING:
    from uuid import UUID


@require_safe
@personal
def photo(request: HttpRequest, portrait_id: UUID) -> FileResponse:
    return jpeg(visible_portrait(request, portrait_id).photo)


@require_safe
@personal
def thumbnail(request: HttpRequest, portrait_id: UUID) -> FileResponse:
    return jpeg(visible_portrait(request, portrait_id).thumbnail)


@require_safe
@personal
def annotated(request: HttpRequest, portrait_id: UUID) -> HttpResponse:
    """The photo with boxes and spots drawn in, to keep."""
    shown = visible_portrait(request, portrait_id)
    verdict = shown.verdict
    if verdict is None or not shown.photo:
        raise Http404
    try:
        with shown.photo.open("rb") as file:
            png = annotated_png(
                file.read(),
                face=verdict.face_box,
                extended=verdict.extended_box,
                spots=spots_from(verdict.spots),
            )
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(png, content_type="image/png")
    response.headers["Content-Disposition"] = 'attachment; filename="portrait.png"'
    lock_away(response)
    return response


@require_safe
def signed_photo(_request: HttpRequest, signature: str) -> FileResponse:
    """The photo for the service: the right type and length at once, without a redirect."""
    portrait = photo_from_signature(signature)
    if portrait is None:
        raise Http404
    response = jpeg(portrait.photo)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response
