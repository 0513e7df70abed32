"""Pages that are the same for everybody, and the choices of language and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language as django_set_language

from emojicheck.presentation.lessons import OTHER_LESSONS, SERVICE_LESSONS, STEPS
from emojicheck.presentation.privacy import policy
from emojicheck.templatetags.booth import THEMES

from .redirects import back

if TYPE_CHECKING:
    from django.http import HttpRequest

YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    context = {
        "steps": STEPS,
        "service_lessons": SERVICE_LESSONS,
        "other_lessons": OTHER_LESSONS,
        "here": "guide",
    }
    return render(request, "guide.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy.html", {"policy": policy(), "here": "privacy"})


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """What search engines may look at: the pages that are the same for everybody."""
    closed = ("portraits", "photos", "shared", "api", "admin")
    lines = ["User-agent: *", *(f"Disallow: /{name}/" for name in closed), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "auto")
    response = back(request)
    if chosen not in THEMES or chosen == "auto":
        response.delete_cookie("theme", samesite="Lax")
        return response
    response.set_cookie(
        "theme",
        chosen,
        max_age=YEAR_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
    return response


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    response = django_set_language(request)
    if response.status_code == 302:
        response.status_code = 303
    return response
