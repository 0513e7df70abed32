"""What a portrait cost, and why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import wording
from .progress import asks_the_service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emojicheck.models import Detection, Portrait


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    amount: Decimal
    """In yuan."""
    short: str
    text: str


def cost(portrait: Portrait, detections: Sequence[Detection]) -> Cost:
    """The price of all of a portrait's detections, in words."""
    amount = sum((detection.price for detection in detections), Decimal(0))
    asked = [d for d in detections if not d.is_local and d.reused_from_id is None]
    return Cost(
        amount=amount,
        short=wording.yuan(amount) if amount else _("nothing"),
        text=_paid(asked) if amount else _free(portrait, detections, asked),
    )


def price_of_another(portrait: Portrait) -> str:
    """What it may cost to look at a new portrait made of this one; nothing where it is free."""
    if not asks_the_service(portrait):
        return ""
    return _("If the service has to look at it, that costs %(price)s.") % {
        "price": wording.yuan(settings.PRICE_PER_IMAGE)
    }


def _paid(asked: Sequence[Detection]) -> str:
    sentences = [
        ngettext(
            "The service was asked once.", "The service was asked %(count)s times.", len(asked)
        )
        % {"count": len(asked)},
        _("It charges for a no as for a yes. The same photo is not sent twice unless you ask."),
    ]
    if any(detection.maybe_paid for detection in asked):
        sentences.append(_("One call was cut off and may have been charged; it is counted here."))
    return wording.joined(*sentences)


def _free(portrait: Portrait, detections: Sequence[Detection], asked: Sequence[Detection]) -> str:
    if portrait.sample:
        return _("A sample is looked at here only.")
    if any(detection.reused_from_id for detection in detections):
        return _(
            "The service had answered about this very photo before. "
            "The answer is the same, and nothing was charged."
        )
    if asked:
        return _("The service was asked but did not charge for it.")
    if settings.DETECTOR == "dashscope" and portrait.state == "rejected":
        return _(
            "We stopped it here, so the service was not asked: "
            "its no costs as much as its yes, %(price)s."
        ) % {"price": wording.yuan(settings.PRICE_PER_IMAGE)}
    return _("The service was not asked.")
