"""A page to show around: the photo with its verdict, for whoever was given the link."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from emojicheck.jpegs import jpeg
from emojicheck.models import Portrait
from emojicheck.presentation.portrait_page import portrait_page

from .redirects import see_other
from .visitors import own_portrait, personal

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import FileResponse

TOKEN_BYTES = 16


@require_POST
@personal
def share(request: HttpRequest, portrait_id: UUID) -> HttpResponse:
    """Make a link, or take it back. A new one never opens what an old one did."""
    own = own_portrait(request, portrait_id)
    portrait = Portrait.objects.filter(pk=own.pk, verdict__isnull=False, deleted_at=None)
    if "stop" in request.POST:
        portrait.update(share_token="")
    else:
        portrait.filter(share_token="").update(share_token=secrets.token_urlsafe(TOKEN_BYTES))
    return see_other(f"{own.get_absolute_url()}#share")


@require_safe
@personal
def shared(request: HttpRequest, token: str) -> HttpResponse:
    portrait = _portrait(token)
    page = portrait_page(portrait, list(portrait.detections.defer("raw")), now=timezone.now())
    return render(request, "shared.html", {"page": page, "token": token})


@require_safe
@personal
def shared_photo(_request: HttpRequest, token: str) -> FileResponse:
    return jpeg(_portrait(token).photo)


def share_address(portrait: Portrait) -> str:
    """Where others can look at it; empty unless its owner wants that."""
    if not portrait.share_token:
        return ""
    return f"{settings.SITE_URL}{reverse('shared', args=[portrait.share_token])}"


def _portrait(token: str) -> Portrait:
    portraits = Portrait.objects.shared(token).select_related("verdict").defer("verdict__raw")
    portrait = portraits.first()
    if portrait is None:
        raise Http404
    return portrait
