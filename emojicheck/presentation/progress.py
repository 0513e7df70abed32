"""What has happened to a waiting portrait so far, what is happening, and what is to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emojicheck.photos import lacks_photo

from . import fixing, wording

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from emojicheck.models import Detection, Portrait
    from emojicheck.pacing import Place

Status = Literal["done", "current", "ahead"]
Stage = Literal["photo", "look", "line", "ask"]
SOONEST_LOOK_MS = 700
LATEST_LOOK_MS = 10_000
_STAGES: tuple[Stage, ...] = ("photo", "look", "line", "ask")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    title: str
    aside: str
    """Beside the title: how long it took, or will take."""
    text: str
    status: Status
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    title: str
    lead: str
    steps: tuple[Step, ...]
    look_again_ms: int
    """When the page should ask how far it is; seldom, where the line is long."""


def progress(
    portrait: Portrait, detections: Sequence[Detection], place: Place, *, now: datetime
) -> Progress:
    """The story of an unsettled portrait. `detections` are all of its own, oldest first."""
    seen = next((d for d in detections if d.is_local), None)
    asks = asks_the_service(portrait)
    stage = _stage(portrait, detections, seen)
    steps = [_received(portrait, now)]
    if portrait.edit:
        steps.append(_retouch(portrait, _status("photo", stage)))
    elif portrait.image_url:
        steps.append(_download(portrait, _status("photo", stage)))
    if not asks or settings.PRECHECK != "off":
        steps.append(_look(seen, _status("look", stage)))
    if asks:
        steps.append(_line(portrait, detections, place, _status("line", stage), now))
        steps.append(_ask(_status("ask", stage)))
    return Progress(
        title=_title(portrait, stage, place),
        lead=_lead(portrait, stage, place),
        steps=tuple(steps),
        look_again_ms=_look_again_ms(stage, place),
    )


def _look_again_ms(stage: Stage, place: Place) -> int:
    if place.late:
        return LATEST_LOOK_MS
    if stage == "ask":
        return SOONEST_LOOK_MS
    quarter = round(place.seconds * 1000 / 4)
    return min(max(quarter, SOONEST_LOOK_MS), LATEST_LOOK_MS)


def asks_the_service(portrait: Portrait) -> bool:
    """Whether the service will be asked about this portrait, if nothing stops it before."""
    return settings.DETECTOR == "dashscope" and not portrait.is_local_only


def _stage(portrait: Portrait, detections: Sequence[Detection], seen: Detection | None) -> Stage:
    if lacks_photo(portrait):
        return "photo"
    if any(d.outcome == "started" and d.sent_at for d in detections):
        return "ask"
    looks_first = not asks_the_service(portrait) or settings.PRECHECK != "off"
    return "look" if looks_first and seen is None else "line"


def _status(step: Stage, stage: Stage) -> Status:
    mine, now = _STAGES.index(step), _STAGES.index(stage)
    if mine == now:
        return "current"
    return "done" if mine < now else "ahead"


def _title(portrait: Portrait, stage: Stage, place: Place) -> str:
    if place.late or (place.held and stage == "line"):
        return _("This is taking longer, and that is us")
    if stage == "ask":
        return _("The service is looking")
    if stage == "photo":
        return fixing.title(portrait)
    if place.position > 1:
        return _("Number %(position)s in line") % {"position": place.position}
    return _("Having a look") if stage == "look" else _("You are next")


def _lead(portrait: Portrait, stage: Stage, place: Place) -> str:
    stay = _("You can leave this page: the answer will be here.")
    if place.held and stage == "line":
        held = _("Our account with the service needs attention. Your photo is kept and goes on.")
        return wording.joined(held, stay)
    if place.late:
        return wording.joined(_late(portrait), stay)
    if stage == "ask":
        return stay
    return wording.joined(_("About %(span)s.") % {"span": wording.span(place.seconds)}, stay)


def _late(portrait: Portrait) -> str:
    if portrait.image_url and not portrait.photo:
        return _("It has nothing to do with your photo. The link is kept, and we go on.")
    return _("It has nothing to do with your photo. The photo is kept and goes on.")


def _received(portrait: Portrait, now: datetime) -> Step:
    text = ""
    if portrait.width and portrait.height and not portrait.edit:
        text = _("Upright, %(size)s. Place, time and camera data removed.") % {
            "size": wording.dimensions(portrait.width, portrait.height)
        }
    return Step(
        title=_("Received"),
        aside=wording.ago((now - portrait.created).total_seconds()),
        text=text,
        status="done",
        icon="check",
    )


def _download(portrait: Portrait, status: Status) -> Step:
    return Step(
        title=_("Downloaded from the link") if status == "done" else _("Downloading the photo"),
        aside=wording.weight(portrait.photo_bytes or 0) if status == "done" else "",
        text="",
        status=status,
        icon="check" if status == "done" else "link",
    )


def _retouch(portrait: Portrait, status: Status) -> Step:
    title, icon = fixing.step(portrait, done=status == "done")
    return Step(
        title=title,
        aside=wording.dimensions(portrait.width, portrait.height)
        if portrait.width and portrait.height
        else "",
        text="",
        status=status,
        icon="check" if status == "done" else icon,
    )


def _look(seen: Detection | None, status: Status) -> Step:
    if seen is None:
        return Step(
            title=_("We look, here"),
            aside=_("free"),
            text=_("Head, hands, light, size."),
            status=status,
            icon="check" if status == "done" else "eye",
        )
    fine = seen.outcome == "accepted"
    return Step(
        title=_("Looked at here"),
        aside=_("%(seconds)s, free") % {"seconds": wording.took(seen.took_ms or 0)},
        text=_("Nothing in the way.") if fine else _("We have a doubt; the service decides."),
        status=status,
        icon="check",
    )


def _line(
    portrait: Portrait,
    detections: Sequence[Detection],
    place: Place,
    status: Status,
    now: datetime,
) -> Step:
    if status == "done":
        return Step(title=_("In line"), aside="", text="", status=status, icon="check")
    before = place.position - 1
    text = ngettext(
        "%(count)s photo is before yours.", "%(count)s photos are before yours.", before
    ) % {"count": before}
    unanswered = sum(d.outcome == "failed" and not d.is_local for d in detections)
    if unanswered and portrait.next_try_at and portrait.next_try_at > now:
        wait = (portrait.next_try_at - now).total_seconds()
        text = _("No answer from the service yet. We ask again in %(span)s.") % {
            "span": wording.span(wait)
        }
    return Step(
        title=_("In line"),
        aside=""
        if place.is_stuck  # nobody knows how long that takes
        else _("number %(position)s, about %(span)s")
        % {"position": place.position, "span": wording.span(place.seconds)},
        text=text if before or unanswered else "",
        status=status,
        icon="clock",
    )


def _ask(status: Status) -> Step:
    return Step(
        title=_("The service looks"),
        aside="",
        text=_("One to two seconds, %(price)s.")
        % {"price": wording.yuan(settings.PRICE_PER_IMAGE)},
        status=status,
        icon="eye",
    )
