"""A stored picture as a reply: there to be looked at, never to be run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile
    from django.http.response import HttpResponseBase


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
    lock_away(response)
    return response


def lock_away(response: HttpResponseBase) -> None:
    """Whatever the bytes may be, browsers shall see a picture in them and nothing else."""
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Referrer-Policy"] = "no-referrer"
