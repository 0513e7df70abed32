"""Every call of a detector on record: known answers, calls under way, what each one cost."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from . import limits, pacing
from .detection.verdicts import Accepted, Answer, Rejected
from .models import Bucket, Detection, Outcome, Portrait, State

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from .detection.errors import DetectionError

logger = logging.getLogger(__name__)

ANSWERED = [Outcome.ACCEPTED, Outcome.REJECTED]
TWIN_PAUSE = timedelta(seconds=1)
WRITE_PAUSES_SECONDS = (0.2, 1.0, 3.0)


class BudgetSpent(Exception):
    """The day's budget does not allow one more call."""


class ShareSpent(Exception):
    """The visitor's share of the day does not allow one more call."""


def seen_here(portrait: Portrait) -> Detection | None:
    """The local detector's earlier answer about this portrait's photo."""
    return portrait.detections.filter(
        detector="local", digest=portrait.digest, outcome__in=ANSWERED
    ).first()


def looked(portrait: Portrait, answer: Answer, *, took_ms: int) -> Detection:
    return Detection.objects.create(
        **_asked(portrait, "local"), **_answered(answer), took_ms=took_ms
    )


def known_answer(portrait: Portrait) -> Detection | None:
    """What the service once answered for the very same photo, asked in the same way."""
    known = _same_question(portrait).filter(outcome__in=ANSWERED, reused_from=None)
    if portrait.ask_again_at:
        known = known.filter(created__gte=portrait.ask_again_at)
    return known.order_by("-created", "-id").first()


def reuse(portrait: Portrait, known: Detection) -> Detection:
    """The known answer as this portrait's own, at no cost."""
    copied = ("outcome", "reason", "code", "message", "face", "extended", "measurements")
    return Detection.objects.create(
        **_asked(portrait, "dashscope"),
        **{name: getattr(known, name) for name in copied},
        reused_from=known,
        took_ms=0,
    )


def wait_for_twin(portrait: Portrait) -> None:
    """Raise NotNow while an equal photo is with the service: its answer will serve this one too.

    A call whose worker died is closed first, as one that may have been charged.
    """
    under_way = _same_question(portrait).filter(outcome=Outcome.STARTED).exclude(portrait=portrait)
    settled = ~Q(portrait__state__in=[State.WAITING, State.JUDGING])
    dead = settled | Q(portrait__lease_until__lt=timezone.now(), raw=b"")
    for detection in under_way.filter(dead):
        lose(detection)
    if under_way.exists():
        raise pacing.NotNow(timezone.now() + TWIN_PAUSE)


def left_behind(portrait: Portrait) -> Detection | None:
    """A call for this portrait that was under way when its worker died."""
    return portrait.detections.filter(detector="dashscope", outcome=Outcome.STARTED).first()


def claim(portrait: Portrait) -> Detection:
    """The right to ask this question, with the price set aside; or its answer, known meanwhile.

    While the claim is open nobody else asks the same. Raises BudgetSpent or ShareSpent, or NotNow
    when an equal photo got in first.
    """
    try:
        with transaction.atomic():
            Bucket.objects.hold("money")  # so that the sums stay true
            if known := known_answer(portrait):
                return reuse(portrait, known)
            if pacing.budget_is_spent():
                raise BudgetSpent
            if limits.share_is_spent(owner=portrait.owner, address_mark=portrait.address_mark):
                raise ShareSpent
            return Detection.objects.create(
                **_asked(portrait, "dashscope"), price=settings.PRICE_PER_IMAGE
            )
    except IntegrityError:
        raise pacing.NotNow(timezone.now() + TWIN_PAUSE) from None


def sending(detection: Detection) -> None:
    """On record before the request leaves: from here on it may be charged."""
    _write(detection, sent_at=timezone.now())


def replied(detection: Detection, *, status: int, body: bytes, took_ms: int) -> None:
    """Keep the raw reply before anybody tries to read it: it was paid for, so we insist."""
    for pause_seconds in WRITE_PAUSES_SECONDS:
        try:
            return _write(detection, http_status=status, raw=body, took_ms=took_ms)
        except DatabaseError:
            logger.exception("detection %s: reply not written, trying again", detection.pk)
            connection.close()
            time.sleep(pause_seconds)
    return _write(detection, http_status=status, raw=body, took_ms=took_ms)


def answered(detection: Detection, answer: Answer) -> None:
    _write(detection, **_answered(answer), price=settings.PRICE_PER_IMAGE * answer.billed_images)


def failed(detection: Detection, error: DetectionError) -> None:
    fields: dict[str, Any] = {
        "outcome": Outcome.FAILED,
        "error_kind": error.kind,
        "error": error.detail[:2000],
        "code": error.code[:100],
        "request_id": error.request_id[:100],
        "maybe_paid": error.maybe_paid,
    }
    if not error.maybe_paid:
        fields["price"] = Decimal(0)
    if error.raw and not detection.raw:
        fields["raw"] = error.raw
    _write(detection, **fields)


def lose(detection: Detection) -> None:
    """Close a call that nobody is waiting for any more; if it was sent it may have been charged."""
    if detection.sent_at is None:
        detection.delete()
        return
    _write(
        detection,
        outcome=Outcome.FAILED,
        error_kind="worker_lost",
        error="The worker stopped before the answer was recorded.",
        maybe_paid=True,
    )


def _same_question(portrait: Portrait) -> QuerySet[Detection]:
    return Detection.objects.filter(
        detector="dashscope",
        digest=portrait.digest,
        model=portrait.model,
        ratio=portrait.ratio,
        service=settings.DASHSCOPE_BASE_URL,
    )


def _asked(portrait: Portrait, detector: str) -> dict[str, Any]:
    return {
        "portrait": portrait,
        "detector": detector,
        "model": portrait.model,
        "ratio": portrait.ratio,
        "digest": portrait.digest,
        "service": "" if detector == "local" else settings.DASHSCOPE_BASE_URL,
    }


def _answered(answer: Answer) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "measurements": [asdict(measurement) for measurement in answer.measurements],
        "spots": [asdict(spot) for spot in answer.spots],
        "request_id": answer.request_id,
        "billed_images": answer.billed_images,
    }
    match answer.verdict:
        case Accepted(face=face, extended=extended):
            return fields | {
                "outcome": Outcome.ACCEPTED,
                "face": list(face),
                "extended": list(extended),
            }
        case Rejected() as rejected:
            return fields | {
                "outcome": Outcome.REJECTED,
                "reason": rejected.reason,
                "certain": rejected.certain,
                "code": rejected.code,
                "message": rejected.message,
                "face": list(rejected.face) if rejected.face else None,
            }


def _write(detection: Detection, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(detection, name, value)
    detection.save(update_fields=list(fields))
