"""Refuses questions with a NUL in them: no person asks them, and PostgreSQL cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.views.defaults import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase


def refuse_nul_bytes(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware. Forms need none of this: Django's own fields refuse NULs."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request, BadRequest("a NUL in the query"))
        return get_response(request)

    return middleware
