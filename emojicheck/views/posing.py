"""Frames from an open camera: looked at, answered in words, kept nowhere."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from emojicheck.hints import line
from emojicheck.hints.frames import MAX_BYTES, MAX_SIDE, FrameFault, FrameRefused, check_frame
from emojicheck.hints.line import HintsAway, HintsBusy
from emojicheck.hints.turns import Turns
from emojicheck.limits import household
from emojicheck.presentation.posing import posing

from .visitors import address_of

if TYPE_CHECKING:
    from emojicheck.hints.sight import Sight

AGAIN_MS = 500
WAKING_MS = 1500
BUSY_MS = 1500
AWAY_MS = 3000
OFF_MS = 600_000

VISITORS = Turns(a_second=2.2, ahead=2)
"""A little quicker than the page asks, so that clocks and networks may jitter."""
ADDRESSES = Turns(a_second=8, ahead=8)
"""A few visitors behind one address; more than one program can look at anyway."""


@require_POST
@never_cache
def hints(request: HttpRequest) -> HttpResponse:
    """What is right and what to do about one small JPEG, which is the whole body."""
    if not settings.LIVE_HINTS:
        return _later(HTTPStatus.SERVICE_UNAVAILABLE, _("Hints are switched off here."), OFF_MS)
    if wait := _wait(request):
        problem = _("These are more frames than we look at.")
        return _later(HTTPStatus.TOO_MANY_REQUESTS, problem, max(AGAIN_MS, round(wait * 1000)))
    try:
        sight = line.ask(_frame(request))
    except FrameRefused as error:
        return _refused(error.fault)
    except HintsBusy:
        return _later(HTTPStatus.SERVICE_UNAVAILABLE, _("Many people pose just now."), BUSY_MS)
    except HintsAway:
        return _later(HTTPStatus.SERVICE_UNAVAILABLE, _("There are no hints just now."), AWAY_MS)
    if sight.unreadable:
        return _refused(FrameFault.NOT_A_JPEG)
    return _told(sight, back=request.GET.get("camera") == "back")


def _wait(request: HttpRequest) -> float:
    """Seconds until this visitor may ask; 0 when they may now.

    A visitor is known here by the cookie that protects forms: asking for the session would take
    the database. It is quick to change, and so their address counts too.
    """
    address = household(address_of(request))
    visitor = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")[:64]
    return VISITORS.take((address, visitor)) or ADDRESSES.take(address)


def _frame(request: HttpRequest) -> bytes:
    """Raises FrameRefused for anything that is not one."""
    if request.content_type != "image/jpeg":
        raise FrameRefused(FrameFault.NOT_A_JPEG)
    frame = request.read(MAX_BYTES + 1)
    check_frame(frame)
    return frame


def _told(sight: Sight, *, back: bool) -> JsonResponse:
    if sight.waking:
        nothing = {"hints": [], "say": "", "ready": False, "roll": None}
        return JsonResponse(nothing | {"again_ms": WAKING_MS})
    told = posing(sight, back=back)
    return JsonResponse(asdict(told) | {"again_ms": AGAIN_MS})


_STATUS = {
    FrameFault.EMPTY: HTTPStatus.BAD_REQUEST,
    FrameFault.TOO_HEAVY: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    FrameFault.NOT_A_JPEG: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    FrameFault.WRONG_SIZE: HTTPStatus.UNPROCESSABLE_ENTITY,
}


def _refused(fault: FrameFault) -> JsonResponse:
    words = {
        FrameFault.EMPTY: _("There is no frame in this request. Send one JPEG as its body."),
        FrameFault.TOO_HEAVY: _("A frame may have at most 64 KB. Send it smaller."),
        FrameFault.NOT_A_JPEG: _("This is not a JPEG. Send one JPEG, as image/jpeg."),
        FrameFault.WRONG_SIZE: _("A frame has sides of 64 to %(limit)s pixels. Send it smaller.")
        % {"limit": MAX_SIDE},
    }
    return _later(_STATUS[fault], words[fault], AGAIN_MS)


def _later(status: int, problem: str, again_ms: int) -> JsonResponse:
    response = JsonResponse({"problem": problem, "again_ms": again_ms}, status=status)
    # Said twice a second by an open camera: Django's log would have a line for each.
    response._has_been_logged = True  # type: ignore[attr-defined]
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        response.headers["Retry-After"] = str(max(1, round(again_ms / 1000)))
    return response
