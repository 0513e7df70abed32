"""Photos over HTTP: to their owner, and for minutes to whoever holds a signed address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from emojicheck.delivery.public import photo_from_signature
from emojicheck.presentation.annotate import annotated_png
from emojicheck.presentation.overlay import spots_from

from .visitors import personal, visible_portrait

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models.fields.files import FieldFile
    from django.http.response import HttpResponseBase


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
    _lock_away(response)
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


def jpeg(file: FieldFile) -> FileResponse:
    """Raises Http404 when there is no such file (any more)."""
    if not file:
        raise Http404
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(opened, content_type="image/jpeg")
    response.headers["Content-Length"] = str(file.size)
    response.headers["Content-Disposition"] = 'inline; filename="portrait.jpg"'
    _lock_away(response)
    return response


def _lock_away(response: HttpResponseBase) -> None:
    """Whatever the bytes may be, browsers shall see a picture in them and nothing else."""
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Referrer-Policy"] = "no-referrer"
