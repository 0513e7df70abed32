"""Who is asking: a visitor is a browser session, nothing more is known about anybody."""

from __future__ import annotations

import secrets
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponseBase

from emojicheck.models import Portrait

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

P = ParamSpec("P")
STAFF_PERMISSION = "emojicheck.view_portrait"


def owner_of(request: HttpRequest) -> str:
    """The name under which this visitor's portraits are kept; empty for somebody new."""
    visitor = request.session.get("visitor")
    return f"visitor:{visitor}" if visitor else ""


def new_or_known_owner(request: HttpRequest) -> str:
    """The same, and a new visitor gets a name."""
    if "visitor" not in request.session:
        request.session["visitor"] = secrets.token_urlsafe(16)
    return owner_of(request)


def forget_newcomer(request: HttpRequest) -> None:
    """No name for somebody new who left nothing here, or a flood would fill the sessions."""
    if request.session.session_key is None:
        request.session.clear()


def address_of(request: HttpRequest) -> str:
    """Where the request came from. Behind a proxy the web server has put its word here already;
    no header is ever looked at."""
    return str(request.META.get("REMOTE_ADDR") or "")


def own_portrait(request: HttpRequest, portrait_id: UUID) -> Portrait:
    """The visitor's own portrait. Raises Http404 for others' and unknown ones alike."""
    owner = owner_of(request)
    portraits = Portrait.objects.of(owner).select_related("verdict").defer("verdict__raw")
    portrait = portraits.filter(pk=portrait_id).first() if owner else None
    if portrait is None:
        raise Http404
    return portrait


def visible_portrait(request: HttpRequest, portrait_id: UUID) -> Portrait:
    """The same, or any portrait for staff who may see them."""
    try:
        return own_portrait(request, portrait_id)
    except Http404:
        # Asked last: most visitors are nobody's staff, and this costs queries.
        if not request.user.has_perm(STAFF_PERMISSION):
            raise
    portraits = (
        Portrait.objects.filter(deleted_at=None).select_related("verdict").defer("verdict__raw")
    )
    portrait = portraits.filter(pk=portrait_id).first()
    if portrait is None:
        raise Http404
    return portrait


def personal(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page that nobody but the visitor may keep a copy of, and no search engine may list."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return wrapped
