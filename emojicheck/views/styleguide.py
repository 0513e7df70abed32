"""The parts of the look, for those who work on it; on a public site there is no such page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from emojicheck.presentation.styleguide import styleguide as parts

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    return render(request, "styleguide.html", parts())
