"""The first page: show a photo or several, or the link to one, and have them checked."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emojicheck.forms import MOST_AT_ONCE, TOO_MANY, PortraitForm
from emojicheck.limits import TooManySubmissions
from emojicheck.models import Portrait
from emojicheck.pictures import DecoderUnavailable, FetchError, PictureError
from emojicheck.pictures.limits import DEFAULT as LIMITS
from emojicheck.presentation import refusals
from emojicheck.presentation.privacy import promise
from emojicheck.presentation.samples import ON_THE_HOME_PAGE, SAMPLES

from .receiving import OURS_SECONDS, Receipt, content, receive, receive_all, trouble_of_ours
from .redirects import see_other
from .visitors import address_of, forget_newcomer, new_or_known_owner

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, PortraitForm(initial=_chosen_before(request)))
    if "sample" in request.POST:
        return _take(request, PortraitForm(), **_sample(request.POST["sample"]))
    form = PortraitForm(request.POST, request.FILES)
    if not form.is_valid():
        problem = _("Something in the form got lost. Please send it once more.")
        told = form.errors.keys() & {"photo", "image_url", "ratio"}
        return _page(
            request,
            form,
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            problem="" if told else problem,
        )
    if len(form.cleaned_data["photo"]) > 1:
        return _take_all(request, form)
    return _take(request, form, **_asked_in(form))


def _chosen_before(request: HttpRequest) -> dict[str, str]:
    """Whoever tries another photo asks for the same video as before."""
    return {name: request.GET[name] for name in ("model", "ratio") if name in request.GET}


def _take_all(request: HttpRequest, form: PortraitForm) -> HttpResponse:
    """Several photos: on to the list, unless some were refused and that has to be told."""
    fields = form.cleaned_data
    asked = {name: fields[name] for name in ("model", "ratio", "idempotency_key")}
    asked |= {"source": Portrait.Source.UPLOAD} | _asking(request)
    receipt = receive_all(fields["photo"], asked)
    if not receipt.refused:
        return see_other("portraits")
    response = _page(request, form, status=receipt.status, receipt=receipt)
    if receipt.retry_after:
        response.headers["Retry-After"] = str(receipt.retry_after)
    return response


def _asking(request: HttpRequest) -> dict[str, str]:
    return {"owner": new_or_known_owner(request), "address": address_of(request)}


def _take(request: HttpRequest, form: PortraitForm, **asked: Any) -> HttpResponse:
    """Hand what was sent to intake; everything that can go wrong there gets its words here."""
    try:
        return see_other(receive(asked | _asking(request)))
    except PictureError as error:
        form.add_error("photo", str(refusals.picture_refusal(error.code, error.facts)))
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except FetchError as error:
        form.add_error("image_url", str(refusals.link_refusal(error.code, error.facts)))
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooManySubmissions as error:
        return _too_many(request, form, error)
    except (DecoderUnavailable, OSError):
        logger.exception("a photo could not be taken in")
        return _ours(request, form)


def _asked_in(form: PortraitForm) -> dict[str, Any]:
    fields = form.cleaned_data
    asked = {name: fields[name] for name in ("model", "ratio", "idempotency_key")}
    if not fields["photo"]:
        return asked | {"source": Portrait.Source.URL, "image_url": fields["image_url"]}
    return asked | {"source": fields["source"], "photo": content(fields["photo"][0])}


def _sample(slug: str) -> dict[str, Any]:
    if slug not in SAMPLES:
        raise Http404
    path = finders.find(SAMPLES[slug].photo)
    if not isinstance(path, str):
        raise Http404
    with Path(path).open("rb") as photo:
        return {
            "source": Portrait.Source.SAMPLE,
            "sample": slug,
            "photo": photo.read(),
            "model": "emoji-detect-v1",
            "ratio": "1:1",
        }


def _too_many(request: HttpRequest, form: PortraitForm, error: TooManySubmissions) -> HttpResponse:
    problem = refusals.limit_refusal(error.limit, error.retry_after_seconds)
    response = _page(request, form, status=HTTPStatus.TOO_MANY_REQUESTS, problem=str(problem))
    response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def _ours(request: HttpRequest, form: PortraitForm) -> HttpResponse:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    response = _page(request, form, status=status, problem=trouble_of_ours())
    response.headers["Retry-After"] = str(OURS_SECONDS)
    return response


def _page(
    request: HttpRequest,
    form: PortraitForm,
    *,
    status: int = HTTPStatus.OK,
    problem: str = "",
    receipt: Receipt | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "problem": problem,
        "receipt": receipt,
        "refused": status != HTTPStatus.OK,
        "idempotency_key": secrets.token_urlsafe(16),
        "samples": ON_THE_HOME_PAGE,
        "promise": promise(),
        "most_bytes": LIMITS.max_bytes,
        "most_at_once": MOST_AT_ONCE,
        "too_many": TOO_MANY % {"count": "{n}", "limit": MOST_AT_ONCE},
        "too_large": refusals.picture_refusal("too_many_bytes", {"limit": LIMITS.max_bytes}),
        "asks_the_service": settings.DETECTOR == "dashscope",
    }
    if status != HTTPStatus.OK and not (receipt and receipt.taken):
        forget_newcomer(request)
    response = render(request, "home.html", context, status=status)
    # Every form carries a key of its own: a kept copy would send an old one.
    response.headers["Cache-Control"] = "private, no-store"
    return response
