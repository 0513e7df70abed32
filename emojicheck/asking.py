"""Which detector is asked about a portrait, and in which order."""

from __future__ import annotations

import logging
import time
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, cast

from django.conf import settings

from . import ledger, pacing
from .delivery import deliver
from .detection.dashscope import DashScopeDetector
from .detection.errors import DetectionError, DetectorBusy, DetectorRefusedUs
from .detection.transport import Reply
from .detection.verdicts import Answer, Subject
from .models import Detection, Outcome, Portrait

if TYPE_CHECKING:
    from .detection.local import LocalDetector

logger = logging.getLogger(__name__)

BUSY_PAUSE_SECONDS = 2.0


def verdict_for(portrait: Portrait) -> Detection:
    """The detection that decides about this portrait: made, found or reused.

    Raises DetectionError, pacing.NotNow or ledger.BudgetSpent when there is none now.
    """
    if settings.DETECTOR == "local" or portrait.is_local_only:
        return _look(portrait)
    if settings.PRECHECK != "off":
        seen = _try_to_look(portrait)
        if seen and _stops_here(portrait, seen):
            return seen
    return _ask(portrait)


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


def _ask(portrait: Portrait) -> Detection:
    """The service's answer: recovered, known, or paid for."""
    detector = service_detector()
    if recovered := _recover(portrait, detector):
        return recovered
    ledger.wait_for_twin(portrait)
    detection = ledger.claim(portrait)
    if detection.outcome in ledger.ANSWERED:
        return detection
    try:
        pacing.stop_at_open_gate(portrait.model)
        subject = _subject(portrait, url=deliver(portrait))
        pacing.pass_gate(portrait.model)
    except BaseException as error:
        ledger.lose(detection)
        if isinstance(error, DetectionError):
            raise _for_everyone(portrait.model, error) from error
        raise
    return _pay(detection, detector, subject)


def _pay(detection: Detection, detector: DashScopeDetector, subject: Subject) -> Detection:
    """The call is on record before it is made, and its reply before it is read."""
    ledger.sending(detection)
    pacing.about_to_call(detection.model)
    started = time.monotonic()
    try:
        reply = detector.ask(subject)
        ledger.replied(detection, status=reply.status, body=reply.body, took_ms=_ms_since(started))
        return _read(detection, detector, reply, subject)
    except DetectionError as error:
        ledger.failed(detection, error)
        raise _for_everyone(detection.model, error) from error


def _read(
    detection: Detection, detector: DashScopeDetector, reply: Reply, subject: Subject
) -> Detection:
    answer: Answer = detector.read(reply, subject)
    pacing.answered(detection.model)
    ledger.answered(detection, answer)
    return detection


def _recover(portrait: Portrait, detector: DashScopeDetector) -> Detection | None:
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
    try:
        return _read(detection, detector, reply, _subject(portrait))
    except DetectionError as error:
        ledger.failed(detection, error)
        return None


def _for_everyone(model: str, error: DetectionError) -> Exception:
    """What the trouble means for all portraits: a closed gate, a pause, or nothing."""
    if isinstance(error, DetectorRefusedUs):
        return pacing.NotNow(pacing.refused(model, cause=error.code, detail=error.detail))
    if isinstance(error, DetectorBusy):
        pacing.slow_down(model, seconds=error.retry_after or BUSY_PAUSE_SECONDS)
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
