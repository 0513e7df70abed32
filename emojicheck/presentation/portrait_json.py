"""A portrait as JSON, for programs: the verdict, the boxes, what was looked at, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emojicheck.models import State

from . import checks, refusals, troubles
from .portrait_page import portrait_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from emojicheck.detection.verdicts import Measurement
    from emojicheck.models import Detection, Portrait
    from emojicheck.pacing import Place


def portrait_json(
    portrait: Portrait,
    detections: Sequence[Detection],
    *,
    now: datetime,
    url: str,
    photo: str | None,
    place: Place | None = None,
) -> dict[str, Any]:
    """Everything the page of a portrait says. Boxes are [x1, y1, x2, y2] in pixels of the photo.

    `photo` is the address of that photo, which need not be as large as the one that was sent.
    """
    page = portrait_page(portrait, detections, now=now, place=place)
    verdict = portrait.verdict
    measured = [m for d in detections for m in checks.measurements_from(d.measurements)]
    guidance = None
    if portrait.state == State.REJECTED:
        actions = page.guidance.actions if page.guidance else _first_actions(page.causes)
        guidance = {"title": page.head.title, "seen": page.head.lead, "actions": list(actions)}
    return {
        "id": portrait.id,
        "state": portrait.state,
        "url": url,
        "created": portrait.created,
        "model": portrait.model,
        "ratio": portrait.ratio,
        "photo": photo,
        "width": portrait.width,
        "height": portrait.height,
        "place": place.position if place else None,
        "wait_seconds": round(place.seconds, 1) if place and not place.is_stuck else None,
        "detector": verdict.detector if verdict else None,
        "reason": portrait.reason or None,
        "trouble": _trouble(portrait),
        "face": verdict.face if verdict else None,
        "extended": verdict.extended if verdict else None,
        "checks": [_check(measurement) for measurement in measured],
        "guidance": guidance,
        "cost": portrait_cost(detections),
        "next_step": page.next_step and {"url": page.next_step.url, "body": page.next_step.body},
    }


def portrait_cost(detections: Sequence[Detection]) -> str:
    """Yuan, as a decimal number in a string: money is no float."""
    return f"{sum(d.price for d in detections):.4f}"


def _first_actions(causes: Sequence[Any]) -> list[str]:
    return [cause.guidance.actions[0] for cause in causes]


def _trouble(portrait: Portrait) -> dict[str, str] | None:
    if portrait.state != State.FAILED:
        return None
    lead = str(troubles.words(portrait.trouble).lead)
    if portrait.trouble == portrait.Trouble.LINK:
        lead = str(refusals.link_refusal(portrait.refusal.get("code", ""), portrait.refusal))
    return {"code": portrait.trouble, "message": lead}


def _check(measured: Measurement) -> dict[str, Any]:
    return {
        "id": measured.id,
        "label": checks.check(measured).label,
        "passed": measured.passed,
        "value": measured.value,
        "limit": {"low": measured.low, "high": measured.high},
        "source": measured.source,
    }
