"""Refuses requests whose body the web server did not take, with a page in words."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.shortcuts import render

from emojicheck.bodies import REFUSED, REQUEST_BYTES
from emojicheck.pictures.limits import DEFAULT as LIMITS
from emojicheck.presentation import wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase


def refuse_what_is_too_large(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware. Inside of what knows the language, outside of what reads forms."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if REFUSED not in request.META:
            return get_response(request)
        limits = {
            "together": wording.weight(REQUEST_BYTES),
            "each": wording.weight(LIMITS.max_bytes),
        }
        return render(None, "413.html", limits, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    return middleware
