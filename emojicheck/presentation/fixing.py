"""Fixes in words: what is offered, what is being done, what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from emojicheck.edits import Crop, Edit, Level, edit_from

from . import wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emojicheck.edits import Kind
    from emojicheck.fixes import Fix
    from emojicheck.models import Portrait

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A button."""

    kind: Kind
    label: str
    icon: str
    likely: bool
    """It may well be enough: the next thing to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    label: Text
    title: Text
    """Of the page while it is being done."""
    doing: Text
    done: Text
    icon: str


_WORDS: dict[str, _Words] = {
    "level": _Words(
        label=gettext_lazy("Level it for me"),
        title=gettext_lazy("Levelling your photo"),
        doing=gettext_lazy("Levelling the photo"),
        done=gettext_lazy("Levelled"),
        icon="rotate",
    ),
    "crop": _Words(
        label=gettext_lazy("Crop to fit"),
        title=gettext_lazy("Cropping your photo"),
        doing=gettext_lazy("Cropping the photo"),
        done=gettext_lazy("Cropped"),
        icon="crop",
    ),
    "brighten": _Words(
        label=gettext_lazy("Make it brighter"),
        title=gettext_lazy("Brightening your photo"),
        doing=gettext_lazy("Brightening the photo"),
        done=gettext_lazy("Brightened"),
        icon="sun",
    ),
}


def offers(fixes: Iterable[Fix]) -> tuple[Offer, ...]:
    """What may help, as buttons. At most the first of them is the next thing to do."""
    fixes = tuple(fixes)
    return tuple(
        Offer(
            kind=fix.edit.kind,
            label=str(_WORDS[fix.edit.kind].label),
            icon=_WORDS[fix.edit.kind].icon,
            likely=fix.likely and fix is fixes[0],
        )
        for fix in fixes
    )


def title(portrait: Portrait) -> str:
    """What is being done about a photo that is not there yet: Levelling your photo."""
    if not portrait.edit:
        return _("Fetching your photo")
    words = _words(portrait)
    return str(words.title) if words else _("Making your photo")


def step(portrait: Portrait, *, done: bool) -> tuple[str, str]:
    """The same as a step of the way, with its icon."""
    words = _words(portrait)
    if words is None:
        return _("Making the photo"), "crop"
    return str(words.done if done else words.doing), words.icon


def made(portrait: Portrait) -> str:
    """What was done, in numbers: Levelled by 12°. Nothing for a portrait that is no fix."""
    edit = edit_from(portrait.edit)
    return _made(edit) if edit else ""


def _made(edit: Edit) -> str:
    match edit:
        case Level():
            return _("Levelled by %(angle)s") % {"angle": wording.degrees(edit.roll)}
        case Crop():
            size = wording.dimensions(edit.frame.width, edit.frame.height)
            return _("Cropped to %(size)s") % {"size": size}
    return str(_WORDS[edit.kind].done)


def _words(portrait: Portrait) -> _Words | None:
    return _WORDS.get(str(portrait.edit.get("kind")))
