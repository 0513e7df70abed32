"""A visitor's portraits as a sheet of small prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from emojicheck.detection.verdicts import Reason
from emojicheck.models import State

from . import causes, troubles, wording

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from emojicheck.models import Portrait


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
        case _:
            return _("Waiting"), "", ""
