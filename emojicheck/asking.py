"""Which detector is asked about a portrait, and in which order."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, cast

from django.conf import settings

from . import ledger, pacing
from .delivery import deliver
from .detection.catalogue import reasons_behind
from .detection.dashscope import DashScopeDetector
from .detection.errors import (
    DetectionError,
    DetectorBusy,
    DetectorRefusedUs,
    PhotoUnreachable,
)
from .detection.transport import Reply
from .detection.verdicts import Answer, Reason, Rejected, Subject
from .models import Detection, Outcome, Portrait

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .detection.local import LocalDetector
    from .lease import Lease

logger = logging.getLogger(__name__)

BUSY_PAUSE_SECONDS = 2.0


def verdict_for(portrait: Portrait, lease: Lease) -> Detection:
    """The detection that decides about this portrait: made, found or reused.

    Raises DetectionError, pacing.NotNow or ledger.BudgetSpent when there is none now, and
    LeaseLost when the portrait was deleted or taken over before a paid call was made.
    """
    if settings.DETECTOR == "local" or portrait.is_local_only:
        return _look(portrait)
    if recovered := recovered_answer(portrait):
        return recovered
    if settings.PRECHECK != "off":
        seen = _try_to_look(portrait)
        if seen and _stops_here(portrait, seen):
            return seen
    return _ask(portrait, lease)


def recovered_answer(portrait: Portrait) -> Detection | None:
    """The answer of a call whose worker died after the reply was recorded, before it was read."""
    detection = ledger.left_behind(portrait)
    if detection is None:
        return None
    if not detection.raw:
        ledger.lose(detection)
        return None
    reply = Reply(
        status=detection.http_status or 0, headers={}, body=bytes(detection.raw), took_ms=0
    )
    with _on_record(detection):
        return _read(detection, service_detector(), reply, _subject(portrait))


@cache
def local_detector() -> LocalDetector:
    """One per process; it keeps its models loaded."""
    from .detection.local import LocalDetector  # slow import: only workers and commands look

    return LocalDetector()


def service_detector() -> DashScopeDetector:
    return DashScopeDetector(
        api_key=settings.DASHSCOPE_API_KEY,
        base_url=settings.DASHSCOPE_BASE_URL,
        connect_seconds=settings.DASHSCOPE_CONNECT_SECONDS,
        read_seconds=settings.DASHSCOPE_READ_SECONDS,
    )


def _stops_here(portrait: Portrait, seen: Detection) -> bool:
    certain = seen.outcome == Outcome.REJECTED and seen.certain
    return certain and settings.PRECHECK == "block" and not portrait.ask_anyway


def _look(portrait: Portrait) -> Detection:
    """The local detector's answer, given once per photo."""
    if seen := ledger.seen_here(portrait):
        return seen
    started = time.monotonic()
    answer = local_detector().detect(_subject(portrait))
    return ledger.looked(portrait, answer, took_ms=_ms_since(started))


def _try_to_look(portrait: Portrait) -> Detection | None:
    """The free check in front of the paid one; its own trouble must not stop anybody."""
    try:
        return _look(portrait)
    except DetectionError:
        logger.exception("portrait %s: the free check failed, going on without", portrait.pk)
        return None


def _ask(portrait: Portrait, lease: Lease) -> Detection:
    """The service's answer: known, or paid for."""
    ledger.wait_for_twin(portrait)
    detection = ledger.claim(portrait)
    if detection.outcome in ledger.ANSWERED:
        return detection
    try:
        pacing.stop_at_open_gate(portrait.model)
        with _on_record(detection):
            subject = _subject(portrait, url=deliver(portrait))
        pacing.pass_gate(portrait.model)
        lease.renew()
    except DetectionError:
        raise
    except BaseException:
        ledger.lose(detection)
        raise
    return _pay(detection, service_detector(), subject)


def _pay(detection: Detection, detector: DashScopeDetector, subject: Subject) -> Detection:
    """The call is on record before it is made, and its reply before it is read."""
    ledger.sending(detection)
    pacing.about_to_call(detection.model)
    started = time.monotonic()
    with _on_record(detection):
        reply = detector.ask(subject)
        ledger.replied(detection, status=reply.status, body=reply.body, took_ms=_ms_since(started))
        return _read(detection, detector, reply, subject)


def _read(
    detection: Detection, detector: DashScopeDetector, reply: Reply, subject: Subject
) -> Detection:
    answer = detector.read(reply, subject)
    pacing.answered(detection.model)
    ledger.answered(detection, _told_apart(answer, ledger.seen_here(detection.portrait)))
    return detection


def _told_apart(answer: Answer, seen: Detection | None) -> Answer:
    """A coarse code covers several reasons: if our own check saw one of them, it is that one."""
    verdict = answer.verdict
    if not isinstance(verdict, Rejected) or seen is None or seen.outcome != Outcome.REJECTED:
        return answer
    if seen.reason not in reasons_behind(verdict.code):
        return answer
    return replace(answer, verdict=replace(verdict, reason=Reason(seen.reason)))


@contextmanager
def _on_record(detection: Detection) -> Iterator[None]:
    """Whatever keeps the block from an answer ends the call, on record and for everyone."""
    try:
        yield
    except DetectionError as error:
        ledger.failed(detection, error)
        raise _for_everyone(detection.model, error) from error


def _for_everyone(model: str, error: DetectionError) -> Exception:
    """What the trouble means for all portraits: a closed gate, a pause, or nothing."""
    match error:
        case DetectorRefusedUs():
            until = pacing.refused(model, cause=error.code, detail=error.detail)
            logger.error(
                "%s: the service refuses us (%s: %s); no calls before %s",
                model,
                error.code,
                error.detail,
                until,
            )
            return pacing.NotNow(until)
        case DetectorBusy():
            pacing.slow_down(model, seconds=error.retry_after or BUSY_PAUSE_SECONDS)
        case PhotoUnreachable():
            pacing.answered(model)  # no verdict, but the account is in order
    return error


def _subject(portrait: Portrait, *, url: str = "") -> Subject:
    name = portrait.photo.name or ""
    return Subject(
        open=lambda: cast("BinaryIO", portrait.photo.storage.open(name, "rb")),
        width=portrait.width or 0,
        height=portrait.height or 0,
        model=portrait.model,
        ratio=portrait.ratio,
        url=url,
    )


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
