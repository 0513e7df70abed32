"""Where to go after a POST."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from django.db.models import Model


class SeeOther(HttpResponseRedirect):
    """303: look there, with GET. Nothing is sent twice when the page is loaded again."""

    status_code = 303


def see_other(to: str | Model) -> SeeOther:
    return SeeOther(resolve_url(to))


def back(request: HttpRequest) -> SeeOther:
    """To the page named in the form, if it is one of ours; else home."""
    to = request.POST.get("next", "")
    ours = to.startswith("/") and url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return see_other(to if ours else "home")
