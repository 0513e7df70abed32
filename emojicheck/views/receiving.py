"""From the form to the line: one portrait for each photo, however often the button is pressed."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from emojicheck import intake
from emojicheck.limits import TooManySubmissions
from emojicheck.pictures import DecoderUnavailable, PictureError
from emojicheck.pictures.limits import DEFAULT as LIMITS
from emojicheck.presentation import refusals
from emojicheck.presentation.wording import file_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile

    from emojicheck.models import Portrait

logger = logging.getLogger(__name__)

OURS_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that did not become a portrait, and why."""

    name: str
    reason: str


@dataclass(slots=True)
class Receipt:
    """What became of several photos that were sent at once."""

    taken: int = 0
    refused: list[Refused] = field(default_factory=list)
    problem: str = ""
    """Why the rest was not even looked at."""
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY
    retry_after: int = 0

    @property
    def sent(self) -> int:
        return self.taken + len(self.refused)


def receive(asked: dict[str, Any]) -> Portrait:
    """What was asked for, made or found again; raises what `intake.receive` raises."""
    try:
        portrait = intake.receive(**asked)
    except intake.KeyReused:
        # Back to the old form, then another photo: a new question, not the old one again.
        return intake.receive(**asked | {"idempotency_key": None})
    if portrait.deleted_at:
        return intake.receive(**asked | {"idempotency_key": None})
    return portrait


def receive_all(photos: Sequence[UploadedFile[Any]], asked: dict[str, Any]) -> Receipt:
    """One after the other, each under a key of its own. What was taken before a limit stays."""
    receipt = Receipt()
    key = asked["idempotency_key"]
    for number, photo in enumerate(photos):
        reason = receipt.problem and _("Not looked at yet.")
        if not reason:
            one = {"photo": content(photo), "idempotency_key": key and f"{key}-{number}"}
            reason = _refusal(receipt, asked | one)
        if reason:
            receipt.refused.append(Refused(file_name(photo.name or ""), reason))
        else:
            receipt.taken += 1
    return receipt


def _refusal(receipt: Receipt, asked: dict[str, Any]) -> str:
    """Why this photo was not taken, in words; nothing if it was."""
    try:
        receive(asked)
    except PictureError as error:
        return str(refusals.picture_refusal(error.code, error.facts))
    except TooManySubmissions as error:
        receipt.problem = str(refusals.limit_refusal(error.limit, error.retry_after_seconds))
        receipt.status = HTTPStatus.TOO_MANY_REQUESTS
        receipt.retry_after = error.retry_after_seconds
        return _("Not looked at yet.")
    except (DecoderUnavailable, OSError):
        logger.exception("a photo could not be taken in")
        receipt.problem = trouble_of_ours()
        receipt.status, receipt.retry_after = HTTPStatus.SERVICE_UNAVAILABLE, OURS_SECONDS
        return _("Not looked at yet.")
    return ""


def content(upload: UploadedFile[Any]) -> bytes:
    """The file, or as much of a huge one as it takes to see that it is too large."""
    return bytes(upload.read(LIMITS.max_bytes + 1))


def trouble_of_ours() -> str:
    return _("That was us, not your photo: we could not take it in. Try again in a moment.")
