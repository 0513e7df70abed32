"""From a request to what is asked for, or to why it cannot be served."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from pydantic import ValidationError

from emojicheck.limits import ANYBODY
from emojicheck.pictures import FetchError, PictureError
from emojicheck.pictures.limits import DEFAULT as LIMITS
from emojicheck.presentation import refusals

from .schemas import CHOICES, KEY_CHARS, Problem, Wish

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest


class NotServed(Exception):
    """Becomes a Problem with this status."""

    def __init__(self, status: int, code: str, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.status = status
        self.problem = Problem(code=code, message=message, facts=facts)


def owner_of(request: HttpRequest) -> str:
    """The name under which a program's portraits are kept; one for all that keep no secret."""
    secret = request.headers.get("Authorization", "").removeprefix("Bearer").strip()
    return f"{ANYBODY}:{_short_hash(secret)}" if secret else ANYBODY


def address_of(request: HttpRequest) -> str:
    """Where the request came from, for the limits."""
    return str(request.META.get("REMOTE_ADDR") or "")


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:40]


def idempotency_key(request: HttpRequest) -> str | None:
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return None
    if len(key) > KEY_CHARS:
        message = f"The Idempotency-Key may have at most {KEY_CHARS} characters."
        raise NotServed(400, "idempotency_key", message)
    # Those without a secret share one name, and must not trip over each other's keys.
    whose = address_of(request) if owner_of(request) == ANYBODY else ""
    return _short_hash(f"{whose} {key}")


def submission(request: HttpRequest) -> tuple[bytes | None, Wish]:
    """The photo (None for a linked one) and how to judge it."""
    try:
        return _parsed(request)
    except RequestDataTooBig as error:
        message = "Everything but the photo has to fit into 2.5 MB."
        raise NotServed(413, "too_many_bytes", message) from error
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise NotServed(400, "form", "The body is not a form, or has too many fields.") from error


def _parsed(request: HttpRequest) -> tuple[bytes | None, Wish]:
    if request.content_type == "multipart/form-data":
        upload = _one_upload(request)
        fields = {name: request.POST[name] for name in CHOICES if name in request.POST}
        return bytes(upload.read(LIMITS.max_bytes + 1)), _wish({"image_url": "", **fields})
    if request.content_type == "application/json":
        try:
            return None, _wish(json.loads(request.body))
        except (ValueError, RecursionError) as error:
            raise NotServed(400, "json", "The body is not JSON.") from error
    message = "Send multipart/form-data with a photo, or application/json with an image_url."
    raise NotServed(415, "content_type", message)


def _one_upload(request: HttpRequest) -> UploadedFile[Any]:
    """Of two photos none is the obvious one to judge: nothing is dropped in silence."""
    uploads = request.FILES.getlist("photo")
    if not uploads:
        raise NotServed(422, "photo", "Send the photo as a file in the field named photo.")
    if len(uploads) > 1:
        message = f"One photo at a time: the form has {len(uploads)} fields named photo."
        raise NotServed(422, "photo", message, photos=len(uploads))
    if "image_url" in request.POST or "image_url" in request.FILES:
        message = "The form has both photo and image_url. Send one of them."
        raise NotServed(422, "image_url", message)
    return uploads[0]


def _wish(fields: Any) -> Wish:
    try:
        return Wish.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "body"
        raise NotServed(422, "field", f"{name}: {first['msg']}.", field=name) from error


def refusal(error: PictureError | FetchError) -> NotServed:
    if isinstance(error, FetchError):
        words = refusals.link_refusal(error.code, error.facts)
        return NotServed(422, str(error.code), str(words), **error.facts)
    words = refusals.picture_refusal(error.code, error.facts)
    status = 413 if error.code == "too_many_bytes" else 422
    return NotServed(status, str(error.code), str(words), **error.facts)
