"""The service's own contract, spoken on top of the local detector.

Client code can be written and tried against it for nothing: same request, same replies, same
codes, same words, since clients may show or log them.
https://www.alibabacloud.com/help/en/model-studio/emoji-detect-api
"""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from emojicheck import intake
from emojicheck.detection.base import MODELS
from emojicheck.detection.verdicts import Reason
from emojicheck.limits import TooManySubmissions
from emojicheck.models import Portrait, State
from emojicheck.pictures import FetchError

from .reading import address_of, owner_of
from .rejections import REJECTIONS

if TYPE_CHECKING:
    from emojicheck.models import Detection

logger = logging.getLogger(__name__)

ANSWER_WITHIN_SECONDS = 30.0
LOOK_SECONDS = 0.1


class Failed(Exception):
    """The request cannot be answered, in the service's words."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@csrf_exempt  # callers are programs with a key of their own, never browsers with a session
def face_detect(request: HttpRequest, **_prefix: str) -> JsonResponse:
    """Judge the photo at `input.image_url` here, as the service would."""
    request_id = str(uuid4())
    try:
        output = _output(_judged(request, **_question(request)))
    except Failed as error:
        reply = {"request_id": request_id, "code": error.code, "message": error.message}
        return JsonResponse(reply, status=error.status)
    usage = {"image_count": 1}
    return JsonResponse({"output": output, "usage": usage, "request_id": request_id})


def _question(request: HttpRequest) -> dict[str, str]:
    """What is asked, checked in the order the service seems to keep."""
    if request.method != "POST":
        raise Failed(
            400, "InvalidParameter", f"Request method '{request.method}' is not supported."
        )
    key = request.headers.get("Authorization", "")
    if not key.removeprefix("Bearer").strip():
        raise Failed(401, "InvalidApiKey", "No API-key provided.")
    if "X-DashScope-Async" in request.headers:
        message = "Current user api does not support asynchronous calls."
        raise Failed(403, "AccessDenied", message)
    body = _body(request)
    model, wanted, parameters = (body.get(name) for name in ("model", "input", "parameters"))
    if not isinstance(model, str) or not model:
        message = 'Required parameter "model" missing from request.'
        raise Failed(400, "BadRequest.EmptyModel", message)
    if model not in MODELS:
        raise Failed(404, "ModelNotFound", "Model can not be found.")
    image_url = wanted.get("image_url") if isinstance(wanted, dict) else None
    if not isinstance(image_url, str) or not image_url:
        raise Failed(400, "InvalidParameter", "Field required: image_url")
    ratio = parameters.get("ratio", "1:1") if isinstance(parameters, dict) else "1:1"
    if ratio not in MODELS[model]:
        message = "The request parameter is invalid, please check the request parameter."
        raise Failed(400, "InvalidParameter", message)
    return {"model": model, "ratio": ratio, "image_url": image_url}


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError, RequestDataTooBig):
        body = None
    if isinstance(body, dict):
        return body
    message = "Required body invalid, please check the request body format."
    raise Failed(400, "InvalidParameter", message)


def _judged(request: HttpRequest, **question: Any) -> Portrait:
    """The portrait with its verdict; its photo is gone again by then."""
    try:
        portrait = intake.receive(
            owner=owner_of(request),
            address=address_of(request),
            source=Portrait.Source.SERVICE,
            **question,
        )
    except FetchError as error:
        raise _not_fetched() from error
    except TooManySubmissions as error:
        message = "Requests rate limit exceeded, try again later."
        raise Failed(429, "Throttling.RateQuota", message) from error
    try:
        return _settled(portrait)
    finally:
        portrait.erase(unjudged=Portrait.Trouble.OURS)


def _settled(portrait: Portrait) -> Portrait:
    deadline = time.monotonic() + ANSWER_WITHIN_SECONDS
    while time.monotonic() < deadline:
        portrait = Portrait.objects.select_related("verdict").get(pk=portrait.pk)
        if portrait.is_settled:
            return portrait
        time.sleep(LOOK_SECONDS)
    raise Failed(500, "InternalError.Timeout", "Request timed out, try again later.")


def _output(portrait: Portrait) -> dict[str, Any]:
    if portrait.state == State.ACCEPTED and portrait.verdict:
        return _boxes(portrait.model, portrait.verdict)
    rejection = REJECTIONS.get(Reason(portrait.reason)) if portrait.reason else None
    if rejection is None:
        raise _trouble(portrait)
    said = dict(zip(("code", "message"), rejection, strict=True))
    return {"check_pass": False, **said} if portrait.model == "emo-detect-v1" else said


def _boxes(model: str, verdict: Detection) -> dict[str, Any]:
    if model == "emo-detect-v1":
        return {"check_pass": True, "face_bbox": verdict.face, "ext_bbox": verdict.extended}
    return {"bbox_face": verdict.face, "ext_bbox_face": verdict.extended}


def _trouble(portrait: Portrait) -> Failed:
    if portrait.trouble == Portrait.Trouble.LINK or portrait.reason == Reason.UNREADABLE_FILE:
        return _not_fetched()
    message = "An internal error has occured, try again later or contact service support."
    return Failed(500, "InternalError", message)


def _not_fetched() -> Failed:
    message = (
        "The request URL is invalid, please check the request URL is available and the request "
        "image format is one of the following types: JPEG, JPG, PNG, BMP, and WEBP."
    )
    return Failed(400, "InvalidURL", message)
