"""The heart: claim a portrait, look at it here, ask the service if need be, record the verdict."""

from __future__ import annotations

import contextlib
import logging
import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from . import asking
from .detection.errors import DetectionError
from .detection.verdicts import Reason
from .downloads import fetch_policy
from .lease import Lease, LeaseLost
from .ledger import BudgetSpent, ShareSpent
from .models import Detection, Outcome, Portrait, State
from .pacing import NotNow
from .photos import lacks_photo, stored
from .pictures import FetchError, PictureError, fetch_picture, read_picture
from .retouching import OriginalGone, retouched

if TYPE_CHECKING:
    from uuid import UUID

    from .pictures import Picture

logger = logging.getLogger(__name__)

Trouble = Portrait.Trouble
TROUBLE_OF = {
    "unreachable": Trouble.SERVICE,
    "busy": Trouble.SERVICE,
    "answer_lost": Trouble.SERVICE,
    "refused_us": Trouble.OPERATOR,
    "photo_unreachable": Trouble.PHOTO_LINK,
    "unreadable_answer": Trouble.ANSWER,
}
FINAL = {
    OriginalGone: Trouble.ORIGINAL,
    BudgetSpent: Trouble.BUDGET,
    ShareSpent: Trouble.SHARE,
}
WRONG_SIZE = {"too_small", "too_large_dimensions"}
LINK_ATTEMPTS = 2
FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 120.0


def judge(portrait_id: UUID) -> datetime | None:
    """Bring one portrait a step on. Returns when to come back to it, or None when it is settled.

    Does nothing when the portrait is not due, or somebody else judges it. Never raises for
    foreseeable trouble: that is recorded on the portrait.
    """
    lease = Lease(portrait_id)
    portrait = lease.take()
    if portrait is None:
        return None
    try:
        with lease.kept():
            return _judge(portrait, lease)
    except LeaseLost:
        logger.warning("portrait %s: lost to another worker or deleted", portrait_id)
        for erased in Portrait.objects.filter(pk=portrait_id, deleted_at__isnull=False):
            erased.forget_looks()
        return None
    except (KeyboardInterrupt, SystemExit):
        # Told to stop in the middle: not the portrait's failure, another worker goes on.
        with contextlib.suppress(LeaseLost):
            lease.give_back(at=timezone.now())
        raise


def _judge(portrait: Portrait, lease: Lease) -> datetime | None:
    if portrait.attempt > settings.ATTEMPTS:  # each attempt took its worker down with it
        _give_up(portrait, lease)
        return None
    try:
        if lacks_photo(portrait):
            _bring_photo(portrait, lease)
        _settle(lease, asking.verdict_for(portrait, lease))
    except LeaseLost:
        raise
    except Exception as error:  # noqa: BLE001 (the worker's outermost loop: all ends on record)
        return _no_verdict(portrait, lease, error)
    return None


def _give_up(portrait: Portrait, lease: Lease) -> None:
    """Too many attempts; but an answer that was paid for still counts."""
    try:
        recovered = asking.recovered_answer(portrait)
    except (DetectionError, NotNow):
        recovered = None
    if recovered:
        _settle(lease, recovered)
    else:
        _fail(portrait, lease, Trouble.OURS)


def _no_verdict(portrait: Portrait, lease: Lease, error: Exception) -> datetime | None:
    match error:
        case PictureError():
            _refuse(lease, error)
        case FetchError():
            logger.info("portrait %s: link not downloaded: %s", portrait.pk, error)
            if error.retryable and portrait.attempt < LINK_ATTEMPTS:
                return _try_later(portrait, lease, None)
            refusal = {"code": str(error.code), **error.facts}
            _fail(portrait, lease, Trouble.LINK, refusal=refusal)
        case OriginalGone() | BudgetSpent() | ShareSpent():
            _fail(portrait, lease, FINAL[type(error)])
        case NotNow():
            lease.give_back(at=error.until)
            return error.until
        case DetectionError():
            logger.warning("portrait %s: %s: %s", portrait.pk, error.kind, error.detail)
            return _try_later(portrait, lease, error)
        case _:
            logger.error("portrait %s: unexpected trouble", portrait.pk, exc_info=error)
            return _try_later(portrait, lease, None)
    return None


def _refuse(lease: Lease, error: PictureError) -> None:
    """A linked picture that no detector needs to see."""
    reason = Reason.WRONG_DIMENSIONS if error.code in WRONG_SIZE else Reason.UNREADABLE_FILE
    lease.release(
        state=State.REJECTED,
        reason=reason,
        refusal={"code": str(error.code), **error.facts},
        judged_at=timezone.now(),
        next_try_at=None,
    )


def _bring_photo(portrait: Portrait, lease: Lease) -> None:
    picture = retouched(portrait) if portrait.edit else _downloaded(portrait)
    with stored(picture) as fields:
        lease.write(**fields)
    portrait.refresh_from_db()


def _downloaded(portrait: Portrait) -> Picture:
    return read_picture(fetch_picture(portrait.image_url, policy=fetch_policy()))


def _settle(lease: Lease, detection: Detection) -> None:
    accepted = detection.outcome == Outcome.ACCEPTED
    lease.release(
        state=State.ACCEPTED if accepted else State.REJECTED,
        verdict=detection,
        reason=detection.reason,
        judged_at=timezone.now(),
        next_try_at=None,
    )


def _try_later(portrait: Portrait, lease: Lease, error: DetectionError | None) -> datetime | None:
    trouble = TROUBLE_OF.get(error.kind, Trouble.OURS) if error else Trouble.OURS
    if portrait.attempt >= settings.ATTEMPTS or (error and _is_final(portrait, error)):
        _fail(portrait, lease, trouble)
        return None
    seconds = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (portrait.attempt - 1))
    seconds *= random.uniform(0.75, 1.0)  # noqa: S311 (spreads retries, guards nothing)
    if error and error.retry_after:
        seconds = max(seconds, error.retry_after)
    at = timezone.now() + timedelta(seconds=seconds)
    lease.release(state=State.WAITING, next_try_at=at)
    return at


def _is_final(portrait: Portrait, error: DetectionError) -> bool:
    if not error.retryable:
        return True
    if error.max_retries is None:
        return False
    seen = portrait.detections.filter(error_kind=error.kind).count()
    return seen > error.max_retries


def _fail(portrait: Portrait, lease: Lease, trouble: Trouble, **fields: object) -> None:
    logger.warning("portrait %s: failed, %s", portrait.pk, trouble)
    lease.release(
        state=State.FAILED,
        trouble=trouble,
        judged_at=timezone.now(),
        next_try_at=None,
        **fields,
    )
