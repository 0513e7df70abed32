"""A visitor's portraits: the list, one page each, and what can be done with one."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from emojicheck import intake
from emojicheck.forms import ObjectionForm
from emojicheck.models import Portrait, State
from emojicheck.pacing import place_in_line
from emojicheck.presentation import listing
from emojicheck.presentation.comparison import Comparison, comparison
from emojicheck.presentation.fixing import made
from emojicheck.presentation.portrait_page import portrait_page

from .limited import limited
from .redirects import see_other
from .sharing import share_address
from .visitors import own_portrait, owner_of, personal, visible_portrait

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from emojicheck.models import Detection
    from emojicheck.presentation.listing import Entry

LIST_AT_MOST = 60
JUST_DELETED = "just_deleted"
"""In the session until it has been said: no address can make the site claim it. Tells whether
other versions of the photo are still here."""


@require_safe
@personal
def portraits(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    own = Portrait.objects.of(owner) if owner else Portrait.objects.none()
    newest = list(own.select_related("verdict").defer("verdict__raw")[:LIST_AT_MOST])
    context: dict[str, Any] = {
        "entries": listing.entries(newest, now=timezone.now()),
        "here": "portraits",
        "deleted": request.session.pop(JUST_DELETED, ""),
    }
    if unsettled := [portrait for portrait in newest if not portrait.is_settled]:
        place = place_in_line(unsettled[-1])
        context["waiting"] = listing.how_many_wait(len(unsettled), place)
        pause = listing.look_again_ms(place)
        context |= {"look_again_ms": pause, "look_again_seconds": max(5, pause // 1000)}
    return render(request, "portraits.html", context)


@require_safe
@personal
def portrait(request: HttpRequest, portrait_id: UUID) -> HttpResponse:
    return shown(request, visible_portrait(request, portrait_id))


def shown(request: HttpRequest, portrait: Portrait, **more: object) -> HttpResponse:
    """The page of a portrait; with anything more to say, because a form on it was wrong."""
    now, detections = timezone.now(), list(portrait.detections.defer("raw"))
    page = portrait_page(
        portrait,
        detections,
        now=now,
        place=None if portrait.is_settled else place_in_line(portrait),
    )
    original = portrait.derived_from
    is_owner = portrait.owner == owner_of(request)
    fixed = _fixed(portrait, now) if portrait.is_settled else ()
    context = {
        "page": page,
        "is_owner": is_owner,
        "versus": _versus(portrait, detections, now) if is_owner else None,
        "share_address": share_address(portrait),
        "original": original if original and not original.deleted_at else None,
        "fixed": fixed,
        "passing": next((e.portrait for e, _ in fixed if e.portrait.state == State.ACCEPTED), None)
        if is_owner
        else None,
        **more,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if more else HTTPStatus.OK
    return render(request, "portrait/page.html", context, status=status)


def _versus(portrait: Portrait, detections: list[Detection], now: datetime) -> Comparison | None:
    """This portrait beside the try before it that was not accepted, or that it was made from.

    After a yes there is nothing to be better than.
    """
    if portrait.sample or portrait.verdict is None or not portrait.is_settled:
        return None
    tries = Portrait.objects.tried_before(portrait).select_related("verdict")
    earlier = tries.defer("verdict__raw").first()
    if earlier is None:
        return None
    if earlier.state != State.REJECTED and earlier.pk != portrait.derived_from_id:
        return None
    before = list(earlier.detections.defer("raw"))
    return comparison(portrait, detections, earlier, before, now=now)


def _fixed(portrait: Portrait, now: datetime) -> tuple[tuple[Entry, str], ...]:
    """What was made from it, with the words for it."""
    fixes = portrait.fixes.filter(deleted_at=None).select_related("verdict").defer("verdict__raw")
    return tuple((entry, made(entry.portrait)) for entry in listing.entries(fixes, now=now))


@require_POST
@personal
def delete(request: HttpRequest, portrait_id: UUID) -> HttpResponse:
    own = own_portrait(request, portrait_id)
    own.erase()
    others = Portrait.objects.versions_of(own).exclude(photo="")
    request.session[JUST_DELETED] = "one of several" if others.exists() else "all"
    return see_other("portraits")


@require_POST
@personal
@limited
def retry(request: HttpRequest, portrait_id: UUID) -> HttpResponse:
    own = own_portrait(request, portrait_id)
    intake.retry(own)
    return see_other(own)


@require_POST
@personal
@limited
def ask(request: HttpRequest, portrait_id: UUID) -> HttpResponse:
    """Have the service look whatever our own check says, or look once more.

    The button names the verdict it stands beside: pressed again after that, it pays nothing.
    """
    own = own_portrait(request, portrait_id)
    if settings.DETECTOR != "dashscope" or own.is_local_only:
        raise Http404
    if own.verdict and request.POST.get("verdict") == str(own.verdict.pk):
        ask_the_service = intake.ask_anyway if own.verdict.is_local else intake.ask_again
        ask_the_service(own)
    return see_other(own)


@require_POST
@personal
def objection(request: HttpRequest, portrait_id: UUID) -> HttpResponse:
    own = own_portrait(request, portrait_id)
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return shown(request, own, objection_form=form)
    rejected = Portrait.objects.filter(pk=own.pk, state=State.REJECTED, deleted_at=None)
    rejected.update(objected=True, objection=form.cleaned_data["objection"])
    return see_other(f"{own.get_absolute_url()}#objection-fold")
