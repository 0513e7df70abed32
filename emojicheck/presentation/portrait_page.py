"""From a portrait and its detections to everything its page says and shows."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _

from emojicheck.detection.verdicts import BBox, Measurement, Reason
from emojicheck.fixes import fixes
from emojicheck.models import State

from . import causes, checks, cropping, fixing, placement, refusals, spoken, troubles, wording
from .cost import cost, price_of_another
from .guidance import guidance
from .next_step import NextStep, next_step
from .overlay import overlay, spots_from
from .page import Head, Page
from .progress import asks_the_service, progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from emojicheck.models import Detection, Portrait
    from emojicheck.pacing import Place


def portrait_page(
    portrait: Portrait,
    detections: Sequence[Detection],
    *,
    now: datetime,
    place: Place | None = None,
) -> Page:
    """The page of a portrait. `detections` are all of its own, oldest first.

    `place` is needed while the portrait is waiting or being judged.
    """
    left = (portrait.expires_at - now).total_seconds()
    common: dict[str, Any] = {
        "portrait": portrait,
        "cost": cost(portrait, detections),
        "keeps_for": wording.span(left),
        "keeps_seconds": max(0, int(left)),
        "request_ids": tuple(d.request_id for d in detections if d.request_id),
        "made": fixing.made(portrait),
        "may_crop": cropping.may_crop(portrait),
    }
    verdict = portrait.verdict
    match portrait.state:
        case State.ACCEPTED if verdict and verdict.face_box and verdict.extended_box:
            return _accepted(
                portrait, detections, verdict, verdict.face_box, verdict.extended_box, common
            )
        case State.REJECTED if verdict:
            return _rejected(portrait, detections, verdict, common)
        case State.REJECTED:
            return _refused(portrait, common)
        case State.FAILED:
            return _failed(portrait, common)
        case _:
            if place is None:
                raise ValueError("a waiting portrait needs its place in the line")
            return _waiting(portrait, detections, place, now, common)


def _waiting(
    portrait: Portrait,
    detections: Sequence[Detection],
    place: Place,
    now: datetime,
    common: dict[str, Any],
) -> Page:
    story = progress(portrait, detections, place, now=now)
    return Page(
        **common,
        template="portrait/waiting.html",
        head=Head(tone="", icon="clock", tag=_("Waiting"), title=story.title, lead=story.lead),
        steps=story.steps,
        look_again_ms=story.look_again_ms,
    )


def _accepted(
    portrait: Portrait,
    detections: Sequence[Detection],
    verdict: Detection,
    face: BBox,
    extended: BBox,
    common: dict[str, Any],
) -> Page:
    width, height = portrait.width or 0, portrait.height or 0
    here = verdict.is_local
    seen = checks.looked_at(detections, verdict)
    rows = checks.checks(seen)
    tag = _("Passes here") if here else _("Accepted")
    return Page(
        **common,
        template="portrait/accepted.html",
        head=Head(
            tone="yes",
            icon="check",
            tag=tag,
            title=_("Yes. This portrait looks right.") if here else _("Yes. This one works."),
            lead=placement.described(
                face, extended, width=width, height=height, measured=_face_width(seen)
            ),
            spoken=spoken.accepted(tag),
        ),
        overlay=overlay(width, height, face=face, extended=extended),
        checks=rows,
        checks_summary=checks.summary(rows),
        checked_here=here,
        next_step=_next_step(portrait, face, extended),
        json=_as_json(portrait, verdict),
    )


def _rejected(
    portrait: Portrait,
    detections: Sequence[Detection],
    verdict: Detection,
    common: dict[str, Any],
) -> Page:
    seen = checks.looked_at(detections, verdict)
    measurements = [m for d in seen for m in checks.measurements_from(d.measurements)]
    here = verdict.is_local
    possible = () if here else causes.likely_causes(verdict.code, measurements)
    told = guidance(_told_reason(portrait, possible), measurements)
    coarse = len(possible) > 1 and not possible[0].seen_here
    change = guidance(Reason.OTHER).spoken if coarse else told.spoken
    tag = _("Not accepted here") if here else _("Not accepted")
    rows = checks.checks(seen)
    return Page(
        **common,
        template="portrait/rejected.html",
        head=Head(
            tone="no",
            icon="warning" if coarse else told.icon,
            tag=tag,
            title=causes.title_of(verdict.code) if coarse else told.title,
            lead=_("The service’s answer can mean several things. Likeliest first:")
            if coarse
            else told.seen,
            spoken=spoken.rejected(tag, change),
        ),
        overlay=_marked(portrait, seen, measurements, told.reason),
        checks=rows,
        checks_summary=checks.summary(rows),
        checked_here=here,
        guidance=None if coarse else told,
        causes=possible if len(possible) > 1 else (),
        code=verdict.code,
        ask=_asking(portrait, here=here),
        ask_price=wording.yuan(settings.PRICE_PER_IMAGE),
        fixes=fixing.offers(fixes(portrait, detections)),
        fix_note=wording.joined(
            _("The result is a new portrait, checked again; this one stays as it is."),
            price_of_another(portrait),
        ),
    )


def _refused(portrait: Portrait, common: dict[str, Any]) -> Page:
    """A linked photo that no detector saw: the file itself would not do."""
    told = guidance(Reason(portrait.reason))
    refusal = refusals.picture_refusal(portrait.refusal.get("code", ""), portrait.refusal)
    return Page(
        **common,
        template="portrait/rejected.html",
        head=Head(
            tone="no",
            icon=told.icon,
            tag=_("Not accepted here"),
            title=told.title,
            lead=refusal.problem,
            spoken=spoken.rejected(_("Not accepted here"), told.spoken),
        ),
        guidance=replace(told, actions=(refusal.remedy,), note=""),
    )


def _failed(portrait: Portrait, common: dict[str, Any]) -> Page:
    words = troubles.words(portrait.trouble)
    lead = str(words.lead)
    if portrait.trouble == portrait.Trouble.LINK:
        lead = str(refusals.link_refusal(portrait.refusal.get("code", ""), portrait.refusal))
    return Page(
        **common,
        template="portrait/failed.html",
        head=Head(
            tone="ours",
            icon="warning",
            tag=str(words.tag),
            title=str(words.title),
            lead=lead,
            spoken=spoken.failed(about_the_photo=not portrait.photo),
        ),
        may_retry=words.retry,
    )


def _face_width(seen: Sequence[Detection]) -> float | None:
    measured = [m for d in seen for m in checks.measurements_from(d.measurements)]
    return next((m.value for m in measured if m.id == "face_width"), None)


def _told_reason(portrait: Portrait, possible: Sequence[causes.Cause]) -> Reason:
    if possible and possible[0].seen_here:
        return possible[0].guidance.reason
    return Reason(portrait.reason)


def _marked(
    portrait: Portrait,
    seen: Sequence[Detection],
    measurements: Sequence[Measurement],
    told: Reason,
) -> Any:
    """The spots, unless what they show is not what is told; and the face, wherever it is known."""
    failed = {checks.reason_of(measured) for measured in measurements if not measured.passed}
    spots = [spot for d in seen for spot in spots_from(d.spots)] if told in failed else []
    face = next((d.face_box for d in reversed(seen) if d.face_box), None)
    return overlay(portrait.width or 0, portrait.height or 0, face=face, spots=spots)


def _asking(portrait: Portrait, *, here: bool) -> Literal["", "anyway", "again"]:
    if not asks_the_service(portrait):
        return ""
    return "anyway" if here else "again"


def _next_step(portrait: Portrait, face: BBox, extended: BBox) -> NextStep:
    # The link serves the very photo we judged only if nothing had to be changed about it.
    if portrait.image_url and not portrait.repairs:
        return next_step(portrait.model, face=face, extended=extended, image_url=portrait.image_url)
    return next_step(portrait.model, face=face, extended=extended)


def _as_json(portrait: Portrait, verdict: Detection) -> str:
    """The verdict for programs, in the spelling of the JSON API."""
    fields = {
        "state": portrait.state,
        "detector": verdict.detector,
        "model": portrait.model,
        "ratio": portrait.ratio,
        "width": portrait.width,
        "height": portrait.height,
        "face": verdict.face,
        "extended": verdict.extended,
    }
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in fields.items()]
    return "{\n" + ",\n".join(lines) + "\n}"
