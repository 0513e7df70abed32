"""The JSON API: the same portraits, for programs.

A program that sends `Authorization: Bearer SECRET`, with any secret of its own making, is the only
one to see its portraits. Without one, the portrait's unguessable id is the key to it.
"""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from ninja import NinjaAPI, Status

from emojicheck import intake
from emojicheck.detection.base import MODELS
from emojicheck.jpegs import jpeg
from emojicheck.limits import TooManySubmissions
from emojicheck.models import Portrait
from emojicheck.pacing import place_in_line
from emojicheck.pictures import DecoderUnavailable, FetchError, PictureError
from emojicheck.presentation import refusals
from emojicheck.presentation.portrait_json import portrait_json

from . import description
from .reading import NotServed, address_of, idempotency_key, owner_of, refusal, submission
from .schemas import Problem, Received, Result

logger = logging.getLogger(__name__)

api = NinjaAPI(
    title="emojicheck",
    version="1",
    description=__doc__ or "",
    urls_namespace="api",
    auth=description.Secret(),
    openapi_extra={"tags": description.TAGS},
)


@api.exception_handler(NotServed)
def not_served(request: HttpRequest, error: NotServed) -> HttpResponse:
    response = api.create_response(request, error.problem, status=error.status)
    if seconds := error.problem.facts.get("retry_after_seconds"):
        response.headers["Retry-After"] = str(seconds)
    return response


_PROBLEMS: dict[Any, Any] = dict.fromkeys([400, 409, 413, 415, 422, 429, 503], Problem)
_NONE_SUCH: dict[Any, Any] = dict.fromkeys([404, 503], Problem)


@api.post(
    "/portraits",
    response={202: Received, **_PROBLEMS},
    summary="Give a photo to be judged",
    operation_id="submit_portrait",
    tags=[description.TAG],
    openapi_extra=description.SUBMIT,
)
def submit(request: HttpRequest) -> Status[dict[str, Any]]:
    """Give a photo, or a link to one, to be judged. Ask for the verdict at `/portraits/{id}`."""
    photo, wish = submission(request)
    if wish.ratio not in MODELS[wish.model]:
        raise NotServed(422, "ratio", f"{wish.model} cannot be asked for {wish.ratio}.")
    asked: dict[str, Any] = {"model": wish.model, "ratio": wish.ratio, "image_url": wish.image_url}
    try:
        portrait = intake.receive(
            owner=owner_of(request),
            address=address_of(request),
            source=Portrait.Source.API,
            photo=photo,
            idempotency_key=idempotency_key(request),
            **asked,
        )
    except (PictureError, FetchError) as error:
        raise refusal(error) from error
    except intake.KeyReused as error:
        message = "This Idempotency-Key was used before, with other content."
        raise NotServed(409, "idempotency_key", message) from error
    except TooManySubmissions as error:
        seconds = error.retry_after_seconds
        words = refusals.limit_refusal(error.limit, seconds)
        raise NotServed(429, error.limit, str(words), retry_after_seconds=seconds) from error
    except (DecoderUnavailable, OSError) as error:
        logger.exception("a photo could not be taken in")
        message = "That was us, not your photo. Please try again in a moment."
        raise NotServed(503, "unavailable", message, retry_after_seconds=30) from error
    return Status(202, {"id": portrait.id, "state": portrait.state, "url": _address(portrait)})


@api.get(
    "/portraits/{uuid:portrait_id}",
    response={200: Result, **_NONE_SUCH},
    summary="Ask for the verdict",
    operation_id="get_portrait",
    tags=[description.TAG],
    openapi_extra=description.RESULT,
)
def result(request: HttpRequest, response: HttpResponse, portrait_id: UUID) -> dict[str, Any]:
    """The state of a portrait and, once it is judged, everything its page says."""
    response.headers["Cache-Control"] = "private, no-store"
    portrait = _portrait(request, portrait_id)
    return portrait_json(
        portrait,
        list(portrait.detections.defer("raw")),
        now=timezone.now(),
        url=_address(portrait),
        photo=f"{_address(portrait)}/photo.jpg" if portrait.photo else None,
        place=None if portrait.is_settled else place_in_line(portrait),
    )


@api.get(
    "/portraits/{uuid:portrait_id}/photo.jpg",
    response=_NONE_SUCH,
    summary="Get the checked photo",
    operation_id="get_photo",
    tags=[description.TAG],
    openapi_extra=description.PHOTO,
)
def photo(request: HttpRequest, portrait_id: UUID) -> HttpResponseBase:
    """The photo whose pixels the boxes count: upright, and never larger than the service takes."""
    try:
        reply = jpeg(_portrait(request, portrait_id).photo)
    except Http404 as error:
        message = "The photo of this portrait is not here, or not here yet."
        raise NotServed(404, "no_photo", message) from error
    reply.headers["Cache-Control"] = "private, no-store"
    return reply


@api.delete(
    "/portraits/{uuid:portrait_id}",
    response={204: None, **_NONE_SUCH},
    summary="Delete a portrait",
    operation_id="delete_portrait",
    tags=[description.TAG],
    openapi_extra=description.DELETE,
)
def delete(request: HttpRequest, portrait_id: UUID) -> Status[None]:
    """Delete the photo and everything that shows it, at once."""
    _portrait(request, portrait_id).erase()
    return Status(204, None)


def _address(portrait: Portrait) -> str:
    return f"{settings.SITE_URL}/api/v1/portraits/{portrait.id}"


def _portrait(request: HttpRequest, portrait_id: UUID) -> Portrait:
    portraits = Portrait.objects.of(owner_of(request)).select_related("verdict")
    if portrait := portraits.filter(pk=portrait_id).first():
        return portrait
    raise NotServed(404, "not_found", "There is no such portrait, or it was deleted.")
