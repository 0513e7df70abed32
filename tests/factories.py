"""Rows for tests, with what the database demands of the state that is asked for."""

from __future__ import annotations

import io
import secrets
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
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
    photo = make_photo() if photo is None else photo
    portrait = Portrait(
        **{
            "owner": "visitor",
            "source": Portrait.Source.UPLOAD,
            "model": "emoji-detect-v1",
            "ratio": "1:1",
            "width": WIDTH,
            "height": HEIGHT,
            "photo_bytes": len(photo),
            "digest": secrets.token_hex(32),
            "objected": bool(fields.get("objection")),
            **fields,
        }
    )
    if photo:
        portrait.photo.save("photo.jpg", ContentFile(photo), save=False)
        portrait.thumbnail.save("thumbnail.jpg", ContentFile(make_photo(96, 96)), save=False)
    portrait.save()
    if state == State.WAITING:
        return portrait

    portrait.state = state
    for name, value in _needed(State(state), reason).items():
        if name not in fields:
            setattr(portrait, name, value)
    if state in {State.ACCEPTED, State.REJECTED} and not (portrait.refusal or portrait.verdict):
        portrait.verdict = make_detection(
            portrait, detector=detector, outcome=state, reason=portrait.reason
        )
    portrait.save()
    return portrait


def _needed(state: State, reason: str) -> dict[str, Any]:
    now = timezone.now()
    if state == State.JUDGING:
        return {"attempt": 1, "lease_owner": "worker", "lease_until": now + timedelta(minutes=1)}
    settled: dict[str, Any] = {"next_try_at": None, "judged_at": now}
    if state == State.REJECTED:
        settled["reason"] = reason or Reason.HEAD_TILTED
    if state == State.FAILED:
        settled["trouble"] = Portrait.Trouble.SERVICE
    return settled


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
        "service": settings.DASHSCOPE_BASE_URL if detector == "dashscope" else "",
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
