"""A visitor's portraits as a sheet of small prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emojicheck.detection.verdicts import Reason
from emojicheck.models import State
from emojicheck.photos import lacks_photo

from . import causes, fixing, troubles, wording

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from emojicheck.models import Portrait
    from emojicheck.pacing import Place

SOONEST_LOOK_MS = 1500
LATEST_LOOK_MS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    portrait: Portrait
    word: str
    """The state in a word."""
    tone: str
    name: str
    """What it was, in two or three words; may be empty."""
    ago: str


def entries(portraits: Iterable[Portrait], *, now: datetime) -> list[Entry]:
    return [_entry(portrait, now) for portrait in portraits]


def how_many_wait(count: int, place: Place) -> str:
    """The line above the prints while some have no verdict; then it goes.

    `place` is where the first of them stands.
    """
    words = ngettext(
        "%(count)s photo is still being looked at. This page tells when it is done.",
        "%(count)s photos are still being looked at. This page tells when they are done.",
        count,
    )
    told = words % {"count": count}
    if place.late:
        return wording.joined(told, _("This is taking longer, and that is us."))
    return told


def look_again_ms(place: Place) -> int:
    """When the list should ask again, by where the first of its unsettled portraits stands."""
    if place.late:
        return LATEST_LOOK_MS
    return min(max(round(place.seconds * 1000 / 4), SOONEST_LOOK_MS), LATEST_LOOK_MS)


def _entry(portrait: Portrait, now: datetime) -> Entry:
    word, tone, name = _told(portrait)
    ago = wording.ago((now - portrait.created).total_seconds())
    return Entry(portrait=portrait, word=word, tone=tone, name=name, ago=ago)


def _told(portrait: Portrait) -> tuple[str, str, str]:
    match portrait.state:
        case State.ACCEPTED:
            here = portrait.verdict is not None and portrait.verdict.is_local
            return (_("Passes here") if here else _("Accepted")), "yes", ""
        case State.REJECTED:
            code = portrait.verdict.code if portrait.verdict else ""
            return _("Not accepted"), "no", causes.name_of(Reason(portrait.reason), code)
        case State.FAILED:
            return _("No verdict"), "ours", str(troubles.words(portrait.trouble).tag)
        case _ if lacks_photo(portrait):
            return _("Waiting"), "", fixing.title(portrait)
        case State.JUDGING:
            return _("Waiting"), "", _("Having a look")
        case _:
            return _("Waiting"), "", ""
