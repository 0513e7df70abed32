"""Logging in to the admin site: whose failed tries are counted, and what they end in."""

from __future__ import annotations

import ipaddress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext as _

from emojicheck.limits import household
from emojicheck.presentation import wording
from emojicheck.presentation.refusals import Refusal

from .visitors import address_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def client_address(request: HttpRequest) -> str | None:
    """Where the try came from; all of an IPv6 household is one."""
    address = household(address_of(request))
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return None
    return address


def locked_out(request: HttpRequest, _response: Any, _credentials: Any) -> HttpResponse:
    seconds = round(settings.AXES_COOLOFF_TIME.total_seconds())
    refusal = Refusal(
        problem=_("Too many tries to log in."),
        remedy=_("Try again in %(span)s.") % {"span": wording.span(seconds)},
    )
    status = HTTPStatus.TOO_MANY_REQUESTS
    response = render(request, "429.html", {"refusal": refusal}, status=status)
    response.headers["Retry-After"] = str(seconds)
    return response
