"""Rows for tests: one plain function each, with what the database demands of the state asked for."""

from __future__ import annotations

import io
import secrets
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from emojicheck.detection.verdicts import BBox, Reason
from emojicheck.models import Detection, Outcome, Portrait, State

WIDTH, HEIGHT = 480, 480
FACE = BBox(160, 130, 320, 290)
EXTENDED = BBox(64, 24, 416, 376)


def make_photo(width: int = WIDTH, height: int = HEIGHT, colour: str = "#c9b49a") -> bytes:
    """A plain JPEG of one colour: enough wherever nobody looks at the face."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def make_portrait(
    *,
    state: str = State.WAITING,
    reason: str = "",
    photo: bytes | None = None,
    detector: str = "local",
    **fields: Any,
) -> Portrait:
    """A saved portrait in the given state.

    Accepted and rejected ones get the detection that decided them, by `detector`, unless a
    `refusal` says that no detector was asked. `photo=b""` makes a portrait without files. Every
    portrait gets a digest of its own, so that no answer is reused by chance. All other fields
    are the model's.
    """
    if photo is None:
        photo = make_photo()
    fields = {
        "owner": "visitor",
        "source": Portrait.Source.UPLOAD,
        "model": "emoji-detect-v1",
        "ratio": "1:1",
        "width": WIDTH,
        "height": HEIGHT,
        "photo_bytes": len(photo),
        "digest": secrets.token_hex(32),
    } | fields
    portrait = Portrait(**fields)
    if photo and "photo" not in fields:
        portrait.photo.save("photo.jpg", ContentFile(photo), save=False)
    if photo and "thumbnail" not in fields:
        portrait.thumbnail.save("thumbnail.jpg", ContentFile(make_photo(96, 96)), save=False)
    portrait.save()
    if state == State.WAITING:
        return portrait

    portrait.state = state
    now = timezone.now()
    if state == State.JUDGING:
        portrait.attempt = fields.get("attempt", 1)
        portrait.lease_owner = fields.get("lease_owner", "a-worker")
        portrait.lease_until = fields.get("lease_until", now + timedelta(minutes=1))
    else:
        portrait.next_try_at = fields.get("next_try_at")
        portrait.judged_at = fields.get("judged_at", now)
    if state == State.FAILED:
        portrait.trouble = fields.get("trouble", Portrait.Trouble.SERVICE)
    if state == State.REJECTED:
        portrait.reason = reason or Reason.HEAD_TILTED
    decided = state in {State.ACCEPTED, State.REJECTED} and not fields.get("refusal")
    if decided and "verdict" not in fields:
        portrait.verdict = make_detection(
            portrait, detector=detector, outcome=state, reason=portrait.reason
        )
    portrait.save()
    return portrait


def make_detection(
    portrait: Portrait | None = None,
    *,
    detector: str = "local",
    outcome: str = Outcome.ACCEPTED,
    **fields: Any,
) -> Detection:
    """A saved detection of `portrait` (a new waiting one when there is none).

    An answer of the service has a request id and was billed, unless the fields say otherwise.
    """
    portrait = portrait or make_portrait()
    defaults: dict[str, Any] = {
        "model": portrait.model,
        "ratio": portrait.ratio,
        "digest": portrait.digest,
        "took_ms": 120,
    }
    if outcome == Outcome.ACCEPTED:
        defaults |= {"face": list(FACE), "extended": list(EXTENDED)}
    if outcome == Outcome.REJECTED and not fields.get("reason"):
        fields["reason"] = Reason.HEAD_TILTED
    if outcome in {Outcome.ACCEPTED, Outcome.REJECTED} and detector == "dashscope":
        defaults |= {
            "request_id": secrets.token_hex(16),
            "billed_images": 1,
            "price": Decimal("0.004"),
        }
    if outcome == Outcome.FAILED:
        defaults |= {"error_kind": "unreachable", "error": "connection refused"}
    return Detection.objects.create(
        portrait=portrait, detector=detector, outcome=outcome, **(defaults | fields)
    )
